"""The prompts that retrieval models were trained with, as their model cards give them.

A model that expects a prompt and gets none still answers, only with worse vectors; so it is put here and not left to
the caller. Changing an entry changes what vectors mean: give the model a new id then.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from loci_server.embedding.provider import Purpose


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is written before a text, by purpose."""

    query: str = ""
    document: str = ""

    def applied(self, texts: Sequence[str], purpose: Purpose) -> list[str]:
        prefix = self.query if purpose is Purpose.QUERY else self.document
        return [prefix + text for text in texts]


_PASSAGES = Prompt(query="Represent this sentence for searching relevant passages: ")
_PROMPTS: tuple[tuple[str, Prompt], ...] = (
    (r"nomic-embed-text", Prompt(query="search_query: ", document="search_document: ")),
    (r"embeddinggemma", Prompt(query="task: search result | query: ", document="title: none | text: ")),
    (r"mxbai-embed-large", _PASSAGES),
    (r"bge-(small|base|large)-en", _PASSAGES),
    (r"snowflake-arctic-embed2|snowflake-arctic-embed-[lm]-v2", Prompt(query="query: ")),
    (r"snowflake-arctic-embed", _PASSAGES),
    (r"e5-(small|base|large)(?!.*instruct)", Prompt(query="query: ", document="passage: ")),
)


def prompt_of(model: str) -> Prompt:
    """The prompt of a model, by its name as services write it (`nomic-embed-text:v1.5`, `intfloat/e5-base-v2`)."""
    for pattern, prompt in _PROMPTS:
        if re.search(pattern, model, re.IGNORECASE):
            return prompt
    return Prompt()
