"""Hostile messages for every method of a running server."""
