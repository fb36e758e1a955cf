import * as z from 'zod';

/** One line of `/preview/states.json`: what the Dashboard would say of a page that a merchant has open. */
export const previewState = z.object({
  view: z.enum(['PaymentDetail', 'CustomerDetail']),
  state: z.string().meta({ description: 'Its name in the address; unique within the view.' }),
  title: z.string(),
  object: z.string(),
  account: z.string(),
  user: z.string(),
  livemode: z.boolean(),
  fault: z
    .enum(['slow', 'offline', 'error', 'forbidden', 'outdated'])
    .optional()
    .meta({ description: 'What the frame pretends to meet instead of the backend.' }),
  accountName: z.string().optional(),
  locale: z.string().optional(),
  roles: z.array(z.object({ id: z.string(), name: z.string(), type: z.enum(['builtIn', 'custom']) })).optional(),
});
export type PreviewState = z.infer<typeof previewState>;

/** `POST /preview/sign`: what the Dashboard would be asked to sign, and for whom. */
export const signBody = z.object({
  payload: z.record(z.string(), z.unknown()),
  user_id: z.string(),
  account_id: z.string(),
});
