import { problem } from './contact';

const RING = 'M8 1.75a6.25 6.25 0 1 0 0 12.5a6.25 6.25 0 0 0 0-12.5z';

/** Stand-ins for Stripe's icons, drawn on a grid of 16. */
const PATH: Record<string, string> = {
  checkCircle: `${RING}M5.2 8.2l2 2l3.7-4.1`,
  negativeCircle: `${RING}M5.1 8h5.8`,
  cancelCircle: `${RING}M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4`,
  circle: 'M8 2.75a5.25 5.25 0 1 0 0 10.5a5.25 5.25 0 0 0 0-10.5z',
  clock: `${RING}M8 4.6V8l2.3 1.5`,
  info: `${RING}M8 7.3v3.9M8 4.8v.3`,
  warning: 'M8 2.1l6.3 11.2H1.7zM8 6.4v3.2M8 11.3v.3',
  gift: 'M2.4 5.8h11.2v2.8H2.4zM3.4 8.6h9.2v5H3.4zM8 5.8v7.8M8 5.8C5.2 5.8 4.4 2.3 6.4 2.3C7.7 2.3 8 4.2 8 5.800C8 4.2 8.3 2.3 9.6 2.300C11.6 2.3 10.8 5.8 8 5.800z',
  connectPayments: 'M2.5 5.2h10.500M5.3 2.400L2.5 5.200l2.8 2.800M13.5 10.800H3M10.7 8l2.8 2.800l-2.8 2.8',
  lock: 'M3.6 7.300h8.800v6.200H3.600zM5.3 7.300V5.100a2.7 2.7 0 0 1 5.4 0v2.2',
  wifi: 'M1.6 6.300c3.7-3.3 9.1-3.3 12.8 0M4.1 9.100c2.3-2 5.5-2 7.8 0M8 12v.2',
  refresh: 'M13.2 8a5.2 5.2 0 1 1-1.6-3.700M12.9 1.900v3h-3',
  chevron: 'M6 3.800L10.2 8L6 12.2',
  external: 'M6.5 3.600H3.500v8.900h8.900v-3M9 3.300h3.700V7M12.5 3.500L7.6 8.4',
  more: 'M3.3 8h.1M7.950 8h.1M12.6 8h.1',
};
const SIZE: Record<string, number> = { xsmall: 12, small: 14, medium: 16, large: 20, xlarge: 32 };

export function Glyph({ name, size = 'medium' }: { name: string; size?: string }) {
  const path = PATH[name];
  if (!path) problem(`the icon ${name} isn’t drawn by the preview`);
  return (
    <svg className="glyph" aria-hidden="true" width={SIZE[size]} height={SIZE[size]} viewBox="0 0 16 16">
      <path d={path ?? PATH.circle} />
    </svg>
  );
}
