"""What no caller should send, by type, and a little of what one would."""

INTS = (0, 1, -1, 2, 10, 64, 65, 100, 1000, 1001, 10_000, 10**9, 2**31 - 1, -(2**31), 2**63 - 1, -(2**63), 2**53 + 1)
FLOATS = (0.0, -0.0, 0.5, 1.0, -1.0, 1e-45, 5e-324, 3.4e38, 1e308, -1e308, float("nan"), float("inf"), float("-inf"))
TEXTS = (
    "",
    " ",
    ".",
    "..",
    "/",
    "*",
    "-",
    "\0",
    "a\0b",
    "a\nb",
    "\u2028",
    "\u202eabc",
    "\ufeff",
    "\U0010ffff",
    "e\u0301",
    "👩‍👩‍👧",
    "ﷺ" * 50,
    "%s{field}{0}%n",
    "' OR 1=1; --",
    "graphs/",
    "graphs/g0/",
    "graphs/../nodes/a",
    "graphs/g0/nodes/",
    "graphs/g0/nodes/a/b",
    "graphs/g0/nodes/a\0b",
    "graphs/g0/edges/\u2028",
    "graphs/g1/nodes/a",
    "graphs/none/nodes/a",
    "tenants/default",
    "tenants/-/apiKeys/99999999999999999999",
    "properties.",
    "properties.a.b",
    "9" * 40,
    "Y-17E7",
    "-9999-02-29",
    "2001-13-45T99:99:99Z",
    "{1667,1668,1669..1672}",
    "1985-04-12T23:20:30+99:99",
    "a" * 64,
    "a" * 65,
    "b" * 128,
    "b" * 129,
    "é" * 128,
    "é" * 129,
    "c" * 513,
    "word " * 900,
    "=" * 4097,
)
LONG_TEXTS = ("x" * (256 * 1024), "日" * 87_382, "x" * 300_000, " " * 300_000, "na\u0308" * 60_000)
WORDS = ("tea", "likes tea", "the Rhine", "日本", "one two three")
DATES = ("", "1985", "1985-04", "198X", "1985~", "..", "1984/1990", "2024-05-01T00:00:00Z")
SELDOM = frozenset(
    ("create_time", "update_time", "expire_time", "delete_time", "embedding", "query_embedding", "progress_interval")
)
PATHS = ("text", "label", "properties", "properties.k", "weight", "valid_from", "*", "salience", "display_name")
