"""`python -m bench [--quick] [--strict] [NAME…]`: runs benchmarks and ends with a table of them."""

import argparse
import sys
import traceback
from pathlib import Path

import uvloop

from bench.registry import BENCHMARKS, Benchmark
from bench.result import Result, commit, judge, write
from bench.site import running_site
from bench.sizes import FULL, QUICK
from bench.table import show

OUTPUT = Path("build/bench")


def main() -> int:
    """0: they ran, whether or not they meet their bars; 1: one broke, or with --strict one misses its bar."""
    options = arguments()
    chosen = [benchmark for benchmark in BENCHMARKS if not options.names or benchmark.name in options.names]
    results, broken = uvloop.run(run(chosen, options.quick))
    show(chosen, list(results.values()), options.quick)
    missed = options.strict and not all(result.met for result in results.values())
    return 1 if broken or missed else 0


def arguments() -> argparse.Namespace:
    names = [benchmark.name for benchmark in BENCHMARKS]
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"default: all of {', '.join(names)}")
    parser.add_argument("--quick", action="store_true", help="a short form with fewer requests and 10,000 nodes")
    parser.add_argument("--strict", action="store_true", help="fail if a bar is missed")
    options = parser.parse_args()
    if unknown := set(options.names) - set(names):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    return options


async def run(chosen: list[Benchmark], quick: bool) -> tuple[dict[str, Result], list[str]]:
    """The results by name, and the names of those that broke."""
    results: dict[str, Result] = {}
    broken: list[str] = []
    revision = commit()
    async with running_site(QUICK if quick else FULL) as site:
        for benchmark in chosen:
            site.say(f"{benchmark.name}: {benchmark.what}")
            try:
                measured = await benchmark.run(site)
            except Exception:
                traceback.print_exc()
                broken.append(benchmark.name)
                continue
            command = f"python -m bench {'--quick ' if quick else ''}{benchmark.name}"
            result = judge(benchmark, measured, command, revision)
            write(OUTPUT, result)
            results[benchmark.name] = result
    return results, broken


if __name__ == "__main__":
    sys.exit(main())
