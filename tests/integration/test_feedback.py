"""Judgements are recorded once, follow their nodes, and are counted."""

import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from loci import AsyncClient, errors, mutations
from loci.v1.feedback_pb2 import (
    FEEDBACK_KIND_HELPFUL,
    FEEDBACK_KIND_MISSED,
    FEEDBACK_KIND_UNHELPFUL,
    Feedback,
    FeedbackCounts,
    NodeFeedback,
)
from loci.v1.search_service_pb2 import SEARCH_PROFILE_FUZZY, SEARCH_PROFILE_UNSPECIFIED
from tests.calls import collect
from tests.server import RunningServer, new_tenant
from tests.sharing import another_server


@pytest.fixture(autouse=True)
async def graph(client: AsyncClient) -> str:
    await client.create_graph("g")
    await client.commit("g", [mutations.create_node(id, text="The kettle is copper.") for id in "abc"])
    return "g"


def counts(helpful: int, unhelpful: int, missed: int) -> FeedbackCounts:
    return FeedbackCounts(helpful_count=helpful, unhelpful_count=unhelpful, missed_count=missed)


async def given(client: AsyncClient, **more: Any) -> list[Feedback]:
    return await collect(client.list_feedback("g", **more))


async def test_it_is_listed_as_it_was_given_latest_first(client: AsyncClient) -> None:
    answer = await client.recall("g", "kettle", profile="fuzzy")
    first = await client.give_feedback(
        "g", "helpful", query_id=answer.query_id, node="a", comment="Just what I sought."
    )
    second = await client.give_feedback("g", "missed", node="b")
    assert (first.kind, first.node_name, first.comment) == (
        FEEDBACK_KIND_HELPFUL,
        "graphs/g/nodes/a",
        "Just what I sought.",
    )
    assert (first.query_id, first.profile) == (answer.query_id, SEARCH_PROFILE_FUZZY)
    assert first.name.startswith("graphs/g/feedback/")
    assert first.api_key == (await collect(client.list_api_keys()))[0].name
    assert (second.kind, second.node_name, second.query_id) == (FEEDBACK_KIND_MISSED, "graphs/g/nodes/b", "")
    assert await given(client) == [second, first]
    assert await given(client, page_size=1) == [second, first]
    moment = second.create_time.ToDatetime(UTC)
    assert await given(client, time=(moment, None)) == [second]
    assert await given(client, time=(None, moment)) == [first]


async def test_a_repeat_is_recorded_once_and_gets_the_first_answer(client: AsyncClient) -> None:
    first = await client.give_feedback("g", "unhelpful", node="a", comment="No.", request_id="one")
    assert await client.give_feedback("g", "unhelpful", node="a", comment="No.", request_id="one") == first
    with pytest.raises(errors.RequestIdReused):
        await client.give_feedback("g", "unhelpful", node="a", comment="No!", request_id="one")
    assert await given(client) == [first]
    (found,) = (await client.batch_get_salience("g", ["a"])).saliences
    assert (found.unhelpful_count, found.feedback, found.value) == (1, -0.05, 0.45)


async def test_it_is_about_nodes_that_are_there(client: AsyncClient) -> None:
    with pytest.raises(errors.NodeNotFound):
        await client.give_feedback("g", "helpful", node="none", request_id="one")
    await client.create_node("g", "none")
    await client.give_feedback("g", "helpful", node="none", request_id="one")


@pytest.mark.parametrize("kind", ["helpful", "unhelpful", "missed"])
async def test_it_is_about_an_answer_or_a_memory(client: AsyncClient, kind: Any) -> None:
    with pytest.raises(errors.InvalidField) as caught:
        await client.give_feedback("g", kind, comment="It was good.")
    assert [violation.field for violation in caught.value.violations] == ["query_id"]
    assert "node_name" in caught.value.message
    assert await given(client) == []


async def test_it_is_about_an_answer_of_its_graph(client: AsyncClient) -> None:
    await client.create_graph("h")
    other = (await client.recall("h", "kettle")).query_id
    for query in ("00000000-0000-4000-8000-000000000000", "ffffffff-ffff-7fff-bfff-ffffffffffff", other):
        with pytest.raises(errors.QueryNotFound) as caught:
            await client.give_feedback("g", "helpful", query_id=query)
        assert caught.value.resource == f"graphs/g/queries/{query}"
        assert [violation.field for violation in caught.value.violations] == ["query_id"]
    both = (await client.recall(["g", "h"], "kettle")).query_id
    for graph in "gh":
        assert (await client.give_feedback(graph, "missed", query_id=both)).query_id == both
    mine = (await client.search("g", "kettle")).query_id
    first = await client.give_feedback("g", "helpful", query_id=mine, request_id="one")
    await collect(client.list_queries("g"))  # which has all of it written
    await client.update_graph("g", query_history=False)  # which removes what there is
    assert (await client.give_feedback("g", "helpful", query_id=other)).profile == SEARCH_PROFILE_UNSPECIFIED
    await client.update_graph("g", query_history=True)
    assert await client.give_feedback("g", "helpful", query_id=mine, request_id="one") == first
    with pytest.raises(errors.QueryNotFound):
        await client.give_feedback("g", "helpful", query_id=mine, request_id="two")


async def test_an_answer_of_another_server_is_waited_for(client: AsyncClient, server: RunningServer) -> None:
    key = (await client.create_api_key(["admin"])).secret
    async with another_server(server) as other, other.client(key) as elsewhere:
        asked = (await elsewhere.search("g", "kettle", profile="fuzzy")).query_id
        found = await client.give_feedback("g", "helpful", query_id=asked)
        assert found.profile == SEARCH_PROFILE_FUZZY


async def test_a_query_of_the_future_is_not_there_and_is_not_waited_for(client: AsyncClient) -> None:
    soon = int((time.time() + 5.5) * 1000)
    begun = time.monotonic()
    with pytest.raises(errors.QueryNotFound):
        await client.give_feedback("g", "helpful", query_id=str(UUID(int=soon << 80 | 7 << 76 | 2 << 62)))
    assert time.monotonic() - begun < 3


async def test_it_is_counted_by_kind_profile_and_node(client: AsyncClient) -> None:
    fuzzy = (await client.recall("g", "kettle", profile="fuzzy")).query_id
    searched = (await client.search("g", "kettle", mode="lexical")).query_id
    before = datetime.now(UTC)
    for kind, node, query in (
        ("helpful", "a", fuzzy),
        ("helpful", "a", ""),
        ("helpful", "b", fuzzy),
        ("unhelpful", "b", fuzzy),
        ("unhelpful", "b", searched),
        ("unhelpful", "c", ""),
        ("missed", "", searched),
        ("missed", "c", ""),
    ):
        await client.give_feedback("g", kind, node=node, query_id=query)  # type: ignore[arg-type]
    summary = await client.summarize_feedback("g")
    assert summary.counts == counts(3, 3, 2)
    assert [(one.profile, one.counts) for one in summary.profiles] == [
        (SEARCH_PROFILE_UNSPECIFIED, counts(1, 2, 2)),
        (SEARCH_PROFILE_FUZZY, counts(2, 1, 0)),
    ]
    a, b, c = (
        NodeFeedback(node_name=f"graphs/g/nodes/{id}", counts=counts(*found))
        for id, found in (("a", (2, 0, 0)), ("b", (1, 2, 0)), ("c", (0, 1, 1)))
    )
    assert list(summary.most_helpful) == [a, b]
    assert list(summary.most_unhelpful) == [b, c]
    assert list(summary.most_missed) == [c]
    top = await client.summarize_feedback("g", max_nodes=1)
    assert [list(nodes) for nodes in (top.most_helpful, top.most_unhelpful, top.most_missed)] == [[a], [b], [c]]
    assert (await client.summarize_feedback("g", time=(None, before))).counts == counts(0, 0, 0)


async def test_it_follows_a_rename_and_a_hard_delete_leaves_the_count_alone(
    client: AsyncClient, server: RunningServer
) -> None:
    await client.give_feedback("g", "helpful", node="a", comment="About a.", request_id="one")
    await client.rename_node("g", "a", "z")
    (found,) = await given(client)
    assert (found.node_name, found.comment) == ("graphs/g/nodes/z", "About a.")
    await client.delete_node("g", "z")
    assert (await given(client))[0].comment == "About a.", "a soft delete leaves what was said"
    await client.delete_node("g", "z", hard=True)
    (found,) = await given(client)
    assert (found.kind, found.node_name, found.comment) == (FEEDBACK_KIND_HELPFUL, "", "")
    assert (await client.summarize_feedback("g")).counts == counts(1, 0, 0)
    assert not (await client.summarize_feedback("g")).most_helpful
    connection = await asyncpg.connect(server.database_url)
    try:
        keys = "SELECT graph_key FROM loci.graphs g JOIN loci.tenants t USING (tenant_key) WHERE t.tenant_id = $1"
        tenant = (await collect(client.list_api_keys()))[0].name.split("/")[1]
        for (row,) in await connection.fetch(
            f"SELECT f::text FROM loci.feedback f WHERE graph_key IN ({keys}) "
            f"UNION ALL SELECT u::text FROM loci.node_uses u WHERE graph_key IN ({keys})",
            tenant,
        ):
            assert ",z," not in row
    finally:
        await connection.close()


async def test_a_node_that_is_judged_well_comes_before_its_like(client: AsyncClient) -> None:
    async def order() -> list[str]:
        hits = (await client.search("g", "kettle", unrecorded=True)).hits
        return [hit.node.name.rpartition("/")[2] for hit in hits]

    before = await order()
    for _ in range(3):
        await client.give_feedback("g", "helpful", node=before[2])
        await client.give_feedback("g", "unhelpful", node=before[0])
    assert await order() == [before[2], before[1], before[0]]


async def test_comments_are_for_admins_and_counts_for_all(client: AsyncClient, server: RunningServer) -> None:
    await client.give_feedback("g", "helpful", node="a", comment="private")
    key = await client.create_api_key(["write"])
    async with server.client(key.secret) as writer:
        with pytest.raises(errors.ScopeMissing):
            await collect(writer.list_feedback("g"))
        assert b"private" not in (await writer.summarize_feedback("g")).SerializeToString()
    async with new_tenant(server) as other:
        await other.create_graph("g")
        assert await collect(other.list_feedback("g")) == []
        assert (await other.summarize_feedback("g")).counts == counts(0, 0, 0)
        with pytest.raises(errors.NodeNotFound):
            await other.give_feedback("g", "helpful", node="a")
    assert FEEDBACK_KIND_UNHELPFUL not in {one.kind for one in await given(client)}
