import { z } from 'zod';

/** RFC 3339 in UTC, to the millisecond. */
export const time = z.iso.datetime().meta({ description: 'RFC 3339, UTC', examples: ['2026-03-01T00:00:00.000Z'] });
export const writeTime = (atMs: number): string => new Date(atMs).toISOString();

export const LIMIT_DEFAULT = 50;
export const LIMIT_MOST = 200;

/** Text that every database can keep. */
export const withoutNul = z.string().regex(/^[^\0]*$/, { message: 'must not hold the character NUL' });

/** What every list takes. */
export const page = z.object({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(LIMIT_MOST)
    .default(LIMIT_DEFAULT)
    .meta({ description: 'Rows in one answer.' }),
  cursor: z.string().max(4096).optional().meta({ description: 'The `nextCursor` of the answer before; opaque.' }),
});

/** Bytes that a request may have. */
export const WEBHOOK_BYTES = 1 << 20;
export const JSON_BYTES = 256 << 10;
