"""The client for asyncio. `loci._sync` is generated from this package by `python -m tools.unasync`."""
