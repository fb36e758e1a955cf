import { isDeepStrictEqual } from 'node:util';
import { type ContestBody, type ContestPatch, endsAfterStart, type Settings } from '#shared/contract/contests.ts';
import type { Rule, RuleInput } from '#shared/contract/rules.ts';
import { failure, refused, type Result, success } from '#shared/failure.ts';
import { changeDocument, claimSlug, insertContest, lockContest, rotateSecret } from '#server/store/contests.ts';
import type { Queries } from '#server/store/database.ts';
import type { Merchant } from '#server/store/merchants.ts';
import { keepOwnFact } from '#server/store/own-facts.ts';
import { scopeOf } from '#server/store/scope.ts';
import type { Store } from '#server/store/store.ts';
import { type Contest, contestOf, type Definition, readingOf } from './contest.ts';
import { newContestId, newPublicKey, newPurchaseSecret, slugFrom } from './names.ts';
import { adoptRules, defaultRules } from './rules.ts';

const OLD_SECRET_MS = 24 * 3_600_000;

/** The contest, its secret and the fact that tells of it stand together, or not at all. */
export async function createContest(
  store: Store,
  merchant: Merchant,
  { rules: given, slug: wanted, ...body }: ContestBody,
  now: number,
): Promise<Result<{ contest: Contest; purchaseSecret: string }>> {
  const rules = adoptRules(given ?? defaultRules(body.currency), [], body.currency);
  if (!rules.ok) return rules;
  const id = newContestId();
  const fixed = { id, number: store.nextSequence(), publicKey: newPublicKey(), createdAt: now };
  const purchaseSecret = newPurchaseSecret();
  return store.database.transaction(async (queries) => {
    for (let attempt = 0; ; attempt += 1) {
      const slug = wanted ?? slugFrom(body.name, attempt);
      const contest = { ...fixed, definition: { ...body, slug, rules: rules.value, put: null, version: 1 } };
      const row = { ...fixed, slug, document: JSON.stringify(contest.definition), now };
      if (await insertContest(queries, merchant.id, row)) {
        const of = { merchant: merchant.id, contest: id, kind: 'purchase' } as const;
        await rotateSecret(queries, store.keyring, of, purchaseSecret, { now, oldUntil: now });
        await tell(store, queries, merchant, contest, now);
        return success({ contest, purchaseSecret });
      }
      if (wanted !== undefined) return slugTaken(wanted);
    }
  });
}

/** Only what is sent is changed. Sending what is there already changes nothing, and tells nothing. */
export async function changeContest(
  store: Store,
  merchant: Merchant,
  id: Contest['id'],
  patch: ContestPatch,
  now: number,
): Promise<Result<Contest>> {
  return store.database.transaction(async (queries) => {
    const scope = scopeOf(queries, merchant.id);
    const before = contestOf(await lockContest(scope, id));
    const patched = patchedOf(before.definition, patch);
    if (!patched.ok) return patched;
    if (isDeepStrictEqual(patched.value, before.definition)) return success(before);
    const definition = { ...patched.value, version: before.definition.version + 1 };
    const { slug } = definition;
    if (!(await claimSlug(queries, merchant.id, { id, slug }))) return slugTaken(slug);
    await changeDocument(scope, { id, slug, document: JSON.stringify(definition) });
    const contest = { ...before, definition };
    await tell(store, queries, merchant, contest, now);
    return success(contest);
  });
}

function patchedOf(before: Definition, patch: ContestPatch): Result<Definition> {
  const { rules: sent, settings, status, ...fields } = patch;
  const merged = { ...before, ...given(fields), settings: mergedSettings(before.settings, settings) };
  if (!endsAfterStart(merged)) {
    const path = patch.endsAt === undefined ? 'startsAt' : 'endsAt';
    const message = path === 'endsAt' ? 'endsAt must be after startsAt' : 'startsAt must be before endsAt';
    return refused(failure(`invalid_${path}`, message, { details: [{ path, message }] }));
  }
  // A currency that changes can leave a flat reward without a value: the rules are looked at again.
  const rules = adoptRules(sent ?? before.rules.map(textOf), before.rules, merged.currency);
  if (!rules.ok) return rules;
  const put = status === undefined ? before.put : status === 'running' ? null : status;
  return success({ ...merged, rules: rules.value, put });
}

/** A stored rule as its merchant would send it. */
function textOf(rule: Rule): RuleInput {
  const { version: _version, ...text } = rule;
  return text;
}

function mergedSettings(before: Settings, patch: ContestPatch['settings']): Settings {
  const { attribution, ...rest } = patch ?? {};
  return { ...before, ...given(rest), attribution: { ...before.attribution, ...given(attribution ?? {}) } };
}

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Left out and undefined are the same thing to whoever sends JSON. */
const given = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;

const slugTaken = (slug: string) =>
  refused(failure('slug_taken', `The slug ${slug} belongs to another contest. Choose another, or leave it out.`));

const tell = (store: Store, queries: Queries, merchant: Merchant, contest: Contest, now: number): Promise<void> =>
  keepOwnFact(store, queries, merchant, {
    source: 'merchant',
    type: contest.definition.version === 1 ? 'contest.created' : 'contest.changed',
    externalId: contest.id,
    version: `v${contest.definition.version}`,
    occurredAt: now,
    receivedAt: now,
    body: contest.definition,
    reading: readingOf(contest),
  });

/** A new purchase secret; the ones before it are taken for another day. */
export async function rotatePurchaseSecret(
  store: Store,
  merchant: Merchant,
  id: Contest['id'],
  now: number,
): Promise<string> {
  const secret = newPurchaseSecret();
  await store.database.transaction(async (queries) => {
    await lockContest(scopeOf(queries, merchant.id), id);
    const of = { merchant: merchant.id, contest: id, kind: 'purchase' } as const;
    await rotateSecret(queries, store.keyring, of, secret, { now, oldUntil: now + OLD_SECRET_MS });
  });
  return secret;
}
