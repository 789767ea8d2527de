"""A resume token opens for what its watch asked for, however that is written down."""

import base64
from datetime import UTC, datetime

import pytest

from loci.v1.change_pb2 import ChangeKind
from loci.v1.watch_service_pb2 import WatchFilter
from loci_server.codec import feed_tokens, resume_tokens
from loci_server.codec.feed_tokens import FeedTokens
from loci_server.codec.resume_tokens import LAYOUT, ResumeTokens
from loci_server.crypto.envelope import Sealer
from loci_server.errors import InvalidResumeToken
from loci_server.store.log import Place
from loci_server.watch.sweep import Standing

SEALER = Sealer(b"installation", {1: b"k" * 32})
PLACE = Place(7)
STANDING = Standing(1, "5:5:", datetime(2026, 5, 3, tzinfo=UTC))
CREATED, DELETED = ChangeKind.CHANGE_KIND_CREATED, ChangeKind.CHANGE_KIND_DELETED
NAMES = ("graphs/g/nodes/a", "graphs/g/nodes/b")
WANTED = WatchFilter(node_types=["a", "b"], relations=["R", "S"], names=NAMES, kinds=[CREATED, DELETED])
REORDERED = WatchFilter(
    node_types=["b", "a", "b"],
    relations=["S", "R", "R"],
    names=[*reversed(NAMES), *NAMES],
    kinds=[DELETED, CREATED, DELETED],
)
OTHERS = [
    WatchFilter(),
    WatchFilter(node_types=["a"], relations=["b", "R", "S"], names=NAMES, kinds=[CREATED, DELETED]),
    WatchFilter(node_types=["R", "S"], relations=["a", "b"], names=NAMES, kinds=[CREATED, DELETED]),
    WatchFilter(node_types=["a", "b"], relations=["R", "S"], names=NAMES, kinds=[CREATED]),
]


def test_the_order_of_values_and_doubles_do_not_count() -> None:
    token = ResumeTokens(SEALER, 1, 2, WANTED).encode(PLACE, 5)
    assert ResumeTokens(SEALER, 1, 2, REORDERED).decode(token) == (PLACE, 5)
    token = FeedTokens(SEALER, 1, WANTED).encode(STANDING)
    assert FeedTokens(SEALER, 1, REORDERED).decode(token) == STANDING


@pytest.mark.parametrize("layout", [b"", b"another layout", LAYOUT.pack(7, 1, 5)[:-1]])
def test_a_token_that_another_version_wrote_otherwise_is_refused(layout: bytes) -> None:
    tokens = ResumeTokens(SEALER, 1, 2, WANTED)
    with pytest.raises(InvalidResumeToken):
        tokens.decode(encoded(SEALER.seal(resume_tokens.KIND, tokens.stream, b"", layout)))


@pytest.mark.parametrize("layout", ["", "{}", "7", "[1]", '[1,"5:5:",null,null,null,null,"",null,"",null]'])
def test_a_token_of_all_graphs_that_another_version_wrote_otherwise_is_refused(layout: str) -> None:
    tokens = FeedTokens(SEALER, 1, WANTED)
    with pytest.raises(InvalidResumeToken):
        tokens.decode(encoded(SEALER.seal(feed_tokens.KIND, tokens.stream, b"", layout.encode())))


def encoded(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


@pytest.mark.parametrize("other", OTHERS)
def test_it_does_not_open_for_another_filter(other: WatchFilter) -> None:
    with pytest.raises(InvalidResumeToken):
        ResumeTokens(SEALER, 1, 2, other).decode(ResumeTokens(SEALER, 1, 2, WANTED).encode(PLACE, 5))
    with pytest.raises(InvalidResumeToken):
        FeedTokens(SEALER, 1, other).decode(FeedTokens(SEALER, 1, WANTED).encode(STANDING))
