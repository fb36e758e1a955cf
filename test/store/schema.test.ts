import type { Database } from '#server/store/database.ts';
import { migrations, SchemaTooNew } from '#server/store/migrate.ts';
import { openDatabase, openStore, WrongKeys } from '#server/store/store.ts';
import { createKeyring, createMatchKey } from '#server/store/keyring.ts';
import { merchantId } from '#shared/ids.ts';
import { runCommand } from '../support/commands.ts';
import { emptyDatabase, type Engine, ENGINES, openTestStore, testKeys } from '../support/stores.ts';

/** What belongs to the installation, and what is reached before the merchant is known. */
const NOT_OF_A_MERCHANT: Readonly<Record<string, string>> = {
  migration: 'number',
  installation: 'name',
  'merchant by id': 'id',
  'merchant by name': 'account, mode',
  slug: 'slug',
  unclaimed: 'account, mode, source, external_id, version',
};

interface Key {
  readonly table: string;
  readonly columns: string;
}

/** Every primary and unique key of the schema, by the engine's own word. */
async function uniqueKeys(database: Database, engine: Engine): Promise<Key[]> {
  const text =
    engine === 'sqlite'
      ? `select m.name as "table", (select group_concat(name, ', ') from (select i.name from pragma_index_info(l.name) i order by i.seqno)) as columns
         from sqlite_master m, pragma_index_list(m.name) l where m.type = 'table' and l."unique" = 1
         union select m.name, (select group_concat(c.name, ', ') from (select name from pragma_table_info(m.name) where pk > 0 order by pk) c)
         from sqlite_master m where m.type = 'table'`
      : `select t.relname as "table", (select string_agg(a.attname, ', ' order by k.place)
           from unnest(i.indkey::int[]) with ordinality k (number, place)
           join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number) as columns
         from pg_index i join pg_class t on t.oid = i.indrelid
         join pg_namespace n on n.oid = t.relnamespace where n.nspname = 'public' and i.indisunique`;
  return database.query<Key>(text);
}

describe.each(ENGINES)('the schema on %s', (engine) => {
  it('leads every primary and unique key with the merchant', async () => {
    await using opened = await openTestStore(engine);
    const keys = await uniqueKeys(opened.store.database, engine);
    const strangers = keys.filter(({ columns }) => !/^merchant(,|$)/.test(columns));
    const allowed = Object.entries(NOT_OF_A_MERCHANT).map(([table, columns]) => ({
      table: table.split(' ')[0],
      columns,
    }));
    for (const stranger of strangers) expect(allowed).toContainEqual(stranger);
    expect(keys.length).toBeGreaterThan(strangers.length);
    expect(keys.map(({ table }) => table)).toEqual(
      expect.arrayContaining(['fact', 'unread', 'body', 'entry', 'lease']),
    );
  });

  it('refuses to change or remove an entry of the ledger', async () => {
    await using opened = await openTestStore(engine);
    const { database } = opened.store;
    const into = {
      table: 'entry',
      columns: 'merchant slot n number amount contest participant role kind cause reason at recorded_at'.split(' '),
    };
    const row = [1n, 'slot', 1n, 1n, 500n, 'c', 'part_1', 'buyer', 'points', 'award', 'award', 0n, 0n];
    await database.insert(into, [row]);
    await expect(database.query('update entry set amount = 0')).rejects.toThrow('append-only');
    await expect(database.query('delete from entry')).rejects.toThrow('append-only');
    await expect(database.insert(into, [row])).rejects.toThrow(/unique/i);
    expect(await database.query('select amount from entry')).toEqual([{ amount: 500n }]);
  });

  it('is brought up once by several processes that start together', async () => {
    const { url, drop } = await emptyDatabase(engine);
    const runs = [1, 2, 3, 4].map(() =>
      runCommand('admin', ['merchant', 'add', 'acct_1Ada', '--json'], { DATABASE_URL: url }),
    );
    const told = (await Promise.all(runs)).map(({ stdout }) => JSON.parse(stdout) as { added: boolean });
    expect(told.filter(({ added }) => added)).toHaveLength(1);
    const database = openDatabase(url);
    const rows = await database.query<{ number: bigint }>('select number from migration order by number');
    expect(rows.map(({ number }) => Number(number))).toEqual(migrations.map(({ number }) => number));
    await database.close();
    await drop();
  });

  it('is refused, at start, by a release that is older than it', async () => {
    const { url, drop } = await emptyDatabase(engine);
    const store = await openStore({ url, ...testKeys, now: Date.now });
    await store.database.query("insert into migration (number, name) values (9999, '9999_tomorrow')");
    await expect(openStore({ url, ...testKeys, now: Date.now })).rejects.toThrow(SchemaTooNew);
    // The one that runs already goes on: an upgrade restarts instances one by one.
    expect(await store.database.query('select 1 as one')).toHaveLength(1);
    await store.close();
    await drop();
  });

  it('is refused when the keys are not those that it was sealed with', async () => {
    const { url, drop } = await emptyDatabase(engine);
    await (await openStore({ url, ...testKeys, now: Date.now })).close();
    const otherKey = createKeyring([{ id: 'other', key: Buffer.alloc(32, 9) }]);
    const otherMatch = createMatchKey(Buffer.alloc(32, 9));
    await expect(openStore({ url, ...testKeys, keyring: otherKey, now: Date.now })).rejects.toThrow(WrongKeys);
    await expect(openStore({ url, ...testKeys, matchKey: otherMatch, now: Date.now })).rejects.toThrow(/MATCH_KEY/);
    // A newer key in front of the one that it was sealed with is how keys are rotated.
    const rotated = createKeyring([
      { id: 'new', key: Buffer.alloc(32, 9) },
      { id: 'test', key: Buffer.alloc(32, 1) },
    ]);
    await (await openStore({ url, ...testKeys, keyring: rotated, now: Date.now })).close();
    await drop();
  });

  it('lets nobody ask for a merchant’s rows without saying whose', async () => {
    await using opened = await openTestStore(engine);
    const scope = opened.store.of(merchantId(1n));
    await expect(async () => scope.query('select * from fact')).rejects.toThrow('must say "merchant = $1"');
    await expect(async () => scope.query('select * from fact where seq = $2', [1n])).rejects.toThrow('merchant = $1');
    expect(await scope.query('select * from fact where merchant = $1')).toEqual([]);
  });

  it('gives integers exactly, however large', async () => {
    await using opened = await openTestStore(engine);
    const { database } = opened.store;
    const large = 9_007_199_254_740_993n;
    await database.insert({ table: 'unread', columns: ['merchant', 'seq'] }, [
      [1n, large],
      [1n, 2n ** 63n - 1n],
    ]);
    const rows = await database.query('select seq from unread where merchant = $1 order by seq', [1n]);
    expect(rows).toEqual([{ seq: large }, { seq: 2n ** 63n - 1n }]);
  });

  it('rolls a transaction back whole', async () => {
    await using opened = await openTestStore(engine);
    const { database } = opened.store;
    const failing = database.transaction(async (queries) => {
      await queries.query('insert into unread (merchant, seq) values (1, 1)');
      throw new Error('on second thoughts');
    });
    await expect(failing).rejects.toThrow('on second thoughts');
    expect(await database.query('select * from unread')).toEqual([]);
  });
});
