"""How often one address may try credentials that are not valid, before its further ones count for little.

Beyond that a key is looked up only as there is room for it in the process, and each key by itself may be tried so often
from that address: who sends keys that nobody has keeps no key out that somebody has, unless he sends very many.
"""

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
"""That are known at a time; the one that failed longest ago is forgotten. So many keys, too."""
SECOND_LOOKS: Final = 50
"""Keys a second that a process looks up for addresses that have guessed too often, all together."""
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
        self._addresses = Failures(limit, clock)
        self._keys = Failures(limit, clock)
        self._looks = float(SECOND_LOOKS)
        self._looked_at = clock()

    def refusal(self, peer: str) -> TooManyFailedCredentials | None:
        """What a credential from there that is not known is refused with; None: it is looked up."""
        over = self._addresses.over(address_of(peer))
        if over <= 0:
            return None
        return TooManyFailedCredentials(
            limit=self._limit, scope="address", name=NAME, retry_after=over * WINDOW / self._limit
        )

    def check(self, peer: str) -> None:
        """Raises TooManyFailedCredentials."""
        refusal = self.refusal(peer)
        if refusal is not None:
            raise refusal

    def failed(self, peer: str) -> None:
        """One from there was not valid."""
        self._addresses.add(address_of(peer))

    def second_look(self) -> bool:
        """Whether there is room to look up one key more that comes from where too many were not valid."""
        now = self._clock()
        self._looks = min(SECOND_LOOKS, self._looks + (now - self._looked_at) * SECOND_LOOKS)
        self._looked_at = now
        if self._looks < 1:
            return False
        self._looks -= 1
        return True

    def key_is_over(self, peer: str, key_id: int) -> bool:
        """Whether this key was tried too often from there with another secret."""
        return self._keys.over(f"{address_of(peer)} {key_id}") > 0

    def key_failed(self, peer: str, key_id: int) -> None:
        """A key that there is was tried from there with another secret. Of one that nobody has nothing is kept."""
        self._keys.add(f"{address_of(peer)} {key_id}")


class Failures:
    """How many failures count of each of many, with time making up for them. `limit` 0: none count."""

    def __init__(self, limit: int, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._clock = clock
        self._failed: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """How many still count, and when that was so."""

    def over(self, name: str) -> float:
        """By how many more than the limit one more would be; 0 or less: it may."""
        return self._counting(name) - self._limit + 1 if self._limit else 0.0

    def add(self, name: str) -> None:
        if not self._limit:
            return
        self._failed[name] = min(self._counting(name) + 1, 2 * self._limit), self._clock()
        self._failed.move_to_end(name)
        if len(self._failed) > MAX_ADDRESSES:
            self._failed.popitem(last=False)

    def _counting(self, name: str) -> float:
        counting, at = self._failed.get(name, (0.0, 0.0))
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
