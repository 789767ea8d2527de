"""Keys and passwords blanked out of text, wherever they stand."""

import re
from typing import Final

_SECRETS: Final = (
    (re.compile(r"loci_[A-Za-z0-9_-]{20,}"), "loci_***"),
    (re.compile(r"://([^\s/:@]*):\S*@"), r"://\1:***@"),
    (re.compile(r"(?i)\bbearer\s+\S+"), "Bearer ***"),
    (re.compile(r"(?i)\b((?:ssl)?password|passwd|api_?key)\s*[=:]\s*[^\s&,;]+"), r"\1=***"),
)


def redact(text: str) -> str:
    """The text without keys and passwords, on one line."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)
