"""Fixtures of what a server works with."""

from tests.vault.in_use import vault as vault
