import type { MerchantId } from '#shared/ids.ts';
import { compress, decompress, type Keyring } from './keyring.ts';

/**
 * The bodies of one commit in one sealed piece: their lengths, then their bytes. A body is found by its place. Taking a
 * person's body out leaves an empty one there, so that the places of the others stay true.
 */
const LENGTH_BYTES = 4;
const REMOVED = 0xffff_ffff;

export function sealBodies(
  keyring: Keyring,
  merchant: MerchantId,
  id: bigint,
  bodies: readonly (Uint8Array | null)[],
): Buffer {
  const head = Buffer.alloc(LENGTH_BYTES * (bodies.length + 1));
  head.writeUInt32LE(bodies.length, 0);
  bodies.forEach((body, place) =>
    head.writeUInt32LE(body === null ? REMOVED : body.length, LENGTH_BYTES * (place + 1)),
  );
  const present = bodies.filter((body) => body !== null);
  return keyring.seal(compress(Buffer.concat([head, ...present])), contextOf(merchant, id));
}

/** Null where a body was taken out. */
export function openBodies(keyring: Keyring, merchant: MerchantId, id: bigint, sealed: Uint8Array): (Buffer | null)[] {
  const bytes = decompress(keyring.open(sealed, contextOf(merchant, id)));
  const count = bytes.readUInt32LE(0);
  const bodies: (Buffer | null)[] = [];
  let at = LENGTH_BYTES * (count + 1);
  for (let place = 0; place < count; place += 1) {
    const length = bytes.readUInt32LE(LENGTH_BYTES * (place + 1));
    bodies.push(length === REMOVED ? null : bytes.subarray(at, at + length));
    if (length !== REMOVED) at += length;
  }
  return bodies;
}

const contextOf = (merchant: MerchantId, id: bigint): string => `body/${merchant}/${id}`;
