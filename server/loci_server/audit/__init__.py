"""Who did what: entries, their seal, and the chain that shows when one was changed."""
