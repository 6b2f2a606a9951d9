-- Every event pays for each index that it has a row in, as it is recorded and in every replay.

-- A node is found by an id alone by asking for it as each kind that has ids.
drop index node_id;

-- The workspace last: what comes before it tells almost any two rows apart.
alter table node drop constraint node_pkey, add primary key (key, workspace);
drop index node_position;
create index node_position on node (position, workspace);
drop index node_named_by;
create index node_named_by on node (named_by, kind, position, workspace) where named_by is not null;

alter table edge drop constraint edge_pkey, add primary key (from_key, to_key, kind, workspace);
drop index edge_to;
create index edge_to on edge (to_key, workspace);

alter table basis drop constraint basis_pkey, add primary key (source_position, to_key, workspace);
drop index basis_to;
create index basis_to on basis (to_key, workspace);

alter table node_state
  drop constraint node_state_pkey, add primary key (key, facet, position, workspace);
