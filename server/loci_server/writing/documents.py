"""What a node's text becomes for search: keyed terms now, vectors now or by a job."""

from collections.abc import Sequence

from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node
from loci_server.crypto.tokens import Tokenizer
from loci_server.domain.structs import scalar_tokens
from loci_server.search.analysis import terms


def searchable_text(node: Node) -> str:
    """Label, aliases and text, a line each."""
    return "\n".join(part for part in (node.label, *node.aliases, node.text) if part)


def frequencies(tokenizer: Tokenizer, node: Node) -> dict[int, int]:
    """The keyed terms of a node's label, aliases and text."""
    return tokenizer.frequencies(terms(searchable_text(node)))


def property_tokens(tokenizer: Tokenizer, message: Node | Edge) -> Sequence[int]:
    """One token for each top-level property with a scalar value."""
    if not message.HasField("properties"):
        return ()
    return tuple({tokenizer.property(key, value) for key, value in scalar_tokens(message.properties)})
