"""Sharing by a link and a passcode: who gets in, who does not, and what each side learns of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from equipoise.desk import opening
from equipoise.desk.accounts import add_person, remove_person
from equipoise.desk.bundles import Reply
from equipoise.desk.passcodes import make_passcode
from equipoise.desk.people import Person
from equipoise.desk.share_limits import ADDRESS, LINK, LOCK, Refused
from equipoise.desk.shares import LIFETIMES, Made, make_share, remove, revoke, unlock
from equipoise.desk.tries import wait_of
from equipoise.errors import DeskError, InputError, NotOnDesk
from sharing import ANSWER, ME, QUOTE, SEALED_TABLES, STUDY, WORD, Sharing, bundle

WRONG = "CCCC-CCCC-CCCC-CCCC"


@pytest.fixture
def sharing(tmp_path: Path) -> Sharing:
    return Sharing(tmp_path)


@pytest.fixture
def derived(monkeypatch) -> list[str]:
    """The passcodes for which a key was derived; deriving is quick and still of passcode, link and salt."""
    import hashlib

    tried: list[str] = []

    def quick(passcode: str, *, token: str, salt: bytes) -> bytes:
        tried.append(passcode)
        return hashlib.sha256(f"{passcode} {token}".encode() + salt).digest()

    monkeypatch.setattr("equipoise.desk.opening.derive_key", quick)
    monkeypatch.setattr("equipoise.desk.shares.derive_key", quick)
    return tried


def opened(sharing: Sharing, made: Made) -> str:
    """Open a share, and return the receiver's secret."""
    secret = sharing.try_it(made.token, made.passcode)
    assert isinstance(secret, str)
    return secret


def test_the_passcode_opens_what_was_shared(sharing: Sharing) -> None:
    """Who has both reads the notes as they were shared, and the sender sees that somebody did."""
    made = sharing.share()
    secret = opened(sharing, made)
    found = opening.read_opened(sharing.desk, made.token, secret, sharing.now)
    assert found is not None
    assert found.bundle == bundle()
    assert found.bundle.studies == (STUDY,)
    [seen] = sharing.seen()
    assert (seen.state, seen.opened, seen.opened_last, seen.wrong) == ("open", 1, "2026-01-15T09:40:00Z", 0)
    assert seen.studies == {STUDY: 1}


def test_the_tables_that_a_receiver_opens_tell_nothing(sharing: Sharing) -> None:
    """No word of a note, no study's number, passcode, link or reply stands in them, and the file has no passcode."""
    made = sharing.share()
    secret = opened(sharing, made)
    reply = Reply("Gracehopper", f"{ANSWER} it is", "2026-01-15T09:41:00Z")
    assert opening.add_reply(sharing.desk, made.token, secret, reply, sharing.now)
    sharing.try_it(made.token, WRONG)
    found = sharing.dump(*SEALED_TABLES).lower()
    code = made.passcode.replace("-", "")
    planted = [WORD, QUOTE, STUDY, ANSWER, "Adalovelace", "Gracehopper", made.token, made.passcode, code, secret]
    for one in planted:
        assert one.lower() not in found
        assert one.encode().hex() not in found
    # The search would find it.
    assert STUDY.lower() in sharing.dump("share_notes").lower()
    assert ANSWER in sharing.dump("share_received")
    files = b"".join(path.read_bytes() for path in sharing.desk.path.parent.iterdir())
    for one in (WORD, QUOTE, made.token, made.passcode, code, secret):
        assert one.encode() not in files


def test_ten_thousand_guesses_at_one_link(sharing: Sharing, derived: list[str]) -> None:
    """None is let in, a key is derived for twenty at most, and the sender is told of all."""
    made = sharing.share(lasts="90 days")
    derived.clear()
    for number in range(10_000):
        # From many addresses, and as late as it takes.
        answer = sharing.try_it(made.token, make_passcode(), address=f"192.0.{number % 250}.0")
        assert answer is None or isinstance(answer, Refused)
        if isinstance(answer, Refused) and not answer.locked:
            sharing.later(seconds=answer.seconds)
    assert len(derived) == LOCK == 20
    [seen] = sharing.seen()
    assert (seen.state, seen.wrong, seen.opened) == ("locked", 20, 0)
    assert seen.wrong + seen.refused == 10_000
    # Even the right one is not looked at now.
    assert sharing.try_it(made.token, made.passcode) == Refused(locked=True, seconds=0)


def test_guesses_from_one_address_all_day(sharing: Sharing, derived: list[str]) -> None:
    """Who tries link after link is slowed down: in a day a few dozen, and nothing is locked for others."""
    made = sharing.share()
    derived.clear()
    for number in range(2_000):
        answer = sharing.try_it(f"link {number}", make_passcode(), address="192.0.2.66")
        assert answer is None or isinstance(answer, Refused)
        sharing.later(seconds=40)
    assert len(derived) < 120
    assert isinstance(opened(sharing, made), str)


def test_a_burst_is_no_more_than_one_after_the_other(sharing: Sharing, derived: list[str]) -> None:
    """Tries are counted before they are looked at: many at a time get no further."""
    made = sharing.share()
    tickets = [opening.admit(sharing.desk, made.token, f"192.0.2.{n}", sharing.now) for n in range(50)]
    assert sum(not isinstance(one, Refused) for one in tickets) == LINK.free


def test_waits_grow(sharing: Sharing, derived: list[str]) -> None:
    """The first tries are free, then each wait is twice the one before, up to an hour."""
    made = sharing.share()
    waits = []
    for _ in range(30):
        answer = sharing.try_it(made.token, WRONG, address="192.0.2.9")
        if isinstance(answer, Refused):
            waits.append(answer.seconds)
            sharing.later(seconds=answer.seconds)
    assert waits[:7] == [1, 2, 4, 8, 16, 32, 64]
    assert wait_of(10_000, LINK) == timedelta(hours=1)
    assert wait_of(10_000, ADDRESS) == timedelta(minutes=15)


def test_opening_ones_own_share_buys_no_guesses(sharing: Sharing, derived: list[str]) -> None:
    """An address is not forgiven its wrong tries when it opens something else."""
    made, own = sharing.share(), sharing.share()
    derived.clear()
    for _ in range(200):
        sharing.try_it(make_passcode(), WRONG)
        sharing.try_it(own.token, own.passcode)
    assert sum(one == WRONG.replace("-", "") for one in derived) == ADDRESS.free
    assert isinstance(sharing.try_it(made.token, made.passcode, address="192.0.2.200"), str)


def test_a_right_passcode_forgives_a_links_wrong_ones(sharing: Sharing, derived: list[str]) -> None:
    """Somebody who mistypes now and then is not locked out in the end."""
    made = sharing.share()
    for number in range(30):
        assert sharing.try_it(made.token, WRONG, address=f"192.0.2.{number}") is None
        assert isinstance(sharing.try_it(made.token, made.passcode, address=f"192.0.2.{number}"), str)
    assert sharing.seen()[0].state == "open"
    assert sharing.seen()[0].wrong == 30


def test_the_sender_unlocks(sharing: Sharing, derived: list[str]) -> None:
    """A locked link opens again when its sender says so, and no sooner."""
    made = sharing.share()
    while sharing.seen()[0].state != "locked":
        sharing.try_it(made.token, WRONG)
        sharing.later(hours=1)
    sharing.later(days=1)
    assert sharing.try_it(made.token, made.passcode) == Refused(locked=True, seconds=0)
    unlock(sharing.desk, ME, made.id)
    assert isinstance(sharing.try_it(made.token, made.passcode), str)


class Watched:
    """What the desk is asked, without its values."""

    def __init__(self, sharing: Sharing) -> None:
        self.said: list[str] = []
        engine = sharing.desk._engine
        sa.event.listen(engine, "before_cursor_execute", lambda *given: self.said.append(given[2]))


def test_wrong_expired_revoked_and_unknown_go_the_same_way(sharing: Sharing, derived: list[str]) -> None:
    """They are answered alike after the same steps: one key derived, the same statements to the desk."""
    live, expired, revoked = sharing.share(), sharing.share(lasts="1 hour"), sharing.share()
    sharing.later(hours=2)
    revoke(sharing.desk, ME, revoked.id, sharing.now)
    # What has expired is cleared away by the first who comes, whoever that is.
    sharing.try_it("other", WRONG)
    watched = Watched(sharing)
    took = []
    for number, (token, passcode) in enumerate(
        [
            (live.token, WRONG),
            (expired.token, expired.passcode),
            (expired.token + "x", WRONG),
            (revoked.token, revoked.passcode),
            ("no such link", WRONG),
        ]
    ):
        derived.clear()
        watched.said.clear()
        assert sharing.try_it(token, passcode, address=f"192.0.2.{number + 100}") is None
        took.append((len(derived), tuple(watched.said)))
    assert len(set(took)) == 1
    assert took[0][0] == 1


def test_locked_and_waiting_are_alike_too(sharing: Sharing, derived: list[str]) -> None:
    """The limits do not tell whether there is such a link."""
    made = sharing.share()

    def answers(token: str) -> list[str | Refused | None]:
        found = []
        for number in range(40):
            found.append(sharing.try_it(token, WRONG, address=f"198.51.{number}.1"))
            sharing.later(seconds=700)
        return found

    assert answers(made.token) == answers("no such link")
    assert answers(made.token)[-1] == Refused(locked=True, seconds=0)


def test_a_share_ends_when_its_time_is_over(sharing: Sharing, derived: list[str]) -> None:
    """To the second; whoever reads it then reads no further, and what was sealed is deleted."""
    made = sharing.share(lasts="1 hour")
    sharing.later(minutes=30)
    secret = opened(sharing, made)
    sharing.later(minutes=29, seconds=59)
    assert opening.read_opened(sharing.desk, made.token, secret, sharing.now) is not None
    sharing.later(seconds=1)
    assert opening.read_opened(sharing.desk, made.token, secret, sharing.now) is None
    assert sharing.try_it(made.token, made.passcode) is None
    assert sharing.seen()[0].state == "expired"
    with sharing.desk.reading() as connection:
        assert connection.execute(sa.text("SELECT sealed FROM shares")).scalar() is None
        assert connection.execute(sa.text("SELECT count(*) FROM share_sessions")).scalar() == 0


def test_reading_ends_after_an_hour(sharing: Sharing, derived: list[str]) -> None:
    """Then the passcode is asked for again."""
    made = sharing.share()
    secret = opened(sharing, made)
    sharing.later(minutes=60)
    assert opening.read_opened(sharing.desk, made.token, secret, sharing.now) is None
    assert isinstance(opened(sharing, made), str)


def test_the_lifetimes_are_those_that_are_offered(sharing: Sharing, derived: list[str]) -> None:
    """From one hour to ninety days; any other is refused."""
    assert min(LIFETIMES.values()) == timedelta(hours=1)
    assert max(LIFETIMES.values()) == timedelta(days=90) < LINK.forget
    for lasts in LIFETIMES:
        sharing.share(lasts=lasts)
    for lasts in ("", "1000 days", "-1 day"):
        with pytest.raises(InputError, match="There is no such lifetime"):
            sharing.share(lasts=lasts)


def test_revoking_ends_it_at_once(sharing: Sharing, derived: list[str]) -> None:
    """Whoever reads it reads no further, nobody else opens it, and nothing sealed is left."""
    made, other = sharing.share(), sharing.share()
    secret, others = opened(sharing, made), opened(sharing, other)
    opening.add_reply(sharing.desk, made.token, secret, Reply("", "yes", "2026-01-15T09:40:00Z"), sharing.now)
    ticket = opening.admit(sharing.desk, made.token, "192.0.2.3", sharing.now)
    assert not isinstance(ticket, Refused)
    revoke(sharing.desk, ME, made.id, sharing.now)
    assert opening.read_opened(sharing.desk, made.token, secret, sharing.now) is None
    assert sharing.try_it(made.token, made.passcode) is None
    # One who was just being let in is not.
    key = opening.try_passcode(ticket, made.token, made.passcode.replace("-", ""))
    assert key is not None
    assert opening.let_in(sharing.desk, ticket, key, sharing.now) is None
    with sharing.desk.reading() as connection:
        row = connection.execute(sa.text("SELECT * FROM shares WHERE id = :id"), {"id": made.id}).one()
        assert (row.salt, row.nonce, row.sealed) == (None, None, None)
        assert connection.execute(sa.text("SELECT count(*) FROM share_replies")).scalar() == 0
    assert {one.id: one.state for one in sharing.seen()} == {made.id: "revoked", other.id: "open"}
    # The sender's copy of the reply stays until the sender removes it.
    assert [len(one.received) for one in sharing.seen() if one.id == made.id] == [1]
    remove(sharing.desk, ME, made.id)
    assert [one.id for one in sharing.seen()] == [other.id]
    assert opening.read_opened(sharing.desk, other.token, others, sharing.now) is not None


def test_a_secret_opens_its_own_share_alone(sharing: Sharing, derived: list[str]) -> None:
    """Neither another link nor another secret reads on."""
    made, other = sharing.share(), sharing.share()
    secret = opened(sharing, made)
    for token, tried in ((other.token, secret), (made.token, "x"), (made.token, ""), ("no link", secret)):
        assert opening.read_opened(sharing.desk, token, tried, sharing.now) is None
        assert opening.add_reply(sharing.desk, token, tried, Reply("", "x", ""), sharing.now) is False
    opening.close(sharing.desk, secret)
    assert opening.read_opened(sharing.desk, made.token, secret, sharing.now) is None


def test_replies_reach_the_sender_and_other_receivers(sharing: Sharing, derived: list[str]) -> None:
    """A reply is as it was written, for both."""
    made = sharing.share()
    reply = Reply("Grace", "<b>yes</b>\n\u202eno", "2026-01-15T09:40:00Z")
    assert opening.add_reply(sharing.desk, made.token, opened(sharing, made), reply, sharing.now)
    found = opening.read_opened(sharing.desk, made.token, opened(sharing, made), sharing.now)
    assert found is not None
    assert found.replies == sharing.seen()[0].received == [reply]


def test_a_reply_names_the_note_that_it_is_on(sharing: Sharing, derived: list[str]) -> None:
    """By its number in the share, for the sender and for other receivers; a note that is not there is all of them."""
    made = sharing.share()
    secret = opened(sharing, made)
    for note in (1, 2, -1, 0):
        reply = Reply("", f"on {note}", "2026-01-15T09:40:00Z", note)
        assert opening.add_reply(sharing.desk, made.token, secret, reply, sharing.now)
    found = opening.read_opened(sharing.desk, made.token, secret, sharing.now)
    assert found is not None
    for seen in (found.replies, sharing.seen()[0].received):
        assert {one.text: one.note for one in seen} == {"on 1": 1, "on 2": 0, "on -1": 0, "on 0": 0}
    assert sharing.seen()[0].notes == (1,)


def test_replies_have_limits(sharing: Sharing, derived: list[str]) -> None:
    """None where none are wanted, none without words, none too long, and no more than a hundred."""
    made, silent = sharing.share(), sharing.share(bundle(replies=False))
    secret = opened(sharing, made)

    def answer(name: str, text: str) -> bool:
        return opening.add_reply(sharing.desk, made.token, secret, Reply(name, text, ""), sharing.now)

    for name, text in (("", " \n"), ("", "x" * 4001), ("x" * 81, "x")):
        with pytest.raises(InputError, match="A reply has 1 to 4,000 characters"):
            answer(name, text)
    for _ in range(opening.MOST_REPLIES):
        assert answer("x" * 80, "x" * 4000)
    with pytest.raises(InputError, match="No more replies are taken here"):
        answer("", "x")
    with pytest.raises(InputError, match="No more replies are taken here"):
        opening.add_reply(sharing.desk, silent.token, opened(sharing, silent), Reply("", "x", ""), sharing.now)


def test_a_form_that_is_sent_twice_makes_one_share(sharing: Sharing, derived: list[str]) -> None:
    """The link and passcode are shown once, also to one who loads the page again."""
    sharing.share()
    sharing.forms -= 1
    with pytest.raises(InputError, match="This form was sent before"):
        sharing.share()
    assert len(sharing.seen()) == 1


def test_anothers_share_answers_like_one_that_is_not_there(sharing: Sharing, derived: list[str]) -> None:
    """Nobody revokes, unlocks, removes or sees what somebody else shared."""
    made = sharing.share()
    with sharing.desk.writing() as connection:
        connection.execute(sa.text("INSERT INTO people (id, name, created) VALUES (2, 'Eve', '')"))
    eve = Person(2, "Eve")
    said = set()
    for act in (lambda who, id: revoke(sharing.desk, who, id, sharing.now),
                lambda who, id: unlock(sharing.desk, who, id),
                lambda who, id: remove(sharing.desk, who, id)):  # fmt: skip
        for id in (made.id, "no such id"):
            with pytest.raises(NotOnDesk) as raised:
                act(eve, id)
            said.add(str(raised.value))
    assert len(said) == 1
    assert sharing.seen()[0].state == "open"


def test_somebody_who_is_removed_takes_their_shares_along(sharing: Sharing, derived: list[str]) -> None:
    """With the account everything goes that was shared, sealed or not."""
    add_person(sharing.desk, "eve", "correct horse battery", sharing.now)
    with sharing.desk.reading() as connection:
        id = connection.execute(sa.text("SELECT id FROM people WHERE name = 'eve'")).scalar_one()
    made = make_share(
        sharing.desk, Person(id), bundle(), notes=[(STUDY, 1)], lasts="1 day", form="hers", now=sharing.now
    )
    secret = opened(sharing, made)
    assert opening.add_reply(sharing.desk, made.token, secret, Reply("", ANSWER, ""), sharing.now)
    mine = sharing.share()
    remove_person(sharing.desk, "eve")
    assert sharing.try_it(made.token, made.passcode) is None
    assert [one.id for one in sharing.seen()] == [mine.id]
    assert ANSWER not in sharing.dump("share_received")
    assert sharing.dump("share_sessions", "share_replies") == ""


def test_a_desk_that_cannot_be_written_lets_nobody_in(sharing: Sharing, derived: list[str]) -> None:
    """Where no try can be counted, none is looked at; what was opened before is still read."""
    made = sharing.share()
    secret = opened(sharing, made)
    derived.clear()
    sharing.desk._engine.dispose()
    sa.event.listen(sharing.desk._engine, "connect", lambda one, _: one.execute("PRAGMA query_only=ON"))
    with pytest.raises(DeskError, match="The desk cannot be written"):
        sharing.try_it(made.token, made.passcode)
    assert derived == []
    with pytest.raises(DeskError, match="The desk cannot be written"):
        sharing.share()
    assert opening.read_opened(sharing.desk, made.token, secret, sharing.now) is not None
