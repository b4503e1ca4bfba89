"""The desk's file: made, brought up to date, kept whole, copied while in use."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import equipoise.desk.share_tables  # noqa: F401 - its tables are of the metadata that is compared
from equipoise.desk.backup import back_up
from equipoise.desk.database import REVISION, Desk, open_desk
from equipoise.desk.tables import metadata, people
from equipoise.errors import OutputError


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return open_desk(tmp_path / "desk")


def add(desk: Desk, name: str) -> None:
    with desk.writing() as connection:
        connection.execute(people.insert().values(name=name, created="2026-01-15T08:40:00Z"))


def names(desk: Desk) -> list[str]:
    with desk.reading() as connection:
        return list(connection.execute(sa.select(people.c.name).order_by(people.c.id)).scalars())


def test_the_steps_make_the_tables(desk: Desk) -> None:
    """What the migrations made is what the code's tables say."""
    with desk.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == REVISION


def test_only_its_owner_can_read_it(desk: Desk) -> None:
    """Neither the file nor its folder is open to others."""
    assert stat.S_IMODE(desk.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(desk.path.parent.stat().st_mode) == 0o700


def test_what_is_raised_undoes_all(desk: Desk) -> None:
    """A transaction that ends in an error leaves nothing."""
    with pytest.raises(RuntimeError), desk.writing() as connection:
        connection.execute(people.insert().values(name="Ada", created=""))
        raise RuntimeError
    assert names(desk) == [""]


def test_many_write_at_once(desk: Desk) -> None:
    """Writers that read first take turns, and none is told that the desk is busy."""

    def write(thread: int) -> None:
        for number in range(10):
            add(desk, f"{thread}-{number}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names(desk)) == 81


def test_a_copy_taken_in_use_restores(desk: Desk, tmp_path: Path) -> None:
    """A copy has all that was kept when it was taken, and nothing that was not."""
    add(desk, "Ada")
    with desk.writing() as connection:
        connection.execute(people.insert().values(name="not yet", created=""))
        (tmp_path / "restored").mkdir()
        back_up(desk, tmp_path / "restored" / "desk.sqlite")
    assert names(open_desk(tmp_path / "restored")) == ["", "Ada"]
    with pytest.raises(OutputError, match="There is a file already"):
        back_up(desk, tmp_path / "restored" / "desk.sqlite")
