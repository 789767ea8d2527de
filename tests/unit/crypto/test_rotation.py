"""The rotation keeps angles, hides directions, and differs from graph to graph."""

import os
import sys
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from loci_server.crypto import rotation as crypto_rotation
from loci_server.crypto.rotation import Rotation

ONE, OTHER = Rotation(b"1" * 32), Rotation(b"2" * 32)
DIMENSIONS = [1, 2, 3, 5, 31, 63, 64, 65, 96, 127, 128, 129, 384, 512, 768, 1000, 1024, 1536, 3072, 4000, 4096]


def units(count: int, dimension: int, seed: int = 0) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).normal(size=(count, dimension))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_it_is_orthogonal_to_single_precision(dimension: int) -> None:
    rows = np.eye(dimension, dtype=np.float32)[:: 1 + dimension // 512]
    turned = ONE.apply(rows).astype(np.float64)
    assert np.abs(turned @ turned.T - np.eye(len(rows))).max() < 2e-6


@given(st.integers(1, 700), st.binary(min_size=32, max_size=32))
@settings(max_examples=50)
def test_it_keeps_angles_in_any_dimension_under_any_key(dimension: int, key: bytes) -> None:
    vectors = units(5, dimension)
    turned = Rotation(key).apply(vectors)
    assert turned.shape == vectors.shape
    assert np.allclose(turned @ turned.T, vectors @ vectors.T, atol=1e-5)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_it_can_be_undone(dimension: int) -> None:
    vectors = units(20, dimension)
    assert np.abs(ONE.undo(ONE.apply(vectors)) - vectors).max() < 1e-5
    assert np.abs(ONE.apply(ONE.undo(vectors)) - vectors).max() < 1e-5


@pytest.mark.parametrize("dimension", [64, 100, 384, 768, 1536])
def test_angles_survive_half_precision(dimension: int) -> None:
    vectors = units(100, dimension)
    vectors[:, 0] += 3  # all in one direction, as those of many models are
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    halves = ONE.apply(vectors).astype(np.float16).astype(np.float64)
    assert np.abs(halves @ halves.T - vectors @ vectors.T).max() < 1e-3


@pytest.mark.parametrize("dimension", [64, 100, 384, 768, 1536])
@pytest.mark.parametrize("kind", ["dense", "sparse"])
def test_what_is_stored_is_unlike_the_clear_vector_and_unlike_that_of_another_graph(dimension: int, kind: str) -> None:
    vectors = units(200, dimension) if kind == "dense" else np.eye(dimension, dtype=np.float32)[:64]
    one, other = ONE.apply(vectors), OTHER.apply(vectors)
    for cosines in ((one * vectors).sum(axis=1), (one * other).sum(axis=1)):
        assert np.abs(cosines).max() < 5.5 / np.sqrt(dimension)
        assert np.abs(cosines).mean() < 1.2 / np.sqrt(dimension)


def test_what_a_vector_holds_is_spread_over_all_coordinates() -> None:
    turned = ONE.apply(np.eye(1000, dtype=np.float32))
    assert np.abs(turned).max() < 6 / np.sqrt(1000)
    assert np.count_nonzero(np.abs(turned) > 1e-7) > 0.98 * turned.size


def test_it_is_the_same_whenever_and_with_whatever_else_a_vector_is_rotated() -> None:
    vectors = units(10, 384)
    together = ONE.apply(vectors)
    assert np.allclose(Rotation(b"1" * 32).apply(vectors[3:4]), together[3:4], atol=1e-6)
    known = [0.0012, 0.0627]
    assert ONE.apply(np.eye(384, dtype=np.float32)[:1])[0, :2].tolist() == pytest.approx(known, abs=1e-4)


def test_vectors_that_were_given_are_left_as_they_are() -> None:
    vectors = units(3, 65)
    before = vectors.copy()
    ONE.apply(vectors)
    assert (vectors == before).all()
    assert ONE.apply(np.zeros((0, 384), dtype=np.float32)).shape == (0, 384)


def test_once_a_rotation_is_gone_nothing_has_its_key_any_more() -> None:
    key = os.urandom(32)
    before = sys.getrefcount(key)
    rotation = Rotation(key)
    rotation.undo(rotation.apply(units(1, 384)))
    assert sys.getrefcount(key) > before
    del rotation
    assert sys.getrefcount(key) == before


def test_what_all_rotations_keep_ready_together_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def counted(key: bytes, dimension: int) -> Sequence[crypto_rotation.Round]:
        made.append(dimension)
        return rounds(key, dimension)

    rounds = crypto_rotation.rounds
    monkeypatch.setattr(crypto_rotation, "rounds", counted)
    monkeypatch.setattr(crypto_rotation, "MAX_KEPT", 2)
    rotation = Rotation(b"3" * 32)
    turned = {dimension: rotation.apply(units(1, dimension)) for dimension in (64, 65, 66, 67, 68)}
    made.clear()
    for dimension in (68, 64, 65, 66):
        assert (rotation.apply(units(1, dimension)) == turned[dimension]).all()
    assert 2 <= len(made) <= 4
    made.clear()
    rotation.apply(units(1, 66))
    assert not made
