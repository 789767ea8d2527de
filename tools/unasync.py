"""`python -m tools.unasync`: writes the blocking client from the asyncio one; `--check` only tells whether it is stale.

Token by token: `async` and `await` fall away, a few names change. Comments and docstrings change by the same names.
runtime.py, which holds what asyncio and threads do differently, is left alone on both sides.
"""

import argparse
import io
import re
import subprocess
import sys
import tokenize
from itertools import pairwise
from pathlib import Path

CLIENT = Path(__file__).resolve().parent.parent / "clients" / "python" / "loci"
SOURCE = CLIENT / "_async"
TARGET = CLIENT / "_sync"
BY_HAND = frozenset(("__init__.py", "runtime.py"))

NAMES = {
    "AsyncClient": "Client",
    "AsyncGenerator": "Generator",
    "AsyncIterable": "Iterable",
    "AsyncIterator": "Iterator",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "__anext__": "__next__",
    "aiter": "iter",
    "anext": "next",
    "_async": "_sync",
}
DROPPED = frozenset(("async", "await"))
NOTICE = "# Generated from loci/_async/{name} by `python -m tools.unasync`: change that file, not this one.\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the generated files are stale")
    check = parser.parse_args().check
    wanted = {path.name: generated(path) for path in sorted(SOURCE.glob("*.py")) if path.name not in BY_HAND}
    present = {path.name: path.read_text() for path in TARGET.glob("*.py") if path.name not in BY_HAND}
    stale = sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))
    if check:
        for name in stale:
            print(f"{TARGET / name} is stale: run `python -m tools.unasync`", file=sys.stderr)
        return 1 if stale else 0
    for name in stale:
        if name in wanted:
            (TARGET / name).write_text(wanted[name])
        else:
            (TARGET / name).unlink()
    return 0


def generated(path: Path) -> str:
    """The blocking twin of one module, formatted as the rest of the tree."""
    text = NOTICE.format(name=path.name) + blocking(path.read_text())
    for command in (["check", "--quiet", "--fix-only", "--select", "I"], ["format", "--quiet"]):
        text = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--stdin-filename", str(TARGET / path.name), "-"],
            input=text,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        ).stdout
    return text


def blocking(source: str) -> str:
    """The same code without asyncio."""
    lines = source.splitlines(keepends=True)
    edits: list[tuple[int, int, int, str]] = []
    tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    for token, following in pairwise(tokens):
        row, start = token.start
        if token.type == tokenize.NAME and token.string in DROPPED:
            edits.append((row, start, following.start[1], ""))
        elif token.type == tokenize.NAME and token.string in NAMES:
            edits.append((row, start, token.end[1], NAMES[token.string]))
        elif token.type in (tokenize.STRING, tokenize.COMMENT):
            for number in range(row, token.end[0] + 1):
                first = start if number == row else 0
                last = token.end[1] if number == token.end[0] else len(lines[number - 1])
                text = lines[number - 1][first:last]
                if (prose := _prose(text)) != text:
                    edits.append((number, first, last, prose))
    for row, first, last, text in reversed(edits):
        lines[row - 1] = lines[row - 1][:first] + text + lines[row - 1][last:]
    return "".join(lines)


def _prose(text: str) -> str:
    text = re.sub(r"\b(async|await) (?=with |for |def |\w+[.(])", "", text)
    return re.sub(r"\b(" + "|".join(NAMES) + r")\b", lambda found: NAMES[found[0]], text)


if __name__ == "__main__":
    sys.exit(main())
