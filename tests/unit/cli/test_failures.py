"""Every failure is one line that says what to do, with its exit code; defects keep their traceback."""

import asyncio
import errno

import pytest
import typer
from pydantic import ValidationError

from loci import errors as client_errors
from loci.errors import FieldViolation
from loci_server import errors as server_errors
from loci_server.cli.failures import Failed, describe, guarded
from loci_server.cli.jsonl import BadLine
from loci_server.settings import Settings


def exit_code(error: BaseException) -> int:
    with pytest.raises(typer.Exit) as left, guarded():
        raise error
    return left.value.exit_code


def test_an_error_of_the_server_has_reason_message_and_advice() -> None:
    error = client_errors.NodeNotFound("There is no graphs/a/nodes/b.", code="NOT_FOUND")
    assert describe(error) == (
        "NODE_NOT_FOUND: There is no graphs/a/nodes/b. Check the name. What belongs to another tenant is not found"
        " either."
    )


def test_the_field_is_named_if_the_message_does_not() -> None:
    error = client_errors.InvalidField(
        "must be at least 1", violations=[FieldViolation("node.salience", "must be at least 1")]
    )
    assert "INVALID_FIELD: must be at least 1. (in node.salience)" in (describe(error) or "")
    named = client_errors.InvalidField("page_size: too small", violations=[FieldViolation("page_size", "too small")])
    assert "(in" not in (describe(named) or "")


def test_no_server_says_where_and_how_to_start_one() -> None:
    error = client_errors.Unavailable(
        "failed to connect to all addresses; last error: UNKNOWN: ipv4:127.0.0.1:1: Failed to connect to remote host: "
        "Connection refused",
        reason="",
    )
    assert describe(error) == (
        "no server answers: 127.0.0.1:1: Connection refused. Start one with `loci serve`, or give its --address"
    )


def test_where_localhost_has_two_addresses_the_other_one_is_named() -> None:
    error = client_errors.Unavailable(
        "failed to connect to all addresses; last error: UNKNOWN: ipv6:%5B::1%5D:1: Failed to connect to remote host: "
        "Connection refused",
        reason="",
    )
    line = describe(error) or ""
    assert line.startswith("no server answers: [::1]:1: Connection refused.")
    assert "127.0.0.1" in line


def test_an_unknown_reason_is_shown_as_it_is() -> None:
    assert describe(client_errors.FailedPrecondition("no", reason="OF_TOMORROW")) == "OF_TOMORROW: no."


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (server_errors.CredentialInvalid(), "`loci keys create` makes a new one."),
        (server_errors.TokenInvalid(detail="its audience is another"), "Get a token of the issuer"),
        (server_errors.CertificateInvalid(detail="it names nobody"), "Show a certificate with one SPIFFE id"),
        (server_errors.CredentialExpired(), "`loci keys create` makes a new one."),
        (server_errors.TokenExpired(), "Get a new one from its issuer."),
        (server_errors.CertificateExpired(), "Connect anew with one that is valid."),
        (server_errors.GraphNotGranted(resource="graphs/g"), "Use a key for this graph."),
        (server_errors.TenantNotGranted(), "Use a key that is not limited to graphs."),
        (server_errors.KeysRotatedElsewhere(), "Put a new root key first"),
        (server_errors.WriteContention(), "Repeat the call after a pause"),
    ],
)
def test_the_advice_is_that_for_the_very_error_and_not_for_another_of_its_reason(
    error: server_errors.LociError, hint: str
) -> None:
    received = client_errors.LociError(error.message, code=error.code, reason=error.reason_name())
    others = {each.advice for each in server_errors.all_errors() if each.reason == error.reason} - {error.advice}
    line = describe(received) or ""
    assert hint in line
    assert [advice for advice in others if advice in line] == []


def test_what_a_later_server_says_with_a_reason_of_today_gets_the_general_advice() -> None:
    received = client_errors.Unauthenticated("Nobody knows you.", reason="CREDENTIAL_INVALID")
    assert describe(received) == (
        "CREDENTIAL_INVALID: Nobody knows you. Check the key; `loci keys create` makes a new one."
    )


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Failed("cannot"), "cannot"),
        (BadLine("f.jsonl", 3, "not JSON"), "f.jsonl:3: not JSON"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "x"), "x: No such file or directory"),
    ],
)
def test_what_goes_wrong_here_is_said(error: Exception, expected: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(error) == 1
    assert capsys.readouterr().err == f"error: {expected}\n"


def test_the_database_being_away_is_said_with_advice() -> None:
    assert "cannot be reached" in (describe(server_errors.DatabaseUnavailable()) or "")


def test_wrong_settings_are_named_as_in_the_environment() -> None:
    with pytest.raises(ValidationError) as error:
        Settings(port=-1)
    assert (describe(error.value) or "").startswith("the settings are not valid: LOCI_PORT: ")


def test_settings_that_contradict_each_other_are_named_without_a_stray_prefix() -> None:
    with pytest.raises(ValidationError) as error:
        Settings(key_provider="vault")
    said = "the settings are not valid: LOCI_VAULT_URL is needed with LOCI_KEY_PROVIDER=vault"
    assert describe(error.value) == said


@pytest.mark.parametrize("name", ["LOCI_EMBEDDER_URL", "LOCI_PREVIOUS_EMBEDDER_URL", "LOCI_RERANKER_URL"])
@pytest.mark.parametrize("url", ["notaurl", "localhost:11434", "ftp://secret@host", "http://", "http://host:port"])
def test_a_url_that_no_service_can_have_is_a_setting_that_is_not_valid(
    monkeypatch: pytest.MonkeyPatch, name: str, url: str
) -> None:
    monkeypatch.setenv(name, url)
    with pytest.raises(ValidationError) as error:
        Settings()
    line = describe(error.value) or ""
    assert line.startswith(f"the settings are not valid: {name}: ")
    assert "http://" in line
    assert "secret" not in line


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), asyncio.CancelledError(), typer.Abort()])
def test_an_interruption_ends_with_130(interruption: BaseException, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(interruption) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_of_several_failures_the_first_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(ExceptionGroup("many", [Failed("one"), Failed("two")])) == 1
    assert capsys.readouterr().err == "error: one\n"


def test_a_defect_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError), guarded():
        raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError), guarded():
        raise ExceptionGroup("many", [ZeroDivisionError()])


def test_a_message_of_many_lines_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code(Failed("first\nsecond"))
    assert capsys.readouterr().err == "error: first second\n"
