import { z } from 'zod';
import { FACT_STATES } from '../fact.ts';
import { page, time } from './conventions.ts';

export const factsQuery = page.extend({ state: z.enum(FACT_STATES).optional() });

export const factAnswer = z
  .object({
    id: z.string().meta({ examples: ['fact_8c1f0a3b5d7e9f1a2b3c4d5e'] }),
    source: z.string(),
    type: z.string().meta({ examples: ['checkout.session.completed'] }),
    externalId: z.string().meta({ description: 'The sender’s own id.', examples: ['evt_1Q…'] }),
    state: z.enum(FACT_STATES),
    reason: z.string().nullable().meta({ description: 'Why it is unreadable or has failed.' }),
    occurredAt: time.nullable(),
    receivedAt: time,
  })
  .meta({ id: 'Fact' });
export type FactAnswer = z.infer<typeof factAnswer>;
