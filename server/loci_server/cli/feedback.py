"""`loci feedback`: which answers helped, and which memories."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from loci_server.cli.commands import client_command, group
from loci_server.cli.output import one_line, remark, time_of
from loci_server.cli.parsing import optional_moment
from loci_server.cli.session import Session
from loci_server.cli.words import word

if TYPE_CHECKING:
    from loci.v1.feedback_pb2 import Feedback, FeedbackCounts, NodeFeedback, SummarizeFeedbackResponse

app = group("Feedback: which answers helped, and which memories.")
COLUMNS = ("time", "key", "kind", "node", "query id", "comment")
Graph = Annotated[str, typer.Argument(metavar="GRAPH", help="Its id.")]
Since = Annotated[str | None, typer.Option("--since", metavar="TIME", help="Not before this.")]
Until = Annotated[str | None, typer.Option("--until", metavar="TIME", help="Before this.")]


class Kind(StrEnum):
    """A judgement."""

    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"
    MISSED = "missed"


@app.command()
@client_command
def give(
    session: Session,
    graph: Graph,
    kind: Annotated[Kind, typer.Argument(help="Missed: it would have helped and was not found.")],
    node: Annotated[str, typer.Option("--node", metavar="NODE", help="The memory that is meant.")] = "",
    query: Annotated[str, typer.Option("--query", metavar="ID", help="The query_id of the answer that is meant.")] = "",
    comment: Annotated[str, typer.Option("--comment", "-c", help="What there is to say; kept sealed.")] = "",
) -> None:
    """Say that an answer, or a memory, was helpful, unhelpful or missed."""
    given = session.client.give_feedback(graph, kind.value, query_id=query, node=node, comment=comment)
    session.output.message(given, lambda: zip(COLUMNS, _row(given), strict=True))


@app.command("list")
@client_command
def _list(
    session: Session,
    graph: Graph,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="So many at most.")] = 100,
) -> None:
    """List feedback with its comments, latest first. Needs the scope ADMIN."""
    span = optional_moment(since, "--since"), optional_moment(until, "--until")
    found = session.client.list_feedback(graph, time=span, page_size=min(limit, 1000))
    session.output.messages(islice(found, limit), COLUMNS, _row, "There is no feedback.")


@app.command()
@client_command
def summary(
    session: Session,
    graph: Graph,
    since: Since = None,
    until: Until = None,
    nodes: Annotated[int, typer.Option(min=1, max=100, help="Nodes in each list.")] = 10,
) -> None:
    """Count feedback by kind and profile, and name the nodes that got most of it."""
    span = optional_moment(since, "--since"), optional_moment(until, "--until")
    found = session.client.summarize_feedback(graph, time=span, max_nodes=nodes)
    if session.output.as_json:
        session.output.message(found, list)
        return
    _print(session, found)


def _print(session: Session, found: "SummarizeFeedbackResponse") -> None:
    from loci.v1.search_service_pb2 import SearchProfile

    rows = [("all", *_counts(found.counts))]
    for one in found.profiles:
        profile = word(SearchProfile, one.profile)
        rows.append(("not known" if profile == "unspecified" else profile, *_counts(one.counts)))
    session.output.table(("profile", "helpful", "unhelpful", "missed"), rows)
    for title, nodes in (
        ("most helpful", found.most_helpful),
        ("most unhelpful", found.most_unhelpful),
        ("most missed", found.most_missed),
    ):
        _print_nodes(session, title, nodes)


def _print_nodes(session: Session, title: str, nodes: "Sequence[NodeFeedback]") -> None:
    from loci.names import id_of

    if nodes:
        remark("")
        rows = [(id_of(one.node_name), *_counts(one.counts)) for one in nodes]
        session.output.table((title, "helpful", "unhelpful", "missed"), rows)


def _counts(counts: "FeedbackCounts") -> tuple[int, int, int]:
    return counts.helpful_count, counts.unhelpful_count, counts.missed_count


def _row(given: "Feedback") -> tuple[str, ...]:
    from loci.names import id_of
    from loci.v1.feedback_pb2 import FeedbackKind

    return (
        time_of(given, "create_time"),
        id_of(given.api_key),
        word(FeedbackKind, given.kind),
        id_of(given.node_name) if given.node_name else "",
        given.query_id,
        "unreadable" if given.unreadable else one_line(given.comment),
    )
