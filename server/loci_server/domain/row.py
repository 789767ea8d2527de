"""A row as the database gives it: values by the name of their column."""

from typing import Any, Protocol


class Row(Protocol):
    def __getitem__(self, column: str, /) -> Any: ...
