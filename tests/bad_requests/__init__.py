"""Requests that must be refused: each with the code, the reason and the field that the refusal names.

They are made for a tenant with the graphs `g` (nodes `a`, `b`, edge `ab` from a to b, at revision 1) and `other` (where
the import `begun` has one chunk, with a vector of the model `three`, and the session `s` two turns). CANARY stands in
contents: no refusal may repeat it.
"""

from collections.abc import Sequence

from tests.bad_requests.admin import ADMIN
from tests.bad_requests.case import CANARY, Bad, G, nested
from tests.bad_requests.contents import CONTENTS, UNDECODABLE
from tests.bad_requests.imports import IMPORTS
from tests.bad_requests.judgements import JUDGEMENTS
from tests.bad_requests.memories import MEMORIES
from tests.bad_requests.names import NAMES, OTHER_GRAPH
from tests.bad_requests.pages import PAGED, PAGES, paged
from tests.bad_requests.reads import READS
from tests.bad_requests.state import ABSENT, COMMITS, TAKEN_IDS
from tests.bad_requests.updates import UPDATES

__all__ = ["BAD_REQUESTS", "CANARY", "PAGED", "Bad", "G", "nested", "paged"]

BAD_REQUESTS: Sequence[Bad] = [
    *NAMES,
    *OTHER_GRAPH,
    *CONTENTS,
    *UNDECODABLE,
    *UPDATES,
    *ABSENT,
    *TAKEN_IDS,
    *COMMITS,
    *IMPORTS,
    *READS,
    *MEMORIES,
    *JUDGEMENTS,
    *PAGES,
    *ADMIN,
]
