"""
The tables of shares.

What a receiver may open is in ``shares``, ``share_replies`` and ``share_sessions``, all of it sealed: these tables
alone tell neither note nor study nor passcode. What the sender sees of them is in ``share_notes`` and
``share_received``, as open as the sender's own notes are.
"""

from __future__ import annotations

import sqlalchemy as sa

from equipoise.desk.tables import metadata


def _share() -> sa.Column[str]:
    return sa.Column("share", sa.Text, sa.ForeignKey("shares.id", ondelete="CASCADE"), nullable=False, index=True)


shares = sa.Table(
    "shares",
    metadata,
    # The hash of the link's token; the token itself is nowhere.
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("person", sa.Integer, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
    # The form that made it, so that a form sent twice makes one.
    sa.Column("form", sa.Text, nullable=False, unique=True),
    # Null from when it ends: what was sealed is no more.
    sa.Column("salt", sa.LargeBinary),
    sa.Column("nonce", sa.LargeBinary),
    sa.Column("sealed", sa.LargeBinary),
    sa.Column("created", sa.Text, nullable=False),
    sa.Column("expires", sa.Text, nullable=False),
    sa.Column("revoked", sa.Text),
    sa.Column("replies", sa.Boolean, nullable=False),
    sa.Column("opened", sa.Integer, nullable=False),
    sa.Column("opened_last", sa.Text),
    sa.Column("wrong", sa.Integer, nullable=False),
    sa.Column("wrong_last", sa.Text),
    # Tries that came too soon or after the lock: the passcode was not looked at.
    sa.Column("refused", sa.Integer, nullable=False),
)

share_notes = sa.Table(
    "share_notes",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    _share(),
    sa.Column("study", sa.Text, nullable=False),
    sa.Column("note", sa.Integer, nullable=False),
)

share_replies = sa.Table(
    "share_replies",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _share(),
    sa.Column("nonce", sa.LargeBinary, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
)

share_received = sa.Table(
    "share_received",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _share(),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("created", sa.Text, nullable=False),
    # Which of the share's notes it answers, from 1 as they were shared; 0 is all of them.
    sa.Column("note", sa.Integer, nullable=False, server_default="0"),
)

share_sessions = sa.Table(
    "share_sessions",
    metadata,
    # The hash of the cookie's secret, which is nowhere; the share's key is sealed under the secret.
    sa.Column("id", sa.Text, primary_key=True),
    _share(),
    sa.Column("nonce", sa.LargeBinary, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("expires", sa.Text, nullable=False),
)
