"""
The tables of the desk.

The migrations under ``migrations/versions`` make them; a test compares the two. Moments are UTC, as text that sorts
(``2026-01-15T08:40:00Z``): SQLite has no type for them, and a person reads them in a backup.
"""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData()

people = sa.Table(
    "people",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("password", sa.Text),  # none for the local person
)

# `token` is a hash of what the cookie carries.
logins = sa.Table(
    "logins",
    metadata,
    sa.Column("token", sa.Text, primary_key=True),
    sa.Column("person", sa.Integer, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    sa.Column("seen", sa.Text, nullable=False),
    sa.Column("expires", sa.Text, nullable=False),
)

tries = sa.Table(
    "tries",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last", sa.Text, nullable=False),
    sa.Column("until", sa.Text, nullable=False),
)

# `library` names the library whose versions are meant; `seen_version` is the last of them when it was last seen.
saved_studies = sa.Table(
    "saved_studies",
    metadata,
    sa.Column("person", sa.Integer, sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("study", sa.Text, primary_key=True),
    sa.Column("saved", sa.Text, nullable=False),
    sa.Column("library", sa.Text, nullable=False),
    sa.Column("seen_version", sa.Integer, nullable=False),
    sa.Column("seen", sa.Text, nullable=False),
)

saved_searches = sa.Table(
    "saved_searches",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person", sa.Integer, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("words", sa.Text, nullable=False),
    sa.Column("saved", sa.Text, nullable=False),
    sa.Column("library", sa.Text, nullable=False),
    sa.Column("seen_version", sa.Integer, nullable=False),
    sa.Column("seen", sa.Text, nullable=False),
    sa.UniqueConstraint("person", "address"),
)

notes = sa.Table(
    "notes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("person", sa.Integer, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    sa.Column("study", sa.Text, nullable=False),
    sa.Column("version", sa.Text, nullable=False),
    sa.Column("part", sa.Text, nullable=False),
    sa.Column("exact", sa.Text, nullable=False),
    sa.Column("prefix", sa.Text, nullable=False),
    sa.Column("suffix", sa.Text, nullable=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("tags", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("changed", sa.Text, nullable=False),
    sa.Column("deleted", sa.Text),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.UniqueConstraint("person", "key", name="notes_by_key"),
    sa.Index("notes_by_study", "person", "study"),
    # A number that was given away is never given to another note: a link to it would lead astray.
    sqlite_autoincrement=True,
)

# What somebody has read and put away for good: a hint.
dismissed = sa.Table(
    "dismissed",
    metadata,
    sa.Column("person", sa.Integer, sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("hint", sa.Text, primary_key=True),
)
