"""BM25 as loci.search_lexical has it, for what is ranked or weighed outside the database.

Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009; the non-negative inverse document
frequency is Lucene's.
"""

from math import log1p
from typing import Final

K1: Final = 1.2
B: Final = 0.75


def inverse(documents: float, holding: float) -> float:
    """The weight of a term that so many of the documents hold."""
    return (K1 + 1) * log1p((max(documents - holding, 0.0) + 0.5) / (holding + 0.5))
