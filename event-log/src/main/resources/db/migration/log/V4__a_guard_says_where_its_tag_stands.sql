-- A guard says where in the batch its tag stands: most guards are then decided by what was looked up
-- for the tags, and nothing is asked twice.

drop function log.append;

-- Appends a batch, or says why it cannot be as it is and what is true instead.
--
-- Events are numbered from 1. p_appends says to which append each of them belongs. Tags are given
-- event by event, in the order of their bytes; p_tag_events says of which event each is, p_previous
-- which position it had before. An event without a text has null there; what else may be null is what
-- the envelope may leave out. A guard says: no event of the workspace at or after the marker that has
-- the tag (null: whichever it has), all the other tags and, where types are given, one of them;
-- neither in the log nor in an earlier append of the batch. Others and types are arrays as text; the
-- place is where the guard's tag stands first in p_tags with the guard's workspace, null where it
-- does not. Who says it wrongly weakens his own guard.
--
-- outcome  appended  all of it is inserted
--          moved     head, time or previous positions are others: real_head, real_recorded_at,
--                    real_previous (in the order of p_tags); nothing is inserted
--          conflict  the guards of these appends do not hold; nothing is inserted
--
-- The transaction goes on, and with it the lock, so that the caller can build the batch anew from
-- the answer and call again. What is wrong in itself is refused by an error (LG001, LG002).
create function log.append(
  -- What the caller believes of the log, and says of the whole batch.
  p_head bigint,
  p_recorded_at timestamptz,
  p_service text,
  -- Event by event.
  p_appends integer[],
  p_leaves bytea[],
  p_ids uuid[],
  p_workspaces text[],
  p_types text[],
  p_versions integer[],
  p_schemas bytea[],
  p_actors text[],
  p_actor_kinds text[],
  p_on_behalf_of text[],
  p_clients text[],
  p_occurred_at text[],
  p_correlations text[],
  p_causations text[],
  p_decisions text[],
  p_signatures text[],
  p_payload_salts bytea[],
  p_payloads bytea[],
  p_text_salts bytea[],
  p_texts bytea[],
  -- Tag by tag.
  p_tag_events integer[],
  p_tags text[],
  p_previous bigint[],
  -- Guard by guard.
  p_guard_appends integer[],
  p_guard_workspaces text[],
  p_guard_markers bigint[],
  p_guard_tags text[],
  p_guard_places integer[],
  p_guard_others text[],
  p_guard_types text[],
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
  v_count constant integer := cardinality(p_leaves);
  v_tag_count constant integer := cardinality(p_tags);
  v_permitted text[];
  v_log text;
  v_epoch text;
  v_time text;
  v_tag text collate "C";
  v_first integer;
  v_next integer := 1;
  v_links text;
  v_digest bytea;
  v_payload_digests bytea[];
  v_text_digests bytea[];
  v_sections text;
  v_envelope bytea;
  v_envelopes bytea[];
  v_reason text;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception using errcode = 'LG001', message = 'The log is appended to at READ COMMITTED';
  end if;
  if coalesce(v_count, 0) = 0
    or array_fill(v_count, array[19]) <> array[
      cardinality(p_appends), cardinality(p_ids), cardinality(p_workspaces), cardinality(p_types),
      cardinality(p_versions), cardinality(p_schemas), cardinality(p_actors), cardinality(p_actor_kinds),
      cardinality(p_on_behalf_of), cardinality(p_clients), cardinality(p_occurred_at), cardinality(p_correlations),
      cardinality(p_causations), cardinality(p_decisions), cardinality(p_signatures), cardinality(p_payload_salts),
      cardinality(p_payloads), cardinality(p_text_salts), cardinality(p_texts)]
    or array_fill(v_tag_count, array[2]) <> array[cardinality(p_tag_events), cardinality(p_previous)]
  then
    raise exception using errcode = 'LG001', message = 'A batch has events, and says everything of each of them';
  end if;

  select h.log, h.epoch into strict v_log, v_epoch from log.head h where h.one for update;

  select e.position + 1, e.recorded_at into real_head, real_recorded_at
  from log.event e order by e.position desc limit 1;
  real_head := coalesce(real_head, 0);

  -- A tag that is twice in the batch: the later event follows the earlier one.
  real_previous := array(
    select coalesce(
      real_head - 1 + lag(b.n) over (partition by b.tag collate "C", p_workspaces[b.n] order by b.n),
      (select t.position from log.tag t
        where t.workspace = p_workspaces[b.n] and t.tag = b.tag
        order by t.position desc limit 1))
    from unnest(p_tags, p_tag_events) with ordinality as b(tag, n, place)
    order by b.place);

  if cardinality(p_guard_appends) > 0 then
    conflicts := array(
      select g.append
      from unnest(
          p_guard_appends, p_guard_workspaces, p_guard_markers, p_guard_tags, p_guard_places, p_guard_others,
          p_guard_types)
        as g(append, workspace, marker, tag, place, others, types)
      where g.marker > real_head
        or (g.tag is not null
          -- Where an event of the batch bears the tag, it is known already how far it reaches.
          and (g.place is null or coalesce(real_previous[g.place] >= g.marker, false))
          and exists (
            select from log.tag t
            where t.workspace = g.workspace and t.tag = g.tag and t.position >= g.marker
              and (g.types = '{}' or t.type = any (g.types::text[]))
              -- Counted, not joined: a join might one day be planned as a scan of all tags.
              and (g.others = '{}' or (
                select bool_and((
                  select count(*) from log.tag u
                  where u.workspace = g.workspace and u.tag = other.tag and u.position = t.position) = 1)
                from unnest(g.others::text[]) as other(tag)))))
        or (g.tag is null and exists (
          select from log.event e
          where e.position >= g.marker and e.workspace = g.workspace
            and (g.types = '{}' or e.type = any (g.types::text[])))));
    if cardinality(conflicts) > 0 then
      outcome := 'conflict';
      return;
    end if;

    -- Within the batch only the first such append surely loses: what follows it may win without it.
    -- Of most guards it is seen at once that no earlier append concerns them.
    if p_appends[1] <> p_appends[v_count] and exists (
      select from unnest(p_guard_appends, p_guard_tags, p_guard_places, p_guard_types) as g(append, tag, place, types)
      where (g.tag is null or p_appends[p_tag_events[g.place]] < g.append)
        and (g.types = '{}' or p_types && g.types::text[]))
    then
      conflicts := array(
        with guard as (
          select *
          from unnest(p_guard_appends, p_guard_workspaces, p_guard_tags, p_guard_others, p_guard_types)
            as g(append, workspace, tag, others, types)
        ), batch as (
          select b.tag, p_workspaces[b.n] as workspace, p_types[b.n] as type, b.n, p_appends[b.n] as append
          from unnest(p_tags, p_tag_events) as b(tag, n)
        )
        select g.append
        from guard g
        join batch b on b.workspace = g.workspace and b.tag = g.tag
        where b.append < g.append
          and (g.types = '{}' or b.type = any (g.types::text[]))
          and (g.others = '{}' or not exists (
            select from unnest(g.others::text[]) as other(tag)
            where not exists (select from batch u where u.n = b.n and u.tag = other.tag)))
        union all
        select g.append
        from guard g
        join unnest(p_workspaces, p_types, p_appends) as e(workspace, type, append) on e.append < g.append
        where g.tag is null
          and e.workspace = g.workspace
          and (g.types = '{}' or e.type = any (g.types::text[]))
        order by append
        limit 1);
      if cardinality(conflicts) > 0 then
        outcome := 'conflict';
        return;
      end if;
    end if;
  end if;

  if p_head is distinct from real_head or p_previous <> real_previous or p_recorded_at < real_recorded_at then
    outcome := 'moved';
    return;
  end if;
  real_previous := null;

  -- From here on the caller had every chance to be right.
  if p_recorded_at > clock_timestamp() + interval '1 minute' and p_recorded_at is distinct from real_recorded_at then
    raise exception using errcode = 'LG001', message = 'recordedAt is in the future; look at the clocks';
  end if;
  if p_recorded_at < '0001-01-01T00:00:00Z' then
    raise exception using errcode = 'LG001', message = 'recordedAt lies after the year 0';
  end if;
  v_time := to_char(p_recorded_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  v_permitted := array(
    select w.type from log.writer w
    where w.role = session_user and w.type = any (p_types) and w.service = p_service);

  for i in 1 .. v_count loop
    v_first := v_next;
    v_links := '';
    while p_tag_events[v_next] = i loop
      if v_next > v_first and p_tags[v_next] <= v_tag then
        raise exception using errcode = 'LG001', message = 'The tags of an event are sorted and differ';
      end if;
      v_tag := p_tags[v_next];
      v_links := v_links || case when v_next > v_first then ',[' else '[' end || to_json(v_tag)
        || coalesce(',"' || p_previous[v_next] || '"]', ',null]');
      v_next := v_next + 1;
    end loop;

    v_digest := sha256(p_payload_salts[i] || p_payloads[i]);
    v_payload_digests[i] := v_digest;
    v_sections := '{"payload":"' || encode(v_digest, 'hex') || '"';
    v_digest := sha256(p_text_salts[i] || p_texts[i]);
    v_text_digests[i] := v_digest;
    if v_digest is not null then
      v_sections := v_sections || ',"text":"' || encode(v_digest, 'hex') || '"';
    end if;

    -- RFC 8785: fields in the order of their names; to_json spells text as the RFC wants it. What the
    -- envelope may leave out is null, and then so is all of it up to coalesce.
    v_envelope := convert_to(
      '{"actor":{"id":' || to_json(p_actors[i]) || ',"kind":' || to_json(p_actor_kinds[i]) || '}'
      || coalesce(',"causation":' || to_json(p_causations[i]), '')
      || coalesce(',"client":' || to_json(p_clients[i]), '')
      || ',"correlation":' || to_json(p_correlations[i])
      || coalesce(',"decision":' || to_json(p_decisions[i]), '')
      || ',"epoch":' || v_epoch || ',"hash":"sha256","id":"' || p_ids[i] || '","log":"' || v_log || '"'
      || coalesce(',"occurredAt":' || to_json(p_occurred_at[i]), '')
      || coalesce(',"onBehalfOf":' || to_json(p_on_behalf_of[i]), '')
      || ',"position":"' || real_head + i - 1 || '","recordedAt":"' || v_time
      || '","schema":"' || encode(p_schemas[i], 'hex') || '","sections":' || v_sections || '}'
      || coalesce(',"signature":' || to_json(p_signatures[i]), '')
      || ',"tags":[' || v_links || '],"type":' || to_json(p_types[i])
      || ',"v":1,"version":' || p_versions[i]
      || ',"workspace":' || to_json(p_workspaces[i]) || ',"writer":' || to_json(p_service) || '}', 'UTF8');
    v_envelopes[i] := v_envelope;

    v_reason := case
      when p_types[i] = any (v_permitted) is not true then
        format('The role %s may not write %s as %s', session_user, p_types[i], p_service)
      when coalesce(p_workspaces[i], '') = '' then 'An event has a workspace'
      when coalesce(p_actors[i], '') = '' or coalesce(p_actor_kinds[i], '') not in ('person', 'service', 'system') then
        'An event has an actor'
      when coalesce(p_correlations[i], '') = '' then 'An event has a correlation'
      when octet_length(p_schemas[i]) is distinct from 32 then 'schema is a digest'
      when v_next - v_first > 16 then 'An event has at most 16 tags'
      when octet_length(v_envelope) > 16384 then 'An envelope has at most 16384 bytes'
      when (p_leaves[i] = sha256('\x00'::bytea || v_envelope)) is not true then
        'The leaf is not the hash of the envelope that says this'
    end;
    if v_reason is not null then
      raise exception using
        errcode = case when v_reason like 'The role %' then 'LG002' else 'LG001' end, message = v_reason;
    end if;
  end loop;
  if v_next <= v_tag_count then
    raise exception using errcode = 'LG001', message = 'Every tag is an event''s, in the order of the events';
  end if;

  insert into log.event (position, id, workspace, type, version, recorded_at, leaf, envelope)
  select real_head + n - 1, id, workspace, type, version, p_recorded_at, leaf, envelope
  from unnest(p_ids, p_workspaces, p_types, p_versions, p_leaves, v_envelopes)
    with ordinality as e(id, workspace, type, version, leaf, envelope, n);

  insert into log.tag (workspace, tag, position, type)
  select p_workspaces[n], tag, real_head + n - 1, p_types[n]
  from unnest(p_tags, p_tag_events) as t(tag, n);

  insert into log.section (position, name, digest, salt, content)
  select real_head + n - 1, 'payload', digest, salt, content
  from unnest(v_payload_digests, p_payload_salts, p_payloads) with ordinality as s(digest, salt, content, n)
  union all
  select real_head + n - 1, 'text', digest, salt, content
  from unnest(v_text_digests, p_text_salts, p_texts) with ordinality as s(digest, salt, content, n)
  where digest is not null;

  outcome := 'appended';
  real_head := real_head + v_count;
end
$$;

revoke all on function log.append from public;
grant execute on function log.append to assay_registry, assay_policy, assay_lineage, assay_operator;
