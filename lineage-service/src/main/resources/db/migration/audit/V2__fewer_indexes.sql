-- Every event pays for each index that it has a row in, as it is recorded and in every replay.

-- Only an erasure asks what an event mentions, and rows stand nearly in the order of positions.
drop index mention_position;
create index mention_position on mention using brin (position) with (pages_per_range = 32, autosummarize = on);

-- The workspace last: what comes before it tells almost any two rows apart.
alter table mention drop constraint mention_pkey, add primary key (entity, position, workspace);
alter table part drop constraint part_pkey, add primary key (whole, part, workspace);
