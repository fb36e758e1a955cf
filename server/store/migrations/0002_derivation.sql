-- What is derived from facts: payments, what they consulted, and what is to be derived again.
-- All of it can be thrown away and derived anew; the ledger can't.

create table payment (
  merchant bigint not null,
  id bigint not null,
  merged_into bigint,
  position text,                         -- its place in time: occurred at, then canonical alias
  buyer_customer text,
  participant text,                      -- who referred it
  decision text,
  primary key (merchant, id)
) {clustered};
create index payment_in_order on payment (merchant, position);
create index payment_of_customer on payment (merchant, buyer_customer, position);

-- Every name that somebody has given a payment.
create table alias (
  merchant bigint not null,
  alias text not null,
  payment bigint not null,
  primary key (merchant, alias)
) {clustered};
create index alias_of_payment on alias (merchant, payment);

-- Facts under a key: an alias, a click, a code, a contest.
create table told (
  merchant bigint not null,
  key text not null,
  at bigint not null,
  seq bigint not null,
  primary key (merchant, key, at, seq)
) {clustered};

-- Payments that consulted a key, found or not: whoever has to look again when it changes. Under a key of its buyer a payment
-- also says what later ones build on: the buyer that it counts for (root), and who referred it. Only the heads are read.
create table reader (
  merchant bigint not null,
  key text not null,
  position text not null,
  payment bigint not null,
  root text,
  participant text,
  primary key (merchant, key, position, payment)
) {clustered};
create index reader_of_payment on reader (merchant, payment);
create index reader_counting on reader (merchant, key, position) where root is not null;
create index reader_owning on reader (merchant, key, position) where participant is not null;

-- To be derived again: a payment, or whoever consulted a key from a position on.
create table dirty (
  merchant bigint not null,
  payment bigint not null,
  due_at bigint not null,                -- later, when deriving it has failed
  tries bigint not null,
  primary key (merchant, payment)
) {clustered};
create table dirty_range (
  merchant bigint not null,
  key text not null,
  from_position text not null,
  primary key (merchant, key)
) {clustered};
