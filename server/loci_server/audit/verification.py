"""Is a chain still what it was? Computed anew, a stretch at a time."""

import asyncio
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from loci_server.audit.entry import opened
from loci_server.crypto.audit import AuditKeys, TenantAuditKeys
from loci_server.domain.audit import FIRST_MAC, Head, Problem
from loci_server.errors import ContentUnreadable
from loci_server.store.audit import Audit, Link, Stretch

GIVE_WAY: Final = 100
"""Entries after which others get their turn."""
LAST_SEQUENCE: Final = (1 << 63) - 1
"""The largest number; a head that was changed may hold it."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in a chain."""

    sequence: int = 0
    mac: bytes = FIRST_MAC


@dataclass(frozen=True, slots=True)
class Finding:
    """What a stretch was found to be."""

    count: int
    """Entries that are whole."""
    last: Anchor
    """The last of them."""
    first_sequence: int
    """The first entry that is kept."""
    problem: Problem = Problem.NONE
    bad_sequence: int = 0
    anchor_met: bool = False
    is_complete: bool = False
    """The end of the chain was reached."""


class Verifier:
    """Checks chains against their keys."""

    def __init__(self, audit: Audit, keys: AuditKeys) -> None:
        self._audit = audit
        self._keys = keys

    async def check(self, tenant_key: int, behind: Anchor | None, anchor: Anchor | None, limit: int) -> Finding:
        """Up to `limit` entries behind a place that was checked before; None: from the beginning. `anchor`: what the
        chain must agree with."""
        # One more than is checked: what stands behind the end is seen, too.
        stretch = await self._audit.stretch(tenant_key, behind.sequence + 1 if behind else -(1 << 63), limit + 1)
        if stretch.head is None:
            return without_head(stretch, anchor)
        start = behind or Anchor(stretch.head.cut_sequence, stretch.head.cut_mac)
        if start.sequence < stretch.head.cut_sequence:  # it was cut meanwhile
            start = Anchor(stretch.head.cut_sequence, stretch.head.cut_mac)
        return await _Walk(self._keys.of(tenant_key), tenant_key, stretch.head, stretch.seal, start, anchor).over(
            stretch.links[: limit + 1], limit
        )


def without_head(stretch: Stretch, anchor: Anchor | None) -> Finding:
    """Nothing was ever chained; or somebody has removed the head."""
    if stretch.links:
        return Finding(0, Anchor(), 1, Problem.HEAD, stretch.links[0].sequence)
    if anchor is not None and anchor.sequence > 0:
        return Finding(0, Anchor(), 1, Problem.ANCHOR, 1)
    return Finding(0, Anchor(), 1, is_complete=True)


class _Walk:
    """One stretch of one chain."""

    def __init__(
        self, keys: TenantAuditKeys, tenant_key: int, head: Head, seal: bytes, start: Anchor, anchor: Anchor | None
    ) -> None:
        self._keys = keys
        self._tenant_key = tenant_key
        self._head = head
        self._seal = seal
        self._at = start
        self._anchor = anchor
        self._count = 0
        self._met = False

    async def over(self, links: Sequence[Link], limit: int) -> Finding:
        self._meet()
        for link in links[:limit]:
            problem = self._problem_with(link)
            if problem is not Problem.NONE:
                wrong = min(link.sequence, self._at.sequence + 1) if problem is not Problem.ADDED else link.sequence
                return self._found(problem, wrong)
            self._at = Anchor(link.sequence, link.mac)
            self._count += 1
            if not self._meet():
                return self._found(Problem.ANCHOR, link.sequence)
            if self._count % GIVE_WAY == 0:
                await asyncio.sleep(0)
        if len(links) > limit:
            return self._found()
        return self._at_the_end()

    def _problem_with(self, link: Link) -> Problem:
        expected = self._at.sequence + 1
        if link.sequence > self._head.sequence or link.sequence < expected:
            # Behind the end, unless something before it is missing, too.
            return Problem.MISSING if expected <= self._head.sequence < link.sequence else Problem.ADDED
        if link.sequence > expected:
            return Problem.MISSING
        # Whose names were removed is whole, and yet nobody would find it by them.
        if not link.is_found or not hmac.compare_digest(
            link.mac, self._keys.mac(self._at.mac, link.stored.chained(link.sequence))
        ):
            return Problem.CHANGED
        try:
            opened(self._keys, link.stored)
        except ContentUnreadable:
            return Problem.CHANGED
        return Problem.NONE

    def _meet(self) -> bool:
        """False if this is the place of the anchor and not what it says."""
        if self._anchor is None or self._anchor.sequence != self._at.sequence:
            return True
        self._met = hmac.compare_digest(self._anchor.mac, self._at.mac)
        return self._met

    def _at_the_end(self) -> Finding:
        head = self._head
        if self._at.sequence < head.sequence:
            return self._found(Problem.MISSING, self._at.sequence + 1)
        sealed = hmac.compare_digest(self._seal, self._keys.seal_of_head(head.sealed(self._tenant_key)))
        if not sealed or not hmac.compare_digest(head.mac, self._at.mac):
            return self._found(Problem.HEAD, head.sequence)
        if self._anchor is not None and self._anchor.sequence > head.sequence:
            return self._found(Problem.ANCHOR, head.sequence + 1)
        return self._found(complete=True)

    def _found(self, problem: Problem = Problem.NONE, wrong: int = 0, *, complete: bool = False) -> Finding:
        first, wrong = min(self._head.cut_sequence + 1, LAST_SEQUENCE), min(wrong, LAST_SEQUENCE)
        return Finding(self._count, self._at, first, problem, wrong, self._met, complete)
