"""How a text is cut into passages that each get a vector of their own: sentences, or runs of them in a long text.

One thing said in a long text is found by the vector of its own sentence; in that of a whole page it drowns. Pure:
positions in, positions out.
"""

import re
from collections.abc import Iterator

LEAST = 30
"""Characters; a shorter sentence says too little by itself and goes with the next one."""
MOST = 400
"""Characters of a passage of a text that is not long."""
LONGEST = 1000
"""Characters of any passage."""
WANTED = 16
"""Passages of one text; in a long one they are longer rather than more, up to the longest."""

_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s|[。！？]|\n")
_SPACE = re.compile(r"\s")
_VISIBLE = re.compile(r"\S")


def passages(text: str) -> list[tuple[int, int]]:
    """The spans (start, end) of `text`, in characters and in order; they do not overlap.

    Together they hold every character that is not white space, and none is blank. A blank text has none. Each is a run
    of whole sentences, but for a sentence that is longer than a passage may be: that one is cut, at white space where
    it has some. One of less than 30 characters is only where those beside it leave no room.
    """
    share = len(text.strip()) / WANTED
    most = min(max(MOST, round(2 * share)), LONGEST)
    # Of a long text, the sentences whose middles lie in one sixteenth go together.
    width = min(share, LONGEST) if share > LEAST else 1.0
    spans: list[tuple[int, int]] = []
    start = end = part = 0
    for first, last in _pieces(text, most):
        middle = int((first + last) / 2 / width)
        ripe = end - start >= LEAST and middle > part
        if start < end and (ripe or last - start > most):
            _add(spans, start, end, most)
            start = end
        if start == end:
            start, part = first, middle
        end = last
    if start < end:
        _add(spans, start, end, most)
    return spans


def _add(spans: list[tuple[int, int]], start: int, end: int, most: int) -> None:
    """Adds a span; a very short one to the span before it, if there is room."""
    if end - start < LEAST and spans and end - spans[-1][0] <= most:
        start = spans.pop()[0]
    spans.append((start, end))


def _pieces(text: str, most: int) -> Iterator[tuple[int, int]]:
    """The sentences without the white space around them; of those that are longer than `most`, their parts."""
    stop = len(text.rstrip())
    start = 0
    while start < stop:
        start = _next_visible(text, start)
        found = _SENTENCE_END.search(text, start, stop)
        end = found.end() if found else stop
        while end - start > most:
            parts = -(-(end - start) // most)
            part = -(-(end - start) // parts)
            cut = _cut(text, start + part // 2, min(start + part + part // 4, start + most))
            yield start, _last_visible(text, start, cut)
            start = _next_visible(text, cut)
        if start < end:
            yield start, _last_visible(text, start, end)
        start = max(start, end)


def _cut(text: str, least: int, most: int) -> int:
    """Where a sentence is cut: behind the last white space in least..most, else at most."""
    spaces = [found.end() for found in _SPACE.finditer(text, least, most)]
    return spaces[-1] if spaces else most


def _next_visible(text: str, start: int) -> int:
    found = _VISIBLE.search(text, start)
    return found.start() if found else len(text)


def _last_visible(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())
