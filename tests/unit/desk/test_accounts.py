"""Accounts, sessions, and how often a wrong password may be tried."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from equipoise.desk import logins as logins_module
from equipoise.desk.accounts import add_person, list_people, remove_person, set_password
from equipoise.desk.database import Desk, open_desk
from equipoise.desk.logins import IDLE, LONGEST, begin_session, end_session, find_person, person_of_session
from equipoise.desk.tables import logins, people, tries
from equipoise.errors import InputError, NotAllowed, NotOnDesk

NOW = datetime(2026, 1, 15, 9, 40, tzinfo=UTC)
PASSWORD = "correct horse battery"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = open_desk(tmp_path)
    add_person(desk, "Ada", PASSWORD, NOW)
    return desk


def find(desk: Desk, name: str, password: str, *, now: datetime = NOW, address: str = "192.0.2.1") -> str:
    return find_person(desk, name, password, address=address, now=now).name


def test_a_name_is_the_same_however_it_is_typed(desk: Desk) -> None:
    """Capitals, spaces around and full-width letters make no other name."""
    assert find(desk, " ADA ", PASSWORD) == find(desk, "ａｄａ", PASSWORD) == "ada"
    with pytest.raises(InputError, match="This name is taken"):
        add_person(desk, "aDa", PASSWORD, NOW)


def test_the_table_has_no_password(desk: Desk) -> None:
    """What is kept is an argon2id hash; the local person has none, and nobody logs in as that."""
    with desk.reading() as connection:
        local, ada = connection.execute(sa.select(people.c.password).order_by(people.c.id)).scalars()
    assert ada.startswith("$argon2id$") and PASSWORD not in ada
    assert local is None
    for name in ("", "no such name", "\0"):
        with pytest.raises(NotAllowed, match="The name or the password is not right"):
            find(desk, name, PASSWORD)


@pytest.mark.parametrize("password", ["short", "x" * 1025, "ada-ada-ada-1"])
def test_a_weak_password_is_refused(desk: Desk, password: str) -> None:
    """It is too short, too long, or little more than the name; what was set before stays."""
    with pytest.raises(InputError) as error:
        set_password(desk, "ada", password)
    assert password not in str(error.value)
    assert find(desk, "ada", PASSWORD) == "ada"


def test_wrong_passwords_wait_longer_and_longer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 10,000 guesses in a day few are looked at, none lets in, and the owner gets in the day after."""
    looked = []

    def look(password: str, kept: str | None) -> bool:
        looked.append(password)
        return password == PASSWORD and kept is not None

    monkeypatch.setattr(logins_module, "is_password", look)
    for number in range(10_000):
        with pytest.raises(NotAllowed):
            find(desk, "ada", f"guess {number}", now=NOW + timedelta(seconds=8 * number), address=f"192.0.2.{number}")
    assert len(looked) < 120
    with pytest.raises(NotAllowed, match="too many wrong passwords"):
        find(desk, "ada", PASSWORD, now=NOW + timedelta(seconds=80_000))
    assert find(desk, "ada", PASSWORD, now=NOW + timedelta(days=2)) == "ada"


def test_an_address_is_limited_over_all_names(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who tries one password on many names is slowed down, and others are not."""
    monkeypatch.setattr(logins_module, "is_password", lambda password, kept: password == PASSWORD and kept is not None)
    refused = 0
    for number in range(100):
        with pytest.raises(NotAllowed) as error:
            find(desk, f"name{number}", "password1234")
        refused += "too many" in str(error.value)
    assert refused == 70
    assert find(desk, "ada", PASSWORD, address="198.51.100.7") == "ada"


def test_a_success_forgives_the_name(desk: Desk) -> None:
    """Mistyping now and then does not add up."""
    for _ in range(4):
        for _ in range(3):
            with pytest.raises(NotAllowed):
                find(desk, "ada", "mistyped again")
        assert find(desk, "ada", PASSWORD) == "ada"


def test_names_and_addresses_are_not_listed(desk: Desk) -> None:
    """The table of failures has hashes."""
    with pytest.raises(NotAllowed):
        find(desk, "ada", "not the password")
    with desk.reading() as connection:
        rows = str(connection.execute(sa.select(tries)).all())
    assert "ada" not in rows and "192.0.2" not in rows


def test_a_session_ends(desk: Desk) -> None:
    """After a time without a page, after a week in any case, at logging out, with a new password, with the person."""
    person = find_person(desk, "ada", PASSWORD, address="", now=NOW)

    def begin() -> str:
        return begin_session(desk, person, NOW)

    token = begin()
    assert person_of_session(desk, token, NOW + IDLE) == person
    assert person_of_session(desk, token, NOW + 2 * IDLE) == person
    assert person_of_session(desk, token, NOW + 4 * IDLE) is None
    assert person_of_session(desk, begin(), NOW + LONGEST) is None
    token = begin()
    end_session(desk, token)
    assert person_of_session(desk, token, NOW) is None
    token = begin()
    set_password(desk, "ada", "another password")
    assert person_of_session(desk, token, NOW) is None
    token = begin()
    remove_person(desk, "ada")
    assert person_of_session(desk, token, NOW) is None
    assert list_people(desk) == []
    with pytest.raises(NotOnDesk):
        remove_person(desk, "ada")


def test_the_table_has_no_session(desk: Desk) -> None:
    """Who reads the table of sessions cannot take one over."""
    token = begin_session(desk, find_person(desk, "ada", PASSWORD, address="", now=NOW), NOW)
    with desk.reading() as connection:
        [kept] = connection.execute(sa.select(logins.c.token)).scalars()
    assert kept != token and person_of_session(desk, kept, NOW) is None
