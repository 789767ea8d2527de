"""What one tenant sends to learn of another: its requests as they were, its identifiers in every place for one, and
both by chance."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from google.protobuf.message import Message

from loci_server.rpc.scopes import KEYS, REQUIRED, Scopes
from tests.fuzz.generator import Generator
from tests.fuzz.methods import Method
from tests.integration.isolation.identifiers import NAME, Pool, kind_of
from tests.integration.isolation.scene import CALLABLE, SECRET, Tenant, generated, parsed, tame
from tests.leaves import Path, kinds, leaves, put

NONE, FORGED = "none", "forged"
"""No key at all; the victim's key with another secret."""
REPLAY = "as the victim sent it"
OTHER = "zqxoutsidezq"
"""For SECRET in replays, and as long: what the attacker says is not the victim's."""
PER_PLACE = 4
"""Identifiers that are tried in each place."""


@dataclass(frozen=True, slots=True)
class Probe:
    """A call of the attacker."""

    method: Method
    messages: Sequence[bytes]
    key: str
    """The scope of the key, or NONE, or FORGED."""
    about: str

    def text(self) -> str:
        return f"{self.method.path} with {self.key}: {self.about}\n" + "\n".join(raw.hex() for raw in self.messages)


def matrix(attacker: Tenant, victim: Tenant, rng: random.Random) -> Iterator[Probe]:
    """Every method, with every place for an identifier: one of the victim's stands there, all else is good."""
    for method in CALLABLE:
        for path, field in kinds(method.request).items():
            kind = kind_of(field)
            if kind is None:
                continue
            for _ in range(PER_PLACE):
                base = rng.choice(attacker.exchanges[method.path])
                request = [parsed(method, raw) for raw in base.messages]
                target = next((one for one in request if there(one, path)), request[-1])
                value = choice(rng, victim.pool, kind, target, path)
                if value is not None:
                    put(target, path, value)
                    yield Probe(method, bytes_of(request), scope(rng, method), f"{'.'.join(path)} = {value!r}")


def replays(attacker: Tenant, victim: Tenant) -> Iterator[Probe]:
    """What the victim sent, byte for byte, with each of the attacker's keys; its page and resume tokens among them."""
    for method in CALLABLE:
        for exchange in victim.exchanges[method.path]:
            for key in (*attacker.keys, NONE, FORGED):
                if "operator" not in key or not concerns_operators(method):
                    yield Probe(
                        method, [raw.replace(SECRET.encode(), OTHER.encode()) for raw in exchange.messages], key, REPLAY
                    )


def mixtures(attacker: Tenant, victim: Tenant, rng: random.Random) -> Iterator[Probe]:
    """Random good requests in which some identifiers are the victim's, without end."""
    generator = Generator(rng, attacker.there)
    while True:
        method = rng.choice(CALLABLE)
        request = generated(generator, rng, method)
        taken = []
        for one in request:
            for leaf in leaves(one):
                kind = kind_of(leaf.kind)
                if kind is not None and rng.random() < 0.4:
                    pool = victim.pool
                    known = pool.like(str(leaf.value)) if kind == NAME else pool.of(kind)
                    if known:
                        leaf.replace(rng.choice(known))
                        taken.append(leaf.kind)
        yield Probe(method, bytes_of(request), scope(rng, method), f"the victim's {', '.join(taken) or 'nothing'}")


def choice(rng: random.Random, pool: Pool, kind: str, message: Message, path: Path) -> str | bytes | None:
    """An identifier of the victim for this place: mostly one like that which stands there."""
    before = next((leaf.value for leaf in leaves(message) if leaf.path == path), "")
    known = pool.like(before) if kind == NAME and isinstance(before, str) and rng.random() < 0.8 else pool.of(kind)
    return rng.choice(known) if known else None


def there(message: Message, path: Path) -> bool:
    """Whether the first step of the path is set."""
    field = message.DESCRIPTOR.fields_by_name[path[0]]
    return (
        bool(len(getattr(message, path[0])))
        if field.is_repeated
        else (message.HasField(path[0]) if field.has_presence else bool(getattr(message, path[0])))
    )


def scope(rng: random.Random, method: Method) -> str:
    """Mostly the one that may do most."""
    keys = ["admin"] * 12 + ["read", "write", "write", NONE, FORGED]
    return rng.choice(keys if concerns_operators(method) else [*keys, "operator", "admin operator"])


def concerns_operators(method: Method) -> bool:
    """Whether operators may do this to any tenant: what they learn is theirs to know."""
    required: Scopes = REQUIRED[method.path[1:].replace("/", ".")]
    return required == KEYS


def bytes_of(request: Sequence[Message]) -> list[bytes]:
    for one in request:
        tame(one)
    return [one.SerializeToString() for one in request]
