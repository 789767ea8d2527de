"""A watch begins where its request says, or is told why it cannot."""

from types import SimpleNamespace
from typing import cast

import pytest

from loci_server.errors import InvalidResumeToken, LociError, RevisionCompacted, RevisionInFuture
from loci_server.services.watch import Wanted, check
from loci_server.store.handles import GraphHandle
from loci_server.store.log import Bounds, Start

HANDLE = cast(GraphHandle, SimpleNamespace(name="graphs/g"))
BOUNDS = Bounds(revision=9, floor=3, at=5)
WRITTEN = 1_770_000_000_000_000


def token(revision: int, written: int = WRITTEN) -> Wanted:
    return Wanted("resume_token", revision, written=written)


@pytest.mark.parametrize("revision", [5, 9])
def test_behind_a_commit_that_is_there_and_young_enough(revision: int) -> None:
    check(token(revision), Start(BOUNDS, revision, WRITTEN), HANDLE)
    check(Wanted("after_revision", revision), Start(BOUNDS, revision, WRITTEN), HANDLE)


def test_before_the_first_commit() -> None:
    check(token(0, written=0), Start(Bounds(9, 0, 0), 0, 0), HANDLE)


@pytest.mark.parametrize(
    ("wanted", "written", "error"),
    [
        (token(10), 0, RevisionInFuture),
        (token(4), WRITTEN, RevisionCompacted),
        (token(2), 0, RevisionCompacted),
        (token(7, written=1), WRITTEN, InvalidResumeToken),
        (token(7, written=0), WRITTEN, InvalidResumeToken),
        (token(7), 0, RevisionCompacted),  # its month is dropped in this moment
    ],
)
def test_what_cannot_be_is_refused_for_what_it_is(wanted: Wanted, written: int, error: type[LociError]) -> None:
    assert wanted.revision is not None
    with pytest.raises(error):
        check(wanted, Start(BOUNDS, wanted.revision, written), HANDLE)
