"""Times that a text names ("two weeks ago", "in July", "3 March 2023"), found by rules and without a model.

English, and dates in numbers of any language. Days are those of the speaker: the day of `at` in its own zone is today,
and a day is given as midnight to midnight UTC, so that the same day said in two zones is the same day.
"""

from loci_server.search.times.anchors import Anchored, anchored
from loci_server.search.times.mentions import MAX_MENTIONS, mentioned, names_times
from loci_server.search.times.period import Period, Precision
from loci_server.search.times.terms import MAX_QUERY_TERMS, document_terms, query_terms

__all__ = [
    "MAX_MENTIONS",
    "MAX_QUERY_TERMS",
    "Anchored",
    "Period",
    "Precision",
    "anchored",
    "document_terms",
    "mentioned",
    "names_times",
    "query_terms",
]
