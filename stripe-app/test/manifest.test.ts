import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import manifest from '../stripe-app.json';

/**
 * A schema of our own, stricter than the published one (stripe/stripe-apps, schema/stripe-app.schema.json), which lets
 * unknown keys of `ui_extension` pass. Where ours allows something that the published copy doesn't know, it is named here.
 */
const NOT_IN_THE_PUBLISHED_SCHEMA = {
  permissions: ['promotion_code_read', 'promotion_code_write'],
  keys: ['distribution_type', 'stripe_api_access_type', 'sandbox_install_compatible'],
};

const PERMISSIONS = z.enum([
  'event_read',
  'checkout_session_read',
  'charge_read',
  'invoice_read',
  'subscription_read',
  'customer_read',
  'dispute_read',
  ...NOT_IN_THE_PUBLISHED_SCHEMA.permissions,
]);

const Manifest = z.strictObject({
  $schema: z.literal('https://stripe.com/stripe-app.schema.json'),
  id: z.string().regex(/^[a-zA-Z0-9_\-.]+$/),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  // A marketplace name may hold none of these words.
  name: z.string().regex(/^(?!.*\b(stripe|app|free)\b).{1,35}$/i),
  icon: z.string().regex(/^\.\/[\w-]+\.png$/),
  distribution_type: z.literal('public'),
  stripe_api_access_type: z.literal('platform'),
  sandbox_install_compatible: z.boolean(),
  permissions: z.array(z.strictObject({ permission: PERMISSIONS, purpose: z.string() })),
  ui_extension: z.strictObject({
    views: z.array(
      z.strictObject({
        viewport: z.enum(['stripe.dashboard.payment.detail', 'stripe.dashboard.customer.detail']),
        component: z.string().regex(/^[a-zA-Z0-9_]+$/),
      }),
    ),
    content_security_policy: z.strictObject({
      // With a path: a bare host is refused on upload. The last slash opens all below it.
      'connect-src': z.array(z.string().regex(/^https:\/\/[^/]+\/.+\/$/)).min(1),
      'image-src': z.null(),
      purpose: z.string().min(1),
    }),
  }),
  constants: z.strictObject({ API_BASE: z.url() }),
});

test('is valid', () => {
  expect(Manifest.safeParse(manifest).error?.issues ?? []).toEqual([]);
});

test('names every view that exists, once', () => {
  const components = manifest.ui_extension.views.map(({ component }) => component);
  expect(new Set(components).size).toBe(components.length);
  for (const component of components) {
    expect(existsSync(new URL(`../src/views/${component}.tsx`, `file://${__filename}`))).toBe(true);
  }
});

test('asks for each permission once, and says to the merchant why in one sentence', () => {
  const names = manifest.permissions.map(({ permission }) => permission);
  expect(new Set(names).size).toBe(names.length);
  for (const { purpose } of manifest.permissions) {
    expect(purpose).toMatch(/^[A-Z][^.]*\byour?\b[^.]*\.$/);
  }
});

test('may reach the backend that its views ask, and nothing else', () => {
  expect(manifest.ui_extension.content_security_policy['connect-src']).toEqual([manifest.constants.API_BASE]);
});

test('has an icon of 300 by 300', () => {
  const png = readFileSync(new URL('../icon.png', `file://${__filename}`));
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([300, 300]);
});

test('has a square brand icon in one color', () => {
  const svg = readFileSync(new URL('../src/brand.svg', `file://${__filename}`), 'utf8');
  const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
  expect(width).toBe(height);
  expect(new Set(svg.match(/(fill|stroke)="[^"]+"/g)).size).toBe(1);
});
