-- When an API key was last used, to the minute, by whichever service. Operational, not a fact of the
-- log: nothing is decided by it, and it may be emptied.

CREATE TABLE directory.api_key_use (
    api_key      uuid PRIMARY KEY,
    last_used_at timestamptz NOT NULL
);

-- At most one write a minute for each key, whatever the number of processes.
CREATE FUNCTION directory.api_key_used(p_api_key uuid, p_at timestamptz)
    RETURNS void
    LANGUAGE sql
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS
$$
INSERT INTO directory.api_key_use AS known (api_key, last_used_at)
VALUES (p_api_key, p_at)
ON CONFLICT (api_key) DO UPDATE SET last_used_at = excluded.last_used_at
    WHERE known.last_used_at <= excluded.last_used_at - interval '1 minute'
$$;

-- Null where it never was.
CREATE FUNCTION directory.api_key_last_used(p_api_key uuid)
    RETURNS timestamptz
    LANGUAGE sql
    STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS
$$
SELECT last_used_at FROM directory.api_key_use WHERE api_key = p_api_key
$$;

REVOKE ALL ON directory.api_key_use FROM PUBLIC;
REVOKE ALL ON FUNCTION directory.api_key_used(uuid, timestamptz) FROM PUBLIC;
REVOKE ALL ON FUNCTION directory.api_key_last_used(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION directory.api_key_used(uuid, timestamptz) TO assay_registry, assay_policy, assay_lineage;
GRANT EXECUTE ON FUNCTION directory.api_key_last_used(uuid) TO assay_policy;
