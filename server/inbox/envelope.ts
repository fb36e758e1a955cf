import { failure, refused, type Result, success } from '#shared/failure.ts';
import { modeOf } from '#shared/mode.ts';
import { isForeign, textOf, timeOf } from '#server/facts/foreign.ts';
import type { Reading } from '#shared/reading.ts';
import { writeReading } from '#shared/stored-reading.ts';
import { parseJson } from '#server/ops/json.ts';
import type { Arrival } from '#server/store/arrivals.ts';
import type { MatchKey } from '#server/store/keyring.ts';
import { MISMATCH } from '#server/verify/stripe-signature.ts';
import type { SealedDelivery } from './delivery.ts';

/** Ids and types go into keys: printable, without blanks, of a length that an index takes. */
const PLAIN = /^[\x21-\x7e]{1,255}$/;

/**
 * Opens a Stripe delivery far enough to keep it: what it is, and whose. `ownAccount`: whose events those are that name no
 * account; null: nobody's yet.
 */
export function openEnvelope(delivery: SealedDelivery, ownAccount: string | null): Result<Arrival> {
  const parsed = parseJson(delivery.body);
  if (!parsed.ok) return parsed;
  const event = parsed.value;
  if (!isForeign(event)) return notAnEvent('it is not a JSON object');
  const { id, object, account } = event;
  if (typeof id !== 'string' || !PLAIN.test(id)) return notAnEvent('it has no id');
  if (object !== undefined && object !== 'event')
    return notAnEvent('its "object" is not "event"; thin events are not taken');
  if (account !== undefined && account !== null && (typeof account !== 'string' || !PLAIN.test(account))) {
    return notAnEvent('its "account" is not an account id');
  }
  const mode = modeOf(event['livemode'] === true);
  const { via } = delivery;
  // A secret that vouches for one mode only is no proof for an event of the other.
  if (via.merchant === null && !via.vouchesFor.includes(mode)) return refused(MISMATCH);
  const named = account ?? via.merchant?.account ?? ownAccount ?? NO_ACCOUNT;
  const owner = via.merchant ?? { account: named, mode };
  return success({
    ...owner,
    source: 'stripe',
    externalId: id,
    version: plainOr(event['api_version'], ''),
    type: plainOr(event['type'], 'unknown'),
    occurredAt: timeOf(event['created']),
    receivedAt: delivery.receivedAt,
    body: delivery.body,
    // Read later, by the worker: at the door it would cost a third of what keeping costs.
    reading: null,
    unreadable: named !== owner.account ? 'other_account' : mode !== owner.mode ? 'wrong_mode' : null,
  });
}

/** Under which events stand that name no account, while none is configured. */
export const NO_ACCOUNT = 'none';

/** A reading as it is stored: the address as its keyed hash. */
export const storedReading = (reading: Reading, matchKey: MatchKey): string =>
  writeReading(
    'address' in reading && reading.address !== null ? { ...reading, address: matchKey(reading.address) } : reading,
  );

const notAnEvent = (why: string) =>
  refused(failure('not_an_event', `The body is signed, but it is not an event: ${why}.`));

function plainOr(value: unknown, otherwise: string): string {
  const text = textOf(value);
  return text !== null && PLAIN.test(text) ? text : otherwise;
}
