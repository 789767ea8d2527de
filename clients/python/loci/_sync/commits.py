# Generated from loci/_async/commits.py by `python -m tools.unasync`: change that file, not this one.
"""Commits: many mutations, one transaction, one revision."""

from collections.abc import Iterable

from loci import mutations as _mutations
from loci import preconditions as _preconditions
from loci import values
from loci.names import graph_name
from loci.retries import new_request_id
from loci.v1 import commit_service_pb2 as service

from .transport import Calls


class Commits(Calls):
    """CommitService."""

    def commit(
        self,
        graph: str,
        mutations: Iterable[service.Mutation],
        preconditions: Iterable[service.Precondition] = (),
        *,
        request_id: str | None = None,
        note: str | None = None,
        timeout: float | None = None,
    ) -> service.CommitResponse:
        """All of up to 1,000 mutations in their order, or none; `loci.mutations` and `loci.preconditions` build them.

        Raises PreconditionFailed if a precondition does not hold, and what each mutation alone would raise.
        """
        request = values.made(
            service.CommitRequest,
            parent=graph_name(graph),
            mutations=[_mutations.in_graph(graph, mutation) for mutation in mutations],
            preconditions=[_preconditions.in_graph(graph, precondition) for precondition in preconditions],
            request_id=request_id or new_request_id(),
            note=note or "",
        )
        return self._transport.unary("CommitService/Commit", request, service.CommitResponse, timeout)
