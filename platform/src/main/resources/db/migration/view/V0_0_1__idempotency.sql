-- The answers to writes with an Idempotency-Key, for 24 hours; each service in its own schema.

CREATE TABLE idempotency (
    tag          text PRIMARY KEY,        -- HMAC over actor, route and key: the value of the tag idem
    fingerprint  text        NOT NULL,    -- HMAC over the canonical body
    started_at   timestamptz NOT NULL,
    finished_at  timestamptz,             -- null while the first request is being answered
    status       integer,
    content_type text,
    location     text,
    etag         text,
    position     bigint,
    body         bytea
);

CREATE INDEX idempotency_started_at ON idempotency (started_at);
