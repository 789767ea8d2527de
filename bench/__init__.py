"""Benchmarks: each measures a figure and its floor in the same run and compares their ratio with a bar.

`python -m bench` runs all of them and `python -m bench NAME…` some. A floor is what the same machine can do at best
with the same parts: a bare server, bare SQL. The program that sends the requests is the same for both.
"""
