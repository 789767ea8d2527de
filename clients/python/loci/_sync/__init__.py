"""The blocking client, generated from `loci._async` by `python -m tools.unasync`; runtime.py alone is by hand."""
