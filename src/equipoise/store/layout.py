"""By what an edition's index and columns were made; another version makes them anew from the documents."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version as installed_version
from typing import Any

from equipoise.store.columns import CATEGORIES, LISTS, NUMBERS, SITE_CATEGORIES, SITE_NUMBERS
from equipoise.store.evidence import EVIDENCE
from equipoise.store.facets import FACETS
from equipoise.store.index import ANALYZER, JOINING, NAMES, REST, TOPICS, WHOLES
from equipoise.store.pieces import ranked
from equipoise.store.telling import TELLING
from equipoise.terms.untelling import UNTELLING

# Grows by one when a column or field keeps its name and means something else.
LAYOUT = 2


def index_format() -> str:
    """Return the version that an index must have been made by to be opened: its format belongs to the version."""
    return f"tantivy {installed_version('tantivy')}"


def _words(rows: Iterable[tuple[Any, ...]]) -> list[str]:
    return [" ".join(part for part in row if isinstance(part, str)) for row in rows]


@cache
def layout() -> str:
    """Return a mark that changes when a column or field is added, renamed or dropped."""
    tables = [_words(rows) for rows in (NUMBERS, CATEGORIES, LISTS, SITE_NUMBERS, SITE_CATEGORIES)]
    marks = (ANALYZER, NAMES, REST, FACETS, TOPICS, JOINING, EVIDENCE, TELLING, sorted(UNTELLING))
    named = repr((LAYOUT, tables, sorted(ranked()), sorted(WHOLES), *marks))
    return f"{LAYOUT}-{hashlib.blake2b(named.encode(), digest_size=4).hexdigest()}"
