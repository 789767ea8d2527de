"""Retrieval: analysis of text, the arms that find candidates, and their fusion."""
