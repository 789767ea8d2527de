"""The limits of the contract, as the comments of the protos state them, and the rule for counts with a default.

Bytes are those of the UTF-8 or protobuf encoding. docs/api.md shows the same figures.
"""

from typing import Final

from loci_server.errors import InvalidField, LimitExceeded

# Names
MAX_ID_BYTES: Final = 256
"""Of a node or an edge."""
MAX_GRAPH_ID_BYTES: Final = 128
MAX_TENANT_ID_CHARS: Final = 64
MAX_API_KEY_ID_BYTES: Final = 128
MAX_IDENTITIES: Final = 100_000
"""Of a tenant: what tokens and client certificates named that have acted in it."""
MAX_SCOPES: Final = 16
"""That an API key is given, repeated ones included."""
MAX_OVERLAP_SECONDS: Final = 30 * 86_400
"""For which a rotated API key is still good."""
MAX_GRANTED_GRAPHS: Final = 100
"""Names and prefixes of graphs that an API key is limited to."""

MAX_QUOTA: Final = 10**15
"""Of anything."""

# Nodes and edges
MAX_LABEL_BYTES: Final = 4096
MAX_ALIASES: Final = 64
MAX_ALIAS_BYTES: Final = 512
MAX_TEXT_BYTES: Final = 256 * 1024
MAX_PROPERTIES_BYTES: Final = 256 * 1024
MAX_PROPERTY_KEYS: Final = 1000
"""Of one resource, nested ones included."""
MAX_PROPERTY_KEY_BYTES: Final = 256
MAX_PROPERTY_DEPTH: Final = 16
"""Levels of objects and arrays; the properties themselves are the first."""
MAX_TYPE_CHARS: Final = 64
"""Of a node's type or an edge's relation."""
MAX_EDTF_BYTES: Final = 128
MAX_MODEL_BYTES: Final = 128
MAX_DIMENSIONS: Final = 4000
MAX_DISPLAY_NAME_BYTES: Final = 512

# Writes
MAX_MASK_PATHS: Final = 1000
"""Of one update."""
MAX_REQUEST_ID_BYTES: Final = 128
MAX_NOTE_BYTES: Final = 1024
MAX_MUTATIONS: Final = 1000
MAX_PRECONDITIONS: Final = 1000
MAX_IMPORT_ID_BYTES: Final = 128
MAX_CHUNK_ITEMS: Final = 10_000
MAX_MESSAGE_BYTES: Final = 16 * 1024 * 1024

# Reads
PAGE_BYTES: Final = 8 * 1024 * 1024
"""Of content, after which a page ends early and the next one goes on. As in loci.page_bytes()."""
LOG_PAGE_BYTES: Final = 1024 * 1024
"""The same of a page of the log for watchers, of whom each may hold some. As in loci.log_page_bytes()."""
MAX_PAGE_SIZE: Final = 1000
DEFAULT_PAGE_SIZE: Final = 100
MAX_BATCH_NAMES: Final = 1000
MAX_FILTER_VALUES: Final = 64
MAX_FILTER_PROPERTIES: Final = 16
MAX_EXPORT_PAGE_SIZE: Final = 1000
DEFAULT_EXPORT_PAGE_SIZE: Final = 500

MAX_WATCH_NAMES: Final = 1000
MAX_WATCH_KINDS: Final = 16
"""That a watch filters by, repeated ones included."""

# Search
MAX_SEARCHED_PROPERTIES: Final = 32
"""Keys of properties that a graph has searched by their words."""
MAX_FIELD_WEIGHT: Final = 10
MAX_QUERY_BYTES: Final = 8192
MAX_SEARCH_PAGE_SIZE: Final = 100
DEFAULT_SEARCH_PAGE_SIZE: Final = 10
MAX_BATCH_SEARCHES: Final = 20
MAX_CANDIDATES: Final = 1000
"""That one arm ranks."""

# Memory
MAX_SUBJECT_BYTES: Final = 256
MAX_VALUE_BYTES: Final = 1024
"""Of what fills a slot."""
MAX_SOURCE_BYTES: Final = 256
MAX_EVIDENCE: Final = 64
MAX_SUPERSEDED: Final = 16
"""That a memory to be remembered names."""
MAX_TTL_SECONDS: Final = 100 * 366 * 86_400
MAX_SESSION_ID_BYTES: Final = 200
MAX_SPEAKER_BYTES: Final = 240
"""As an id it has the prefix `speaker:`."""
MAX_TURNS: Final = 200
"""That are appended at once."""
MAX_FORGOTTEN: Final = 1000
MAX_RECALLED_GRAPHS: Final = 8
MAX_CONTEXT_TOKENS: Final = 100_000
"""Of the context of a recall."""
MAX_COMMENT_BYTES: Final = 4096
"""Of feedback."""
MAX_FEEDBACK_NODES: Final = 100
DEFAULT_FEEDBACK_NODES: Final = 10
"""In each list of a summary."""

# Audit
MAX_METHOD_BYTES: Final = 128
"""Of a method's name in a filter."""
MAX_VERIFIED_ENTRIES: Final = 10_000
"""That one call checks."""

# Traversal
MAX_START_NAMES: Final = 100
MAX_DEPTH: Final = 10
DEFAULT_TRAVERSE_DEPTH: Final = 2
DEFAULT_PATH_DEPTH: Final = 6
DEFAULT_CONTEXT_DEPTH: Final = 1
MAX_FAN_OUT: Final = 1000
DEFAULT_FAN_OUT: Final = 100
DEFAULT_PATH_FAN_OUT: Final = 1000
MAX_TRAVERSE_NODES: Final = 10_000
DEFAULT_TRAVERSE_NODES: Final = 1000
MAX_PATHS: Final = 100
DEFAULT_PATHS: Final = 1
MAX_CONTEXT_NODES: Final = 1000
DEFAULT_CONTEXT_NODES: Final = 100
MAX_CONTEXT_EDGES: Final = 5000
DEFAULT_CONTEXT_EDGES: Final = 500


def bounded(field: str, value: int, low: int, high: int, default: int) -> int:
    """The value, or `default` for 0.

    Raises InvalidField below `low`, LimitExceeded above `high`.
    """
    if value == 0:
        return default
    if value < low:
        zero = f", or 0 for {f'the default of {default}' if default else 'none'}" if low > 0 else ""
        raise InvalidField(field=field, detail=f"must be from {low} to {high}{zero}, not {value}.")
    if value > high:
        raise LimitExceeded(field=field, actual=value, limit=high, unit="asked for")
    return value


def check_bytes(field: str, value: str, limit: int) -> None:
    """Raises LimitExceeded for a text of more than `limit` bytes."""
    if len(value) * 4 <= limit:
        return  # no character takes more than four bytes
    actual = len(value) if value.isascii() else len(value.encode())
    if actual > limit:
        raise LimitExceeded(field=field, actual=actual, limit=limit, unit="bytes")


def check_count(field: str, actual: int, limit: int, unit: str = "items") -> None:
    """Raises LimitExceeded for more than `limit` items."""
    if actual > limit:
        raise LimitExceeded(field=field, actual=actual, limit=limit, unit=unit)
