"""Values of enums as people read them."""

import re
from typing import Any

BETWEEN_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


def word(enum: type[Any], number: int) -> str:
    """`REMEMBER_OUTCOME_NOT_KEPT` of RememberOutcome as `not kept`; the number of a value that only a newer server
    knows."""
    descriptor: Any = enum.DESCRIPTOR
    value = descriptor.values_by_number.get(number)
    if value is None:
        return str(number)
    prefix = BETWEEN_WORDS.sub("_", descriptor.name).upper() + "_"
    return str(value.name).removeprefix(prefix).lower().replace("_", " ")
