"""Read the tab-separated tables that ship in ``terms/data``."""

from __future__ import annotations

from importlib.resources import files


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of ``terms/data/<name>.tsv``, a dict of strings each.

    >>> read_table("enums")[0]["type"]
    'OrgStudyIdType'
    """
    text = files("equipoise.terms").joinpath("data", f"{name}.tsv").read_text("utf-8")
    head, *rows = text.splitlines()
    keys = head.split("\t")
    return [dict(zip(keys, row.split("\t"), strict=True)) for row in rows if row]
