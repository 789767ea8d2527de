"""The tree of commands: every one has help, takes the shared options on both sides, and starts quickly."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from loci_server.cli.commands import client_command, group
from loci_server.cli.connection import Options
from loci_server.cli.program import app
from loci_server.cli.session import Session

COMMANDS = """
serve | migrate | database run | doctor | recall | search | import | export
tenants list | tenants create | tenants delete | tenants undelete
keys list | keys create | keys revoke
session start | session append | session list | session transcript
graphs list | graphs create | graphs update | graphs get | graphs stats | graphs delete | graphs undelete
node get | node create | node update | node delete | node rename | node list | node neighbors
edge get | edge create | edge delete | edge list
eval retrieval
reembed list | reembed show | reembed start
"""
LISTED = [name.strip() for line in COMMANDS.strip().splitlines() for name in line.split("|")]
SLOW = {"grpc", "google.protobuf", "asyncpg", "numpy", "loci", "loci_server.app", "loci_server.settings"}
runner = CliRunner()


@pytest.mark.parametrize("name", LISTED)
def test_every_command_says_what_it_does(name: str) -> None:
    result = runner.invoke(app, [*name.split(), "--help"])
    assert result.exit_code == 0
    assert "Usage:" in result.output


@pytest.mark.parametrize("name", [name for name in LISTED if name not in ("serve", "migrate", "database run")])
def test_every_client_command_takes_the_shared_options(name: str) -> None:
    result = runner.invoke(app, [*name.split(), "--help"], env={"COLUMNS": "200"})
    for option in ("--address", "--api-key-file", "--tls", "--ca", "--timeout", "--json"):
        assert option in result.output


def test_no_option_takes_a_key_where_the_process_list_shows_it() -> None:
    assert runner.invoke(app, ["--api-key", "x", "graphs", "list"]).exit_code == 2


def test_an_interrupt_while_modules_are_imported_is_no_defect() -> None:
    code = (
        "import sys, types\n"
        "class Slow(types.ModuleType):\n"
        "    def __getattr__(self, name): raise KeyboardInterrupt\n"
        "sys.modules['loci_server.cli.program'] = Slow('program')\n"
        "from loci_server.cli import main\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted\n")


def test_help_loads_nothing_slow() -> None:
    code = (
        "import sys\n"
        "from loci_server.cli.program import app\n"
        "try: app(['graphs', '--help'])\n"
        "except SystemExit: pass\n"
        f"print(sorted({SLOW!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.fixture
def probe() -> tuple[typer.Typer, list[Options]]:
    """A command tree that notes the options its one command gets."""
    seen: list[Options] = []
    root, things = group("root"), group("things")
    root.add_typer(things, name="things")

    @things.command()
    @client_command
    def show(session: Session, thing: str) -> None:
        seen.append(session.options)

    @things.command()
    @client_command
    def other(session: Session) -> None: ...

    return root, seen


@pytest.mark.parametrize(
    "arguments",
    [
        ["--address", "a:1", "--json", "things", "show", "x"],
        ["things", "--address", "a:1", "--json", "show", "x"],
        ["things", "show", "x", "--address", "a:1", "--json"],
        ["--json", "things", "--address", "wrong:1", "show", "--address", "a:1", "x"],
    ],
)
def test_shared_options_stand_anywhere(probe: Any, arguments: list[str]) -> None:
    root, seen = probe
    assert runner.invoke(root, arguments).exit_code == 0
    assert seen == [Options(address="a:1", json=True)]


@pytest.mark.parametrize(
    "arguments",
    [
        ["graphs", "frobnicate"],
        ["search", "only-a-graph"],
        ["search", "g", "q", "--mode", "magic"],
        ["search", "g", "q", "--limit", "0"],
        ["import", "only-a-graph"],
        ["import", "--format", "turns", "one", "two"],
        ["export", "g", "--resume"],
        ["keys", "create"],
        ["keys", "create", "--scope", "read", "--expires", "yesterday"],
        ["node", "create", "g", "-p", "no-equals-sign"],
        ["node", "update", "g", "n"],
        ["eval", "retrieval", ".", "--k", "zero"],
        ["graphs", "delete", "g"],
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    assert runner.invoke(app, arguments, env={"LOCI_ADDRESS": "127.0.0.1:1"}).exit_code == 2


def test_the_version_is_printed() -> None:
    result = runner.invoke(app, ["--version"])
    assert (result.exit_code, result.output.split()[0]) == (0, "loci")


def test_no_server_is_said_in_one_line() -> None:
    result = runner.invoke(app, ["graphs", "list", "--address", "127.0.0.1:1"], env={"LOCI_API_KEY": "loci_x"})
    assert result.exit_code == 1
    assert result.stderr.startswith("error: no server answers: ")
    assert "127.0.0.1:1" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_key_is_not_sent_to_another_machine_in_the_clear() -> None:
    result = runner.invoke(app, ["graphs", "list", "--address", "192.0.2.1:1"], env={"LOCI_API_KEY": "loci_x"})
    assert result.exit_code == 1
    assert "unencrypted" in result.stderr
    assert "loci_x" not in result.output


def test_the_help_of_receipt_verify_gives_each_status_it_ends_with(tmp_path: Path) -> None:
    result = runner.invoke(app, ["receipt", "verify", "--help"], env={"COLUMNS": "200"})
    assert "with 2 if there is no receipt or key" in result.output
    assert runner.invoke(app, ["receipt", "verify", str(tmp_path / "absent"), "--trust-own-key"]).exit_code == 2
