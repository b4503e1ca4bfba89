"""Read a search from names and values, as a web address and the command line give them."""

from __future__ import annotations

from collections.abc import Iterable

from equipoise.errors import QueryError
from equipoise.find.compiled import lexicon_of
from equipoise.find.demands import KINDS, read_demand
from equipoise.find.filters import BY_NAME, read_values
from equipoise.find.near import read_place
from equipoise.find.query import AREAS, Query, read_age
from equipoise.store.library import Library


def _numbers(text: str) -> tuple[str, ...]:
    numbers = tuple(text.replace(",", " ").upper().split())
    for number in numbers:
        if not (number.startswith("NCT") and number[3:].isascii() and number[3:].isdigit() and len(number) == 11):
            raise QueryError(
                f"{number[:20]} is no study's number",
                text=text[:60],
                span=(0, min(60, len(text))),
                next="Numbers are NCT and eight digits, with commas or spaces between them.",
            )
    return numbers


def read_query(parameters: Iterable[tuple[str, str]], library: Library) -> Query:
    """Return the search that parameters ask for; names that are not known are passed over.

    Raises:
        QueryError: a value is not known, or not understood.
    """
    chosen: dict[str, tuple[str, ...]] = {}
    areas: dict[str, str] = {}
    several: dict[str, list[str]] = {"advanced": [], "drop": []}
    single: dict[str, str] = {}
    asked: dict[tuple[str, str], None] = {}
    cleared = False
    for name, value in parameters:
        plain = " ".join(value.split())
        if not plain:
            cleared |= name == "near"
            continue
        if name in KINDS:
            asked[name, value] = None
        elif name in BY_NAME:
            read = read_values(BY_NAME[name], value, library.columns.names[name])
            chosen[name] = tuple(dict.fromkeys((*chosen.get(name, ()), *read)))
        elif name in AREAS and name != "term":
            areas[name] = plain
        elif name in several:
            several[name].append(plain)
        else:
            single[name] = plain
    lexicon = lexicon_of(library) if asked else None
    # A form whose place was cleared still sends its distance; a distance alone is a mistake, and is said.
    within = single.get("within") if "near" in single or not cleared else None
    return Query(
        text=single.get("q", ""),
        areas=areas,
        advanced=tuple(several["advanced"]),
        numbers=_numbers(single.get("numbers", "")),
        dropped=tuple(several["drop"]),
        chosen=chosen,
        age=read_age(single["age"]) if "age" in single else None,
        demands=tuple(read_demand(kind, text, lexicon) for kind in KINDS for one, text in asked if one == kind),
        near=read_place(single.get("near"), within),
        stated_only=single.get("stated") == "only",
        sort=single.get("sort", "relevance"),
    )
