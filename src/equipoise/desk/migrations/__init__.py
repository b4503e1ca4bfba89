"""How the desk's tables came to be, step by step (Alembic)."""
