"""The `loci` command against a running server: what it writes it finds, what it exports it imports, failures say why.

Commands run in this process, beside the server; those that are interrupted or torn run in one of their own.
"""

import json
import os
import shlex
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from loci_server.cli.program import app
from tests.postgres import DatabaseFactory
from tests.server import RunningServer

LIMIT = 60.0


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[Any]:
        """The objects that were printed."""
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True)
class Loci:
    """The command with the variables of its environment; those of the tests' own are not seen."""

    environment: dict[str, str]

    def any(self, *arguments: str, stdin: str = "") -> Done:
        """Runs it to its end, however it ends."""
        foreign = {name: None for name in os.environ if name.startswith(("LOCI_", "OTEL_"))}
        with ThreadPoolExecutor(1) as thread:  # where no event loop is, as on a command line
            result = thread.submit(
                CliRunner().invoke, app, arguments, input=stdin, env={**foreign, **self.environment}
            ).result(LIMIT)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Done(result.exit_code, result.stdout, result.stderr)

    def __call__(self, *arguments: str, stdin: str = "") -> Done:
        """Runs it and expects it to succeed."""
        done = self.any(*arguments, stdin=stdin)
        assert done.code == 0, done.err
        return done

    def fails(self, *arguments: str, stdin: str = "") -> str:
        """Runs it and expects it to fail; the last line of what it says."""
        done = self.any(*arguments, stdin=stdin)
        assert done.code == 1
        return done.err.splitlines()[-1]

    def begin(self, *arguments: str) -> "subprocess.Popen[bytes]":
        """As a process of its own."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("LOCI_", "OTEL_"))}
        return subprocess.Popen(
            [sys.executable, "-m", "loci_server", *arguments],
            env=kept | self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )


def until(condition: Callable[[], object], pause: float = 0.05) -> None:
    deadline = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(pause)


@pytest.fixture
async def empty_url(empty_database: DatabaseFactory) -> str:
    """A database without any migration."""
    return await empty_database()


@pytest.fixture
def operator(server: RunningServer) -> Loci:
    """As the operator of the service, who started the server on this machine."""
    return Loci({"LOCI_ADDRESS": server.address, "LOCI_DATA_DIR": str(server.data_dir)})


@pytest.fixture
def loci(server: RunningServer, operator: Loci, tmp_path: Path) -> Iterator[Loci]:
    """As a tenant of its own."""
    tenant = f"cli-{os.urandom(6).hex()}"
    key = tmp_path / "key"
    operator("tenants", "create", tenant, "--name", "A test")
    operator("keys", "create", "--tenant", tenant, "--scope", "admin", "--out", str(key))
    yield Loci({"LOCI_ADDRESS": server.address, "LOCI_API_KEY_FILE": str(key)})
    operator("tenants", "delete", tenant, "--yes")


def test_what_is_written_is_read_found_changed_and_removed(loci: Loci) -> None:
    loci("graphs", "create", "g", "--name", "Home")
    loci("node", "create", "g", "ann", "--type", "person", "--label", "Ann", "-p", "age=39", "-p", "city=Bonn")
    loci("node", "create", "g", "note", "--file", "-", stdin="Ann plays the cello\n")
    loci("edge", "create", "g", "note", "about", "ann", "--weight", "2")

    (ann,) = (loci("node", "get", "g", "ann", "--json")).lines
    assert (ann["label"], ann["properties"]) == ("Ann", {"age": 39, "city": "Bonn"})
    (answer,) = (loci("search", "g", "who plays the cello?", "--json")).lines
    assert answer["hits"][0]["node"]["name"] == "graphs/g/nodes/note"
    assert "Ann plays the cello" in (loci("search", "g", "cello", "--explain")).out
    (neighbor,) = (loci("--json", "node", "neighbors", "g", "ann")).lines
    assert (neighbor["edge"]["relation"], neighbor["node"]["text"]) == ("about", "Ann plays the cello\n")

    loci("node", "update", "g", "ann", "-p", "age=null", "--clear", "label")
    loci("node", "rename", "g", "ann", "anna")
    (anna,) = (loci("node", "list", "g", "--type", "person", "--json")).lines
    assert (anna["name"], anna.get("label"), anna["properties"]) == ("graphs/g/nodes/anna", None, {"city": "Bonn"})
    (edge,) = (loci("edge", "list", "g", "--target", "anna", "--json")).lines
    loci("edge", "delete", "g", edge["name"])
    loci("node", "delete", "g", "anna")
    (stats,) = (loci("graphs", "stats", "g", "--json")).lines
    assert (stats["node_count"], stats.get("edge_count")) == ("1", None)


def test_a_graph_that_is_deleted_comes_back(loci: Loci) -> None:
    loci("graphs", "create", "g")
    assert "give --yes" in (loci.any("graphs", "delete", "g")).err
    loci("graphs", "delete", "g", "--yes")
    assert (loci("graphs", "list", "--json")).lines == []
    loci("graphs", "undelete", "g")
    assert [graph["name"] for graph in (loci("graphs", "list", "--json")).lines] == ["graphs/g"]


def test_the_secret_of_a_key_is_shown_once_or_kept_in_a_private_file(loci: Loci, tmp_path: Path) -> None:
    (made,) = (loci("keys", "create", "--scope", "read", "--expires", "30d", "--json")).lines
    assert made["secret"].startswith("loci_")
    path = tmp_path / "reader"
    printed = loci("keys", "create", "--scope", "read", "--out", str(path))
    assert path.read_text().strip() not in printed.out + printed.err
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "File exists" in loci.fails("keys", "create", "--scope", "read", "--out", str(path))

    reader = Loci(loci.environment | {"LOCI_API_KEY": made["secret"]})
    assert (reader("graphs", "list", "--json")).lines == []
    assert "SCOPE_MISSING" in reader.fails("graphs", "create", "g")
    listed = loci("keys", "list")
    assert made["secret"] not in listed.out
    loci("keys", "revoke", made["api_key"]["name"], "--yes")


def test_an_export_imports_without_loss_and_can_be_repeated(loci: Loci, tmp_path: Path) -> None:
    out = tmp_path / "g.jsonl"
    loci("graphs", "create", "g")
    for number in range(3):
        loci("node", "create", "g", f"n{number}", "--text", f"text {number}", "-p", f"n={number}")
    loci("edge", "create", "g", "n0", "next", "n1", "--valid-from", "1985~")
    loci("export", "g", "--out", str(out))
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("g.jsonl*")] == ["g.jsonl"]

    loci("import", "copy", str(out), "--create", "--keep-times")
    copied = loci("export", "copy")
    assert content(copied.lines) == content([json.loads(line) for line in out.read_text().splitlines()])

    refused = loci.fails("import", "copy", str(out))
    assert refused.startswith(f"error: {out}:1: NODE_EXISTS") or "BAD_ITEMS" in refused
    (kept,) = (loci("import", "copy", str(out), "--on-conflict", "keep", "--json")).lines
    assert (kept["kept_count"], kept["node_count"]) == (4, 0)
    (piped,) = (loci("import", "piped", "-", "--create", "--json", stdin=out.read_text())).lines
    assert (piped["node_count"], piped["edge_count"]) == (3, 1)


def content(items: list[Any]) -> list[Any]:
    """Exported items without what belongs to the graph they were in."""
    found = [(kind, item) for line in items for kind, item in line.items()]
    for _, item in found:
        item["name"] = item["name"].split("/", 2)[2]
        for own in ("revision", "etag"):
            item.pop(own)
    return found


def test_an_import_names_the_line_that_is_bad(loci: Loci, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"node": {"name": "nodes/a"}}\n\n{"node": {"title": "b"}}\n')
    loci("graphs", "create", "g")
    assert f'{path}:3: Message type "loci.v1.Node" has no field named "title"' in loci.fails("import", "g", str(path))
    assert "GRAPH_NOT_FOUND" in loci.fails("import", "nowhere", str(path))


def test_an_import_that_begins_with_a_bad_line_makes_no_graph(loci: Loci, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text("{bad\n")
    assert f"{path}:1" in loci.fails("import", "--create", "g", str(path))
    assert "GRAPH_NOT_FOUND" in loci.fails("graphs", "get", "g")


def test_an_import_of_what_is_there_says_how_to_go_on(loci: Loci, tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text('{"node": {"name": "nodes/a"}}\n')
    loci("import", "--create", "g", str(path))
    said = loci.fails("import", "g", str(path))
    assert f"{path}:1: NODE_EXISTS" in said
    assert "--on-conflict" in said
    loci("import", "--on-conflict", "keep", "g", str(path))


def test_what_would_be_rounded_or_made_by_mistake_is_refused(loci: Loci, tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text('{"node": {"name": "nodes/a", "properties": {"n": 12345678901234567890}}}\n')
    loci("graphs", "create", "g")
    loci("graphs", "create", "other")
    assert f"{path}:1: integers beyond 2**53" in loci.fails("import", "g", str(path))
    assert loci.any("graphs", "create", "").code == 2
    assert loci.any("node", "create", "g", "").code == 2
    assert loci.any("node", "create", "g", "x", "-p", f"a={'[' * 5000}{']' * 5000}").code == 2
    loci("node", "create", "other", "a")
    assert "INVALID_NAME" in loci.fails("node", "delete", "g", "graphs/other/nodes/a")
    loci("node", "get", "other", "a")


def test_history_is_listed_and_restored(loci: Loci) -> None:
    loci("graphs", "create", "g")
    loci("node", "create", "g", "a", "--text", "one", "--note", "begun")
    loci("node", "update", "g", "a", "--text", "two")
    loci("node", "delete", "g", "a")
    listed = loci("node", "history", "g", "a").out
    assert [line.split()[0] for line in listed.splitlines()] == ["revision", "3", "2", "1"]
    assert "updated text" in listed
    assert "begun" in listed
    assert loci("node", "restore", "g", "a", "1", "--json").lines[0]["text"] == "one"
    assert "NODE_NOT_FOUND" in loci.fails("node", "history", "g", "never")
    assert loci("node", "get", "g", "a", "--as-of", "1", "--json").lines[0]["text"] == "one"
    assert "two" in loci("node", "list", "g", "--as-of", "2").out
    assert "NODE_NOT_FOUND" in loci.fails("node", "get", "g", "a", "--as-of", "2020-01-01")
    assert loci.any("node", "get", "g", "a", "--as-of", "lately").code == 2
    assert "give --yes" in loci.any("node", "delete", "g", "a", "--hard").err
    loci("node", "delete", "g", "a", "--hard", "--yes")
    assert "CONTENT_ERASED" in loci.fails("node", "restore", "g", "a", "1")
    listed = loci("node", "history", "g", "a").out
    assert "hard deleted" in listed
    assert "created (erased)" in listed


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


def test_arguments_that_are_no_text_are_wrong_usage(loci: Loci) -> None:
    program = Path(sys.executable).with_name("loci")
    done = subprocess.run([program, "search", "g", b"\xff"], check=False, capture_output=True, timeout=LIMIT)
    assert (done.returncode, done.stderr) == (2, b"error: argument 3 is not UTF-8\n")


def test_a_port_that_is_taken_is_said_before_anything_is_made(server: RunningServer, tmp_path: Path) -> None:
    folder, (host, _, port) = tmp_path / "data", server.address.rpartition(":")
    program = Path(sys.executable).with_name("loci")
    command = [program, "serve", "--host", host, "--port", port, "--data-dir", folder]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=LIMIT)
    assert (done.returncode, folder.exists()) == (1, False)
    assert f"{server.address} is in use by another process" in done.stderr


def test_an_interrupted_import_goes_on_where_it_was(loci: Loci, tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    good = [json.dumps({"node": {"name": f"nodes/n{number}"}}) for number in range(50)]
    path.write_text("\n".join([*good, "torn"]))
    loci("graphs", "create", "g")
    done = loci.any("import", "g", str(path), "--chunk-size", "10", "--import-id", "mine")
    assert done.code == 1
    assert f"{path}:51: not JSON" in done.err
    path.write_text("\n".join([*good, json.dumps({"node": {"name": "nodes/last"}})]))
    (whole,) = (loci("import", "g", str(path), "--chunk-size", "10", "--import-id", "mine", "--json")).lines
    assert (whole["node_count"], whole["kept_count"]) == (51, 0)


def conversation(folder: Path) -> Path:
    """A small data set in the format `turns`, with two graphs."""
    said = [
        ("g", "s1", "t1", "Ann", "I adopted a grey parrot last week."),
        ("g", "s1", "t2", "Bob", "How lovely! What do you call it?"),
        ("g", "s2", "t3", "Ann", "The violin lessons begin on Monday."),
        ("h", "s1", "t1", "", "Quarterly figures were sent to Oslo."),
    ]
    turns = [
        {
            "graph": graph,
            "session": session,
            "id": turn,
            "speaker": who,
            "time": f"2024-01-0{place}T10:00:00Z",
            "text": text,
        }
        for place, (graph, session, turn, who, text) in enumerate(said, start=1)
    ]
    asked = [
        ("g", "q1", "Which parrot was adopted?", ["t1"], ["s1"], "easy"),
        ("g", "q2", "When do violin lessons begin?", ["t3"], ["s2"], "easy"),
        ("h", "q3", "Who was sent figures?", ["t1"], ["s1"], "other"),
        ("h", "q4", "Nobody knows", [], [], "none"),
    ]
    queries = [
        {"graph": graph, "id": id, "query": text, "time": None, "gold": gold, "gold_sessions": of, "category": category}
        for graph, id, text, gold, of, category in asked
    ]
    for name, rows in (("turns", turns), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


def test_conversations_are_imported_once_however_often_it_is_said(loci: Loci, tmp_path: Path) -> None:
    data = conversation(tmp_path)
    first = (loci("import", "--format", "turns", str(data), "--graph-prefix", "x-", "--json")).lines
    assert [(done["graph"], done["node_count"], done["edge_count"]) for done in first] == [("x-g", 7, 7), ("x-h", 2, 1)]
    again = (loci("import", "--format", "turns", str(data), "--graph-prefix", "x-", "--json")).lines
    assert [done["skipped_chunk_count"] for done in again] == [1, 1]
    (stats,) = (loci("graphs", "stats", "x-g", "--json")).lines
    assert (stats["node_count"], stats["edge_count"], stats["revision"]) == ("7", "7", "1")


def test_retrieval_is_measured_in_a_tenant_that_is_gone_afterwards(operator: Loci, tmp_path: Path) -> None:
    before = {tenant["name"] for tenant in (operator("tenants", "list", "--json")).lines}
    (result,) = (
        operator("eval", "retrieval", str(conversation(tmp_path)), "--mode", "lexical", "--k", "1,3", "--json")
    ).lines
    assert result["overall"] == {
        "queries": 3,
        "turn_recall@1": 1.0,
        "turn_recall@3": 1.0,
        "turn_all@1": 1.0,
        "turn_all@3": 1.0,
        "ndcg@10": 1.0,
        "session_all@1": 1.0,
        "session_all@3": 1.0,
        "session_ndcg@10": 1.0,
    }
    assert {name: found["queries"] for name, found in result["categories"].items()} == {"easy": 2, "other": 1}
    assert (result["turns"], result["queries"]) == (4, 4)
    after = {tenant["name"] for tenant in (operator("tenants", "list", "--json")).lines}
    assert not {name for name in after - before if name.startswith("tenants/eval-")}


def test_errors_are_one_line_with_reason_and_advice(loci: Loci, server: RunningServer) -> None:
    assert (loci.fails("node", "get", "nowhere", "n")).startswith("error: GRAPH_NOT_FOUND: There is no")
    stranger = Loci({"LOCI_ADDRESS": server.address, "LOCI_API_KEY": "loci_nonsense"})
    assert (stranger.fails("graphs", "list")).startswith("error: CREDENTIAL_INVALID")
    nobody = Loci({"LOCI_ADDRESS": server.address, "LOCI_DATA_DIR": "/nonexistent"})
    assert "no API key" in nobody.fails("graphs", "list")


def test_a_reader_that_leaves_early_hears_nothing_more(loci: Loci, tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text(
        "".join(json.dumps({"node": {"name": f"nodes/{n}", "text": "x" * 2000}}) + "\n" for n in range(500))
    )
    loci("import", "g", str(path), "--create")
    with loci.begin("export", "g") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(LIMIT) == 1


def test_an_interruption_is_quiet_and_ends_with_130(loci: Loci) -> None:
    loci("graphs", "create", "g")
    with loci.begin("import", "g", "-") as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(b"".join(b'{"node": {"name": "nodes/%d"}}\n' % n for n in range(5000)))
        process.stdin.flush()
        until(lambda: "node_count" in loci("graphs", "stats", "g", "--json").out)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode()
        assert process.wait(LIMIT) == 130
    assert said.splitlines()[-1] == "interrupted"
    assert "--import-id" in said
    assert "Traceback" not in said


def test_a_torn_export_goes_on_where_it_was(loci: Loci, tmp_path: Path) -> None:
    source, out, notes = (tmp_path / name for name in ("many.jsonl", "out.jsonl", "out.jsonl.resume"))
    source.write_text("".join(json.dumps({"node": {"name": f"nodes/n{n:04}"}}) + "\n" for n in range(1200)))
    loci("import", "g", str(source), "--create")
    assert "no interrupted export" in loci.fails("export", "g", "--out", str(out), "--resume")
    with loci.begin("export", "g", "--out", str(out)) as process:
        until(lambda: notes.exists() or out.exists(), pause=0.001)
        process.kill()
        process.communicate()
    if not out.exists():
        with (tmp_path / "out.jsonl.partial").open("a") as torn:
            torn.write('{"node": {"na')
        loci("export", "g", "--out", str(out), "--resume")
    names = [json.loads(line)["node"]["name"] for line in out.read_text().splitlines()]
    assert names == [f"graphs/g/nodes/n{n:04}" for n in range(1200)]
    assert {path.name for path in tmp_path.glob("out*")} == {"out.jsonl"}


def test_the_doctor_finds_a_healthy_installation_healthy(server: RunningServer, operator: Loci) -> None:
    assert server.database_url is not None
    here = Loci(operator.environment | {"LOCI_DATABASE_URL": server.database_url, "LOCI_EMBEDDER": "none"})
    found = {(line["check"], line["mark"]) for line in (here("doctor", "--json")).lines}
    for check in ("python", "keyring", "database", "pgvector", "migrations", "fences", "server", "api key"):
        assert (check, "ok") in found
    assert "problem" not in {mark for _, mark in found}


def test_the_doctor_says_what_is_wrong(server: RunningServer, empty_url: str, tmp_path: Path) -> None:
    assert server.database_url is not None
    (tmp_path / "api-key").write_text("loci_nonsense")
    (tmp_path / "api-key").chmod(0o644)
    wrong = Loci(
        {
            "LOCI_ADDRESS": server.address,
            "LOCI_DATA_DIR": str(tmp_path),
            "LOCI_EMBEDDER": "none",
            "LOCI_DATABASE_URL": server.database_url,
        }
    )
    done = wrong.any("doctor", "--json")
    assert done.code == 1
    problems = " ".join(line["message"] for line in done.lines if line["mark"] == "problem")
    assert "keyring is missing" in problems
    assert f"chmod 600 {tmp_path / 'api-key'}" in problems
    assert "refuses the API key" in problems

    behind = Loci(wrong.environment | {"LOCI_DATABASE_URL": empty_url})
    assert ("migrations", "warning") in {
        (line["check"], line["mark"]) for line in (behind.any("doctor", "--json")).lines
    }


def test_migrations_are_shown_and_applied(empty_url: str) -> None:
    url = empty_url
    loci = Loci({})
    states = [row["state"] for row in (loci("migrate", "--status", "--json", "--database-url", url)).lines]
    assert set(states) == {"pending"}
    applied = (loci("migrate", "--json", "--database-url", url)).lines
    assert [row["state"] for row in applied] == ["applied"] * len(states)
    assert (loci("migrate", "--json", "--database-url", url)).lines == []
    assert "up to date" in (loci("migrate", "--status", "--database-url", url)).err


def test_a_database_that_is_away_is_said_in_one_line() -> None:
    said = Loci({}).fails("migrate", "--status", "--database-url", "postgresql://nobody@127.0.0.1:1/none")
    assert said.startswith("error: ")
    assert "refused" in said or "Connect call failed" in said


def test_the_audit_is_listed_exported_and_verified(loci: Loci, operator: Loci, tmp_path: Path) -> None:
    loci("graphs", "create", "g")
    loci("node", "create", "g", "ann")
    assert "there is no graphs/none" in loci.fails("graphs", "get", "none").lower()
    listed = loci("audit", "list", "--json").lines
    assert [entry["method"].rpartition("/")[2] for entry in listed] == [
        *("GetGraph", "CreateNode", "CreateGraph", "CreateApiKey", "CreateTenant")
    ]
    assert "GRAPH_NOT_FOUND" in loci("audit", "list", "--outcome", "refused").out
    (made,) = loci("audit", "list", "--resource", "graphs/g/nodes/ann", "--json").lines
    assert (made["revision"], made["peer"]) == ("1", "127.0.0.1")
    assert len(loci("audit", "list", "--key", made["api_key"], "--oldest-first", "--limit", "2", "--json").lines) == 2
    assert loci("audit", "list", "--since", "2999-01-01").err.strip() == "There is no such entry."

    out = tmp_path / "audit.jsonl"
    anchor = loci("audit", "export", "--out", str(out)).err.split()[-1]
    assert [json.loads(line) for line in out.read_text().splitlines()] == listed[::-1]
    assert [entry["sequence"] for entry in loci("audit", "export", "--after", "3").lines] == ["4", "5"]
    loci("node", "create", "g", "bob")
    assert "6 entries" in loci("audit", "verify", "--anchor", anchor).out
    (found,) = loci("audit", "verify", "--anchor", anchor, "--json").lines
    assert (found["verified_count"], found["anchor_met"]) == ("6", True)
    sequence, mac = anchor.split(":")
    wrong = f"{sequence}:{'00' * len(bytes.fromhex(mac))}"
    assert "does not go on from the anchor" in loci.fails("audit", "verify", "--anchor", wrong)
    assert loci.any("audit", "verify", "--anchor", "nonsense").code == 2
    assert "checked" in operator("audit", "verify", "--tenant", "installation").out
    assert "SCOPE_MISSING" in loci.any("audit", "list", "--tenant", "installation").err
