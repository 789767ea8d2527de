"""What the command exports it imports; what is torn or interrupted goes on where it was."""

import json
import signal
import stat
from pathlib import Path
from typing import Any

from tests.command import LIMIT, Loci, until


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
