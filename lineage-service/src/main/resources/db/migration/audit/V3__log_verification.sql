-- Verifications of the log: what was asked for, how far it is and what was found. Not a view: no
-- rebuild empties it, since the roots that were found are what later ones are compared with.
create table log_verification (
  number      bigint      generated always as identity primary key,
  id          uuid        not null unique,
  node        text        not null,           -- the process that does it
  asked_at    timestamptz not null,
  started_at  timestamptz,
  ended_at    timestamptz,
  log_size    bigint,                         -- events when it started
  reading     integer     not null default 0, -- which one goes on: a long log is read several times
  events      bigint      not null default 0, -- read in it; all where it has ended
  root        bytea,
  fault_count bigint      not null default 0,
  faults      text        not null default '[]', -- JSON; no jsonb, which takes no NUL, and a forger could write one
  failure     text                            -- why it was not brought to an end
);
