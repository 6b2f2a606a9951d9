-- Who is behind a pseudonym. Owned and migrated by assay_owner; services call the functions only.
-- A row can be emptied of its person without any event changing.

CREATE TABLE directory.actor (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    issuer       text,
    subject      text,
    display_name text,
    kind         text        NOT NULL CHECK (kind IN ('person', 'service', 'system')),
    created_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    erased_at    timestamptz,
    UNIQUE (issuer, subject),
    CHECK ((erased_at IS NULL) = (issuer IS NOT NULL AND subject IS NOT NULL))
);

-- The pseudonym of an issuer's subject, minted when first seen. Fails loudly for empty arguments.
CREATE FUNCTION directory.actor_id(p_issuer text, p_subject text, p_display_name text, p_kind text)
    RETURNS uuid
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS
$$
DECLARE
    known directory.actor%ROWTYPE;
BEGIN
    IF coalesce(p_issuer, '') = '' OR coalesce(p_subject, '') = '' THEN
        RAISE EXCEPTION 'an actor has an issuer and a subject' USING ERRCODE = '22023';
    END IF;
    SELECT * INTO known FROM directory.actor WHERE issuer = p_issuer AND subject = p_subject;
    IF NOT FOUND THEN
        INSERT INTO directory.actor (issuer, subject, display_name, kind)
        VALUES (p_issuer, p_subject, p_display_name, p_kind)
        ON CONFLICT (issuer, subject) DO NOTHING;
        SELECT * INTO STRICT known FROM directory.actor WHERE issuer = p_issuer AND subject = p_subject;
    ELSIF known.display_name IS DISTINCT FROM p_display_name THEN
        UPDATE directory.actor SET display_name = p_display_name WHERE id = known.id;
    END IF;
    RETURN known.id;
END
$$;

-- The name of an actor; null once it is erased, or when there is none.
CREATE FUNCTION directory.display_name(p_actor uuid)
    RETURNS text
    LANGUAGE sql
    STABLE
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS
$$
SELECT display_name FROM directory.actor WHERE id = p_actor
$$;

-- Forgets the person behind a pseudonym. Who signs in again afterwards is somebody new.
CREATE FUNCTION directory.erase(p_actor uuid)
    RETURNS boolean
    LANGUAGE plpgsql
    SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
AS
$$
BEGIN
    UPDATE directory.actor
    SET issuer = NULL, subject = NULL, display_name = NULL, erased_at = clock_timestamp()
    WHERE id = p_actor AND erased_at IS NULL;
    RETURN FOUND;
END
$$;

REVOKE ALL ON ALL TABLES IN SCHEMA directory FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA directory FROM PUBLIC;
GRANT USAGE ON SCHEMA directory TO assay_registry, assay_policy, assay_lineage, assay_audit, assay_operator;
GRANT EXECUTE ON FUNCTION directory.actor_id(text, text, text, text) TO assay_registry, assay_policy, assay_lineage;
GRANT EXECUTE ON FUNCTION directory.display_name(uuid) TO assay_registry, assay_policy, assay_lineage, assay_audit, assay_operator;
GRANT EXECUTE ON FUNCTION directory.erase(uuid) TO assay_operator;
