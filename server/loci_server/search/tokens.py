"""How many tokens a text takes, as a model counts them."""

import os
from pathlib import Path
from typing import Final

from loci_server.search.packing import CountTokens, characters

PART: Final = 100_000
"""Characters that are counted at once: tokenizers take some hundred bytes for each."""


class TokenizerUnreadableError(Exception):
    """The file is not a tokenizer of Hugging Face's `tokenizers`."""


def token_counter(file: Path | None) -> CountTokens:
    """Counts by a `tokenizer.json`; without one, a token is 4 characters. Raises TokenizerUnreadableError."""
    if file is None:
        return characters
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_str(file.read_text())
    except Exception as error:  # the library raises nothing narrower
        raise TokenizerUnreadableError(f"{file} is not a tokenizer.json ({type(error).__name__})") from None
    tokenizer.no_truncation()
    tokenizer.no_padding()

    def count(text: str) -> int:
        parts = (text[start : start + PART] for start in range(0, len(text), PART))
        return sum(len(tokenizer.encode(part, add_special_tokens=False).ids) for part in parts)

    return count
