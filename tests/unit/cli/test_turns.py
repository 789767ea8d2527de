"""Conversations in the format `turns` become nodes and edges; what is wrong is said with file and line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci import properties
from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.cli import turns
from loci_server.cli.jsonl import BadLine
from loci_server.cli.turns import Turn, by_graph, import_id, item_count, items, read_turns, turn_id
from loci_server.domain.conversations import session_id

Write = Callable[..., Path]


def line(**changes: Any) -> dict[str, Any]:
    whole = {
        "graph": "g",
        "session": "s1",
        "id": "t1",
        "speaker": "Ann",
        "time": "2023-05-08T13:56:00Z",
        "text": "Hello",
    }
    return {name: value for name, value in (whole | changes).items() if value is not ...}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(*lines: Any) -> Path:
        path = tmp_path / "turns.jsonl"
        path.write_bytes(b"".join(given if isinstance(given, bytes) else _encoded(given) for given in lines))
        return path

    return written


def _encoded(given: Any) -> bytes:
    return json.dumps(given).encode() + b"\n"


def read(path: Path) -> list[Turn]:
    return list(read_turns(path))


CONVERSATION = (
    line(),
    line(id="t2", speaker="Bob", time="2023-05-08T13:57:00+02:00", text="Hi Ann"),
    line(id="t3", session="s2", time="2023-05-09T08:00:00Z", text="Good morning"),
    line(id="t4", text="One more thing"),
    line(graph="h", id="t1", speaker="", text=""),
)


def test_each_graph_has_its_own_turns(write: Write) -> None:
    found = by_graph(read(write(*CONVERSATION)))
    assert {graph: [turn.id for turn in spoken] for graph, spoken in found.items()} == {
        "g": ["t1", "t2", "t3", "t4"],
        "h": ["t1"],
    }


def test_turns_sessions_and_speakers_are_nodes(write: Write) -> None:
    spoken = by_graph(read(write(*CONVERSATION)))["g"]
    nodes = {item.name: item for item in items(spoken) if isinstance(item, Node)}
    assert {name: node.type for name, node in nodes.items()} == {
        "nodes/session:s1": "session",
        "nodes/session:s2": "session",
        "nodes/speaker:Ann": "person",
        "nodes/speaker:Bob": "person",
        "nodes/t1": "turn",
        "nodes/t2": "turn",
        "nodes/t3": "turn",
        "nodes/t4": "turn",
    }
    turn = nodes["nodes/t2"]
    assert (turn.text, turn.event_time.ToJsonString()) == ("Hi Ann", "2023-05-08T11:57:00Z")
    assert properties(turn) == {"session": "s1", "speaker": "Bob"}


def test_edges_hold_order_session_and_speaker(write: Write) -> None:
    spoken = by_graph(read(write(*CONVERSATION)))["g"]
    edges = [(item.source, item.relation, item.target) for item in items(spoken) if isinstance(item, Edge)]
    assert [edge for edge in edges if edge[1] == "NEXT"] == [("t1", "NEXT", "t2"), ("t2", "NEXT", "t4")]
    assert ("t3", "IN_SESSION", "session:s2") in edges
    assert ("t3", "SPEAKER", "speaker:Ann") in edges
    assert len(edges) == 2 + 4 + 4


def test_nodes_come_before_the_edges_at_them(write: Write) -> None:
    for spoken in by_graph(read(write(*CONVERSATION))).values():
        known: set[str] = set()
        for item in items(spoken):
            if isinstance(item, Node):
                known.add(item.name.removeprefix("nodes/"))
            else:
                assert {item.source, item.target} <= known


def test_items_are_counted_without_being_made(write: Write) -> None:
    for spoken in by_graph(read(write(*CONVERSATION))).values():
        assert item_count(spoken) == len(list(items(spoken)))


def test_the_import_id_is_that_of_the_content(write: Write) -> None:
    spoken = read(write(*CONVERSATION))
    assert import_id(spoken, 1000) == import_id(list(spoken), 1000)
    assert import_id(spoken, 1000) != import_id(spoken, 500)
    assert import_id(spoken, 1000) != import_id(spoken[:-1], 1000)
    assert len(import_id(spoken, 1000)) <= 128


def test_a_data_set_may_be_given_as_its_folder(write: Write) -> None:
    path = write(line())
    assert turns.turns_file(path.parent) == path
    assert turns.turns_file(path) == path


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (line(id=...), "the field 'id' is missing"),
        (line(text=...), "the field 'text' is missing"),
        (line(graph=""), "'graph' is empty"),
        (line(session=5), "'session' is not a string"),
        (line(text=None), "'text' is not a string"),
        (line(text="\ud800"), "'text' holds half of a surrogate pair"),
        (line(time="yesterday"), "'time' is not RFC 3339: 'yesterday'"),
        (line(time="2023-02-30T00:00:00Z"), "'time' is not RFC 3339"),
        (line(time="2023-05-08T13:56:00"), "'time' has no zone"),
        (line(id="x" * 257), "'id' is too long"),
        (line(graph="x" * 129), "'graph' is too long"),
        (line(speaker="ä" * 125), "'speaker' is too long"),
        (line(id="session:s1"), "'id' must not begin with 'session:' or 'speaker:'"),
        ([1], "not a JSON object"),
        (b"{\n", "not JSON"),
        (b"\xff\n", "not UTF-8"),
    ],
)
def test_a_bad_line_is_named(write: Write, wrong: Any, message: str) -> None:
    path = write(line(id="before"), wrong)
    with pytest.raises(BadLine) as error:
        read(path)
    assert str(error.value).startswith(f"{path}:2: {message}")


def test_a_turn_that_comes_twice_names_both_lines(write: Write) -> None:
    with pytest.raises(BadLine, match=r"turns\.jsonl:3: the turn 't1' is already in line 1"):
        read(write(line(), line(id="t2"), line(text="again")))


def test_the_same_turn_id_in_two_graphs_is_two_turns(write: Write) -> None:
    assert len(read(write(line(), line(graph="other")))) == 2


def test_empty_lines_and_a_byte_order_mark_do_no_harm(write: Write) -> None:
    assert len(read(write(b"\xef\xbb\xbf", line(), b"\n", line(id="t2")))) == 2


def test_ids_hold_what_names_cannot() -> None:
    assert turn_id("D1:3") == "D1:3"
    assert turn_id("conv/1\n") == "conv%2F1%0A"
    assert turn_id("100%") == "100%25"
    assert session_id("a/b") == "session:a%2Fb"


@given(st.text(min_size=1), st.text(min_size=1))
def test_two_texts_never_become_one_id(first: str, second: str) -> None:
    assert (turn_id(first) == turn_id(second)) == (first == second)
    assert "/" not in turn_id(first)


def test_a_conversation_may_be_called_what_no_graph_can_be() -> None:
    assert [turns.graph_id(name) for name in ("-", ".", "..", "a-")] == ["%2D", "%2E", "%2E%2E", "a-"]
    assert turns.graph_id("-", "mine-") == "mine--"
