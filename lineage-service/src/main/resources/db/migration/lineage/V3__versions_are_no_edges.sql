-- Which node a version is named by says already what it is a version of: no edge repeats it.
delete from edge where kind = 'version';

create or replace function step_down(of_workspace text, of_key text)
returns table (from_key text, to_key text, kind text, "position" bigint, recorded_at timestamptz)
language sql stable as $$
  select e.from_key, e.to_key, e.kind, e.position, e.recorded_at
    from edge e
   where e.workspace = of_workspace and e.from_key = of_key and e.kind <> 'granted'
  union all
  select n.named_by, n.key, 'version', n.position, n.recorded_at
    from node n
   where n.workspace = of_workspace and n.named_by = of_key and n.key <> of_key
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

create or replace function step_up(of_workspace text, of_key text)
returns table (from_key text, to_key text, kind text, "position" bigint, recorded_at timestamptz)
language sql stable as $$
  select e.from_key, e.to_key, e.kind, e.position, e.recorded_at
    from edge e
   where e.workspace = of_workspace and e.to_key = of_key and e.kind <> 'granted'
  union all
  select n.named_by, n.key, 'version', n.position, n.recorded_at
    from node n
   where n.workspace = of_workspace and n.key = of_key and n.named_by <> n.key
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
