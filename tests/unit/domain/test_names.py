"""Names: what is read back is what was written, and nothing else is taken."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loci_server.domain import names
from loci_server.errors import InvalidName

SECRET = "s3cret"


def _allowed(value: str) -> bool:
    return value.strip() == value and value not in (".", "..") and len(value.encode()) <= 128


ids = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="/"), min_size=1).filter(
    _allowed
)


@given(ids.filter(lambda graph: graph != "-"), ids)
def test_a_formatted_name_parses_to_its_ids(graph: str, item: str) -> None:
    assert names.parse_graph(names.graph_name(graph)) == graph
    assert names.parse_node(names.node_name(graph, item)) == (graph, item)
    assert names.parse_edge(names.edge_name(graph, item)) == (graph, item)
    assert names.parse_entity(names.node_name(graph, item)) == ("node", graph, item)
    assert names.parse_entity(names.edge_name(graph, item)) == ("edge", graph, item)


@given(st.text())
def test_any_text_is_a_name_or_a_typed_error(text: str) -> None:
    for parse in (names.parse_graph, names.parse_node, names.parse_edge, names.parse_tenant, names.parse_api_key):
        for name in (text, f"graphs/{text}", f"graphs/{text}/nodes/{text}", f"tenants/{text}"):
            with contextlib.suppress(InvalidName):
                parse(name)


@pytest.mark.parametrize(
    "value",
    ["", ".", "..", " a", "a ", "a\u00a0", "a/b", "a\nb", "a\0", "\x7f", "a\u0085b", "a\u2028b", "a\u2029b", "\ud800"],
)
def test_an_id_that_would_confuse_is_refused(value: str) -> None:
    with pytest.raises(InvalidName):
        names.check_id(value, "name", 256)


@pytest.mark.parametrize("value", ["a b", "person:alice", "a.b", "...", "日本", "😀", "a\u200db", "-", "A%2F"])
def test_an_id_may_be_any_other_text(value: str) -> None:
    assert names.check_id(value, "name", 256) == value


def test_no_graph_has_the_name_that_stands_for_all() -> None:
    with pytest.raises(InvalidName):
        names.check_graph_id("-", "graph_id")
    with pytest.raises(InvalidName):
        names.parse_graph(names.ALL_GRAPHS)
    for name in (names.node_name("-", "n"), names.edge_name("-", "e")):
        with pytest.raises(InvalidName):
            names.parse_entity(name)
    assert names.parse_node("graphs/--/nodes/-") == ("--", "-")


def test_an_id_is_measured_in_bytes() -> None:
    assert names.check_id("é" * 128, "name", 256)
    with pytest.raises(InvalidName):
        names.check_id("é" * 129, "name", 256)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "graphs",
        "graphs/",
        "graphs/g/",
        "/graphs/g",
        "Graphs/g",
        "graphs/g/nodes",
        "graphs/g/nodes/",
        "graphs//nodes/n",
    ],
)
def test_a_malformed_name_is_refused(name: str) -> None:
    for parse in (names.parse_graph, names.parse_node, names.parse_edge):
        with pytest.raises(InvalidName):
            parse(name)


def test_an_error_names_the_field_and_never_repeats_the_value() -> None:
    for name in (SECRET, f"graphs/{SECRET}\n", f"graphs/{SECRET * 99}", f"graphs/ {SECRET}"):
        with pytest.raises(InvalidName) as caught:
            names.parse_graph(name, "parent")
        assert caught.value.message.startswith("parent: ")
        assert SECRET not in caught.value.message


def test_a_tenant_is_lower_case_letters_digits_and_hyphens() -> None:
    assert names.parse_tenant(names.tenant_name("acme-2")) == "acme-2"
    assert names.parse_api_key(names.api_key_name("acme", "k1")) == ("acme", "k1")
    for bad in ("", "2acme", "-acme", "Acme", "ácme", "a_b", "a" * 65, "-"):
        with pytest.raises(InvalidName):
            names.parse_tenant(f"tenants/{bad}")


def test_the_own_tenant_is_a_hyphen_where_it_is_allowed() -> None:
    assert names.parse_tenant("tenants/-", allow_own=True) == names.OWN_TENANT
    assert names.parse_api_key("tenants/-/apiKeys/k", allow_own=True) == (names.OWN_TENANT, "k")
