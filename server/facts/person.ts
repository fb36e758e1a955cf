import { type Foreign, objectOf, textOf } from './foreign.ts';

export interface ReadPerson {
  readonly email: string | null;
  readonly name: string | null;
}

/** Who paid, in the words of the body as it was received; readings don't say. */
export function personOf(source: string, body: Foreign): ReadPerson {
  if (source !== 'stripe') return { email: textOf(body['email']), name: textOf(body['name']) };
  const object = objectOf(objectOf(body['data'])['object']);
  const details = objectOf(object['customer_details']);
  const billing = objectOf(object['billing_details']);
  return {
    email:
      textOf(details['email']) ??
      textOf(object['customer_email']) ??
      textOf(billing['email']) ??
      textOf(object['receipt_email']),
    name: textOf(details['name']) ?? textOf(billing['name']),
  };
}
