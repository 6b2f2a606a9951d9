-- The tokens of this schema's views, as Axon's JdbcTokenStore keeps them, and the events that a view
-- could not take in. They share the transaction of the view's rows.
create table view_token (
  view       varchar(255) not null,
  segment    integer      not null,
  mask       integer      not null,
  token      bytea,
  token_type varchar(255),
  claimed_at varchar(255),
  owner      varchar(255),
  primary key (view, segment)
);

create table parked_event (
  view      text        not null,
  position  bigint      not null,
  sequence  text        not null,
  cause     text        not null,
  parked_at timestamptz not null,
  primary key (view, position)
);

create index parked_event_sequence on parked_event (view, sequence, position);
