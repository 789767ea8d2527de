"""Packing: memories as one text for a prompt, at or under a budget of tokens.

The best memory is always among them, cut if it is longer than the budget. Of the others those that fit are taken, a
little more readily the shorter they are, and whole; the text tells them day by day in order of time, so that what was
said together stands together.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

BREVITY: Final = 0.1
"""The power of the length that a score is divided by."""
SHORTEST: Final = 60
"""Characters; shorter memories gain no more by it."""
CHARACTERS: Final = 4
"""Of a token, where there is no tokenizer."""
ELLIPSIS: Final = " …"
NEXT_LINE: Final = "\n  "

CountTokens = Callable[[str], int]
"""How many tokens a text takes."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What is packed of a node. `name` is its resource name, `cited` the id that the text cites it by."""

    name: str
    cited: str
    time: datetime
    label: str
    text: str
    score: float
    remark: str = ""
    """When it holds, and what else a reader must know."""

    @property
    def line(self) -> str:
        """Further lines of a text are set in, so that none can pass for another memory."""
        said = f"{self.label}: {self.text}" if self.label and self.text else self.text or self.label
        remark = f" ({self.remark})" if self.remark else ""
        return f"[{self.cited}] {NEXT_LINE.join(said.splitlines())}{remark}\n"

    @property
    def day(self) -> str:
        return f"{self.time.astimezone(UTC):%Y-%m-%d}\n"


@dataclass(frozen=True, slots=True)
class Packed:
    """A text, its size in tokens, and the names of the nodes in it in their order."""

    text: str
    tokens: int
    names: Sequence[str]


def characters(text: str) -> int:
    """Tokens of 4 characters, the last one begun."""
    return -(-len(text) // CHARACTERS)


def pack(memories: Iterable[Memory], max_tokens: int, count: CountTokens = characters) -> Packed:
    """The best of the memories, and of the others those that fit into `max_tokens`. Empty if not even the beginning
    of the best one does."""
    ranked = sorted(memories, key=lambda memory: (-worth(memory), memory.name))
    if not ranked:
        return Packed("", 0, [])
    best = min(ranked, key=lambda memory: (-memory.score, memory.name))
    room = max_tokens - count(best.line) - count(best.day)
    if room < 0:
        return cut(best, max_tokens, count)
    chosen, days = [best], {best.day}
    for memory in ranked:
        if memory is best:
            continue
        # Counted line by line: a sum over lines is no less than the count of the whole.
        need = count(memory.line) + (0 if memory.day in days else count(memory.day))
        if need <= room:
            room -= need
            chosen.append(memory)
            days.add(memory.day)
    text = told(chosen)
    while count(text) > max_tokens:  # some tokenizers count a whole for more than its lines
        chosen.pop()
        if not chosen:
            return cut(best, max_tokens, count)
        text = told(chosen)
    return Packed(text, count(text), [memory.name for memory in in_time(chosen)])


def worth(memory: Memory) -> float:
    return memory.score / float(max(SHORTEST, len(memory.line)) ** BREVITY)


def told(memories: Sequence[Memory]) -> str:
    """Day by day, a line for each memory."""
    parts: list[str] = []
    day = ""
    for memory in in_time(memories):
        if memory.day != day:
            day = memory.day
            parts.append(day)
        parts.append(memory.line)
    return "".join(parts).rstrip("\n")


def in_time(memories: Sequence[Memory]) -> list[Memory]:
    return sorted(memories, key=lambda memory: (memory.time, memory.name))


def cut(memory: Memory, max_tokens: int, count: CountTokens) -> Packed:
    """The beginning of a memory that is alone too long."""
    whole = (memory.day + memory.line).rstrip("\n")
    if count(whole) <= max_tokens:
        return Packed(whole, count(whole), [memory.name])
    least = len(memory.day) + len(f"[{memory.cited}] ")
    low, high = 0, len(whole)
    while low < high:  # the most characters that fit
        middle = (low + high + 1) // 2
        if count(whole[:middle] + ELLIPSIS) <= max_tokens:
            low = middle
        else:
            high = middle - 1
    if low <= least:
        return Packed("", 0, [])
    text = whole[:low] + ELLIPSIS
    return Packed(text, count(text), [memory.name])
