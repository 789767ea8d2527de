"""Who runs the service is told what is wrong with it; migrations and the audit are at hand."""

import asyncio
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.certificates import Authority
from tests.command import LIMIT, Loci
from tests.server import RunningServer, running_server


def test_a_port_that_is_taken_is_said_before_anything_is_made(server: RunningServer, tmp_path: Path) -> None:
    folder, (host, _, port) = tmp_path / "data", server.address.rpartition(":")
    program = Path(sys.executable).with_name("loci")
    command = [program, "serve", "--host", host, "--port", port, "--data-dir", folder]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=LIMIT)
    assert (done.returncode, folder.exists()) == (1, False)
    assert f"{server.address} is in use by another process" in done.stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("LOCI_TLS_CERTIFICATE", "LOCI_TLS_CERTIFICATE and LOCI_TLS_KEY belong together"),
        ("LOCI_TLS_CERTIFICATE LOCI_TLS_KEY", "LOCI_TLS_CERTIFICATE: "),
        ("LOCI_IDENTITY_MAP", "LOCI_IDENTITY_MAP: "),
    ],
)
def test_wrong_files_are_said_before_the_database_is_changed(
    empty_url: str, tmp_path: Path, name: str, said: str
) -> None:
    wrong, folder = tmp_path / "wrong", tmp_path / "data"
    wrong.write_text("nonsense")
    files = dict.fromkeys(name.split(), str(wrong))
    loci = Loci(
        {
            "LOCI_DATABASE_URL": empty_url,
            "LOCI_DATA_DIR": str(folder),
            "LOCI_PORT": "0",
            **files,
            "LOCI_QUOTA_NODE": "5",
        }
    )
    server = loci.begin("serve")
    _, err = server.communicate(timeout=LIMIT)
    assert (server.returncode, folder.exists()) == (1, False)
    (line,) = (line for line in err.decode().splitlines() if line.startswith("loci cannot start: "))
    assert said in line
    assert "is LOCI_QUOTA_NODES meant?" in err.decode()
    states = loci("migrate", "--status", "--json", "--database-url", empty_url).lines
    assert {row["state"] for row in states} == {"pending"}


def test_the_doctor_finds_a_healthy_installation_healthy(server: RunningServer, operator: Loci) -> None:
    assert server.database_url is not None
    here = Loci(operator.environment | {"LOCI_DATABASE_URL": server.database_url, "LOCI_EMBEDDER": "none"})
    found = {(line["check"], line["mark"]) for line in (here("doctor", "--json")).lines}
    for check in ("python", "keyring", "database", "pgvector", "migrations", "fences", "server", "api key"):
        assert (check, "ok") in found
    assert "problem" not in {mark for _, mark in found}


def test_graphs_that_are_embedded_anew_are_shown(server: RunningServer, operator: Loci, loci: Loci) -> None:
    loci("graphs", "create", "g")
    assert (loci("reembed", "show", "g", "--json")).lines == [{"graph": "graphs/g", "state": "REEMBEDDING_STATE_DONE"}]
    assert "No graph" in (loci("reembed", "list")).err
    assert "queued" in (loci("reembed", "start", "g")).out
    (listed,) = (loci("reembed", "list", "--json")).lines
    assert listed == {"graph": "graphs/g", "state": "REEMBEDDING_STATE_QUEUED"}
    assert server.database_url is not None
    here = Loci(operator.environment | {"LOCI_DATABASE_URL": server.database_url, "LOCI_EMBEDDER": "none"})

    def told() -> list[str]:
        return [line["message"] for line in (here("doctor", "--json")).lines if line["check"] == "embedding models"]

    (before,) = told()
    assert "`loci reembed list`" in before
    loci("graphs", "delete", "g", "--yes")
    assert "No graph" in (loci("reembed", "list")).err
    counted = int(before.split()[0]) - 1
    assert [int(line.split()[0]) for line in told()] == ([counted] if counted else [])


def test_the_doctor_says_what_is_wrong(server: RunningServer, empty_url: str, tmp_path: Path) -> None:
    assert server.database_url is not None
    (tmp_path / "api-key").write_text("loci_nonsense")
    (tmp_path / "api-key").chmod(0o644)
    wrong = Loci(
        {
            "LOCI_ADDRESS": server.address,
            "LOCI_DATA_DIR": str(tmp_path),
            "LOCI_EMBEDDER": "none",
            "LOCI_DATABASE_URL": server.database_url,
        }
    )
    done = wrong.any("doctor", "--json")
    assert done.code == 1
    problems = " ".join(line["message"] for line in done.lines if line["mark"] == "problem")
    assert "keyring is missing" in problems
    assert f"chmod 600 {tmp_path / 'api-key'}" in problems
    assert "refuses the API key" in problems

    behind = Loci(wrong.environment | {"LOCI_DATABASE_URL": empty_url})
    assert ("migrations", "warning") in {
        (line["check"], line["mark"]) for line in (behind.any("doctor", "--json")).lines
    }


def test_migrations_are_shown_and_applied(empty_url: str) -> None:
    url = empty_url
    loci = Loci({})
    states = [row["state"] for row in (loci("migrate", "--status", "--json", "--database-url", url)).lines]
    assert set(states) == {"pending"}
    applied = (loci("migrate", "--json", "--database-url", url)).lines
    assert [row["state"] for row in applied] == ["applied"] * len(states)
    assert (loci("migrate", "--json", "--database-url", url)).lines == []
    assert "up to date" in (loci("migrate", "--status", "--database-url", url)).err


def test_a_database_that_is_away_is_said_in_one_line() -> None:
    said = Loci({}).fails("migrate", "--status", "--database-url", "postgresql://nobody@127.0.0.1:1/none")
    assert said.startswith("error: ")
    assert "refused" in said or "Connect call failed" in said


def test_a_tenant_whose_key_was_never_rotated_is_shown_so_with_the_key_that_wraps(loci: Loci) -> None:
    loci("graphs", "create", "g")
    (told,) = (loci("rotation", "show", "tenants/-", "--json")).lines
    shown = loci("rotation", "show", "tenants/-").out
    assert "never rotated" in shown
    assert told["state"] == "KEY_ROTATION_STATE_NEVER_ROTATED"
    (kek_id,) = told["wrapping_kek_ids"]
    assert kek_id in shown


def test_a_start_whose_database_is_away_names_the_place_and_the_variable_without_the_password(tmp_path: Path) -> None:
    for url in ("postgresql://u:hidden@127.0.0.1:1/x", "postgresql://u:hid@den@127.0.0.1:1/x"):
        server = Loci({"LOCI_DATABASE_URL": url, "LOCI_DATA_DIR": str(tmp_path), "LOCI_PORT": "0"}).begin("serve")
        _, err = server.communicate(timeout=LIMIT)
        assert server.returncode == 1
        (line,) = (line for line in err.decode().splitlines() if line.startswith("loci cannot start: "))
        assert "The database at 127.0.0.1:1 cannot be reached" in line
        assert "LOCI_DATABASE_URL" in line
        assert "hid" not in err.decode()


def test_what_administrators_compare_has_seconds(loci: Loci) -> None:
    loci("graphs", "create", "g")
    for command in (("audit", "list"), ("keys", "list"), ("rotation", "show", "g")):
        assert re.search(r"\d\d:\d\d:\d\d [+-]\d{4}", loci(*command).out), command


def test_a_star_that_does_not_stand_last_is_not_taken_for_a_prefix(loci: Loci) -> None:
    for pattern in ("a*b", "*b", "a**"):
        done = loci.any("keys", "create", "--scope", "read", "--graph", pattern)
        assert (done.code, "a star stands at the end only" in done.err) == (2, True)
    loci("keys", "create", "--scope", "read", "--graph", "team-*")


def test_the_audit_is_listed_exported_and_verified(loci: Loci, operator: Loci, tmp_path: Path) -> None:
    loci("graphs", "create", "g")
    loci("node", "create", "g", "ann")
    assert "there is no graphs/none" in loci.fails("graphs", "get", "none").lower()
    listed = loci("audit", "list", "--json").lines
    assert [entry["method"].rpartition("/")[2] for entry in listed] == [
        *("GetGraph", "CreateNode", "CreateGraph", "CreateApiKey", "CreateTenant")
    ]
    assert "GRAPH_NOT_FOUND" in loci("audit", "list", "--outcome", "refused").out
    (made,) = loci("audit", "list", "--resource", "graphs/g/nodes/ann", "--json").lines
    assert (made["revision"], made["peer"]) == ("1", "127.0.0.1")
    assert len(loci("audit", "list", "--key", made["api_key"], "--oldest-first", "--limit", "2", "--json").lines) == 2
    assert loci("audit", "list", "--since", "2999-01-01").err.strip() == "There is no such entry."

    out = tmp_path / "audit.jsonl"
    anchor = loci("audit", "export", "--out", str(out)).err.split()[-1]
    assert [json.loads(line) for line in out.read_text().splitlines()] == listed[::-1]
    assert [entry["sequence"] for entry in loci("audit", "export", "--after", "3").lines] == ["4", "5"]
    loci("node", "create", "g", "bob")
    assert "6 entries" in loci("audit", "verify", "--anchor", anchor).out
    (found,) = loci("audit", "verify", "--anchor", anchor, "--json").lines
    assert (found["verified_count"], found["anchor_met"]) == ("6", True)
    sequence, mac = anchor.split(":")
    wrong = f"{sequence}:{'00' * len(bytes.fromhex(mac))}"
    assert "does not go on from the anchor" in loci.fails("audit", "verify", "--anchor", wrong)
    assert loci.any("audit", "verify", "--anchor", "nonsense").code == 2
    assert "checked" in operator("audit", "verify", "--tenant", "installation").out
    assert "SCOPE_MISSING" in loci.any("audit", "list", "--tenant", "installation").err


@pytest.mark.parametrize(
    "command",
    [
        ("database", "run", "pg_dump", "-Fc", "-f", "loci.dump"),
        ("migrate", "--status"),
        ("keys", "make-operator", "--out", "key"),
    ],
)
def test_a_folder_without_a_database_is_refused_and_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    wrong = tmp_path / "wrong"
    said = Loci({"LOCI_DATA_DIR": str(wrong)}).fails(*command)
    assert f"{wrong} has no database" in said
    assert "LOCI_DATA_DIR" in said
    assert [*tmp_path.iterdir()] == []


def test_the_doctor_leaves_a_folder_without_a_database_as_it_is(tmp_path: Path) -> None:
    absent, empty = tmp_path / "absent", tmp_path / "empty"
    empty.mkdir(mode=0o700)
    for folder in (absent, empty):
        found = Loci({"LOCI_DATA_DIR": str(folder)}).any("doctor", "--json").lines
        assert ("embedder", "ok") in {(line["check"], line["mark"]) for line in found}
    assert [*tmp_path.rglob("*")] == [empty]


@pytest.mark.parametrize("name", ["LOCI_SALIENCE_HALF_LIVES", "LOCI_OIDC_ISSUERS"])
@pytest.mark.parametrize("command", ["serve", "doctor"])
def test_a_setting_that_is_no_json_is_one_line_that_names_it(tmp_path: Path, name: str, command: str) -> None:
    done = Loci({"LOCI_DATA_DIR": str(tmp_path), name: "{a secret"}).any(command)
    assert done.code == 1
    said = done.out + done.err
    assert f"the settings are not valid: {name}: give JSON" in said
    assert "a secret" not in said


def test_health_says_of_an_unknown_part_that_there_is_none_and_which_there_are(operator: Loci) -> None:
    for part in ("nonsense", "certificate"):
        said = operator.fails("health", part)
        assert f"answers, and has no part '{part}'" in said
        assert "`identities`" in said
    assert operator("health", "identities").out == "serving\n"
    help_ = " ".join(Loci({"COLUMNS": "200"})("health", "--help").out.split())
    assert "`identities` or (with TLS) `certificate`" in help_


async def test_health_of_a_server_with_tls_that_is_asked_without_says_what_to_give(
    database_url: str, tmp_path: Path
) -> None:
    served = Authority(tmp_path, "authority").signed("served")
    settings = {"LOCI_TLS_CERTIFICATE": str(served.certificate), "LOCI_TLS_KEY": str(served.key)}
    async with running_server(database_url, **settings) as server:
        said = await asyncio.to_thread(Loci({"LOCI_ADDRESS": server.address}).fails, "health")
    assert "--tls, --ca" in said


def test_a_quota_that_was_set_is_printed(operator: Loci, loci: Loci) -> None:
    listed = [tenant["name"].removeprefix("tenants/") for tenant in operator("tenants", "list", "--json").lines]
    (tenant,) = [name for name in listed if name.startswith("cli-")]
    said = operator("tenants", "update", tenant, "--max-nodes", "2", "--max-graphs", "0").out
    assert re.search(r"max nodes +2\n", said)
    assert re.search(r"max graphs +no limit\n", said)
    assert re.search(r"max bytes +default\n", said)


def test_a_negative_limit_is_said_to_be_less_than_nothing(operator: Loci) -> None:
    done = operator.any("tenants", "update", "acme", "--max-nodes=-1")
    assert (done.code, "at least 0" in " ".join(done.err.split())) == (2, True)
