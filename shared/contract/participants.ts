import { z } from 'zod';
import { page, time, withoutNul } from './conventions.ts';
import { money } from './money.ts';

/** Trimmed; an address is whatever somebody can be reached by, so little is asked of its form. */
export const email = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, { message: 'must be an e-mail address' });

/** In links and promotion codes, so only what those take; never to be confused with a click or a prefixed code. */
export const code = z
  .string()
  .regex(/^[A-Za-z0-9-]{3,64}$/, { message: 'must be 3 to 64 of A–Z, a–z, 0–9 and hyphens' })
  .refine((text) => !/^(clk|br)-/i.test(text), { message: 'must not begin with clk- or br-' });

/** PostgreSQL keeps no NUL in a text. */

export const participantBody = z.strictObject({
  email,
  name: z.string().trim().min(1).max(200).optional(),
  code: code.optional().meta({ description: 'Unique in the merchant, compared without case; left out: made for you.' }),
  externalId: withoutNul.min(1).max(255).optional(),
  stripeCustomer: z
    .string()
    .regex(/^cus_\w+$/)
    .optional(),
  group: withoutNul.trim().min(1).max(64).optional(),
});

const person = {
  id: z.string(),
  contest: z.string(),
  email: z.string().nullable(),
  name: z.string().nullable(),
  code: z.string(),
  link: z
    .string()
    .nullable()
    .meta({ description: 'The contest’s landing page with the code; null while it has none.' }),
  shortLink: z.string(),
  externalId: z.string().nullable(),
  stripeCustomer: z.string().nullable(),
  group: z.string().nullable(),
  joinedAt: time,
};

export const participantAnswer = z.object(person).meta({ id: 'Participant' });
export type ParticipantAnswer = z.infer<typeof participantAnswer>;

export const standingAnswer = z
  .object({
    ...person,
    points: z.int(),
    entries: z.int(),
    commission: z.array(z.object({ currency: z.string(), pending: z.int(), approved: z.int(), paid: z.int() })),
    referred: z.object({ buyers: z.int(), revenue: z.array(money) }),
  })
  .meta({ id: 'ParticipantStanding' });
export type StandingAnswer = z.infer<typeof standingAnswer>;

export const participantsQuery = page.extend({ email: withoutNul.optional(), code: withoutNul.optional() });

export const clickBody = z.strictObject({
  code: z.string().trim().min(1).max(64),
  at: time.optional().meta({ description: 'When it happened; left out: now.' }),
  url: z.string().max(2048).optional(),
});
export const clickAnswer = z.object({ click: z.string() }).meta({ id: 'Click' });
