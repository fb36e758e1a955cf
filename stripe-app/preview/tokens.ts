import type { BoxProps, InlineProps } from '@stripe/ui-extension-sdk/ui';
import type { CSSProperties } from 'react';
import { problem } from './contact';

type Css = NonNullable<BoxProps['css']> & NonNullable<InlineProps['css']>;
type Table = Record<string, CSSProperties[keyof CSSProperties]>;

const SPACE: Table = { xxsmall: 2, xsmall: 4, small: 8, medium: 16, large: 24, xlarge: 32, xxlarge: 48 };
export const COLOR: Record<string, string> = {
  primary: '#353a44',
  secondary: '#596171',
  disabled: '#818da0',
  brand: '#533afd',
  info: '#045ad0',
  success: '#217005',
  attention: '#b13600',
  critical: '#c0123c',
};
const SIZE: Table = {
  fill: '100%',
  auto: 'auto',
  min: 'min-content',
  max: 'max-content',
  fit: 'fit-content',
};
const ALIGN: Table = {
  start: 'flex-start',
  top: 'flex-start',
  center: 'center',
  baseline: 'baseline',
  end: 'flex-end',
  bottom: 'flex-end',
  stretch: 'stretch',
};
const FONT: Record<string, CSSProperties> = {
  title: { fontSize: 24, lineHeight: '32px', fontWeight: 700, letterSpacing: '-0.01em' },
  subtitle: { fontSize: 20, lineHeight: '28px', fontWeight: 600, letterSpacing: '-0.01em' },
  heading: { fontSize: 16, lineHeight: '24px', fontWeight: 700, letterSpacing: '-0.005em' },
  subheading: { fontSize: 14, lineHeight: '20px', fontWeight: 600 },
  body: { fontSize: 14, lineHeight: '20px', fontWeight: 400 },
  bodyEmphasized: { fontSize: 14, lineHeight: '20px', fontWeight: 600 },
  caption: { fontSize: 12, lineHeight: '16px', fontWeight: 400 },
  kicker: { fontSize: 11, lineHeight: '16px', fontWeight: 600, textTransform: 'uppercase' },
  lead: { fontSize: 20, lineHeight: '28px', fontWeight: 400 },
};

function token(table: Table, value: unknown, property: string): CSSProperties[keyof CSSProperties] {
  if (typeof value === 'string' && value in table) return table[value];
  if (typeof value === 'string' && /^\d+\/\d+$/.test(value)) return `calc(100% * ${value})`;
  problem(`${property}: ${String(value)} is no token`);
  return undefined;
}

type Draw = (value: string, css: Css) => CSSProperties;
const space =
  (...properties: (keyof CSSProperties)[]): Draw =>
  (value) =>
    Object.fromEntries(properties.map((property) => [property, token(SPACE, value, property)]));
const as =
  (property: keyof CSSProperties, table: Table): Draw =>
  (value) => ({ [property]: token(table, value, property) });
const plain =
  (property: keyof CSSProperties): Draw =>
  (value) => ({ [property]: value });

/** Every style property that the views use; another one is reported, not guessed. */
const DRAW: Record<string, Draw> = {
  stack: (value) => ({ display: 'flex', flexDirection: value === 'y' ? 'column' : 'row', minWidth: 0 }),
  alignX: (value, { stack }) => ({
    [stack === 'y' ? 'alignItems' : 'justifyContent']: token(ALIGN, value, 'alignX'),
  }),
  alignY: (value, { stack }) => ({
    [stack === 'y' ? 'justifyContent' : 'alignItems']: token(ALIGN, value, 'alignY'),
  }),
  wrap: plain('flexWrap'),
  gap: space('gap'),
  padding: space('padding'),
  paddingX: space('paddingLeft', 'paddingRight'),
  paddingY: space('paddingTop', 'paddingBottom'),
  paddingTop: space('paddingTop'),
  width: as('width', SIZE),
  color: as('color', COLOR),
  fill: as('color', COLOR),
  backgroundColor: as('background', { container: '#f5f6f8', surface: '#fff' }),
  borderRadius: as('borderRadius', { none: 0, xsmall: 4, small: 4, medium: 8, large: 10, rounded: 999 }),
  keyline: (value) => ({ boxShadow: `inset 0 0 0 1px ${value === 'critical' ? '#df1b41' : '#d8dee4'}` }),
  font: (value) => FONT[value] ?? {},
  fontWeight: as('fontWeight', { regular: 400, semibold: 600, bold: 700 }),
  fontFamily: as('fontFamily', { monospace: 'var(--mono)', ui: 'inherit' }),
  textAlign: plain('textAlign'),
  wordBreak: plain('wordBreak'),
};

/** The SDK's `css` prop as a style of the browser. */
export function styleOf(css: BoxProps['css'] | InlineProps['css']): CSSProperties {
  const style: CSSProperties = {};
  for (const [property, value] of Object.entries(css ?? {})) {
    const draw = DRAW[property];
    if (draw) Object.assign(style, draw(String(value), css as Css));
    else problem(`css.${property} isn’t drawn by the preview`);
  }
  return style;
}
