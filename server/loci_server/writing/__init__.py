"""How nodes and edges are written: read, decide, derive search rows, seal, commit; and imports."""
