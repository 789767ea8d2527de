"""The calls of one run: every method in turn, each with noise, mutated messages and hostile ones."""

import random
from collections.abc import Iterator
from itertools import cycle

from loci.v1.bulk_service_pb2 import ImportRequest
from tests.fuzz.calls import Case
from tests.fuzz.generator import Generator
from tests.fuzz.methods import Method, methods
from tests.fuzz.mutation import mutated, random_bytes
from tests.fuzz.world import World

NEARLY_RIGHT = 0.02
MAX_BYTES = 1 << 20
"""Of a message; what lies beyond is cut off. gRPC itself refuses those above 16 MiB."""


def cases(rng: random.Random, there: World) -> Iterator[Case]:
    """Calls without end."""
    generator = Generator(rng, there)
    for method in cycle(methods()):
        count = rng.choice((1, 2, 3, 5)) if method.asks_many else 1
        yield Case(method, [one(rng, generator, method, place)[:MAX_BYTES] for place in range(count)])


def well_formed(rng: random.Random, there: World, method: Method) -> Iterator[Case]:
    """Calls of one method without end, as a careful caller makes them."""
    generator = Generator(rng, there)
    while True:
        count = rng.choice((1, 2)) if method.asks_many else 1
        yield Case(method, [message(rng, generator, method, place, 0.0) for place in range(count)])


def one(rng: random.Random, generator: Generator, method: Method, place: int) -> bytes:
    """The message at this place of its stream."""
    roll = rng.random()
    if roll < 0.1:
        return random_bytes(rng)
    if roll < 0.4:
        return mutated(rng, message(rng, generator, method, place, 0.05), message(rng, generator, method, place, 0.2))
    return message(rng, generator, method, place, rng.choice((0.0, 0.0, NEARLY_RIGHT, 0.1, 0.3, 0.7)))


def message(rng: random.Random, generator: Generator, method: Method, place: int, hostility: float) -> bytes:
    made = generator.message(method.request, hostility)
    if isinstance(made, ImportRequest) and rng.random() >= hostility:  # a header, then chunks in their order
        member = made.DESCRIPTOR.fields_by_name["header" if place == 0 else "items"]
        assert member.message_type is not None
        getattr(made, member.name).CopyFrom(generator.message(member.message_type, hostility, 1))
        if place and rng.random() >= hostility:
            made.items.sequence = place
    return made.SerializeToString()
