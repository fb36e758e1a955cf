-- Merchants, what they were told (facts), what is still to be worked through (unread), and the ledger.
-- The merchant leads every primary and unique key. Times are milliseconds since 1970.
-- {clustered}, {incompressible TABLE COLUMN}, {append_only TABLE}: what the engines say differently, filled in by the store.

-- What belongs to the installation and to no merchant: checks of the keys, the last probe.
create table installation (
  name text not null primary key,
  value bytea not null
);

create table merchant (
  id bigint not null primary key,
  account text not null,                 -- acct_…
  mode text not null check (mode in ('live', 'test')),
  covered_since bigint not null,         -- before it our history of this merchant is unknown
  added_at bigint not null,
  unique (account, mode)
);

-- Whoever holds the row works for the merchant. Held by a transaction: a dead worker's hold ends with its connection.
create table lease (
  merchant bigint not null primary key
);

-- What was delivered, sealed: the bodies of one commit, compressed together.
create table body (
  merchant bigint not null,
  id bigint not null,
  sealed bytea not null,
  primary key (merchant, id)
);
{incompressible body sealed}

-- What we were told, once per key. `reading` is what derivation needs: no personal data, addresses as keyed hash.
-- `body` and `place` find the words as they were received. Not clustered: in an SQLite index a row of over a kilobyte takes a
-- page of its own, and readings can be that long.
create table fact (
  merchant bigint not null,
  seq bigint not null,
  source text not null,
  external_id text not null,
  version text not null,
  type text not null,
  occurred_at bigint,
  received_at bigint not null,
  body bigint not null,
  place bigint not null,
  reading text,
  primary key (merchant, seq),
  unique (merchant, source, external_id, version)
);

-- The queue: in the same transaction as its fact, until it has been worked through.
create table unread (
  merchant bigint not null,
  seq bigint not null,
  primary key (merchant, seq)
) {clustered};

-- Set aside because working it through failed; tried again at due_at.
create table aside (
  merchant bigint not null,
  seq bigint not null,
  reason text not null,
  tries bigint not null,
  due_at bigint not null,
  primary key (merchant, seq)
) {clustered};
create index aside_due on aside (due_at);

-- Kept, but it says nothing that we can use, and why.
create table unreadable (
  merchant bigint not null,
  seq bigint not null,
  reason text not null,
  primary key (merchant, seq)
) {clustered};

-- The same key came again with another body: never silently the same.
create table rival (
  merchant bigint not null,
  seq bigint not null,                   -- of the fact that stands
  fingerprint bytea not null,
  received_at bigint not null,
  body bigint not null,
  place bigint not null,
  primary key (merchant, seq, fingerprint)
) {clustered};

-- Deliveries for an account that is not installed (yet), sealed, until it is or 30 days have passed.
create table unclaimed (
  account text not null,
  mode text not null,
  source text not null,
  external_id text not null,
  version text not null,
  received_at bigint not null,
  sealed bytea not null,
  primary key (account, mode, source, external_id, version)
);
create index unclaimed_received on unclaimed (received_at);

create table api_key (
  merchant bigint not null,
  hash text not null,                    -- sha-256 of the key; the key itself is shown once
  id text not null,
  scopes text not null,
  last_four text not null,
  created_at bigint not null,
  last_used_at bigint,
  revoked_at bigint,
  primary key (merchant, hash)
);

-- `document` is the contest as it stands; its history is in its facts.
create table contest (
  merchant bigint not null,
  id text not null,
  number bigint not null,                -- in the order in which they were created
  slug text not null,
  document text not null,
  public_key text not null,
  created_at bigint not null,
  primary key (merchant, id)
);
create index contest_by_id on contest (id);
create index contest_by_public_key on contest (public_key);

-- A slug stands in public addresses, so it is unique in the installation.
create table slug (
  slug text not null primary key,
  merchant bigint not null,
  contest text not null
);

create table contest_secret (
  merchant bigint not null,
  contest text not null,
  kind text not null,                    -- which sender signs with it: stripe, shopify, purchase
  place bigint not null,
  sealed bytea not null,
  last_four text not null,
  added_at bigint not null,
  expires_at bigint,                     -- a rotated secret is still taken for a while
  primary key (merchant, contest, kind, place)
);

-- `sealed` holds name and address. The address is found again by its keyed hash.
create table participant (
  merchant bigint not null,
  contest text not null,
  id text not null,
  number bigint not null,
  code text not null,
  code_key text not null,                -- compared without case
  address text not null,
  sealed bytea not null,
  external_id text,
  stripe_customer text,
  member_group text,
  joined_at bigint not null,
  primary key (merchant, id),
  unique (merchant, code_key),
  unique (merchant, contest, address)
);
create index participant_in_order on participant (merchant, contest, number);

-- What a POST with an Idempotency-Key was answered; 24 hours.
create table idempotent (
  merchant bigint not null,
  key text not null,
  request bytea not null,                -- hash of method, path and body
  status bigint,                         -- null: still running
  answer bytea,                          -- sealed
  begun_at bigint not null,
  primary key (merchant, key)
);
create index idempotent_begun on idempotent (begun_at);

-- The ledger. A slot says for what (payment, participant, role, rule, cause, kind, currency); n counts its revisions,
-- so that two writers of the same difference collide. Nothing is ever changed or removed: a correction is another entry.
create table entry (
  merchant bigint not null,
  slot text not null,
  n bigint not null,
  number bigint not null,                -- in the order in which they were written
  amount bigint not null,
  payment bigint,
  contest text not null,
  participant text not null,
  role text not null,
  kind text not null,
  currency text,
  rule text,
  rule_version bigint,
  cause text not null,
  reason text not null,
  note text,
  reverses bigint,                       -- number of the entry that this one takes back, in part or whole
  at bigint not null,
  available_at bigint,
  recorded_at bigint not null,
  primary key (merchant, slot, n)
);
create index entry_of_contest on entry (merchant, contest, number);
create index entry_of_payment on entry (merchant, payment);
create index entry_of_participant on entry (merchant, participant);
{append_only entry}
