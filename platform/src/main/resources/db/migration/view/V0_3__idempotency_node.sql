-- Which process answers the first request: what it left behind in dying, others take over.
ALTER TABLE idempotency ADD COLUMN node text;
