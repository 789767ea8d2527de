"""Why a database cannot be migrated. The docstring of a class is its message; these are for the operator.

MigrationError
├── DatabaseUnreachable
├── UnfitDatabase           the server or its extension is too old, or not UTF-8
├── ExtensionMissing
├── NotAllowed              the role may not do what a migration does
├── BadMigrations           the files: a gap, a double, a bad name
├── MigrationChanged        a file is no longer what was applied
├── DatabaseNewer           the database knows migrations that this server does not
├── MigrationLocked         somebody else migrates, or holds a table
└── MigrationFailed         a statement of a migration
"""


class MigrationError(Exception):
    """{detail}"""

    def __init__(self, **fill: object) -> None:
        super().__init__((type(self).__doc__ or "").strip().format(**fill))


class DatabaseUnreachable(MigrationError):
    """The database{place} cannot be reached: {detail}. LOCI_DATABASE_URL (or LOCI_MIGRATION_DATABASE_URL) names it."""


class UnfitDatabase(MigrationError):
    """Loci needs {needed}; this database has {found}."""


class ExtensionMissing(MigrationError):
    """{detail}"""


class NotAllowed(MigrationError):
    """The role {role} may not do what the migrations do: {detail}"""


class BadMigrations(MigrationError):
    """The migration files are not as they should be: {detail}"""


class MigrationChanged(MigrationError):
    """Migration {version:04} was applied and its file has changed since. Restore the file and add a new migration."""


class DatabaseNewer(MigrationError):
    """The database is at migration {found:04}, this server knows {known:04}. Run a newer server."""


class MigrationLocked(MigrationError):
    """Waited {seconds:.0f} s for another server that migrates, or for a transaction that holds a table. Try again."""


class MigrationFailed(MigrationError):
    """Migration {version:04}_{name} failed and left nothing behind: {detail}"""
