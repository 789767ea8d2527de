"""What goes wrong with the bundled PostgreSQL, for whoever starts a server."""


class BundledPostgresError(Exception):
    """The bundled PostgreSQL cannot be used. The message says why, and what the programs said."""
