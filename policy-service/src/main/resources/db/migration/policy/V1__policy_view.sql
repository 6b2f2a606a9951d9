-- The policy view: policies, approval requests, decisions, what is live. Disposable: the log has it all.

create table policy (
  id          uuid        primary key,
  workspace   text        not null,
  name        text        not null,
  environment text        not null,
  description text,
  created_at  timestamptz not null,
  created_by  text        not null,
  position    bigint      not null
);
create index policy_by_name on policy (workspace, name, id);

create table policy_version (
  id               uuid        primary key,
  workspace        text        not null,
  policy           uuid        not null references policy (id),
  number           integer     not null,
  environment      text        not null,
  digest           text        not null,
  document         text        not null,
  created_at       timestamptz not null,
  created_by       text        not null,
  position         bigint      not null,
  approval_request uuid,
  activated_at     timestamptz,
  unique (policy, number)
);

-- What is in force: the version activated last for an environment.
create table gate (
  workspace      text not null,
  environment    text not null,
  policy_version uuid not null,
  primary key (workspace, environment)
);

create table model (
  id   uuid primary key,
  name text
);

create table model_version (
  id     uuid    primary key,
  model  uuid    not null,
  number integer not null
);
create index model_version_of_model on model_version (model);

create table decision (
  id               uuid   primary key,
  workspace        text   not null,
  promotion        uuid   not null,
  position         bigint not null,
  approval_request uuid
);
create index decision_of_promotion on decision (promotion, position);

create table approval_request (
  id             uuid        primary key,
  workspace      text        not null,
  subject_kind   text        not null,
  subject        uuid        not null,
  label          text        not null,
  environment    text        not null,
  model_version  uuid,
  state          text        not null,
  content_digest text        not null,
  policy_digest  text        not null,
  decision       uuid,
  total          integer     not null,
  by_role        text        not null,
  expires_at     timestamptz not null,
  created_at     timestamptz not null,
  created_by     text        not null,
  position       bigint      not null
);
create index approval_request_newest on approval_request (workspace, position desc);
create index approval_request_of_subject on approval_request (subject);
create index approval_request_open on approval_request (workspace, environment) where state = 'open';

create table approval_answer (
  position    bigint      primary key,
  event       uuid        not null,
  request     uuid        not null references approval_request (id),
  yes         boolean     not null,
  actor       text        not null,
  actor_kind  text        not null,
  roles       text        not null,
  meaning     text,
  comment     text,
  answered_at timestamptz not null
);
create index approval_answer_of_request on approval_answer (request, position);

create table live_deployment (
  id          uuid   primary key,
  workspace   text   not null,
  environment text   not null,
  version     uuid   not null,
  model       uuid   not null,
  position    bigint not null
);
create index live_deployment_in on live_deployment (workspace, environment, position);
