"""How often one address may try credentials that are not valid, before its further ones are not even looked up."""

import time
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from typing import Final

from loci_server.domain.audit import without_port
from loci_server.errors import TooManyFailedCredentials

NAME: Final = "max_failed_credentials"
WINDOW: Final = 60.0
"""Seconds in which as many tries come back as an address has."""
MAX_ADDRESSES: Final = 10_000
"""That are known at a time; the one that failed longest ago is forgotten."""
NETWORK_BITS: Final = 64
"""One subscriber has all addresses of an IPv6 network of this size."""


class Guesses:
    """Those of one process. `limit` 0: as many as they like.

    Failures beyond the limit, of tries that were under way together, are paid for, too, by waiting for a window more
    at most.
    """

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._failed: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """By address: how many failures still count, and when that was so."""

    def check(self, peer: str) -> None:
        """Before a credential is looked up that is not known. Raises TooManyFailedCredentials."""
        if not self._limit:
            return
        over = self._counting(address_of(peer)) - self._limit + 1
        if over > 0:
            raise TooManyFailedCredentials(
                limit=self._limit, scope="address", name=NAME, retry_after=over * WINDOW / self._limit
            )

    def failed(self, peer: str) -> None:
        """One was not valid."""
        if not self._limit:
            return
        address = address_of(peer)
        counting = min(self._counting(address) + 1, 2 * self._limit)
        self._failed[address] = counting, self._clock()
        self._failed.move_to_end(address)
        if len(self._failed) > MAX_ADDRESSES:
            self._failed.popitem(last=False)

    def _counting(self, address: str) -> float:
        """Failures of this address that are not made up for by time."""
        counting, at = self._failed.get(address, (0.0, 0.0))
        return max(0.0, counting - (self._clock() - at) * self._limit / WINDOW)


def address_of(peer: str) -> str:
    """What is counted together, of what gRPC says of the other end: an IPv4 address, an IPv6 network, a socket."""
    host = without_port(peer)
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return f"{IPv6Address(int(address) >> NETWORK_BITS << NETWORK_BITS)}/{NETWORK_BITS}"
