-- The audit view: where to find events, and nothing of what they say. Content, the free text above
-- all, is read from the log at every answer, so that an erasure needs no rebuild.
create table event (
  position     bigint      primary key,
  workspace    text        not null,
  recorded_at  timestamptz not null,
  type         text        not null,
  actor        text        not null,
  on_behalf_of text
);
create index event_workspace on event (workspace, position);
create index event_type on event (workspace, type, position);
create index event_actor on event (workspace, actor, position);
create index event_principal on event (workspace, on_behalf_of, position) where on_behalf_of is not null;

-- Every entity that an event names, by tag or in its payload. Its subject is the one whose history
-- the event is part of.
create table mention (
  workspace text    not null,
  entity    text    not null,
  position  bigint  not null,
  subject   boolean not null,
  primary key (workspace, entity, position)
);
create index mention_position on mention (position);

-- What belongs to the trail of what: a version to its model, a run to its version, and so on.
create table part (
  workspace text   not null,
  whole     text   not null,
  part      text   not null,
  position  bigint not null,
  primary key (workspace, whole, part)
);
