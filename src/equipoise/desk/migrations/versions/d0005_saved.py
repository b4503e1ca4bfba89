"""Saved studies and searches, each with what was there when it was last seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "saved_studies",
        sa.Column("person", sa.Integer, sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("study", sa.Text, primary_key=True),
        sa.Column("saved", sa.Text, nullable=False),
        sa.Column("library", sa.Text, nullable=False),
        sa.Column("seen_version", sa.Integer, nullable=False),
        sa.Column("seen", sa.Text, nullable=False),
    )
    op.create_table(
        "saved_searches",
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
