import * as fc from 'fast-check';
import { divide, fromDecimal, shareOf } from '#shared/money.ts';

const minor = fc.bigInt({ min: 0n, max: 10n ** 12n });

describe('money', () => {
  it('read from a decimal is what was written, whatever binary makes of it', () => {
    const currency = fc.constantFrom(['usd', 2] as const, ['jpy', 0] as const, ['kwd', 3] as const);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 50 }), currency, (units, [code, decimals]) => {
        const digits = String(units).padStart(decimals + 1, '0');
        const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
        expect(fromDecimal(Number(text), code)).toEqual({ minor: BigInt(units), currency: code });
      }),
    );
  });

  it('is rounded halves away from zero, down towards it, up away from it', () => {
    const cases = [
      [5n, 2n, 3n, 2n, 3n],
      [-5n, 2n, -3n, -2n, -3n],
      [4n, 2n, 2n, 2n, 2n],
      [1n, 3n, 0n, 0n, 1n],
      [-1n, 3n, 0n, 0n, -1n],
    ] as const;
    for (const [of, by, nearest, down, up] of cases) {
      expect([divide(of, by, 'nearest'), divide(of, by, 'down'), divide(of, by, 'up')]).toEqual([nearest, down, up]);
    }
  });

  it('taken back in parts is taken back whole, and never more than there was', () => {
    fc.assert(
      fc.property(minor, fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1 }), (award, parts) => {
        const total = parts.reduce((sum, part) => sum + part, 0n);
        let returned = 0n;
        let taken = 0n;
        for (const part of parts) {
          returned += part;
          const due = shareOf(award, returned, total);
          expect(due >= taken && due <= award).toBe(true);
          taken = due;
        }
        expect(taken).toBe(total === 0n ? 0n : award);
      }),
    );
  });
});
