"""Background work in PostgreSQL: taken with SKIP LOCKED, resumable, safe in several processes."""
