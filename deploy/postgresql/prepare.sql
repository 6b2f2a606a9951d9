-- Prepares a PostgreSQL 18 server for Assay: six roles, one database, six schemas.
--
--   psql -v ON_ERROR_STOP=1 -h HOST -U ADMINISTRATOR -d postgres -f prepare.sql
--
-- To be run once by an administrator: a superuser, or a role with CREATEROLE and CREATEDB. Running
-- it again changes nothing. It sets no password; until one is set, by \password or by `assay
-- database prepare`, a role cannot log in. The tables come with `assay database migrate`, which
-- needs the role assay_owner and no administrator.

-- The roles. None of them is a superuser, creates roles or databases, or bypasses anything.
--   assay_owner      owns the log and the directory, and migrates them; no service runs as it
--   assay_registry   the registry service: appends its events, owns its view
--   assay_policy     the policy service: alone appends decisions and approvals, owns its views
--   assay_lineage    the lineage service: appends its events, owns the lineage graph
--   assay_audit      reads the log, owns the audit view; appends nothing
--   assay_operator   orders and carries out erasures
do $$
declare
  wanted text;
begin
  -- Roles belong to the whole server: two databases may be prepared at once.
  perform pg_advisory_xact_lock(hashtext('assay roles'));
  foreach wanted in array array[
    'assay_owner', 'assay_registry', 'assay_policy', 'assay_lineage', 'assay_audit', 'assay_operator']
  loop
    if not exists (select from pg_roles where rolname = wanted) then
      execute format('create role %I login', wanted);
      -- Who is no superuser may give a schema only to a role that it can become.
      if not (select rolsuper from pg_roles where rolname = current_user) then
        execute format('grant %I to %I with set true, inherit false', wanted, current_user);
      end if;
    end if;
  end loop;
end
$$;

-- The database.
select 'create database assay' where not exists (select from pg_database where datname = 'assay') \gexec
\connect assay

-- Nobody else connects to it.
revoke all on database assay from public;
grant connect on database assay
  to assay_owner, assay_registry, assay_policy, assay_lineage, assay_audit, assay_operator;
revoke all on schema public from public;

-- A schema for each role's own tables; the log and the directory are the owner's.
create schema if not exists log authorization assay_owner;
create schema if not exists directory authorization assay_owner;
create schema if not exists registry authorization assay_registry;
create schema if not exists policy authorization assay_policy;
create schema if not exists lineage authorization assay_lineage;
create schema if not exists audit authorization assay_audit;

-- A process that is gone without a word gives up its locks within a minute.
do $$
declare
  wanted text;
begin
  foreach wanted in array array['assay_registry', 'assay_policy', 'assay_lineage', 'assay_audit', 'assay_operator'] loop
    execute format('alter role %I in database assay set idle_in_transaction_session_timeout = ''60s''', wanted);
    execute format('alter role %I in database assay set tcp_keepalives_idle = 10', wanted);
    execute format('alter role %I in database assay set tcp_keepalives_interval = 5', wanted);
    execute format('alter role %I in database assay set tcp_keepalives_count = 3', wanted);
  end loop;
end
$$;
