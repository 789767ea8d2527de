"""What of a node is searched, and which of its properties."""

from google.protobuf.struct_pb2 import Struct

from loci.v1.node_pb2 import Node
from loci_server.crypto.tokens import Tokenizer
from loci_server.domain import limits
from loci_server.writing.documents import (
    MAX_PASSAGES,
    document_passages,
    embedded_passages,
    has_text,
    property_tokens,
    searchable_text,
)

TOKENS = Tokenizer(b"k" * 32)


def properties(**values: object) -> Struct:
    struct = Struct()
    struct.update(values)
    return struct


def test_label_aliases_and_text_are_searched_and_nothing_else() -> None:
    node = Node(label="L", aliases=["A", "B"], text="T", type="person", properties=properties(k="P"))
    assert searchable_text(node) == "L\nA\nB\nT"
    assert searchable_text(Node(properties=properties(k="P"))) == ""


def test_white_space_is_no_text() -> None:
    assert not has_text(Node(label=" ", aliases=["\t"], text="\n", properties=properties(k="P")))
    assert has_text(Node(label="L", text=" "))
    assert has_text(Node(label=" ", aliases=["", "A"]))
    assert has_text(Node(text="T"))


def test_each_passage_of_the_text_is_embedded_behind_the_label() -> None:
    first, second = "She moved to Lisbon in the spring of 2019.", "Her brother stayed behind with the dogs."
    assert embedded_passages(Node(label="Ann", text=f"{first} {second}")) == [f"Ann: {first}", f"Ann: {second}"]
    assert embedded_passages(Node(text=f"{first}\n{second}")) == [first, second]


def test_a_label_without_text_is_embedded_alone_and_aliases_with_it() -> None:
    assert embedded_passages(Node(label=" Ann ")) == ["Ann"]
    assert embedded_passages(Node(label="Ann", aliases=["Annie", "Nan"])) == ["Ann", "Ann: Annie, Nan"]
    assert embedded_passages(Node(label="Ann", aliases=["Nan"], text="Hi.")) == ["Ann: Nan", "Ann: Hi."]
    assert embedded_passages(Node(aliases=["Nan"])) == ["Nan"]


def test_a_long_label_is_a_text_of_its_own() -> None:
    label = "x" * 150
    assert embedded_passages(Node(label=label, text="Hi.")) == [label, "x" * 100 + ": Hi."]


def test_a_node_without_any_words_has_nothing_to_embed() -> None:
    assert embedded_passages(Node()) == []
    assert embedded_passages(Node(label=" ", aliases=["\n"], text="\t ")) == []


def test_the_largest_node_is_embedded_whole() -> None:
    aliases = ["y" * limits.MAX_ALIAS_BYTES] * limits.MAX_ALIASES
    node = Node(label="x" * limits.MAX_LABEL_BYTES, aliases=aliases, text="z" * limits.MAX_TEXT_BYTES)
    found = embedded_passages(node)
    assert len(found) < MAX_PASSAGES
    whole = "".join(found)
    assert [whole.count(letter) for letter in "yz"] == [
        limits.MAX_ALIAS_BYTES * limits.MAX_ALIASES,
        limits.MAX_TEXT_BYTES,
    ]


async def test_a_long_text_is_cut_as_a_short_one_but_beside_the_loop() -> None:
    node = Node(label="Ann", text="Some words here, and then a few more of them. " * 1000)
    assert await document_passages(node) == embedded_passages(node)
    assert await document_passages(Node(text="Short.")) == ["Short."]


def test_scalars_at_the_top_have_a_token_each() -> None:
    node = Node(properties=properties(s="x", n=1, t=True, z=None, o={"deep": 1}, list=[1]))
    tokens = property_tokens(TOKENS, node)
    assert len(tokens) == len(set(tokens)) == 4
    assert property_tokens(TOKENS, Node()) == ()
    same = property_tokens(TOKENS, Node(properties=properties(n=1.0)))
    assert set(same) <= set(tokens)
