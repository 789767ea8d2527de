"""One thin servicer per proto service: decode, call the domain or a repository, encode. No SQL, no rules."""
