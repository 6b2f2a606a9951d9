-- The lineage graph. Rows are only added, each under a key of its own, so that neither the order of
-- the events nor their repetition matters. Names are not here: they are read from the log, so that
-- an erasure needs no rebuild.
create table node (
  workspace   text        not null,
  key         text        not null,
  kind        text        not null,
  position    bigint      not null,
  recorded_at timestamptz not null,
  named_by    text,
  detail      text,
  primary key (workspace, key)
);
create index node_id on node (workspace, split_part(key, ':', 2));
create index node_position on node (workspace, position);
create index node_named_by on node (workspace, named_by, kind, position);

create table edge (
  workspace   text        not null,
  from_key    text        not null,
  to_key      text        not null,
  kind        text        not null,
  position    bigint      not null,
  recorded_at timestamptz not null,
  primary key (workspace, from_key, to_key, kind)
);
create index edge_to on edge (workspace, to_key);

-- What the event at source_position made known led to to_key.
create table basis (
  workspace       text        not null,
  source_position bigint      not null,
  to_key          text        not null,
  position        bigint      not null,
  recorded_at     timestamptz not null,
  primary key (workspace, source_position, to_key)
);
create index basis_to on basis (workspace, to_key);

create table node_state (
  workspace   text        not null,
  key         text        not null,
  facet       text        not null,
  position    bigint      not null,
  recorded_at timestamptz not null,
  value       text        not null,
  primary key (workspace, key, facet, position)
);

-- One step down. 'granted' leads back from a decision to its promotion and is not walked; with
-- 'allowed' it makes the step from the decision to the deployment that rests on it.
create function step_down(of_workspace text, of_key text)
returns table (from_key text, to_key text, kind text, "position" bigint, recorded_at timestamptz)
language sql stable as $$
  select e.from_key, e.to_key, e.kind, e.position, e.recorded_at
    from edge e
   where e.workspace = of_workspace and e.from_key = of_key and e.kind <> 'granted'
  union all
  select n.key, b.to_key, 'basis', b.position, b.recorded_at
    from node n
    join basis b on b.workspace = n.workspace and b.source_position = n.position
   where n.workspace = of_workspace and n.key = of_key and b.to_key <> n.key
  union all
  select g.from_key, d.to_key, 'permitted', greatest(g.position, d.position), greatest(g.recorded_at, d.recorded_at)
    from edge g
    join edge d on d.workspace = g.workspace and d.from_key = g.to_key and d.kind = 'allowed'
   where g.workspace = of_workspace and g.from_key = of_key and g.kind = 'granted'
$$;

-- One step up: the same steps, found by their other end.
create function step_up(of_workspace text, of_key text)
returns table (from_key text, to_key text, kind text, "position" bigint, recorded_at timestamptz)
language sql stable as $$
  select e.from_key, e.to_key, e.kind, e.position, e.recorded_at
    from edge e
   where e.workspace = of_workspace and e.to_key = of_key and e.kind <> 'granted'
  union all
  select n.key, b.to_key, 'basis', b.position, b.recorded_at
    from basis b
    join node n on n.workspace = b.workspace and n.position = b.source_position
   where b.workspace = of_workspace and b.to_key = of_key and n.key <> b.to_key
  union all
  select g.from_key, d.to_key, 'permitted', greatest(g.position, d.position), greatest(g.recorded_at, d.recorded_at)
    from edge d
    join edge g on g.workspace = d.workspace and g.to_key = d.from_key and g.kind = 'granted'
   where d.workspace = of_workspace and d.to_key = of_key and d.kind = 'allowed'
$$;
