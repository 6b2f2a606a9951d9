-- The metrics series of runs: too many for the log, which holds their digest. Not a view: no replay
-- brings them back.
create table metric_point (
  run   uuid             not null,
  key   text             collate "C" not null,
  step  bigint           not null,
  at    timestamptz      not null,
  value double precision not null,
  primary key (run, key, step, at, value)
) partition by hash (run);

do $$
begin
  for part in 0..7 loop
    execute format(
      'create table metric_point_%s partition of metric_point for values with (modulus 8, remainder %s)',
      part, part);
  end loop;
end
$$;

-- A sealed run takes no more points: the digest of its series is on its way into the log, or there.
create table metric_seal (
  run uuid primary key
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end
$$;

create trigger metric_point_append_only before update or delete on metric_point
  for each row execute function refuse_change();
create trigger metric_point_no_truncate before truncate on metric_point
  for each statement execute function refuse_change();
