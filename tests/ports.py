"""Ports that are nobody else's while nothing listens there: between a kill and the restart, or before a start."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def kept_port() -> Iterator[int]:
    """A free port of 127.0.0.1, for whoever is told its number.

    The kernel gives it to nobody who asks for any port, as each connection does. A server may listen there again and
    again: what holds it does not listen, and shares the address.
    """
    with socket.socket() as holder:
        for option in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
            holder.setsockopt(socket.SOL_SOCKET, option, 1)
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]
