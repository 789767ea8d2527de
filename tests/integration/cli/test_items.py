"""What the command writes it reads, finds, changes and removes."""

import stat
from pathlib import Path

from tests.command import Loci


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


def test_what_is_searched_of_a_graph_is_chosen_and_shown(loci: Loci) -> None:
    made = loci("graphs", "create", "g", "--search-property", "plot", "--label-weight", "3").out
    assert "label ×3, text ×1, property plot ×1" in made
    loci("node", "create", "g", "film", "--label", "Casablanca", "-p", "plot=A man meets his love again")
    assert "film" in loci("search", "g", "meets love").out
    changed = loci(
        "graphs", "update", "g", "--name", "Films", "--search-property", "cast", "--property-weight", "2"
    ).out
    assert "Films" in changed
    assert "property cast ×2" in changed
    assert "plot" not in changed
    assert "property" not in loci("graphs", "update", "g", "--plain-search").out
    assert loci("graphs", "get", "g", "--json").lines[0]["display_name"] == "Films"
    for wrong in ((), ("--plain-search", "--text-weight", "2"), ("--text-weight", "11")):
        assert loci.any("graphs", "update", "g", *wrong).code == 2


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


def test_a_key_is_limited_to_graphs_and_rotated(loci: Loci, tmp_path: Path) -> None:
    for graph in ("ann", "bob", "team-1"):
        loci("graphs", "create", graph)
    options = ("--scope", "write", "--graph", "ann", "--graph", "team-*")
    (made,) = loci("keys", "create", *options, "--json").lines
    limited = Loci(loci.environment | {"LOCI_API_KEY": made["secret"]})
    assert [graph["name"] for graph in limited("graphs", "list", "--json").lines] == ["graphs/ann", "graphs/team-1"]
    assert "GRAPH_NOT_GRANTED" in limited.fails("node", "create", "bob", "a")
    path = tmp_path / "next"
    rotated = loci("keys", "rotate", made["api_key"]["name"], "--overlap", "1h", "--out", str(path))
    assert "ann, team-*" in rotated.out
    assert path.read_text().strip() not in rotated.out + rotated.err
    successor = Loci(loci.environment | {"LOCI_API_KEY": path.read_text().strip()})
    successor("node", "create", "ann", "a")
    limited("node", "get", "ann", "a")
    (again,) = loci("keys", "rotate", made["api_key"]["name"], "--overlap", "0s", "--json").lines
    assert again["replaced"]["name"] == made["api_key"]["name"]
    assert loci.any("keys", "rotate", made["api_key"]["name"], "--overlap", "soon").code == 2
    assert "API_KEY_ENDED" in loci.fails("keys", "rotate", made["api_key"]["name"])


def test_a_quota_is_set_and_shown(loci: Loci, operator: Loci) -> None:
    # Told by the operator: a tenant that has made a call is known with its quota for some seconds.
    listed = [tenant["name"].removeprefix("tenants/") for tenant in operator("tenants", "list", "--json").lines]
    (tenant,) = [name for name in listed if name.startswith("cli-")]
    (set_,) = operator("tenants", "update", tenant, "--max-nodes", "1", "--max-graphs", "7", "--json").lines
    assert set_["quota"]["max_nodes"] == "1"
    loci("graphs", "create", "g")
    loci("node", "create", "g", "a")
    assert "QUOTA_EXCEEDED" in loci.fails("node", "create", "g", "b")
    assert "1 of 1" in loci("tenants", "usage").out
    assert "1 of 7" in operator("tenants", "usage", tenant).out
    (cleared,) = operator("tenants", "update", tenant, "--max-nodes", "default", "--name", "New", "--json").lines
    assert cleared["quota"] == {"max_graphs": "7"}
    assert cleared["display_name"] == "New"
    assert operator.any("tenants", "update", tenant).code == 2
    assert operator.any("tenants", "update", tenant, "--max-nodes", "many").code == 2


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
