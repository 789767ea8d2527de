"""Whether an answer is as a scenario expects it.

What is expected of an object is a part of it; of a list, all of it; else the value itself. Or a rule:

    {$any: true}        whatever there is       {$absent: true}     there is no such member
    {$length: 3}        how many                {$regex: "^a"}      a string that has a match
    {$contains: x}      of a list or a string   {$not: x}           anything else
    {$least: 3}         a number, also in a string, that is not below; {$most: 3}: not above
    {$same: "a.b"}      a list, in each item of which there is the same at this path
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.conformance.scenario import looked_up

ABSENT = object()


def differences(expected: Any, found: Any, where: str = "") -> Iterator[str]:
    """In what they differ; nothing if `found` is as expected."""
    if isinstance(expected, Mapping) and len(expected) == 1 and (rule := next(iter(expected))).startswith("$"):
        if not fulfils(rule, expected[rule], found):
            yield f"{where or 'it'} should be {rule} {expected[rule]!r}, not {shown(found)}"
    elif isinstance(expected, Mapping):
        if not isinstance(found, Mapping):
            yield f"{where or 'it'} should be an object, not {shown(found)}"
            return
        for member, value in expected.items():
            yield from differences(value, found.get(member, ABSENT), f"{where}.{member}".lstrip("."))
    elif isinstance(expected, list):
        if not isinstance(found, list) or len(found) != len(expected):
            yield f"{where or 'it'} should have {len(expected)} items, not {shown(found)}"
            return
        for place, value in enumerate(expected):
            yield from differences(value, found[place], f"{where}[{place}]")
    elif not same(expected, found):
        yield f"{where or 'it'} should be {expected!r}, not {shown(found)}"


def same(expected: Any, found: Any) -> bool:
    if isinstance(expected, bool) or isinstance(found, bool):
        return expected is found
    return bool(expected == found)


def fulfils(rule: str, argument: Any, found: Any) -> bool:
    match rule:
        case "$any":
            return found is not ABSENT
        case "$absent":
            return found is ABSENT
        case "$length":
            return isinstance(found, list | str) and len(found) == argument
        case "$regex":
            return isinstance(found, str) and re.search(argument, found) is not None
        case "$contains" if isinstance(found, list):
            return any(not list(differences(argument, each)) for each in found)
        case "$contains":
            return isinstance(found, str) and argument in found
        case "$not":
            return bool(list(differences(argument, found)))
        case "$least":
            return isinstance(found, int | float | str) and float(found) >= argument
        case "$most":
            return isinstance(found, int | float | str) and float(found) <= argument
        case "$same":
            return isinstance(found, list) and len({repr(looked_up(argument, each)) for each in found}) == 1
    raise ValueError(f"there is no rule {rule}")


def shown(found: Any) -> str:
    return "absent" if found is ABSENT else repr(found)[:300]
