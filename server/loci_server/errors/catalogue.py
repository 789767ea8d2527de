"""Every error there is, for documents and tests."""

from . import caller, request, resource, service, state
from .tree import LociError

FAMILIES = (request, caller, resource, state, service)


def all_errors() -> list[type[LociError]]:
    """The classes of the tree, in the order in which they are written down."""
    return [
        error
        for family in FAMILIES
        for error in vars(family).values()
        if isinstance(error, type) and issubclass(error, LociError) and error is not LociError
    ]
