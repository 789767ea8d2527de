"""What envelopes of a graph are bound to, beside the graph itself: kind, identity and field."""

from typing import Final

from loci.v1.edge_pb2 import Edge
from loci.v1.node_pb2 import Node

GRAPH: Final = b"graph"
NODE: Final = b"node"
EDGE: Final = b"edge"
CHANGE: Final = b"change"
NOTE: Final = b"note"
"""Also the field."""
ANSWER: Final = b"answer"
"""Also the field."""
QUERY: Final = b"query"
FEEDBACK: Final = b"feedback"

DISPLAY_NAME: Final = b"display_name"
SEARCH_FIELDS: Final = b"search_fields"
CONTENT: Final = b"content"
IMAGE: Final = b"image"
COMMENT: Final = b"comment"


def image_identity(kind: type[Node] | type[Edge], identity: str, image_no: int) -> bytes:
    """What an image is bound to: its item and its number."""
    return f"{kind.__name__}/{image_no}/{identity}".encode()


def note_identity(image_no: int) -> bytes:
    """What a note is bound to: the number of the first image of its commit."""
    return str(image_no).encode()
