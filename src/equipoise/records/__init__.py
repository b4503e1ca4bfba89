"""Frozen, typed records: what the other parts pass to each other."""
