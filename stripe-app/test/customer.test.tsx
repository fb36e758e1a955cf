import CustomerDetail from '../src/views/CustomerDetail';
import { balance, neither, participant, referred } from './fixtures/customers';
import { usd } from './fixtures/parts';
import { data } from './support/backend';
import { show } from './support/show';

const open = (...answers: Parameters<typeof show>[1]) => show(CustomerDetail, answers, { object: 'cus_1' });

test('asks about the customer on the page', async () => {
  const view = await open(data(neither()));
  await view.until('What we looked at');
  expect(view.signed).toEqual([expect.objectContaining({ action: 'customer', object: 'cus_1' })]);
});

describe('a referred customer', () => {
  test('says by whom, since when and by what', async () => {
    const view = await open(data(referred()));
    await view.until('So far');
    expect(view.title()).toBe('Referred by Ada Lovelace');
    expect(view.text()).toContain('Since Jan 12, by a click on Jan 9');
  });

  test('names the referrer once more, with the way to their page', async () => {
    const view = await open(data(referred()));
    await view.until('So far');
    const routes = view.all('Link').flatMap(({ props }) => props?.['href'] ?? []);
    expect(routes).toContainEqual({ name: 'customerDetails', params: { customerId: 'cus_ada' } });
    expect(view.text()).not.toContain('Referrer\n');
  });

  test('shows how many months have earned', async () => {
    const view = await open(data(referred()));
    await view.until('11 of 12 months');
    expect(view.all('MeterChart')[0]?.props?.['data']).toEqual([
      { label: 'Months earned', value: 11 },
      { label: 'Month left', value: 1 },
    ]);
  });

  test.each([
    [{ for: 'lifetime' as const, monthsEarned: 4 }, 'earns commission on every payment of this customer.'],
    [
      { for: 'first' as const, monthsEarned: 1 },
      'earns commission on the first payment of this customer. Later payments earn nothing.',
    ],
    [{ for: { months: 12 }, monthsEarned: 1 }, 'Renewals after month 12 earn nothing.'],
    [{ for: { months: 12 }, monthsEarned: 12 }, 'All months are earned. Further renewals earn nothing.'],
  ])('says how long it earns: %#', async (earns, says) => {
    const view = await open(data(referred({ earns })));
    await view.until(says);
  });

  test('shows its sums by status, and leaves out what is nothing', async () => {
    const view = await open(data(referred()));
    await view.until('So far');
    expect(view.labels('PropertyListItem')).toEqual([
      'Revenue counted\n$1,089.00',
      'Commission earned\n$217.80',
      'Paid out\n$178.20',
      'Approved\n$19.80',
      'Pending\n$19.80, next on Dec 12',
    ]);
  });

  test('never adds two currencies', async () => {
    const commission = [
      balance(),
      balance({ currency: 'eur', earned: 231050, paid: 0, approved: 0, pending: 0, nextAvailableAt: null }),
    ];
    const view = await open(data(referred({ commission })));
    await view.until('$217.80, and €2,310.50');
  });

  test('lists the latest payments, and says of how many', async () => {
    const view = await open(data(referred()));
    await view.until('Payments, the latest 4 of 11');
    expect(view.labels('TableRow').slice(0, 2)).toEqual([
      'Date\nCounted\nCommission\nStatus',
      'Nov 12\n$99.00\n$19.80\nPending',
    ]);
    const routes = view.all('Link').flatMap(({ props }) => props?.['href'] ?? []);
    expect(routes).toContainEqual({ name: 'paymentDetails', params: { paymentId: 'pi_11' } });
  });
});

describe('a customer who refers others', () => {
  test('shows code, link, standing and balance', async () => {
    const view = await open(data(participant()));
    await view.until('Code and link');
    expect(view.title()).toBe('Ada Lovelace');
    expect(view.text()).toContain('Referrer since Jan 9');
    expect(view.labels('PropertyListItem')).toEqual([
      'Rank\n2 of 148, by points',
      'Points\n1,284',
      'People referred\n12, of whom 9 paid',
      'Clicks\n217',
      'Can be paid now\n$231.80',
      'Pending\n$118.80, next on Dec 2',
      'On hold\n$19.80',
      'Paid so far\n$643.50',
    ]);
  });

  test('copies the whole link, also when it shows a shorter one', async () => {
    const view = await open(data(participant()));
    await view.until('shop.example/?ref=ADA-7Q4');
    await view.press('Copy link');
    await view.press('Copy code');
    expect(view.copied).toEqual(['https://shop.example/?ref=ADA-7Q4', 'ADA-7Q4']);
  });

  test('says so when copying fails', async () => {
    const view = await open(data(participant()));
    await view.until('Code and link');
    view.call.clipboardWriteText = () => Promise.reject(new Error('denied'));
    await view.press('Copy code');
    await view.update();
    expect(view.toasts).toEqual(['Code not copied. Select it and copy by hand.']);
  });

  test('lists the people referred, by revenue', async () => {
    const view = await open(data(participant()));
    await view.until('People referred, by revenue, the first 3 of 12');
    expect(view.labels('ListItem')).toEqual([
      'Katherine Johnson\n11 payments\n$1,089.00',
      'Grace Hopper\n1 payment\n$99.00',
      'Mary Jackson\nNo payment yet',
    ]);
  });

  test('keeps what they bought themselves apart', async () => {
    const asBuyer = { referral: referred({ revenue: [usd(5000)] }).referral, payments: 11 };
    const view = await open(data(participant({ asBuyer })));
    await view.until('As a buyer');
    expect(view.labels('AccordionItem')[0]).toContain('Referred by Ada Lovelace. 11 payments.');
    expect(view.labels('AccordionItem')[0]).toContain('$50.00');
  });

  test.each([
    [1, 'We looked at the payment. It has no referrer.'],
    [3, 'We looked at all 3 payments. None has a referrer.'],
  ])('whom nobody referred for %d payments is told so', async (payments, says) => {
    const view = await open(data(participant({ asBuyer: { referral: null, payments } })));
    await view.until(says);
  });

  test('who has just begun sees no empty tables', async () => {
    const fresh = participant({
      rank: null,
      points: 0,
      clicks: 0,
      balance: [],
      people: [],
      peopleCount: 0,
      peopleWhoPaid: 0,
    });
    const view = await open(data(fresh));
    await view.until('Nobody has come by this link yet.');
    expect(view.labels('PropertyListItem')).toEqual([
      'Points\n0',
      'People referred\n0',
      'Clicks\n0',
      'Can be paid now\nNothing yet',
    ]);
  });
});

test.each([
  [0, 'We haven’t seen a payment by this customer yet.'],
  [1, 'We’ve seen 1 payment by this customer. It has no referrer.'],
  [3, 'We’ve seen 3 payments by this customer. None has a referrer.'],
])('a customer who is neither, with %d payments, says what was seen', async (payments, says) => {
  const view = await open(data(neither({ payments })));
  await view.until(says);
  expect(view.title()).toBe('Not in a contest');
});

test('an account without a contest says what a contest is for', async () => {
  const view = await open(data({ state: 'not_connected', missing: 'contest' }));
  await view.until('this page shows who referred each customer');
});
