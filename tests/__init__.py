"""The tests: unit without a database, integration with the real one, acceptance over a real socket."""
