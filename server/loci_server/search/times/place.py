"""Where in a text a rule reads, what it can see around it, and what it gives back."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from loci_server.search.times.period import Period
from loci_server.search.times.words import S

_SENTENCE_END = re.compile(r"[.!?\n](?=\s|$)")
_AHEAD = re.compile(
    r"\b(?:will|shall|(?<!was )(?<!were )(?<!been )going to|gonna|plan(?:s|ning)?|looking forward|upcoming|coming up|"
    r"scheduled|due|about to|hop(?:e|ing) to)\b|(?:'ll|won't|can't wait|let's)\b"
)
"""What tells that a sentence is of the future."""
_LEAD = re.compile(rf"([a-z]+)(?:{S}the)?[\s(-]{{1,3}}$")


@dataclass(frozen=True, slots=True)
class Reading:
    """The periods of one expression; several if it can be read in several ways."""

    periods: tuple[Period, ...]
    yearless: bool = False
    """The year was not said but chosen: another may fit better beside a date that has one."""
    end: int | None = None
    """Where the expression ends, if that is behind the match of its rule."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text that a rule matched."""

    said: str
    """The text as it was written."""
    plain: str
    """The same in lower case, character by character."""
    start: int
    end: int
    moment: datetime
    follows: bool
    """Whether nothing but a word like "to" or "and" stands between this and the expression before."""
    read: Callable[[int], Reading | None]
    """Reads the date that stands at a position."""

    @property
    def today(self) -> date:
        return self.moment.date()

    @property
    def lead(self) -> str:
        """The word before, without "the"; empty if punctuation stands between."""
        found = _LEAD.search(self.plain, max(0, self.start - 24), self.start)
        return found[1] if found else ""

    def capital(self, start: int) -> bool:
        """Whether the word at a position was written with a capital letter."""
        return self.said[start].isupper()

    @property
    def ahead(self) -> bool:
        """Whether the sentence tells of the future."""
        before = self.plain[max(0, self.start - 100) : self.start]
        behind = self.plain[self.end : self.end + 60]
        ends = [found.end() for found in _SENTENCE_END.finditer(before)]
        stop = _SENTENCE_END.search(behind)
        return bool(
            _AHEAD.search(before, ends[-1] if ends else 0) or _AHEAD.search(behind, 0, stop.start() if stop else 60)
        )


Rule = tuple[re.Pattern[str], Callable[[re.Match[str], Place], Reading | None]]
"""What to look for, and what it means there: None if it means nothing after all, as ValueError and OverflowError do."""
