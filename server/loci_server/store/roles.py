"""Who may do what in the database: the owner of the tables, and the role that the service works as.

The owner is whoever runs the migrations. The service works as `loci_app`, which owns nothing and cannot step around
row-level security, either by a login of that name or by the start-up setting `role=loci_app` of another login.
check_fences() proves it at each start.
"""

from typing import Any

import asyncpg

APPLICATION_ROLE = "loci_app"


async def ensure_roles(url: str) -> None:
    """Make the application role if it is missing, and let the login of `url` take it on. Safe to run concurrently."""
    connection = await asyncpg.connect(url, statement_cache_size=0)
    try:
        await prepare(connection)
    finally:
        await connection.close()


async def prepare(connection: "asyncpg.Connection[Any]") -> None:
    """The same on a connection. Roles belong to the whole cluster: another database may make the same one just now."""
    await connection.execute(CREATE_ROLE)


async def grant(connection: "asyncpg.Connection[Any]") -> None:
    """Let the application reach schema loci and all that its current user will make in it; only read the migrations."""
    await connection.execute(GRANTS)


async def check_fences(connection: "asyncpg.Connection[Any]") -> list[str]:
    """Reasons why `connection` could reach past the tenant that it is set to, a sentence each; an empty list is safe.

    `connection` is one that the service works with.
    """
    return [row["problem"] for row in await connection.fetch(PROBLEMS)]


# Another session may make the role between the look and the CREATE: then one of the two errors comes, and all is well.
# Membership is looked up first, so that an ordinary start writes nothing that is shared by the whole cluster.
CREATE_ROLE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'loci_app') THEN
        BEGIN
            CREATE ROLE loci_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END IF;
    IF NOT pg_has_role(current_user, 'loci_app', 'SET') THEN
        BEGIN
            EXECUTE format('GRANT loci_app TO %I WITH INHERIT FALSE, SET TRUE', current_user);
        EXCEPTION WHEN unique_violation THEN
            NULL;
        END;
    END IF;
END
$$
"""

GRANTS = """
GRANT USAGE ON SCHEMA loci TO loci_app;
REVOKE ALL ON loci.schema_migrations FROM loci_app;
GRANT SELECT ON loci.schema_migrations TO loci_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA loci GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO loci_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA loci GRANT USAGE ON SEQUENCES TO loci_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA loci GRANT EXECUTE ON FUNCTIONS TO loci_app;
"""

# A policy on a partitioned table does not hold for a partition that is read directly: nobody may do that.
# TRUNCATE is not subject to policies. A view reads with the rights of its owner unless it says otherwise.
PROBLEMS = """
WITH me AS (
    SELECT oid, rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user
), relations AS (
    SELECT c.oid, c.relname, c.relkind, c.relowner, c.relrowsecurity, c.relforcerowsecurity, c.reloptions,
        c.relispartition
    FROM pg_class c
    WHERE c.relnamespace = to_regnamespace('loci') AND c.relname <> 'schema_migrations'
), tables AS (
    SELECT * FROM relations WHERE relkind IN ('r', 'p') AND NOT relispartition
)
SELECT format('The role %s is a superuser.', rolname) AS problem FROM me WHERE rolsuper
UNION ALL
SELECT format('The role %s has BYPASSRLS.', rolname) FROM me WHERE rolbypassrls
UNION ALL
SELECT format('The role %s owns loci.%s or inherits from its owner.', rolname, relname)
FROM relations, me
WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT rolsuper AND pg_has_role(me.oid, relowner, 'USAGE')
UNION ALL
SELECT format('The role %s may truncate loci.%s.', rolname, relname)
FROM tables, me
WHERE NOT rolsuper AND NOT pg_has_role(me.oid, relowner, 'USAGE') AND has_table_privilege(tables.oid, 'TRUNCATE')
UNION ALL
SELECT format('The role %s may reach the partition loci.%s past the policies of its table.', rolname, relname)
FROM relations, me
WHERE relispartition AND relkind = 'r' AND NOT rolsuper AND NOT pg_has_role(me.oid, relowner, 'USAGE')
  AND has_table_privilege(relations.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
UNION ALL
SELECT format('Row-level security is not enabled on loci.%s.', relname) FROM tables WHERE NOT relrowsecurity
UNION ALL
SELECT format('Row-level security is not forced on loci.%s.', relname) FROM tables WHERE NOT relforcerowsecurity
UNION ALL
SELECT format('There is no policy on loci.%s.', relname) FROM tables
WHERE NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = tables.oid)
UNION ALL
SELECT format('The view loci.%s is not security_invoker.', relname) FROM relations
WHERE relkind = 'v' AND NOT coalesce(reloptions && ARRAY['security_invoker=true', 'security_invoker=on'], false)
UNION ALL
SELECT format('loci.%s is a materialized view or a foreign table, which policies do not cover.', relname) FROM relations
WHERE relkind IN ('m', 'f')
UNION ALL
SELECT format('The function loci.%s(%s) is SECURITY DEFINER.', p.proname, pg_get_function_identity_arguments(p.oid))
FROM pg_proc p WHERE p.pronamespace = to_regnamespace('loci') AND p.prosecdef
  AND NOT (p.proname IN ('extend_log', 'carry_log_part', 'drop_log_part')
           AND coalesce(p.proconfig @> ARRAY['search_path=pg_catalog, pg_temp'], false))
ORDER BY problem
"""
