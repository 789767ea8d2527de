"""Vectors are brought to length 1, whatever their size."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from loci_server.writing.vectors import unit

FLOATS = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(st.lists(FLOATS, min_size=1, max_size=50))
def test_a_vector_has_length_one_and_keeps_its_direction(values: list[float]) -> None:
    assume(any(values))
    made = np.array(unit(values))
    assert np.linalg.norm(made) == pytest.approx(1.0)
    place = int(np.argmax(np.abs(values)))
    assert np.sign(made[place]) == np.sign(values[place])
    assert np.all(np.isfinite(made.astype(np.float16)))
