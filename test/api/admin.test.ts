import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBackend } from '../support/backend.ts';
import { runCommand } from '../support/commands.ts';
import { emptyDatabase, ENGINES } from '../support/stores.ts';
import { stripeEvent } from '../support/stripe.ts';

describe.each(ENGINES)('npm run admin on %s', (engine) => {
  it('adds a merchant and makes a key that works, while the server runs', async () => {
    await using backend = await startBackend(engine);
    const setting = { DATABASE_URL: backend.databaseUrl };
    await backend.stripe(stripeEvent({ account: 'acct_1New' }));
    const added = await runCommand(
      'admin',
      ['merchant', 'add', 'acct_1New', '--mode', 'test', '--since', '2020-01-01', '--json'],
      setting,
    );
    expect(JSON.parse(added.stdout)).toEqual({
      account: 'acct_1New',
      mode: 'test',
      added: true,
      coveredSince: '2020-01-01T00:00:00.000Z',
      claimed: 1,
    });
    const made = await runCommand(
      'admin',
      ['key', 'create', '--account', 'acct_1New', '--mode', 'test', '--scopes', 'read', '--json'],
      setting,
    );
    const { key } = JSON.parse(made.stdout) as { key: string };
    expect(key).toMatch(/^brk_test_/);
    await backend.api(key, 'POST', '/api/v1/settle', {});
    expect((await backend.api(key, 'GET', '/api/v1/facts')).body.data).toHaveLength(1);
  });

  it('finds a merchant that is there already', async () => {
    const { url, drop } = await emptyDatabase(engine);
    const add = () => runCommand('admin', ['merchant', 'add', 'acct_1New'], { DATABASE_URL: url });
    expect((await add()).stdout).toContain('acct_1New (live) was added');
    expect((await add()).stdout).toContain('acct_1New (live) was there already');
    await drop();
  });
});

describe('npm run admin', () => {
  it.each([
    [['--help'], 0, 'merchant add acct_…'],
    [[], 1, 'key create --account'],
    [['merchant', 'add', 'me'], 1, 'me is not an account; it begins with acct_'],
    [['merchant', 'add', 'acct_1', '--mode', 'prod'], 1, 'neither live nor test'],
    [['merchant', 'add', 'acct_1', '--since', 'once'], 1, 'write it like 2020-01-01'],
    [['key', 'create', '--account', 'acct_1', '--scopes', 'all'], 1, 'read, write, payouts'],
    [['key', 'create', '--account', 'acct_1'], 1, 'npm run admin -- merchant add acct_1 --mode live'],
    [['merchant', 'add', 'acct_1', '--loud'], 1, '--loud'],
  ])('%j says what to do', async (args, code, words) => {
    const folder = mkdtempSync(join(tmpdir(), 'blitzrocket-test-'));
    const ran = await runCommand('admin', args, { DATABASE_URL: `file:${join(folder, 'store.db')}` });
    expect(ran.code).toBe(code);
    expect(ran.stdout + ran.stderr).toContain(words);
    expect(ran.stdout + ran.stderr).not.toContain('    at ');
    rmSync(folder, { recursive: true });
  });

  it('lists every wrong setting at once', async () => {
    const ran = await runCommand('admin', ['merchant', 'add', 'acct_1'], { MATCH_KEY: '', PUBLIC_URL: '' });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('BlitzRocket can’t start: 2 settings are wrong.');
    expect(ran.stderr).toContain('PUBLIC_URL is not set.');
    expect(ran.stderr).toContain('MATCH_KEY is not set.');
  });
});
