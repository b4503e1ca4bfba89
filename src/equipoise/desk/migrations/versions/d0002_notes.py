"""Notes on the text of studies, and which hints were put away."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables."""
    texts = ("study", "version", "part", "exact", "prefix", "suffix")
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("person", sa.Integer, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("start", "end")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("text", "tags", "created", "changed")),
        sa.Column("deleted", sa.Text),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.UniqueConstraint("person", "key", name="notes_by_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("notes_by_study", "notes", ["person", "study"])
    op.create_table(
        "dismissed",
        sa.Column("person", sa.Integer, sa.ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("hint", sa.Text, primary_key=True),
    )
