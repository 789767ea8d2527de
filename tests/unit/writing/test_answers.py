"""Answers are made before the commit and stamped with what only it decides."""

from datetime import UTC, datetime

from loci.v1.commit_service_pb2 import CommitResponse
from loci.v1.node_pb2 import Embedding, Node
from loci_server.domain.items import Kind, NodeChange, Op, Outcome, Result
from loci_server.store.times import moment
from loci_server.writing.answers import stamped, unstamped

TIME = datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=UTC)


def outcome() -> Outcome:
    node = Node(name="graphs/g/nodes/a", text="T", embedding=Embedding(model="m", values=[1.0]))
    changes = [NodeChange(Op.CREATED, "a", None, node)]
    results = [Result(Kind.NODE, "a"), Result(Kind.NODE, "b", deleted=True, affected_edges=2), Result(Kind.EDGE, "e")]
    return Outcome(changes, [], results, [])


def test_each_mutation_has_its_answer_and_vectors_are_left_out() -> None:
    answer = unstamped("g", outcome())
    assert [result.WhichOneof("result") for result in answer.results] == ["node", "deleted", "deleted"]
    assert not answer.results[0].node.HasField("embedding")
    assert (answer.results[1].deleted, answer.results[1].affected_edge_count) == ("graphs/g/nodes/b", 2)
    assert answer.results[2].deleted == "graphs/g/edges/e"


def test_the_stamp_is_revision_etag_and_times() -> None:
    answer = stamped(unstamped("g", outcome()), 26, TIME)
    node = answer.results[0].node
    assert (answer.revision, node.revision, node.etag) == (26, 26, "1a")
    assert moment(answer.commit_time) == moment(node.create_time) == moment(node.update_time) == TIME


def test_a_first_answer_is_stamped_alike_when_it_is_given_again() -> None:
    kept = CommitResponse.FromString(unstamped("g", outcome()).SerializeToString())
    assert stamped(kept, 26, TIME) == stamped(unstamped("g", outcome()), 26, TIME)


def test_what_came_to_nothing_has_no_stamp() -> None:
    assert stamped(CommitResponse(), 0, TIME) == CommitResponse()
