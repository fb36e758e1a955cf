import { z } from 'zod';
import { time } from './conventions.ts';
import { currency } from './money.ts';
import { rules, storedRule } from './rules.ts';

export const CONTEST_STATUSES = ['draft', 'scheduled', 'running', 'paused', 'ended', 'archived'] as const;
export type ContestStatus = (typeof CONTEST_STATUSES)[number];

/** A host name, without scheme, port or path. */
const host = z.string().regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$|^localhost$/i, {
  message: 'must be a host name, like shop.example',
});
const webUrl = z.url({ protocol: /^https?$/ });
const cookieName = z.string().regex(/^[\w.-]{1,64}$/);

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const attribution = z.strictObject({
  windowDays: z
    .int()
    .min(1)
    .max(3650)
    .nullable()
    .default(30)
    .meta({ description: 'From the click to the commitment. null: no window.' }),
  touch: z.enum(['last', 'first']).default('last'),
  newCustomersOnly: z.boolean().default(false),
  selfReferral: z.enum(['refuse', 'allow']).default('refuse'),
  sticky: z.boolean().default(true),
  promotionCode: z.enum(['after_click', 'before_click']).default('after_click'),
  keys: z
    .array(z.string().regex(/^[\w.-]{1,40}$/))
    .max(20)
    .default([])
    .meta({ description: 'Metadata keys of your own that carry a click or code.' }),
});

export const settings = z.strictObject({
  amountBasis: z.enum(['net', 'gross']).default('net'),
  attribution: attribution.prefault({}),
  purchaseAuth: z.enum(['secret', 'open']).default('secret'),
  autoEnrol: z.boolean().default(true),
  renewalsAfterEnd: z.boolean().default(false),
  stacks: z.boolean().default(false),
  allowedDomains: z.array(host).max(50).default([]),
  landingUrl: webUrl.nullable().default(null),
  linkParams: z.array(cookieName).min(1).max(10).default(['ref', 'via']),
  mirrorCookies: z.array(cookieName).max(10).default([]),
});
export type Settings = z.infer<typeof settings>;

export const slug = z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, {
  message: 'must be 1 to 64 of a–z, 0–9 and hyphens, and neither begin nor end with a hyphen',
});

/** Of what has a value left out: what is sent of it is checked, and nothing is filled in. */
const partOf = (shape: Readonly<Record<string, { unwrap(): z.ZodType }>>) =>
  z.strictObject(Object.fromEntries(Object.entries(shape).map(([name, field]) => [name, field.unwrap().optional()])));

const settingsPatch = partOf(settings.shape)
  .omit({ attribution: true })
  .extend({ attribution: partOf(attribution.shape).optional() });

const fields = {
  name: z.string().trim().min(1).max(120),
  slug: slug.optional().meta({ description: 'Unique in the installation; left out: made from the name.' }),
  currency: currency.default('usd'),
  startsAt: time.nullable().default(null),
  endsAt: time.nullable().default(null),
  timeZone: z
    .string()
    .refine(isTimeZone, { message: 'must be a time zone of the IANA list, like Europe/Berlin' })
    .default('UTC'),
  purchaseTracking: z.boolean().default(true),
};

export const endsAfterStart = (contest: {
  startsAt?: string | null | undefined;
  endsAt?: string | null | undefined;
}): boolean =>
  contest.startsAt == null || contest.endsAt == null || Date.parse(contest.startsAt) < Date.parse(contest.endsAt);
const ENDS_FIRST = { message: 'must be after startsAt', path: ['endsAt'] };

export const contestBody = z
  .strictObject({ ...fields, settings: settings.prefault({}), rules: rules.optional() })
  .refine(endsAfterStart, ENDS_FIRST)
  .meta({ id: 'NewContest' });
export type ContestBody = z.infer<typeof contestBody>;

/** Only what is sent is changed; `rules` is replaced as a whole, `settings` are merged. */
export const contestPatch = z
  .strictObject({
    name: fields.name.optional(),
    slug: slug.optional(),
    currency: currency.optional(),
    startsAt: time.nullable().optional(),
    endsAt: time.nullable().optional(),
    timeZone: fields.timeZone.unwrap().optional(),
    purchaseTracking: z.boolean().optional(),
    settings: settingsPatch.optional(),
    rules: rules.optional(),
    status: z
      .enum(['draft', 'paused', 'archived', 'running'])
      .optional()
      .meta({ description: 'running: as startsAt and endsAt say.' }),
  })
  .meta({ id: 'ContestChange' });
export type ContestPatch = z.infer<typeof contestPatch>;

const tracking = z.object({
  publicKey: z.string(),
  scriptUrl: z.string(),
  purchaseUrl: z.string(),
  stripeUrl: z.string(),
  shopifyUrl: z.string(),
  purchaseSecret: z.string().optional().meta({ description: 'On creation and rotation only.' }),
});

export const contestAnswer = z
  .object({
    id: z.string(),
    ...fields,
    slug,
    status: z.enum(CONTEST_STATUSES),
    settings,
    rules: z.array(storedRule),
    tracking,
    warnings: z.array(z.string()).meta({ description: 'What is saved, but will not do what it seems to.' }),
    createdAt: time,
  })
  .meta({ id: 'Contest' });
export type ContestAnswer = z.infer<typeof contestAnswer>;

const secret = z.string().trim().min(1).max(255);
export const signingSecretsBody = z.strictObject({
  stripe: z
    .array(
      secret.regex(/^whsec_[\x21-\x7e]+$/, { message: 'must be a signing secret of Stripe; they begin with whsec_' }),
    )
    .max(10)
    .optional(),
  shopify: z
    .array(secret.regex(/^[\x21-\x7e]+$/, { message: 'must be a key without blanks' }))
    .max(10)
    .optional(),
});
export const signingSecretsAnswer = z.object({ stripe: z.int(), shopify: z.int() }).meta({ id: 'SigningSecrets' });
export const purchaseSecretAnswer = z.object({ purchaseSecret: z.string() }).meta({ id: 'PurchaseSecret' });
