"""Random commits do to a graph what they do to a few dicts in memory."""

import asyncio
import uuid
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loci import Client, errors, names, properties
from loci.mutations import (
    create_edge,
    create_node,
    delete_edge,
    delete_node,
    rename_node,
    update_edge,
    update_node,
)
from loci.v1.commit_service_pb2 import Mutation
from loci_server.domain.ids import derived_edge_id
from tests.server import RunningServer

WORDS = ("apple", "pear", "plum")
IDS = st.sampled_from("abc")
RELATIONS = st.sampled_from("RS")
FIELDS = st.fixed_dictionaries(
    {}, optional={"label": st.sampled_from(WORDS), "properties": st.dictionaries(IDS, st.sampled_from([1, "x", None]))}
)
STEP = st.one_of(
    st.tuples(st.just("create_node"), IDS, FIELDS),
    st.tuples(st.just("update_node"), IDS, FIELDS, st.booleans()),
    st.tuples(st.just("delete_node"), IDS, st.booleans()),
    st.tuples(st.just("rename_node"), IDS, IDS),
    st.tuples(st.just("create_edge"), IDS, RELATIONS, IDS, st.sampled_from(["", "", "mine"])),
    st.tuples(st.just("update_edge"), IDS, RELATIONS, IDS, st.floats(-9, 9), st.booleans()),
    st.tuples(st.just("delete_edge"), IDS, RELATIONS, IDS, st.booleans()),
)
REFUSALS = (errors.NotFound, errors.AlreadyExists, errors.EndpointMissing, errors.SelfEdge)
COMMITS = st.lists(st.lists(STEP, min_size=1, max_size=8), min_size=1, max_size=8)


class Refused(Exception):
    """The model does not allow it."""


@dataclass
class Model:
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    edges: dict[str, tuple[str, str, str, float]] = field(default_factory=dict)

    def apply(self, step: Sequence[Any]) -> None:
        getattr(self, step[0])(*step[1:])

    def create_node(self, id: str, fields: dict[str, Any]) -> None:
        refuse(id in self.nodes)
        self.nodes[id] = {"label": fields.get("label", ""), "properties": dict(fields.get("properties", {}))}

    def update_node(self, id: str, fields: dict[str, Any], allow_missing: bool) -> None:
        refuse(id not in self.nodes and not allow_missing)
        node = self.nodes.setdefault(id, {"label": "", "properties": {}})
        node["label"] = fields.get("label", node["label"])
        for key, value in fields.get("properties", {}).items():
            if value is None:
                node["properties"].pop(key, None)
            else:
                node["properties"][key] = value

    def delete_node(self, id: str, allow_missing: bool) -> None:
        refuse(id not in self.nodes and not allow_missing)
        self.nodes.pop(id, None)
        self.edges = {edge: ends for edge, ends in self.edges.items() if id not in (ends[0], ends[2])}

    def rename_node(self, id: str, new: str) -> None:
        refuse(id not in self.nodes or new in self.nodes)
        self.nodes[new] = self.nodes.pop(id)
        for edge, (source, relation, target, weight) in list(self.edges.items()):
            if id in (source, target):
                del self.edges[edge]
                derived = edge == derived_edge_id(source, relation, target)
                source, target = (new if end == id else end for end in (source, target))
                if derived:
                    edge = derived_edge_id(source, relation, target)
                self.edges[edge] = (source, relation, target, weight)

    def create_edge(self, source: str, relation: str, target: str, id: str) -> None:
        edge = id or derived_edge_id(source, relation, target)
        refuse(source == target or edge in self.edges)
        refuse(source not in self.nodes or target not in self.nodes)
        self.edges[edge] = (source, relation, target, 1.0)

    def update_edge(self, source: str, relation: str, target: str, weight: float, allow_missing: bool) -> None:
        edge = derived_edge_id(source, relation, target)
        if edge not in self.edges:
            refuse(not allow_missing)
            self.create_edge(source, relation, target, "")
        self.edges[edge] = (source, relation, target, weight)

    def delete_edge(self, source: str, relation: str, target: str, allow_missing: bool) -> None:
        edge = derived_edge_id(source, relation, target)
        refuse(edge not in self.edges and not allow_missing)
        self.edges.pop(edge, None)


def refuse(condition: bool) -> None:
    if condition:
        raise Refused


def mutation(step: Sequence[Any]) -> Mutation:
    match step:
        case "create_node", id, fields:
            return create_node(id, **fields)
        case "update_node", id, fields, allow:
            return update_node(id, allow_missing=allow, **fields)
        case "delete_node", id, allow:
            return delete_node(id, allow_missing=allow)
        case "rename_node", id, new:
            return rename_node(id, new)
        case "create_edge", source, relation, target, id:
            return create_edge(source, relation, target, id=id)
        case "update_edge", source, relation, target, weight, allow:
            return update_edge(source=source, relation=relation, target=target, weight=weight, allow_missing=allow)
        case _, source, relation, target, allow:
            return delete_edge(derived_edge_id(source, relation, target), allow_missing=allow)
    raise AssertionError(step)


@pytest.fixture(scope="module")
async def api_key(server: RunningServer) -> str:
    async with server.client() as operator:
        tenant = f"model-{uuid.uuid4().hex[:8]}"
        await operator.create_tenant(tenant)
        return (await operator.create_api_key(["admin"], tenant=tenant)).secret


async def test_random_commits_do_what_they_do_to_a_model(server: RunningServer, api_key: str) -> None:
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(COMMITS)
    def holds(commits: list[list[Sequence[Any]]]) -> None:
        with Client(server.address, api_key=api_key) as client:
            run(client, commits)

    await asyncio.to_thread(holds)


def run(client: Client, commits: list[list[Sequence[Any]]]) -> None:
    graph = names.id_of(client.create_graph().name)
    model, revision = Model(), 0
    for commit in commits:
        wanted: Model | None = deepcopy(model)
        try:
            for step in commit:
                assert wanted is not None
                wanted.apply(step)
        except Refused:
            wanted = None
        mutations = [mutation(step) for step in commit]
        if wanted is None:
            with pytest.raises(REFUSALS):
                client.commit(graph, mutations)
        else:
            answer = client.commit(graph, mutations)
            assert answer.revision in ({revision + 1} if wanted != model else {0, revision + 1})
            model, revision = wanted, max(revision, answer.revision)
        compare(client, graph, model, revision)


def compare(client: Client, graph: str, model: Model, revision: int) -> None:
    nodes = {names.id_of(node.name): node for node in client.list_nodes(graph)}
    edges = {names.id_of(edge.name): edge for edge in client.list_edges(graph)}
    exported = list(client.export_items(graph))
    assert {id: {"label": n.label, "properties": properties(n)} for id, n in nodes.items()} == model.nodes
    assert {id: (e.source, e.relation, e.target, e.weight) for id, e in edges.items()} == model.edges
    assert [item.node for item in exported if item.HasField("node")] == list(nodes.values())
    assert [item.edge for item in exported if item.HasField("edge")] == list(edges.values())
    stats = client.get_graph_stats(graph)
    documents = sum(bool(node["label"]) for node in model.nodes.values())
    assert (stats.revision, stats.node_count, stats.edge_count) == (revision, len(nodes), len(edges))
    assert stats.document_count == documents
    for word in WORDS:
        found = {names.id_of(hit.node.name) for hit in client.search(graph, word, mode="lexical").hits}
        assert found == {id for id, node in model.nodes.items() if node["label"] == word}
    for value in (1, "x"):
        listed = {names.id_of(n.name) for n in client.list_nodes(graph, filter={"properties": {"a": value}})}
        assert listed == {id for id, node in model.nodes.items() if node["properties"].get("a") == value}
