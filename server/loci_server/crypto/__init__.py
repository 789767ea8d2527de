"""Sealing: envelopes, key providers, keyed tokens. Knows no database."""
