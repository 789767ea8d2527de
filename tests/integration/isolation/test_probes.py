"""Nothing of one tenant can be seen, counted, named or reached by another: neither with its identifiers, nor by
replaying what it sent, nor by chance; and one of the two fences is enough for it.

LOCI_PROBES       how many probes, default 5,500
LOCI_PROBE_SEED   which ones; a failure prints the seed and the probes
"""

import os
import random
from collections import Counter
from collections.abc import AsyncIterator
from itertools import chain, islice

import pytest

from tests.fences import no_policies, no_predicates
from tests.fuzz.methods import methods
from tests.integration.isolation.identifiers import RESUME, TOKEN, kind_of
from tests.integration.isolation.probes import PER_PLACE, Probe, matrix, mixtures, replays
from tests.integration.isolation.scene import CALLABLE, SAMPLES
from tests.integration.isolation.twins import Twins, twins
from tests.leaves import kinds

PROBES = int(os.environ.get("LOCI_PROBES", "5500"))
SEED = int(os.environ.get("LOCI_PROBE_SEED", "20261122"))
WITH_ONE_FENCE = PROBES // 12


@pytest.fixture(scope="module")
async def pair(postgres_url: str, migrated_template: str) -> AsyncIterator[Twins]:
    async with twins(postgres_url, migrated_template, SEED) as made:
        yield made


def test_every_field_is_an_identifier_or_content() -> None:
    unknown = []
    for method in methods():
        if method.path.startswith("/loci.v1."):
            for field in kinds(method.request).values():
                try:
                    kind_of(field)
                except LookupError:
                    unknown.append(f"{method.path}: {field}")
    assert unknown == []


async def test_every_method_was_called_by_both(pair: Twins) -> None:
    for tenant in (pair.attacker, pair.victim):
        few = [method.path for method in CALLABLE if len(tenant.exchanges[method.path]) < SAMPLES]
        assert few == [], "no good request was found for these: see tests/fuzz/generator.py"


@pytest.mark.slow
async def test_no_answer_tells_whether_the_other_tenant_is_there(pair: Twins) -> None:
    before = await pair.victims_rows()
    rng = random.Random(SEED)
    places = list(matrix(pair.attacker, pair.victim, rng))
    probes = list(
        islice(chain(replays(pair.attacker, pair.victim), places, mixtures(pair.attacker, pair.victim, rng)), PROBES)
    )
    sent, found = await pair.leaks(probes)
    assert not found, report(found)
    assert sent >= min(PROBES, 5000)
    assert len(pair.tokens(TOKEN)) >= 5, "or there is nothing to be refused"
    assert pair.tokens(RESUME)
    assert await pair.victims_rows() == before
    covered(places)


def covered(places: list[Probe]) -> None:
    """Every place for an identifier was tried in every method, but for kinds of which the victim has none."""
    tried = Counter(probe.method.path for probe in places)
    for method in CALLABLE:
        wanted = sum(kind_of(field) is not None for field in kinds(method.request).values())
        assert tried[method.path] >= PER_PLACE * wanted * 0.9, method.path


@pytest.mark.slow
async def test_one_fence_is_enough(pair: Twins) -> None:
    async with pair.without(no_policies):
        _, found = await pair.leaks(some(pair, 1))
        assert not found, report(found)
    async with pair.without(no_predicates):
        _, found = await pair.leaks(some(pair, 2))
        assert not found, report(found)
        async with pair.without(no_policies):  # without both they tell, or they would prove nothing
            _, found = await pair.leaks(some(pair, 3), mending=False)
            assert len(found) > WITH_ONE_FENCE // 20


def some(pair: Twins, seed: int) -> list[Probe]:
    rng = random.Random(SEED + seed)
    everything = [*replays(pair.attacker, pair.victim), *matrix(pair.attacker, pair.victim, rng)]
    return rng.sample(everything, WITH_ONE_FENCE)


def report(found: list[str]) -> str:
    return "\n\n".join([f"LOCI_PROBE_SEED={SEED}: {len(found)} probes tell", *found])[:20_000]
