"""How a long text is cut into pieces that each get a vector of their own.

Pieces overlap a little, so that a sentence at a border is whole in one of them. Pure: positions in, positions out.
"""

import re

_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s|[。！？]|\n")
_SPACE = re.compile(r"\s")
_WORD_BEGIN = re.compile(r"(?<=\s)\S")
_VISIBLE = re.compile(r"\S")


def chunks(text: str, limit: int = 1000, overlap: int = 100) -> list[tuple[int, int]]:
    """The spans (start, end) of `text`, in characters, of at most `limit` each and in order.

    Together they hold every character that is not white space, and none is blank. A blank text has none, a text of up
    to `limit` is one. Borders are set at the end of a paragraph or sentence where the second half of a span has one,
    else at white space, else anywhere. Each span begins up to `overlap` characters before what the last one left.

    Raises:
        ValueError: `limit` is less than 1, or `overlap` is negative or more than half of it.
    """
    if limit < 1 or not 0 <= overlap <= limit // 2:
        raise ValueError("limit must be at least 1 and overlap between 0 and half of it")
    stop = len(text.rstrip())
    if stop == 0:
        return []
    if len(text) <= limit:
        return [(0, len(text))]
    spans: list[tuple[int, int]] = []
    start = _next_visible(text, 0)
    while True:
        end = stop if stop - start <= limit else _cut(text, start + limit // 2 + 1, start + limit)
        spans.append((start, _last_visible(text, start, end)))
        if end >= stop:
            return spans
        fresh = _next_visible(text, end)
        start = _begin(text, max(fresh - overlap, 0), fresh)


def _cut(text: str, least: int, most: int) -> int:
    """Where a span ends: the best border in least..most, both included."""
    paragraph = text.rfind("\n\n", max(least - 2, 0), most)
    if paragraph >= 0:
        return paragraph + 2
    for border in (_SENTENCE_END, _SPACE):
        # Begin a little before, for a border whose last character is the first that may end a span.
        ends = [found.end() for found in border.finditer(text, max(least - 4, 0), most) if found.end() >= least]
        if ends:
            return ends[-1]
    return most


def _begin(text: str, least: int, fresh: int) -> int:
    """Where the next span begins: at the first word of the overlap, or anywhere in it if no word begins there."""
    word = _WORD_BEGIN.search(text, least, fresh + 1)
    return word.start() if word else least


def _next_visible(text: str, start: int) -> int:
    found = _VISIBLE.search(text, start)
    return found.start() if found else len(text)


def _last_visible(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())
