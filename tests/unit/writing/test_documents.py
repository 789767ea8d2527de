"""What of a node is searched, and which of its properties."""

from google.protobuf.struct_pb2 import Struct

from loci.v1.node_pb2 import Node
from loci_server.crypto.tokens import Tokenizer
from loci_server.writing.documents import property_tokens, searchable_text

TOKENS = Tokenizer(b"k" * 32)


def properties(**values: object) -> Struct:
    struct = Struct()
    struct.update(values)
    return struct


def test_label_aliases_and_text_are_searched_and_nothing_else() -> None:
    node = Node(label="L", aliases=["A", "B"], text="T", type="person", properties=properties(k="P"))
    assert searchable_text(node) == "L\nA\nB\nT"
    assert searchable_text(Node(properties=properties(k="P"))) == ""


def test_scalars_at_the_top_have_a_token_each() -> None:
    node = Node(properties=properties(s="x", n=1, t=True, z=None, o={"deep": 1}, list=[1]))
    tokens = property_tokens(TOKENS, node)
    assert len(tokens) == len(set(tokens)) == 4
    assert property_tokens(TOKENS, Node()) == ()
    same = property_tokens(TOKENS, Node(properties=properties(n=1.0)))
    assert set(same) <= set(tokens)
