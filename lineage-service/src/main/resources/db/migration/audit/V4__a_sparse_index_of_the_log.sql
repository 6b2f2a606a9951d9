-- Each event had a row here with four index entries, and one for each of its tags, which the log has
-- as well. Now the log is asked for what its tags and positions tell, and the view tells the rest.

-- In which blocks of 64 positions there is anything with a facet: of any kind, of a type, by or for an
-- actor, or both. Of a block the log's own events are looked through.
create table occurrence (
  workspace text   not null,
  facet     text   not null,
  value     text   not null,
  block     bigint not null,
  primary key (value, facet, workspace, block)
);

-- Now only entities that an event names and bears no tag of.
truncate mention, part;
drop index mention_position;
drop table event;

-- The view is replayed.
delete from parked_event where view = 'audit';
delete from view_token where view = 'audit';
