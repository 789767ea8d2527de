"""A variable that nobody reads is said to do nothing, with the setting that is likely meant, without its value."""

import pytest

from loci_server.preflight import unknown_variables
from loci_server.settings import Settings


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("LOCI_QUOTA_NODE", "LOCI_QUOTA_NODE is no setting and does nothing; is LOCI_QUOTA_NODES meant?"),
        ("LOCI_KEYPROVIDER", "LOCI_KEYPROVIDER is no setting and does nothing; is LOCI_KEY_PROVIDER meant?"),
        ("LOCI_TLS_CERT", "LOCI_TLS_CERT is no setting and does nothing; is LOCI_TLS_CERTIFICATE meant?"),
        ("LOCI_COLOUR", "LOCI_COLOUR is no setting and does nothing"),
    ],
)
def test_a_variable_that_is_no_setting_is_said_with_the_nearest_one(name: str, said: str) -> None:
    assert [*unknown_variables({name: "a secret", "PATH": "/bin"})] == [said]


def test_settings_and_what_clients_and_kubernetes_set_are_not_remarked_on() -> None:
    known = [f"LOCI_{name.upper()}" for name in Settings.model_fields]
    clients = ["LOCI_ADDRESS", "LOCI_API_KEY", "LOCI_API_KEY_FILE", "LOCI_TOKEN_FILE"]
    links = ["LOCI_SERVICE_HOST", "LOCI_SERVICE_PORT_GRPC", "LOCI_PORT_50051_TCP_ADDR", "LOCI_DB_PORT_5432_TCP"]
    assert [*unknown_variables(dict.fromkeys([*known, *clients, *links, "loci_port", "HOME"], ""))] == []
