"""How conversations stand in a graph, whoever wrote them.

A session is the node `session:ID` of type `session` with the property `session`, a speaker the node `speaker:NAME` of
type `person`, what one of them said a node of type `turn` with the properties `session` and `speaker`. Edges: NEXT from
a turn to the one after it in the session, IN_SESSION to its session, SPEAKER to its speaker.
"""

import unicodedata
from typing import Final
from urllib.parse import unquote

TURN: Final = "turn"
SESSION_TYPE: Final = "session"
PERSON: Final = "person"
NEXT: Final = "NEXT"
IN_SESSION: Final = "IN_SESSION"
SPEAKER: Final = "SPEAKER"
SESSION_PREFIX: Final = "session:"


def session_id(session: str) -> str:
    """The id of a session's node."""
    return f"{SESSION_PREFIX}{escaped(session)}"


def named_session(given: str) -> str:
    """The id of a session, of itself or of the id of its node."""
    return unquote(given.removeprefix(SESSION_PREFIX)) if given.startswith(SESSION_PREFIX) else given


def speaker_id(speaker: str) -> str:
    return f"speaker:{escaped(speaker)}"


def escaped(text: str) -> str:
    """A text as part of an id: `/`, `%` and control characters as in URLs, so that no two texts become one id."""
    if text.isprintable() and "/" not in text and "%" not in text:
        return text
    unfit = (c for c in set(text) if c in "/%" or unicodedata.category(c) == "Cc")
    return text.translate({ord(c): percent(c) for c in unfit})


def percent(text: str) -> str:
    """Every byte as in URLs."""
    return "".join(f"%{byte:02X}" for byte in text.encode())
