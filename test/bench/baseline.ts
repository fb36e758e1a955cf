import { createServer, type RequestListener } from 'node:http';
import Sqlite from 'better-sqlite3';
import express from 'express';
import { Stripe } from 'stripe';
import { PATH, SECRET } from './event.ts';

/**
 * What the product is measured against, in a process of its own: `node baseline.ts node|express|express-insert PORT FILE`.
 */
const [, , kind = '', port = '0', file = ''] = process.argv;

/** N: nothing but HTTP. */
const bareNode: RequestListener = (request, response) => {
  request.on('data', () => undefined);
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 17 });
    response.end('{"received":true}');
  });
};

/** E: what everybody does. `keep` runs before the answer. */
function expressWith(keep: (event: Stripe.Event, body: Buffer) => void): RequestListener {
  const stripe = new Stripe('sk_test_bench');
  const app = express();
  app.post(PATH, express.raw({ type: 'application/json' }), (request, response) => {
    const body = request.body as Buffer;
    let event: Stripe.Event;
    try {
      event = stripe.webhooks.constructEvent(body, request.headers['stripe-signature'] ?? '', SECRET);
    } catch {
      response.status(400).end();
      return;
    }
    keep(event, body);
    response.json({ received: true });
  });
  return app;
}

/** One row for each request, on disk before the answer. */
function insertInto(path: string): (event: Stripe.Event, body: Buffer) => void {
  const database = new Sqlite(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec('create table event (id text primary key, type text not null, body blob not null)');
  const insert = database.prepare('insert into event (id, type, body) values (?, ?, ?) on conflict do nothing');
  return (event, body) => insert.run(event.id, event.type, body);
}

const listeners: Readonly<Record<string, () => RequestListener>> = {
  node: () => bareNode,
  express: () => expressWith(() => undefined),
  'express-insert': () => expressWith(insertInto(file)),
};

const listener = listeners[kind];
if (listener === undefined) throw new Error(`no baseline is called "${kind}"`);
createServer({ keepAliveTimeout: 65_000 }, listener()).listen(Number(port), '127.0.0.1');
