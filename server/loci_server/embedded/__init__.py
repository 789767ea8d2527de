"""The bundled PostgreSQL."""
