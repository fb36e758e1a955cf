import { CustomerAnswer, CustomerRequest, PaymentAnswer, PaymentRequest } from '#shared/contract/app.ts';
import type { Merchant } from '#server/store/merchants.ts';
import { data } from '../reply.ts';
import { type AppRoute, appRoute } from '../route.ts';

/** What the Dashboard extension is shown of a merchant's objects. */
export interface AppViews {
  payment(merchant: Merchant, object: string, now: number): Promise<PaymentAnswer>;
  customer(merchant: Merchant, object: string, now: number): Promise<CustomerAnswer>;
}

/** An account that we don't know has no contest either: the answer tells nobody which of the two it is. */
const NOT_CONNECTED = { state: 'not_connected', missing: 'contest' } as const;

export const extensionRoutes = (views: AppViews, now: () => number): AppRoute[] => [
  appRoute({
    path: '/api/app/payment',
    summary: 'For the Dashboard extension: who referred a payment, what it earned, and why',
    body: PaymentRequest,
    answer: PaymentAnswer,
    handle: async ({ merchant, asked }) =>
      data(merchant === null ? NOT_CONNECTED : await views.payment(merchant, asked.object, now())),
  }),
  appRoute({
    path: '/api/app/customer',
    summary: 'For the Dashboard extension: who referred a customer, and whom the customer referred',
    body: CustomerRequest,
    answer: CustomerAnswer,
    handle: async ({ merchant, asked }) =>
      data(merchant === null ? NOT_CONNECTED : await views.customer(merchant, asked.object, now())),
  }),
];
