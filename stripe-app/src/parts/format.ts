import { createContext, useContext } from 'react';
import type { Person } from '../contract/app.gen';
import { decimalsOf, type Money } from '../contract/common.gen';

/** Amounts, dates and names as the Dashboard writes them. */
export type Format = {
  money: (money: Money) => string;
  count: (value: number) => string;
  percent: (percent: number) => string;
  /** "Nov 3", never broken over two lines. */
  day: (iso: string) => string;
  moment: (iso: string) => string;
};

/** Exact up to 2^53−1: the digits are moved as text, never divided. */
function decimal(amount: number, decimals: number): `${number}` {
  const digits = String(Math.abs(amount)).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = decimals > 0 ? `.${digits.slice(-decimals)}` : '';
  return `${amount < 0 ? '-' : ''}${whole}${fraction}` as `${number}`;
}

/** `Intl` writes a hyphen for minus, and a narrow space before AM that the Dashboard doesn't use. */
const typeset = (text: string) => text.replace('-', '\u2212').replace(/\u202f/g, ' ');

/** Our words are English: a German date inside an English sentence helps nobody, a British one does. */
const readable = (locale: string) => (/^en\b/i.test(locale) ? locale : 'en-US');

export function formatFor(userLocale: string, now: () => Date = () => new Date()): Format {
  const locale = readable(userLocale);
  const day = (iso: string) => {
    const date = new Date(iso);
    const year = date.getFullYear() === now().getFullYear() ? undefined : 'numeric';
    const written = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', year }).format(date);
    return written.replace(/ /g, '\u00a0');
  };
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', hour12: true });
  return {
    money({ amount, currency }) {
      const digits = decimalsOf(currency);
      const style = {
        style: 'currency',
        currency,
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      } as const;
      return typeset(new Intl.NumberFormat(locale, style).format(decimal(amount, digits)));
    },
    count: (value) => typeset(new Intl.NumberFormat(locale).format(value)),
    percent: (percent) => `${new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(percent)}%`,
    day,
    moment: (iso) =>
      `${day(iso)}, ${typeset(time.format(new Date(iso))).replace(/[ap]m/, (half) => half.toUpperCase())}`,
  };
}

const FormatContext = createContext(formatFor('en-US'));
export const FormatProvider = FormatContext.Provider;
export const useFormat = () => useContext(FormatContext);

/** The SDK has no `dir` or `bdi`: between Unicode isolates an Arabic or Hebrew name can't reorder the sentence. */
export const isolate = (name: string) => `\u2068${name}\u2069`;

const plainName = (person: Person) => person.name ?? person.maskedEmail ?? 'someone without a name';

/** The whole name, for the body. */
export const nameOf = (person: Person) => isolate(plainName(person));

/** Cut to fit a title; by characters as people see them, so that no letter is halved. */
export function shortNameOf(person: Person, longest = 24): string {
  const letters = [...new Intl.Segmenter('en').segment(plainName(person))].map(({ segment }) => segment);
  if (letters.length <= longest) return nameOf(person);
  return isolate(
    `${letters
      .slice(0, longest - 1)
      .join('')
      .trimEnd()}…`,
  );
}

/** "1 payment", "2 payments". */
export const plural = (count: number, one: string, many = `${one}s`) => (count === 1 ? `1 ${one}` : `${count} ${many}`);

/** "tax, email and metadata". */
export function listed(words: string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "7 days", "4 minutes": how long between two moments, in the largest unit that says something. */
export function between(earlier: string, later: string): string {
  const gap = Math.abs(Date.parse(later) - Date.parse(earlier));
  if (gap < MINUTE) return 'less than a minute';
  if (gap < HOUR) return plural(Math.floor(gap / MINUTE), 'minute');
  if (gap < 2 * DAY) return plural(Math.floor(gap / HOUR), 'hour');
  return plural(Math.round(gap / DAY), 'day');
}
