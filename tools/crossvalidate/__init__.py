"""Cross-validation of the ranking's constants: a server is asked the questions of a data set with `explain`;
from what each hit was scored by, the ranking is computed anew for other constants, without the server.

    answers      what the server said, as numbers
    recomputed   the order of an answer under other constants
    folds        conversations, and how they are divided
    asked        a data set, measured under other constants
    tuning       coordinate search, and what it gives on questions that it has not seen
    tables       what is printed

docs/retrieval.md tells the results.
"""
