import { between, formatFor, nameOf, shortNameOf } from '../src/parts/format';
import { ada } from './fixtures/parts';

const now = () => new Date('2026-11-19T15:40:00Z');
const format = formatFor('en-US', now);
const plain = (text: string) => text.replace(/\u00a0/g, ' ');

test.each([
  [9900, 'usd', '$99.00'],
  [-891, 'usd', '−$8.91'],
  [0, 'eur', '€0.00'],
  [125, 'jpy', '¥125'],
  [12345, 'kwd', 'KWD 12.345'],
  [5, 'kwd', 'KWD 0.005'],
  [150000, 'huf', 'HUF 1,500.00'],
  [Number.MAX_SAFE_INTEGER, 'usd', '$90,071,992,547,409.91'],
])('writes %d %s as %s', (amount, currency, expected) => {
  expect(plain(format.money({ amount, currency }))).toBe(expected);
});

test('leaves out the year of today, and says any other', () => {
  expect(format.day('2026-11-03T15:25:00Z')).toBe('Nov\u00a03');
  expect(format.day('2025-01-03T15:25:00Z')).toBe('Jan\u00a03,\u00a02025');
});

test('keeps a day together, and writes times with an ordinary space and capitals, in any English', () => {
  expect(format.moment('2026-11-03T15:25:00Z')).toBe('Nov\u00a03, 3:25 PM');
  expect(formatFor('en-GB', now).moment('2026-11-03T15:25:00Z')).toBe('3\u00a0Nov, 3:25 PM');
});

test('keeps to English where the reader’s language isn’t: our words are English too', () => {
  expect(formatFor('de-DE', now).day('2026-11-03T15:25:00Z')).toBe('Nov\u00a03');
});

test('writes percent without decimals unless they are needed', () => {
  expect([format.percent(20), format.percent(12.5)]).toEqual(['20%', '12.5%']);
});

test.each([
  ['2026-11-03T15:25:00Z', '2026-11-03T15:25:30Z', 'less than a minute'],
  ['2026-11-03T15:25:00Z', '2026-11-03T15:26:00Z', '1 minute'],
  ['2026-11-03T15:25:00Z', '2026-11-04T15:25:00Z', '24 hours'],
  ['2026-11-03T15:25:00Z', '2026-11-10T15:25:00Z', '7 days'],
  ['2026-11-11T02:08:40Z', '2026-11-18T02:08:10Z', '7 days'],
])('between %s and %s lie %s', (earlier, later, expected) => {
  expect(between(earlier, later)).toBe(expected);
});

test('isolates every name, so that it can’t reorder the sentence', () => {
  expect(nameOf({ ...ada, name: 'ليلى' })).toBe('\u2068ليلى\u2069');
});

test('cuts a long name in a title between letters, never inside one', () => {
  expect(shortNameOf({ ...ada, name: 'Wolfeschlegelsteinhausenbergerdorff' })).toBe(
    '\u2068Wolfeschlegelsteinhause…\u2069',
  );
  expect(shortNameOf({ ...ada, name: '👩‍👩‍👧'.repeat(30) })).toBe(`\u2068${'👩‍👩‍👧'.repeat(23)}…\u2069`);
});

test('shows the masked email of somebody without a name', () => {
  expect(nameOf({ ...ada, name: null })).toBe('\u2068a•••@example.com\u2069');
});
