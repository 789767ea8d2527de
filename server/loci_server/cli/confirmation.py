"""Asks before something is taken away."""

import sys

import typer

from loci_server.cli.failures import WRONG_USAGE, Failed


def confirm(question: str, *, yes: bool) -> None:
    """Returns if the answer is yes. Where nobody can answer, `--yes` must have been given."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise Failed(f"{question} Nobody is there to answer: give --yes", code=WRONG_USAGE)
    if not typer.confirm(question, err=True):
        raise Failed("nothing was done")
