-- API keys, as people see them. Services admit a key by the log itself; no secret is here or there.

create table api_key (
  id                  uuid        primary key,
  workspace           text        not null,
  name                text,
  issuer              text        not null,
  scopes              text        not null,
  read_only           boolean     not null,
  expires_at          timestamptz not null,
  revoked_at          timestamptz,
  revoked_by          text,
  revocation_reason   text,
  revocation_position bigint,
  created_at          timestamptz not null,
  created_by          text        not null,
  position            bigint      not null
);
create index api_key_newest on api_key (workspace, position desc);
create index api_key_of_issuer on api_key (workspace, issuer, position desc);
