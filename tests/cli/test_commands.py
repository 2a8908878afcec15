"""The commands that do their work through the services: people, tokens, proofs, the database."""

from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from tcma.accounts import queries, signin
from tcma.cli.check import without_password
from tcma.cli.commands import main
from tcma.infra.db import reading, session, transaction
from tcma.kernel.actor import SYSTEM
from tcma.kernel.permissions import Role
from tcma.settings import Settings
from tests.factories import accounts

PASSWORD = "seven green bicycles"


@pytest.fixture
def tcma(settings: Settings, world: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Run a command against the test's database: `tcma("user", "add", …)`."""
    for item in fields(settings):
        monkeypatch.setenv(f"TCMA_{item.name.upper()}", str(getattr(settings, item.name)))
    monkeypatch.setenv("TCMA_DATA_DIR", str(tmp_path))

    def run(*words: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, list(words), input=typed)

    return run


def test_a_person_added_on_the_command_line_can_sign_in(tcma) -> None:
    result = tcma("user", "add", "Anna@Brand.example", "--name", "Anna", "--role", "admin", typed=f"{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert "Anna <anna@brand.example> is person" in result.output
    assert PASSWORD not in result.output
    actor = signin.sign_in(email="anna@brand.example", password=PASSWORD, network="192.0.2.1")
    assert actor.roles == {Role.ADMIN}


def test_a_weak_password_adds_nobody(tcma) -> None:
    result = tcma("user", "add", "anna@brand.example", "--name", "Anna", "--role", "admin", typed="123\n")
    assert result.exit_code == 1
    assert "Error:" in result.output
    with reading(SYSTEM):
        assert queries.user_by_email("anna@brand.example") is None


def test_a_wrong_address_and_a_taken_one_are_said_in_a_sentence(tcma) -> None:
    words = ("--name", "Anna", "--role", "admin")
    assert tcma("user", "add", "anna@brand.example", *words, typed=f"{PASSWORD}\n").exit_code == 0
    again = tcma("user", "add", "anna@brand.example", *words, typed=f"{PASSWORD}\n")
    assert again.exit_code == 1
    assert "Traceback" not in again.output
    wrong = tcma("user", "add", "anna", *words, typed=f"{PASSWORD}\n")
    assert wrong.exit_code == 1
    assert "email" in wrong.output


def test_a_new_token_is_printed_alone_and_speaks_for_the_person(tcma, app) -> None:
    with transaction(SYSTEM):
        person = accounts.user(Role.ADMIN)
    result = tcma("token", "new", person.email, "--name", "export")
    assert result.exit_code == 0, result.output
    secret = result.output.strip()
    answer = app.test_client().get("/api/v1/users", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200


def test_a_token_for_nobody_is_refused(tcma) -> None:
    result = tcma("token", "new", "nobody@brand.example", "--name", "export")
    assert result.exit_code == 1
    assert "Nobody active has the address nobody@brand.example" in result.output


@pytest.mark.parametrize("what", ["ledger", "deliveries", "posts"])
def test_the_proofs_pass_on_an_empty_database(tcma, what: str) -> None:
    result = tcma("check", what)
    assert result.exit_code == 0, result.output


def test_the_configuration_is_shown_without_secrets_and_a_silent_part_is_a_fault(
    tcma, settings: Settings, monkeypatch
) -> None:
    monkeypatch.setenv("TCMA_SOCIAL_APPS", '{"x": {"client_id": "7", "client_secret": "kept to ourselves"}}')
    result = tcma("check", "config")
    assert "TCMA_SOCIAL_APPS (set)" in result.output
    assert "kept to ourselves" not in result.output
    assert "TCMA_SECRET_KEY (set)" in result.output
    assert settings.secret_key not in result.output
    for item in fields(settings):
        assert f"TCMA_{item.name.upper()}" in result.output
    assert "database: ok" in result.output
    assert "worker: no sign of life from the worker" in result.output  # none runs beside this test
    assert result.exit_code == 1


def test_migrating_twice_is_harmless(tcma) -> None:
    first, second = tcma("db", "upgrade"), tcma("db", "upgrade")
    assert first.exit_code == second.exit_code == 0, first.output
    assert "The database is at revision" in second.output


def test_without_settings_every_missing_one_is_named(tcma, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TCMA_DATABASE_URL")
    monkeypatch.delenv("TCMA_SMTP_URL")
    result = tcma("db", "upgrade")
    assert result.exit_code == 1
    assert "TCMA_DATABASE_URL" in result.output
    assert "TCMA_SMTP_URL" in result.output
    assert "start `tcma up` first" in result.output


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("postgresql://me:hush@db/x", "postgresql://me:***@db/x"),
        ("redis://:hush@cache:6379/0", "redis://:***@cache:6379/0"),
        ("file:///var/lib", "file:///var/lib"),
    ],
)
def test_passwords_in_addresses_are_starred(address: str, shown: str) -> None:
    assert without_password(address) == shown


def test_a_new_key_signs_and_an_old_one_is_revoked(tcma, world):
    first, second = tcma("keys", "rotate"), tcma("keys", "rotate")
    assert "signs from now on" in second.output
    assert first.output != second.output
    with reading(SYSTEM):
        keys = session.execute(text("SELECT id, retired_at IS NULL FROM signing_keys ORDER BY id")).all()
    assert [signs for _, signs in keys] == [False, True]
    said = tcma("keys", "revoke", str(keys[1][0]), "--since", "2026-01-02 03:04:05").output
    assert "since 2026-01-02 03:04 UTC is genuine" in said
    with reading(SYSTEM):
        assert session.scalar(text("SELECT count(*) FROM signing_keys WHERE retired_at IS NULL")) == 1
    assert "revoked already" in tcma("keys", "revoke", str(keys[1][0])).output
