"""What a node names: people, places and things, and times, as terms of their own beside its words.

They stand in the lexical index under tokens of their own kind, with the frequency 0: a query by words does not see
them, and they add nothing to the length of a document. By them a search goes from one text to others that name the same
(the graph arm), and from a time to what is about it (the temporal arm).
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from loci.v1.node_pb2 import Node
from loci_server.search import analysis
from loci_server.search.entities import MAX_WORDS, entities
from loci_server.search.times import Period, document_terms, mentioned, names_times
from loci_server.search.times import query_terms as terms_within
from loci_server.store.times import moment

READ: Final = 2000
"""Characters of a text that are read for what it names: where all of them are names or times, some 15 ms."""


def mentions(node: Node) -> list[str]:
    """The terms of all that a node names, each once: of label and aliases the whole, of the text what is found there.
    Times are understood from the event time, or from now where there is none."""
    text = node.text[:READ]
    found = [f"name:{name}" for name in names_of(node)]
    if names_times(text):
        found += document_terms(mentioned(text, said_at(node)))
    return found


def names_of(node: Node, read: int = READ) -> list[str]:
    """Folded, each once, of the first characters of the text."""
    found = entities(node.text[:read])
    called = [name for name in (node.label, *node.aliases) if name and name.count(" ") < MAX_WORDS]
    if not called:
        return found
    own = (" ".join(analysis.words(name)) for name in called)
    return list(dict.fromkeys((*filter(None, own), *found)))


def terms_of_names(names: Iterable[str]) -> list[str]:
    return [f"name:{name}" for name in names]


def terms_of_times(periods: Iterable[Period]) -> list[str]:
    """By which documents are found that name a time within one of these."""
    return terms_within(periods)


def said_at(node: Node) -> datetime:
    if node.HasField("event_time"):
        return moment(node.event_time)
    return moment(node.create_time) if node.HasField("create_time") else datetime.now(UTC)
