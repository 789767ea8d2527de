"""`loci queries`: what was asked of a graph. Needs the scope ADMIN."""

from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from loci_server.cli.commands import client_command
from loci_server.cli.output import one_line, time_of
from loci_server.cli.parsing import optional_moment
from loci_server.cli.session import Session
from loci_server.cli.words import word

if TYPE_CHECKING:
    from loci.v1.query_history_pb2 import QueryRecord

COLUMNS = ("time", "key", "by", "profile", "hits", "query id", "query")


@client_command
def command(
    session: Session,
    graph: Annotated[str, typer.Argument(metavar="GRAPH", help="Its id.")],
    since: Annotated[str | None, typer.Option(metavar="TIME", help="Not before this.")] = None,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="Before this.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="So many at most.")] = 100,
) -> None:
    """List what was asked of a graph, latest first."""
    span = optional_moment(since, "--since"), optional_moment(until, "--until")
    found = session.client.list_queries(graph, time=span, page_size=min(limit, 1000))
    session.output.messages(islice(found, limit), COLUMNS, _row, "Nothing was asked, or nothing is kept of it.")


def _row(query: "QueryRecord") -> tuple[str, ...]:
    from loci.names import id_of
    from loci.v1.query_history_pb2 import QueryMethod
    from loci.v1.search_service_pb2 import SearchProfile

    method = word(QueryMethod, query.method)
    profile = word(SearchProfile, query.profile)
    return (
        time_of(query, "time"),
        id_of(query.api_key),
        "unreadable" if query.unreadable else method,
        "" if profile == "unspecified" else profile,
        str(query.hit_count),
        id_of(query.name),
        one_line(query.query),
    )
