#!/usr/bin/env node
// Writes docs/openapi.json from the route table: `npm run openapi`. A test fails when the two differ.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { routesOf } from '#server/app.ts';
import { openApiOf } from '#server/http/openapi.ts';
import { createKeyring, createMatchKey } from '#server/store/keyring.ts';
import { openStore } from '#server/store/store.ts';

const folder = mkdtempSync(join(tmpdir(), 'blitzrocket-openapi-'));
const store = await openStore({
  url: `file:${join(folder, 'store.db')}`,
  keyring: createKeyring([{ id: 'none', key: Buffer.alloc(32) }]),
  matchKey: createMatchKey(Buffer.alloc(32)),
  now: Date.now,
});
// The routes are described and never asked: what they would need to answer is not there.
const routes = routesOf({ store, now: Date.now, webhookSecrets: [], publicUrl: '', previewFiles: null });
writeFileSync(new URL('../docs/openapi.json', import.meta.url), `${JSON.stringify(openApiOf(routes), null, 2)}\n`);
await store.close();
rmSync(folder, { recursive: true });
