"""Address and key come from options, environment and defaults, in this order, and never leak to another machine."""

from pathlib import Path

import pytest

from loci_server.cli.connection import Options, api_key, client_arguments, server_address
from loci_server.cli.failures import Failed
from tests.certificates import Authority

LOCAL = "127.0.0.1:50051"
REMOTE = "memory.example:443"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "given"
    path.write_text("loci_given\n")
    return path


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "api-key").write_text("loci_of_the_server\n")
    return folder


def test_the_option_wins_over_the_environment(key_file: Path) -> None:
    environment = {"LOCI_ADDRESS": "a:1", "LOCI_API_KEY": "loci_environment"}
    options = Options(address="b:2", api_key_file=key_file)
    assert server_address(options, environment) == "b:2"
    assert api_key(options, "b:2", environment) == "loci_given"
    assert server_address(Options(), environment) == "a:1"
    assert api_key(Options(), "a:1", environment) == "loci_environment"


def test_the_local_server_is_found_with_its_own_key(data_dir: Path) -> None:
    environment = {"LOCI_DATA_DIR": str(data_dir)}
    found = client_arguments(Options(), environment)
    assert (found["address"], found["api_key"]) == (LOCAL, "loci_of_the_server")


def test_the_key_of_the_local_server_is_not_offered_to_another(data_dir: Path) -> None:
    assert api_key(Options(tls=True), REMOTE, {"LOCI_DATA_DIR": str(data_dir)}) is None


def test_a_key_that_nobody_gave_does_not_take_the_place_of_a_certificate_or_token(
    data_dir: Path, key_file: Path, tmp_path: Path
) -> None:
    environment = {"LOCI_DATA_DIR": str(data_dir)}
    client = Authority(tmp_path, "authority").signed("client")
    shown = Options(client_cert=client.certificate, client_key=client.key)
    assert client_arguments(shown, environment)["api_key"] is None
    given = client_arguments(Options(token_file=key_file), environment)
    assert (given["api_key"], given["token"]()) == (None, "loci_given")
    for spoken in ({"LOCI_API_KEY": "loci_environment"}, {"LOCI_API_KEY_FILE": str(key_file)}):
        assert client_arguments(shown, environment | spoken)["api_key"] is not None


def test_no_key_at_all_is_left_to_the_server_to_refuse(tmp_path: Path) -> None:
    assert api_key(Options(), LOCAL, {"LOCI_DATA_DIR": str(tmp_path)}) is None


def test_a_key_file_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="missing: No such file"):
        api_key(Options(api_key_file=tmp_path / "missing"), LOCAL, {})
    empty = tmp_path / "empty"
    empty.touch()
    with pytest.raises(Failed, match="is empty"):
        api_key(Options(), LOCAL, {"LOCI_API_KEY_FILE": str(empty)})


def test_options_before_the_name_hold_where_none_stand_behind_it() -> None:
    before = Options(address="a:1", json=True, timeout=5)
    assert Options(address="b:2").over(before) == Options(address="b:2", json=True, timeout=5)


def test_files_of_tls_that_cannot_be_used_are_named_with_their_option(tmp_path: Path) -> None:
    authority = Authority(tmp_path, "authority")
    one, other = authority.signed("one"), authority.signed("other")
    cases = {
        "--ca": Options(ca=one.key),
        "--client-cert": Options(client_cert=one.key, client_key=one.key),
        "--client-key": Options(client_cert=one.certificate, client_key=other.key),
    }
    for option, options in cases.items():
        with pytest.raises(Failed, match=option) as raised:
            client_arguments(options, {})
        assert str(one.key if option != "--client-key" else other.key) in str(raised.value)
    good = Options(ca=authority.file, client_cert=one.certificate, client_key=one.key)
    assert client_arguments(good, {})["tls"]
