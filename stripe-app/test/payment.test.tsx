import PaymentDetail from '../src/views/PaymentDetail';
import {
  ada,
  chainOf,
  commission,
  commissionRule,
  facts,
  guest,
  points,
  pointsRule,
  skipped,
  usd,
} from './fixtures/parts';
import { attributed, notAttributed, waiting } from './fixtures/payments';
import { data, failure } from './support/backend';
import { show } from './support/show';

const open = (...answers: Parameters<typeof show>[1]) => show(PaymentDetail, answers);

test('says what it is doing until the answer is there', async () => {
  const view = await open({ never: true });
  expect(view.title()).toBe('Referral');
  expect(view.text()).toContain('Looking up the referrer…');
  expect(view.all('Spinner')).toHaveLength(1);
});

test('asks about the object on the page, in the mode of the page', async () => {
  const view = await show(PaymentDetail, [data({ state: 'unknown' })], { object: 'ch_7', mode: 'live' });
  await view.until('This payment isn’t known yet.');
  expect(view.signed).toEqual([expect.objectContaining({ action: 'payment', object: 'ch_7', livemode: true })]);
});

describe('an attributed payment', () => {
  test('answers in the title, and says how in the line below', async () => {
    const view = await open(data(attributed()));
    await view.until('Awards');
    expect(view.title()).toBe('Referred by Ada Lovelace');
    expect(view.text()).toContain('Click on Nov 3, carried by Checkout metadata');
    expect(view.text()).toContain('Test mode\nSpring referrals · first payment');
  });

  test('lists who gets what, and when it can be paid', async () => {
    const view = await open(data(attributed()));
    await view.until('Awards');
    const [first, second] = view.labels('ListItem');
    expect(first).toBe('$19.80 commission\nFor \nAda Lovelace\n. Can be paid from Dec 10.\nPending');
    expect(second).toBe('99 points\nFor the buyer, \nGrace Hopper\nApproved');
  });

  test('opens a person’s page where Stripe knows them, and only there', async () => {
    const view = await open(data(attributed({ awards: [commission(), points({ participant: guest })] })));
    await view.until('Awards');
    const routes = view.all('Link').flatMap(({ props }) => props?.['href'] ?? []);
    expect(routes).toEqual([{ name: 'customerDetails', params: { customerId: 'cus_ada' } }]);
  });

  test('answers three questions, each in short and in full', async () => {
    const view = await open(data(attributed()));
    await view.until('Awards');
    const asked = view.all('AccordionItem').map(({ props }) => [props?.['title'], props?.['subtitle']]);
    expect(asked).toEqual([
      ['Why \u2068Ada Lovelace\u2069?', '1 thing decided, 1 lost, 6 had nothing'],
      ['How were the awards worked out?', '20% of $99.00 is $19.80'],
      ['What did Stripe tell us?', '3 events on Nov\u00a010, 2:02 PM'],
    ]);
  });

  test('tells the chain in order of interest, the silent places last and in one sentence', async () => {
    const view = await open(data(attributed()));
    await view.until('Awards');
    const [why] = view.labels('AccordionItem');
    const told = [
      'Decided',
      'Promotion code SPRING20',
      'Lost',
      'It held cart_8841.',
      'Nothing found in 5 other places',
    ];
    const places = told.map((words) => why?.indexOf(words) ?? -1);
    expect(places.every((place, index) => place > (places[index - 1] ?? 0))).toBe(true);
    await view.press('Show all 8 steps');
    expect(view.text()).toContain('Show fewer steps'); // the pressed link stays, and the focus with it
    expect(view.labels('AccordionItem')[0]).toContain('Nobody with this address has come by a referrer’s link.');
    expect(view.text()).not.toContain('Nothing found in');
  });

  test('shows the way from what was paid to what was earned', async () => {
    const view = await open(data(attributed()));
    await view.until('Awards');
    expect(view.labels('TableRow')).toEqual([
      'Paid by the buyer\n$107.91',
      'Tax, not counted\n−$8.91',
      'Counted\n$99.00',
      '20% of $99.00\n$19.80',
    ]);
    expect(view.text()).toContain('Commission for Ada Lovelace');
    expect(view.text()).toContain(
      'Rule “20% for 12 months”, version 2. This is month 1 of 12. Held 30 days, so it can be paid from Dec 10.',
    );
    expect(view.text()).toContain('“Upgrade bonus”: this is a first payment, not a plan change.');
  });

  test('shows what a refund took back, and what is left', async () => {
    const worked = commissionRule().arithmetic;
    if (!worked) throw new Error('the rule applied');
    const money = { paid: usd(9999), refunded: usd(3333), notCounted: [], counted: usd(9999) };
    const sum = { ...worked, of: usd(9999), result: 2000, takenBack: 667 };
    const awards = [commission({ amount: 1333, takenBack: 667 })];
    const view = await open(data(attributed({ money, awards, rules: [commissionRule({ arithmetic: sum })] })));
    await view.until('Awards');
    expect(view.labels('ListItem')[0]).toBe(
      '$13.33 commission\nFor \nAda Lovelace\n. $6.67 taken back. Can be paid from Dec 10.\nPartly reversed\nPending',
    );
    expect(view.all('AccordionItem')[1]?.props?.['subtitle']).toBe('20% of $99.99 is $20.00, $6.67 taken back');
    expect(view.labels('TableRow').slice(2)).toEqual([
      '20% of $99.99\n$20.00',
      'Taken back, $33.33 was refunded\n−$6.67',
      'Left\n$13.33',
    ]);
  });

  test('tells money before points, and the referrer before the buyer, in awards and sums alike', async () => {
    const awards = [points(), points({ participant: ada, role: 'referrer' }), commission()];
    const rules = [pointsRule(), pointsRule({ rule: 'rule_own', to: 'referrer' }), commissionRule()];
    const view = await open(data(attributed({ awards, rules })));
    await view.until('Awards');
    expect(
      view
        .labels('ListItem')
        .slice(0, 3)
        .map((label) => label.split('\n').slice(0, 2).join(' ')),
    ).toEqual(['$19.80 commission For ', '99 points For ', '99 points For the buyer, ']);
    const sums = view.labels('AccordionItem')[1] ?? '';
    const told = ['Commission for Ada', 'Points for Ada', 'Points for the buyer'].map((words) => sums.indexOf(words));
    expect(told).toEqual([...told].sort((one, other) => one - other));
    expect(told[0]).toBeGreaterThan(0);
  });

  test('that earned points alone says in short how many', async () => {
    const view = await open(data(attributed({ awards: [points()], rules: [pointsRule()] })));
    await view.until('Awards');
    expect(view.all('AccordionItem')[1]?.props?.['subtitle']).toBe('99 points');
  });

  test('of two rules with the same name says whose didn’t apply', async () => {
    const yen = { applied: false, arithmetic: null, reason: 'other_currency' as const };
    const rules = [commissionRule(), pointsRule(yen), pointsRule({ ...yen, rule: 'rule_own', to: 'referrer' })];
    const view = await open(data(attributed({ rules })));
    await view.until('“1 point per $1.00” for the referrer: it doesn’t cover this payment’s currency.');
    expect(view.text()).toContain('“1 point per $1.00” for the buyer: it doesn’t cover this payment’s currency.');
  });

  test('names the refund that the store reported', async () => {
    const refund = { id: 'fact_4', type: 'purchase.refund', source: 'store' as const, at: '2026-11-11T09:00:00Z' };
    const view = await open(data(attributed({ facts: [...facts, refund] })));
    await view.until('Awards');
    expect(view.labels('ListItem').at(-1)).toMatch(/^Refund\n/);
  });

  test('that earned nothing says why, rule by rule', async () => {
    const rules = [skipped({ reason: 'below_minimum', limit: usd(20000) })];
    const view = await open(data(attributed({ awards: [], rules })));
    await view.until('No award.');
    expect(view.title()).toBe('Referred by Ada Lovelace');
    expect(view.text()).toContain('“20% for 12 months”: the payment is below the minimum of $200.00.');
  });

  test.each([
    ['frozen', 'Not payable while the dispute is open.', 'Frozen'],
    ['held', 'Waits for a decision.', 'On hold'],
    ['pending_rate', 'Waits for an exchange rate.', 'Waiting for rate'],
    ['reversed', 'Taken back.', 'Reversed'],
    ['paid', '', 'Paid'],
  ] as const)('says what becomes of an award that is %s', async (status, says, word) => {
    const view = await open(data(attributed({ awards: [commission({ status })] })));
    await view.until('Awards');
    expect(view.labels('Badge')).toContain(word);
    expect(view.text()).toContain(says);
  });

  test('wears no badge of test mode when it is live', async () => {
    const view = await open(data(attributed({ livemode: true })));
    await view.until('Awards');
    expect(view.text()).not.toContain('Test mode');
  });

  test('of somebody without a name shows the masked email', async () => {
    const view = await open(data(attributed({ participant: { ...ada, name: null } })));
    await view.until('Awards');
    expect(view.title()).toBe('Referred by a•••@example.com');
  });
});

describe('a payment without a referrer', () => {
  test('says where we looked, all of it, the nearest miss first', async () => {
    const view = await open(data(notAttributed()));
    await view.until('What we looked at');
    expect(view.title()).toBe('No referrer found');
    expect(view.text()).toContain('We looked in 8 places. One names a referrer, who was refused.');
    const [looked] = view.labels('AccordionItem');
    expect(looked).toMatch(
      /^What we looked at\n1 was refused, 7 had nothing\nEmail\nRefused\nA lead with this address/,
    );
    expect(looked).toContain('4 keys read: cart_id, plan, source, utm_campaign. None is a click or a code.');
  });

  test('says what to pass next time, and copies the line', async () => {
    const view = await open(data(notAttributed({ chain: chainOf() })));
    await view.until('What to pass next time');
    await view.press('Copy line');
    await view.update();
    expect(view.copied).toEqual([
      '<script src="https://api.blitzrocket.example/blitzrocket.js" data-key="brpk_7Qd2" async></script>',
    ]);
    expect(view.toasts).toEqual(['Line copied']);
  });

  test('whose referrer was refused gives no advice that would be refused again', async () => {
    const view = await open(data(notAttributed()));
    await view.until('who was refused');
    expect(view.text()).not.toContain('What to pass next time');
  });

  test.each([
    ['checkout_session', "metadata: { referral_code: 'THEIR_CODE' }"],
    ['subscription', "metadata: { referral_code: 'THEIR_CODE' }"],
    ['invoice', "metadata: { referral_code: 'THEIR_CODE' }"],
    ['payment_intent', "metadata: { referral_code: 'THEIR_CODE' }"],
    ['payment_link', '?client_reference_id=br_THEIR_CODE'],
    ['order', '"referralCode": "THEIR_CODE"'],
  ] as const)('has an exact line for a payment that came by %s', async (way, line) => {
    const nextTime = { way, name: null, script: null };
    const view = await open(data(notAttributed({ nextTime, chain: chainOf() })));
    await view.until(line);
  });

  test('that the merchant marked as not referred says so instead', async () => {
    const chain = notAttributed().chain.map((step) =>
      step.step === 'override'
        ? {
            ...step,
            finding: 'found' as const,
            reason: 'marked_not_referred' as const,
            evidence: { ...step.evidence, at: '2026-11-03T10:00:00Z' },
          }
        : step,
    );
    const view = await open(data(notAttributed({ chain })));
    await view.until('Marked by you on Nov 3');
    expect(view.title()).toBe('Not referred');
    expect(view.text()).not.toContain('What to pass next time');
  });
});

test('a waiting payment says for what, when we ask, and looks again when told to', async () => {
  const view = await open(data(waiting()), data(attributed()));
  await view.until('Nothing to do');
  expect(view.text()).toContain('This payment isn’t counted yet, so it can’t be counted twice.');
  expect(view.text()).toContain('Stripe hasn’t said yet which invoice this charge pays.');
  expect(view.title()).toBe('Waiting for the invoice');
  expect(view.text()).toContain('We’ll ask Stripe ourselves at Nov 19, 3:45 PM.');
  await view.press('Check now');
  await view.until('Awards');
  expect(view.title()).toBe('Referred by Ada Lovelace');
});

test('a waiting that only an event can end promises no time, and one that may be a double explains itself', async () => {
  const money = await open(data(waiting({ reason: 'payment', nextCheckAt: null, participant: null })));
  await money.until('Stripe tells us by itself, and the payment is counted then.');
  expect(money.text()).not.toContain('The payment arrived');
  expect(money.text()).not.toContain('twice');
  const double = await open(data(waiting({ reason: 'possible_double', nextCheckAt: null })));
  await double.until('It stays out of every sum until it’s clear whether the two are one.');
});

describe('nothing to show', () => {
  test.each([
    ['no contest', data({ state: 'not_connected', missing: 'contest' }), 'No contest yet.', 'Check again'],
    ['setup unfinished', data({ state: 'not_connected', missing: 'events' }), 'Setup isn’t finished.', 'Check again'],
    ['unknown, or another account’s', data({ state: 'unknown' }), 'This payment isn’t known yet.', 'Check now'],
    ['no permission', failure(403, 'insufficient_scope'), 'You can’t see referrals.', 'About team roles'],
    [
      'outdated',
      data({ state: 'later' }),
      'BlitzRocket was updated.',
      'Reload the Dashboard page to use the new version.',
    ],
    ['error', failure(401, 'signature_mismatch'), 'We couldn’t load this referral.', 'Request ID req_9fK2Qm7'],
  ])('%s: says what it is and what to do next', async (_, answer, says, next) => {
    const view = await open(answer);
    await view.until(says);
    expect(view.title()).toBe('Referral');
    expect(view.text()).toContain(next);
  });

  test('names the role that may not see', async () => {
    const roles = [{ id: 'support_specialist', name: 'Support specialist', type: 'builtIn' as const }];
    const view = await show(PaymentDetail, [failure(403, 'insufficient_scope')], { roles });
    await view.until('Your role in this account is Support specialist. Ask an administrator');
  });

  test('after an error, trying again asks again', async () => {
    const view = await open(failure(401, 'signature_mismatch'), data(attributed()));
    await view.until('We couldn’t load this referral.');
    await view.press('Try again');
    await view.until('Awards');
  });
});

describe('as time passes', () => {
  beforeEach(
    () =>
      void jest.useFakeTimers({
        doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'],
        advanceTimers: true,
      }),
  );
  afterEach(() => void jest.useRealTimers());

  test('it says after eight seconds that it takes longer than usual', async () => {
    const view = await open({ never: true });
    await jest.advanceTimersByTimeAsync(7_000);
    await view.update();
    expect(view.text()).not.toContain('longer than usual');
    await jest.advanceTimersByTimeAsync(1_500);
    await view.until('This is taking longer than usual. You can leave this page; nothing is lost.');
  });

  test('it tries again by itself while offline, and keeps saying so meanwhile', async () => {
    const hangUp = { hangUp: true } as const;
    const view = await open(hangUp, hangUp, hangUp, data(attributed()));
    for (let tries = 0; tries < 50 && !view.text().includes('You’re offline.'); tries += 1) {
      await jest.advanceTimersByTimeAsync(200);
      await view.update();
    }
    expect(view.text()).toContain('Check your connection. We’ll try again when it’s back.');
    await jest.advanceTimersByTimeAsync(10_000);
    await view.until('Awards');
  });
});
