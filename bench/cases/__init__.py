"""The benchmarks, a module each: every one takes the site and returns what it measured."""
