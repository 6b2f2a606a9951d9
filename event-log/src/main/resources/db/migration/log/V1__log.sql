-- The log: one total order of immutable events, gapless from 0.
--
-- What is here decides what the log takes, whoever calls: services have SELECT on the tables and
-- EXECUTE on the functions, nothing else; no role, the owner included, changes what was written.

-- One row, never updated: it is only locked. An updated row would bloat under an open snapshot.
create table log.head (
  one boolean primary key default true check (one),
  log uuid not null default gen_random_uuid(),
  epoch integer not null default 1 check (epoch > 0)
);
insert into log.head default values;

-- Which database role may write which events, and under which service's name.
create table log.writer (
  role text collate "C" not null,
  type text collate "C" not null,
  service text collate "C" not null,
  primary key (role, type)
);

create table log.event (
  position bigint primary key check (position >= 0),
  id uuid not null unique,
  workspace text collate "C" not null,
  type text collate "C" not null,
  version integer not null,
  recorded_at timestamptz not null,
  leaf bytea not null check (octet_length(leaf) = 32),
  envelope bytea not null check (octet_length(envelope) <= 16384)
);

-- The type stands beside the tag, so that a condition is decided by one index alone.
create table log.tag (
  workspace text collate "C" not null,
  tag text collate "C" not null check (octet_length(tag) <= 200),
  position bigint not null,
  type text collate "C" not null,
  primary key (workspace, tag, position) include (type)
);

-- An erased section keeps its digest, and the position of the event that ordered the erasure.
create table log.section (
  position bigint not null,
  name text collate "C" not null check (name in ('payload', 'text')),
  digest bytea not null check (octet_length(digest) = 32),
  salt bytea check (octet_length(salt) = 32),
  content bytea check (octet_length(content) <= 262144),
  erased_by bigint check (erased_by is null or name = 'text'),
  primary key (position, name),
  check (num_nulls(salt, content) = case when erased_by is null then 0 else 2 end)
);

-- Nothing is updated or deleted -----------------------------------------------------------------

create function log.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise exception using errcode = 'LG003',
    message = format('The log is append-only: %s of %I.%I is refused', tg_op, tg_table_schema, tg_table_name);
end
$$;

-- The one exception: a text section's salt and content, where an event in the log orders it.
create function log.refuse_unordered_erasure() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if old.name = 'text'
    and old.erased_by is null
    and (new.position, new.name, new.digest) = (old.position, old.name, old.digest)
    and new.salt is null
    and new.content is null
    and exists (
      select
      from log.event ordering
      join log.section payload on payload.position = ordering.position and payload.name = 'payload'
      where ordering.position = new.erased_by
        and ordering.type = 'ErasureOrdered'
        and convert_from(payload.content, 'UTF8')::jsonb -> 'positions' ? old.position::text
    )
  then
    return new;
  end if;
  raise exception using errcode = 'LG003',
    message = format('The log is append-only: no event orders this change of the sections of position %s', old.position);
end
$$;

create trigger refuse_change before update or delete or truncate on log.head
  for each statement execute function log.refuse_change();
create trigger refuse_change before update or delete or truncate on log.event
  for each statement execute function log.refuse_change();
create trigger refuse_change before update or delete or truncate on log.tag
  for each statement execute function log.refuse_change();
create trigger refuse_change before delete or truncate on log.section
  for each statement execute function log.refuse_change();
create trigger refuse_unordered_erasure before update on log.section
  for each row execute function log.refuse_unordered_erasure();

-- Always: also where session_replication_role says otherwise.
alter table log.head enable always trigger refuse_change;
alter table log.event enable always trigger refuse_change;
alter table log.tag enable always trigger refuse_change;
alter table log.section enable always trigger refuse_change;
alter table log.section enable always trigger refuse_unordered_erasure;

-- Append ----------------------------------------------------------------------------------------

-- Appends a batch, or says why it cannot be as it is and what is true instead.
--
-- Events are numbered from 1 in the order of p_envelopes; p_appends says to which append each of
-- them belongs. Everything about an event is taken from its envelope. p_head is the position that
-- the first envelope bears. A guard is {append, workspace, marker, tags, types}: no event at or
-- after the marker that has all the tags and, where types are given, one of them; neither in the
-- log nor in an earlier append of the batch.
--
-- outcome  appended  all of it is inserted
--          moved     head, time or previous positions are others: real_head, real_recorded_at,
--                    real_previous (event by event, in the order of its tags); nothing is inserted
--          conflict  the guards of these appends do not hold; nothing is inserted
--
-- The transaction goes on, and with it the lock, so that the caller can build the batch anew from
-- the answer and call again. What is wrong in itself is refused by an error (LG001, LG002).
create function log.append(
  p_head bigint,
  p_appends integer[],
  p_envelopes bytea[],
  p_leaves bytea[],
  p_section_events integer[],
  p_section_names text[],
  p_section_salts bytea[],
  p_section_contents bytea[],
  p_guards jsonb,
  out outcome text,
  out real_head bigint,
  out real_recorded_at timestamptz,
  out real_previous bigint[],
  out conflicts integer[]
)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
-- Every lookup is by index, whatever the statistics said when the plan was made.
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set jit = off
as $$
declare
  v_log text;
  v_epoch text;
  v_count constant integer := cardinality(p_envelopes);
  v_event jsonb;
  v_json jsonb[];
  v_ids uuid[];
  v_workspaces text[];
  v_types text[];
  v_versions integer[];
  v_times timestamptz[];
  v_tag_count integer := 0;
  v_tag_events integer[] := '{}';
  v_tags text[] := '{}';
  v_pair jsonb;
  v_time text;
  v_claimed bigint[] := '{}';
  v_services jsonb := '{}';
  v_sections jsonb;
  v_section_count integer := 0;
  v_digests bytea[];
  v_reason text;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using errcode = 'LG001', message = 'The log is appended to at READ COMMITTED';
  end if;
  if coalesce(v_count, 0) = 0 or v_count <> cardinality(p_leaves) or v_count <> cardinality(p_appends) then
    raise exception using errcode = 'LG001', message = 'A batch has events, each with its leaf and its append';
  end if;

  select h.log, h.epoch into strict v_log, v_epoch from log.head h where h.one for update;

  select e.position + 1, e.recorded_at into real_head, real_recorded_at
  from log.event e order by e.position desc limit 1;
  real_head := coalesce(real_head, 0);

  for i in 1 .. v_count loop
    v_event := convert_from(p_envelopes[i], 'UTF8')::jsonb;
    v_json[i] := v_event;
    v_ids[i] := v_event ->> 'id';
    v_workspaces[i] := v_event ->> 'workspace';
    v_types[i] := v_event ->> 'type';
    v_versions[i] := v_event ->> 'version';
    -- One batch has one time, as a rule: it is read once.
    if v_event ->> 'recordedAt' = v_time then
      v_times[i] := v_times[i - 1];
    else
      v_time := v_event ->> 'recordedAt';
      v_times[i] := v_time;
    end if;
    v_event := v_event -> 'tags';
    for k in 0 .. coalesce(jsonb_array_length(v_event), 0) - 1 loop
      v_pair := v_event -> k;
      v_tag_count := v_tag_count + 1;
      v_tag_events[v_tag_count] := i;
      v_tags[v_tag_count] := v_pair ->> 0;
      v_claimed[v_tag_count] := v_pair ->> 1;
    end loop;
  end loop;

  real_previous := array(
    select (select max(t.position) from log.tag t where t.workspace = v_workspaces[b.n] and t.tag = b.tag)
    from unnest(v_tags, v_tag_events) as b(tag, n));
  -- A tag that is twice in the batch: the later event follows the earlier one.
  if v_count > 1 and v_tag_count > (
    select count(*) from (select distinct v_workspaces[b.n], b.tag from unnest(v_tags, v_tag_events) as b(tag, n)) d)
  then
    real_previous := array(
      select coalesce(
        real_head - 1 + lag(b.n) over (partition by v_workspaces[b.n], b.tag order by b.n), b.previous)
      from unnest(v_tags, v_tag_events, real_previous) with ordinality as b(tag, n, previous, place)
      order by b.place);
  end if;

  if p_guards <> '[]' then
    conflicts := array(
      select g.append
      from jsonb_to_recordset(p_guards)
        as g(append integer, workspace text, marker bigint, tags text[], types text[])
      where g.marker > real_head
        or (cardinality(g.tags) > 0 and exists (
          select from log.tag t
          where t.workspace = g.workspace and t.tag = g.tags[1] and t.position >= g.marker
            and (cardinality(g.types) = 0 or t.type = any (g.types))
            -- Counted, not joined: a join might one day be planned as a scan of all tags.
            and coalesce((
              select bool_and((
                select count(*) from log.tag u
                where u.workspace = g.workspace and u.tag = other.tag and u.position = t.position) = 1)
              from unnest(g.tags[2:]) as other(tag)), true)))
        or (cardinality(g.tags) = 0 and exists (
          select from log.event e
          where e.position >= g.marker and e.workspace = g.workspace
            and (cardinality(g.types) = 0 or e.type = any (g.types)))));
    if cardinality(conflicts) > 0 then
      outcome := 'conflict';
      return;
    end if;

    -- Within the batch only the first such append surely loses: what follows it may win without it.
    if p_appends[1] <> p_appends[v_count] then
      conflicts := array(
        with guard as (
          select * from jsonb_to_recordset(p_guards)
            as g(append integer, workspace text, marker bigint, tags text[], types text[])
        ), batch as (
          select b.tag, v_workspaces[b.n] as workspace, v_types[b.n] as type, b.n, p_appends[b.n] as append
          from unnest(v_tags, v_tag_events) as b(tag, n)
        )
        select g.append
        from guard g
        join batch b on b.workspace = g.workspace and b.tag = g.tags[1]
        where b.append < g.append
          and (cardinality(g.types) = 0 or b.type = any (g.types))
          and not exists (
            select from unnest(g.tags[2:]) as other(tag)
            where not exists (select from batch u where u.n = b.n and u.tag = other.tag))
        union all
        select g.append
        from guard g
        join unnest(v_workspaces, v_types, p_appends) as e(workspace, type, append) on e.append < g.append
        where cardinality(g.tags) = 0
          and e.workspace = g.workspace
          and (cardinality(g.types) = 0 or e.type = any (g.types))
        order by append
        limit 1);
      if cardinality(conflicts) > 0 then
        outcome := 'conflict';
        return;
      end if;
    end if;
  end if;

  if p_head <> real_head or v_claimed <> real_previous or v_times[1] < real_recorded_at then
    outcome := 'moved';
    return;
  end if;

  -- From here on the caller had every chance to be right.
  v_time := null;
  for i in 1 .. v_count loop
    v_event := v_json[i];
    v_sections := v_event -> 'sections';
    if not v_services ? v_types[i] then
      select v_services || jsonb_build_object(v_types[i], w.service) into v_services
      from log.writer w where w.role = session_user and w.type = v_types[i];
    end if;
    v_reason := case
      when v_services is null or v_event ->> 'writer' is distinct from v_services ->> v_types[i] then
        format('The role %s may not write %s as %s', session_user, v_types[i], v_event ->> 'writer')
      when octet_length(p_envelopes[i]) > 16384 then 'An envelope has at most 16384 bytes'
      when p_leaves[i] is distinct from sha256('\x00'::bytea || p_envelopes[i]) then
        'The leaf is not the hash of its envelope'
      when v_event -> 'v' is distinct from '1' or v_event ->> 'hash' is distinct from 'sha256' then
        'The envelope is of another format'
      when v_event ->> 'log' is distinct from v_log or v_event ->> 'epoch' is distinct from v_epoch then
        'The envelope is of another log or epoch'
      when v_event ->> 'position' is distinct from (real_head + i - 1)::text then 'The position is not the next one'
      when v_event ->> 'id' is distinct from v_ids[i]::text then 'An id is a UUID in lower case'
      when v_event -> 'version' is distinct from to_jsonb(v_versions[i]) then 'A version is a number'
      when coalesce(v_workspaces[i], '') = '' then 'An event has a workspace'
      when coalesce(v_types[i], '') = '' then 'An event has a type'
      when coalesce(jsonb_array_length(v_event -> 'tags'), 17) > 16 then 'An event has at most 16 tags'
      when v_event ->> 'recordedAt' is distinct from v_time and v_event ->> 'recordedAt' is distinct from
        to_char(v_times[i] at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') then
        'recordedAt is a time in microseconds and UTC'
      when i > 1 and v_times[i] < v_times[i - 1] then 'recordedAt never decreases'
      when v_times[i] > clock_timestamp() + interval '1 minute' and v_times[i] is distinct from real_recorded_at then
        'recordedAt is in the future; look at the clocks'
      when octet_length(v_event ->> 'schema') is distinct from 64
        or translate(v_event ->> 'schema', '0123456789abcdef', '') <> '' then 'schema is a digest'
      when coalesce(v_event -> 'actor' ->> 'id', '') = ''
        or coalesce(v_event -> 'actor' ->> 'kind', '') not in ('person', 'service', 'system') then 'An event has an actor'
      when coalesce(v_event ->> 'correlation', '') = '' then 'An event has a correlation'
      when not coalesce(v_sections ? 'payload', false)
        or v_sections - array['payload', 'text'] <> '{}' then 'The sections are payload and text'
      when v_event - array['actor', 'causation', 'client', 'correlation', 'decision', 'epoch', 'hash', 'id', 'log',
        'occurredAt', 'onBehalfOf', 'position', 'recordedAt', 'schema', 'sections', 'signature', 'tags', 'type', 'v',
        'version', 'workspace', 'writer'] <> '{}' then 'The envelope has a field that is not defined'
    end;
    if v_reason is not null then
      raise exception using
        errcode = case when v_reason like 'The role %' then 'LG002' else 'LG001' end, message = v_reason;
    end if;
    v_time := v_event ->> 'recordedAt';
    v_section_count := v_section_count + case when v_sections ? 'text' then 2 else 1 end;
  end loop;

  for k in 2 .. v_tag_count loop
    if v_tag_events[k] = v_tag_events[k - 1] and v_tags[k] <= v_tags[k - 1] collate "C" then
      raise exception using errcode = 'LG001', message = 'The tags of an event are sorted and differ';
    end if;
  end loop;

  -- Sections are exactly those that the envelopes name, by their digests.
  if v_section_count is distinct from cardinality(p_section_events) then
    raise exception using errcode = 'LG001', message = 'Every section that an envelope names by digest is given once';
  end if;
  for k in 1 .. v_section_count loop
    if octet_length(p_section_salts[k]) is distinct from 32 then
      raise exception using errcode = 'LG001', message = 'A salt has 32 bytes';
    end if;
    v_digests[k] := sha256(p_section_salts[k] || p_section_contents[k]);
    if encode(v_digests[k], 'hex') is distinct from
      v_json[p_section_events[k]] -> 'sections' ->> p_section_names[k]
    then
      raise exception using errcode = 'LG001', message = 'A section is not the one that its envelope names by digest';
    end if;
  end loop;

  insert into log.event (position, id, workspace, type, version, recorded_at, leaf, envelope)
  select real_head + n - 1, id, workspace, type, version, recorded_at, leaf, envelope
  from unnest(v_ids, v_workspaces, v_types, v_versions, v_times, p_leaves, p_envelopes)
    with ordinality as e(id, workspace, type, version, recorded_at, leaf, envelope, n);

  insert into log.tag (workspace, tag, position, type)
  select v_workspaces[n], tag, real_head + n - 1, v_types[n]
  from unnest(v_tags, v_tag_events) as t(tag, n);

  insert into log.section (position, name, digest, salt, content)
  select real_head + n - 1, name, digest, salt, content
  from unnest(p_section_events, p_section_names, v_digests, p_section_salts, p_section_contents)
    as s(n, name, digest, salt, content);

  outcome := 'appended';
  real_head := real_head + v_count;
end
$$;

-- Where these events stand, looked up under the lock: an append whose COMMIT was not answered has
-- ended by then, in one way or the other.
create function log.settle(p_ids uuid[]) returns table (id uuid, "position" bigint)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform from log.head where one for update;
  return query select e.id, e.position from log.event e where e.id = any (p_ids);
end
$$;

-- The events of a workspace that match any of the criteria {tags, types}, at or after a position.
create function log.source(p_workspace text, p_criteria jsonb, p_from bigint)
returns table (
  "position" bigint, id uuid, type text, version integer, recorded_at timestamptz, leaf bytea, envelope bytea,
  payload bytea, "text" bytea)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  return query
  select e.position, e.id, e.type, e.version, e.recorded_at, e.leaf, e.envelope, p.content, t.content
  from (
    select m.position
    from jsonb_to_recordset(p_criteria) as c(tags text[], types text[]),
      lateral (
        select g.position
        from log.tag g
        where cardinality(c.tags) > 0
          and g.workspace = p_workspace and g.tag = c.tags[1] and g.position >= p_from
          and (cardinality(c.types) = 0 or g.type = any (c.types))
          and not exists (
            select from unnest(c.tags[2:]) as other(tag)
            where not exists (
              select from log.tag u
              where u.workspace = p_workspace and u.tag = other.tag and u.position = g.position))
      ) m
    union
    select m.position
    from jsonb_to_recordset(p_criteria) as c(tags text[], types text[]),
      lateral (
        select g.position
        from log.event g
        where cardinality(c.tags) = 0
          and g.workspace = p_workspace and g.position >= p_from
          and (cardinality(c.types) = 0 or g.type = any (c.types))
      ) m
  ) matching
  join log.event e on e.position = matching.position
  left join log.section p on p.position = e.position and p.name = 'payload'
  left join log.section t on t.position = e.position and t.name = 'text'
  order by e.position;
end
$$;

-- The position of the first event recorded at or after the time; the head where there is none.
-- Time never decreases along the log, so halving finds it without an index.
create function log.position_at(p_at timestamptz) returns bigint
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_low bigint := 0;
  v_high bigint := coalesce((select max(position) + 1 from log.event), 0);
  v_middle bigint;
begin
  while v_low < v_high loop
    v_middle := (v_low + v_high) / 2;
    if (select recorded_at from log.event where position = v_middle) >= p_at then
      v_high := v_middle;
    else
      v_low := v_middle + 1;
    end if;
  end loop;
  return v_low;
end
$$;

-- Erases the text sections of these events, and answers how many it erased. The order is the
-- position of an event of type ErasureOrdered whose payload names each of them; the trigger on
-- log.section holds the same rule. Repeating an erasure changes nothing.
create function log.erase(p_order bigint, p_positions bigint[]) returns integer
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_erased integer;
begin
  if not exists (
    select
    from log.event ordering
    join log.section payload on payload.position = ordering.position and payload.name = 'payload'
    where ordering.position = p_order
      and ordering.type = 'ErasureOrdered'
      and convert_from(payload.content, 'UTF8')::jsonb -> 'positions' ?& p_positions::text[]
  ) then
    raise exception using errcode = 'LG001',
      message = format('No event at position %s orders the erasure of these texts', p_order);
  end if;
  update log.section set salt = null, content = null, erased_by = p_order
  where position = any (p_positions) and name = 'text' and erased_by is null;
  get diagnostics v_erased = row_count;
  return v_erased;
end
$$;

-- Rights ----------------------------------------------------------------------------------------

revoke all on all functions in schema log from public;
grant usage on schema log to assay_registry, assay_policy, assay_lineage, assay_audit, assay_operator;
grant select on log.head, log.writer, log.event, log.tag, log.section
  to assay_registry, assay_policy, assay_lineage, assay_audit, assay_operator;
grant execute on function log.append, log.settle
  to assay_registry, assay_policy, assay_lineage, assay_operator;
grant execute on function log.source, log.position_at
  to assay_registry, assay_policy, assay_lineage, assay_audit, assay_operator;
grant execute on function log.erase to assay_operator;
