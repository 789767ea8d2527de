"""Values of enums as people read them."""

from loci.v1.erasure_pb2 import ErasureState
from loci.v1.memory_service_pb2 import RememberOutcome
from loci_server.cli.words import word


def test_a_value_is_a_word_without_the_name_of_its_enum() -> None:
    for number in ErasureState.values():
        assert "ERASURE" not in word(ErasureState, number).upper()
    assert word(RememberOutcome, RememberOutcome.Value("REMEMBER_OUTCOME_ADDED")) == "added"


def test_a_value_of_a_newer_server_is_shown_as_its_number() -> None:
    assert word(ErasureState, 999) == "999"
