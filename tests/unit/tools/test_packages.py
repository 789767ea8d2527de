"""Packages that tests need are installed, or named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.languages import ROOT

SENTENCE = (
    "left out: the tests of the TypeScript client in a browser, without chromium (as root: apt-get install chromium)"
)


def run(path: Path, *arguments: str) -> tuple[int, str]:
    """Status and standard error, on a machine that has only these programs."""
    environment = {**os.environ, "PATH": str(path)}
    command = [sys.executable, "-m", "tools.packages", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def program(path: Path, name: str, script: str = "") -> None:
    (path / name).write_text(f"#!/bin/sh\n{script}\n")
    (path / name).chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """With the toolchains that the tests in a browser need, and a pooler."""
    for name in ("go", "node", "pgbouncer"):
        program(tmp_path, name)
    return tmp_path


def test_what_is_missing_and_cannot_be_installed_is_named(machine: Path) -> None:
    assert run(machine) == (0, f"{SENTENCE}\n")


def test_with_all_that_is_a_failure(machine: Path) -> None:
    assert run(machine, "--all") == (1, f"{SENTENCE}\n")


def test_where_nothing_is_missing_nothing_is_said_or_done(machine: Path) -> None:
    program(machine, "chromium")
    program(machine, "apt-get", 'echo "$@" >&2')
    assert run(machine, "--all") == (0, "")


def test_what_its_tests_could_not_use_anyway_is_not_missed(machine: Path) -> None:
    (machine / "node").unlink()
    assert run(machine, "--all") == (0, "")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root installs packages")
def test_root_installs_what_is_missing(machine: Path) -> None:
    script = f'echo "$@" >&2; case "$*" in *chromium) : > {machine}/chromium; /bin/chmod +x {machine}/chromium;; esac'
    program(machine, "apt-get", script)
    status, said = run(machine, "--all")
    updated, installed = said.splitlines()
    assert status == 0
    assert updated == "update -qq"
    assert installed.startswith("install ")
    assert installed.endswith(" chromium")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root installs packages")
def test_an_installation_that_fails_is_named(machine: Path) -> None:
    program(machine, "apt-get", "exit 100")
    assert run(machine, "--all") == (1, f"{SENTENCE}\n")
