"""What is shared, sealed; what its sender sees of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def _share() -> sa.Column[str]:
    return sa.Column("share", sa.Text, sa.ForeignKey("shares.id", ondelete="CASCADE"), nullable=False, index=True)


def upgrade() -> None:
    """Make the tables."""
    _make_shares()
    _make_senders_side()
    _make_receivers_side()


def _make_shares() -> None:
    op.create_table(
        "shares",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("person", sa.Integer, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("form", sa.Text, nullable=False, unique=True),
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
        sa.Column("refused", sa.Integer, nullable=False),
    )


def _make_senders_side() -> None:
    op.create_table(
        "share_notes",
        sa.Column("id", sa.Integer, primary_key=True),
        _share(),
        sa.Column("study", sa.Text, nullable=False),
        sa.Column("note", sa.Integer, nullable=False),
    )
    op.create_table(
        "share_received",
        sa.Column("id", sa.Text, primary_key=True),
        _share(),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
    )


def _make_receivers_side() -> None:
    op.create_table(
        "share_replies",
        sa.Column("id", sa.Text, primary_key=True),
        _share(),
        sa.Column("nonce", sa.LargeBinary, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("created", sa.Text, nullable=False),
    )
    op.create_table(
        "share_sessions",
        sa.Column("id", sa.Text, primary_key=True),
        _share(),
        sa.Column("nonce", sa.LargeBinary, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("expires", sa.Text, nullable=False),
    )
