"""
The desk's database: one SQLite file that many workers open, through SQLAlchemy Core.

It lies outside the library, which can be made anew from registry files; what people wrote cannot. The file and its
folder are readable by their owner alone. Writers take turns: each transaction that writes says so when it begins, so
that two never wait for one another with half their work done.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs
import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from equipoise.errors import DeskBusy, DeskError, DeskTooNew, EquipoiseError

# The last step of `migrations/versions`.
REVISION = "0006"

FILE = "desk.sqlite"
# How long a writer waits for others, in seconds, before the desk says that it is busy.
PATIENCE = 5

_UNTOUCHED = "Nothing that was saved before is lost."


def desk_folder(option: Path | None = None) -> Path:
    """Return the desk's folder: *option*, else ``$EQUIPOISE_DESK``, else the user's data folder."""
    if option is not None:
        return option
    if named := os.environ.get("EQUIPOISE_DESK"):
        return Path(named)
    return Path(platformdirs.user_data_dir("equipoise", appauthor=False)) / "desk"


class Desk:
    """An open desk. Transactions are short; connections are kept and shared by the threads of a process."""

    def __init__(self, engine: sa.Engine, path: Path) -> None:
        self._engine = engine
        self.path = path

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Give a connection that sees the desk as it is at one moment.

        Raises:
            DeskError: the file cannot be read.
        """
        with named_faults(self.path), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """Give a connection whose changes are kept together, or not at all where something is raised.

        Raises:
            DeskBusy: others have been writing all the while.
            DeskError: the file cannot be written.
        """
        with named_faults(self.path), self._engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                yield connection

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()


def open_desk(folder: Path) -> Desk:
    """Open the desk in *folder*; it is made where there is none, and brought up to date where it is older.

    Raises:
        DeskTooNew: a later version of Equipoise wrote it.
        DeskBusy: another program keeps it locked.
        DeskError: the file cannot be read or written, or is no desk.
    """
    path = folder / FILE
    with named_faults(path):
        if not path.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # SQLite would make the file readable by all.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        # What people wrote is in no message: the driver's would repeat the values of a statement.
        engine = sa.create_engine(
            f"sqlite:///{path}",
            connect_args={"timeout": PATIENCE, "check_same_thread": False},
            hide_parameters=True,
        )
        sa.event.listen(engine, "connect", _on_connect)
        sa.event.listen(engine, "begin", _on_begin)
        desk = Desk(engine, path)
        _bring_up_to_date(desk)
    return desk


def _on_connect(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Set up a connection; transactions begin where we say so, not where the driver guesses."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _on_begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _revision(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _bring_up_to_date(desk: Desk) -> None:
    with desk.reading() as connection:
        found = _revision(connection)
    if found == REVISION:
        return
    if found is not None and found > REVISION:
        raise DeskTooNew(
            "This desk was written by a later version of Equipoise",
            where=str(desk.path),
            next="Install that version again, or name another folder with $EQUIPOISE_DESK.",
        )
    # Alembic takes a while to import, and is needed once in a desk's life.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "equipoise:desk/migrations")
    with desk.writing() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def named_faults(path: Path) -> Iterator[None]:
    """Raise what the database or the system says as ours.

    Raises:
        DeskBusy: another program has locked the file.
        DeskError: it cannot be read or written.
    """
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise _named(error, path) from error
    except OSError as error:
        if isinstance(error, EquipoiseError):
            raise
        raise DeskError(
            f"The desk cannot be used ({error.strerror})",
            where=str(path),
            next=f"Change the permissions or make room, or name another folder with $EQUIPOISE_DESK. {_UNTOUCHED}",
        ) from error


def _named(error: sa.exc.DBAPIError, path: Path) -> DeskError:
    code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return DeskBusy(
            "Another program keeps the desk locked",
            where=str(path),
            next=f"Try again in a moment, or close that program. {_UNTOUCHED}",
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return DeskError(
            f"The desk cannot be written ({error.orig})",
            where=str(path),
            next=f"Change the permissions or make room, then try again. {_UNTOUCHED}",
        )
    return DeskError(
        f"The desk cannot be read ({error.orig})",
        where=str(path),
        next="Restore the file from a backup, or name another folder with $EQUIPOISE_DESK.",
    )
