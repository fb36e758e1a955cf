export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export interface Limiter {
  /** Null: go ahead. Otherwise the seconds after which it is worth trying again. */
  take(key: string): number | null;
}

const REMEMBERED = 10_000;

/** A bucket of `burst` for each key that fills at `perSecond`. Full buckets are forgotten. */
export function createLimiter({ perSecond, burst }: Rate, now: () => number): Limiter {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const level = (bucket: { tokens: number; at: number }, at: number) =>
    Math.min(burst, bucket.tokens + ((at - bucket.at) / 1000) * perSecond);
  return {
    take: (key) => {
      const at = now();
      const bucket = buckets.get(key) ?? { tokens: burst, at };
      const tokens = level(bucket, at);
      if (buckets.size >= REMEMBERED) {
        for (const [other, known] of buckets) if (level(known, at) >= burst) buckets.delete(other);
      }
      buckets.set(key, { tokens: tokens < 1 ? tokens : tokens - 1, at });
      return tokens < 1 ? Math.ceil((1 - tokens) / perSecond) : null;
    },
  };
}
