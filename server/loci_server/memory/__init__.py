"""Memory: recall, and later the other verbs, over what search and writing give."""
