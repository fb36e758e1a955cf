import { AwardKind, AwardStatus, PaymentKind, StepName } from '#shared/contract/app.ts';
import { AWARD_KINDS, AWARD_STATUSES, STEPS } from '#shared/contract/payments.ts';
import { PAYMENT_KINDS } from '#shared/contract/rules.ts';

describe('the extension and the API', () => {
  it.each([
    ['steps of the chain', StepName.options, STEPS],
    ['kinds of awards', AwardKind.options, AWARD_KINDS],
    ['statuses of awards', AwardStatus.options, AWARD_STATUSES],
    ['kinds of payments', PaymentKind.options, PAYMENT_KINDS],
  ])('use the same words for %s', (_what, extension, api) => {
    expect([...extension].toSorted()).toEqual([...api].toSorted());
  });
});
