"""Which note of a share a reply answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column; replies from before answer the share as a whole."""
    op.add_column("share_received", sa.Column("note", sa.Integer, nullable=False, server_default="0"))
