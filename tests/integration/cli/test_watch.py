"""`loci watch` prints what happens, and says how to go on when it is interrupted."""

import os
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import LIMIT, Done, Loci


def watched(loci: Loci, *arguments: str, until: str) -> Done:
    """A watch that is ended by Ctrl-C when it has said something."""
    command = [Path(sys.executable).with_name("loci"), "watch", *arguments]
    environment = {**os.environ, **loci.environment}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = ""
        while until not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LIMIT)
    return Done(process.returncode, said + out, err)


def test_a_watch_prints_commits_as_they_come(loci: Loci) -> None:
    loci("graphs", "create", "g")
    loci("node", "create", "g", "a", "--text", "peanuts", "--note", "because")
    for arguments, expected in (
        (["g", "--oldest"], "created  nodes/a"),
        (["g", "--oldest", "--json"], '"revision": "1"'),
        (["-", "--oldest"], "created  nodes/a"),
        (["-", "--oldest", "--json"], '"graph": "graphs/g"'),
    ):
        done = watched(loci, *arguments, until=expected)
        assert done.code == 130
        assert "--json" not in arguments or "to go on" not in done.err


@pytest.mark.parametrize("graph", ["g", "-"])
def test_a_watch_that_is_interrupted_says_how_to_go_on(loci: Loci, graph: str) -> None:
    loci("graphs", "create", "g")
    for node in "ab":
        loci("node", "create", "g", node, "--type", "person")
    done = watched(loci, graph, "--oldest", "--type", "person", "--kind", "created", until="nodes/b")
    (line,) = [line for line in done.err.splitlines() if line.startswith("to go on: ")]
    command = shlex.split(line.removeprefix("to go on: "))
    assert command[:3] == ["loci", "watch", graph]
    loci("node", "create", "g", "c", "--type", "person")
    rest = watched(loci, *command[2:], until="nodes/c")
    assert "nodes/a" not in rest.out


def test_a_watch_can_be_of_single_items(loci: Loci) -> None:
    loci("graphs", "create", "g")
    for node in "abc":
        loci("node", "create", "g", node)
    for graph, first in (("g", "nodes/a"), ("-", "graphs/g/nodes/a")):
        done = watched(loci, graph, "--oldest", "--name", first, "--name", "graphs/g/nodes/c", until="nodes/c")
        assert "nodes/a" in done.out
        assert "nodes/b" not in done.out
    wrong = loci.any("watch", "-", "--name", "nodes/a")
    assert wrong.code == 2
    assert "in full" in wrong.err
