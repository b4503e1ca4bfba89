"""Rows and phrases as `build_lexicon.py` handles them: their keys, their form, and what may be a name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lexicon_lists import NOT_CONDITIONS

from equipoise.terms.spelling import normal
from equipoise.terms.words import QUALIFIERS, Stems, unseen

STEMS = Stems()
Row = dict[str, str]


def key_of(phrase: str) -> str:
    """Return the key under which the lexicon files a phrase."""
    phrase = phrase.lstrip("?").replace(" of the ", " of ")
    return phrase if phrase.isupper() and " " not in phrase else " ".join(STEMS[word] for word in phrase.split())


def phrases_of(row: Row) -> list[str]:
    """Return a row's name and its other phrases."""
    return [row["name"], *(row["phrases"].split(" | ") if row["phrases"] else [])]


def new_row(name: str, source: str, *, codes: str = "", phrases: Iterable[str] = (), parents: str = "") -> Row:
    """Return a derived row."""
    return {"name": name, "source": source, "codes": codes, "phrases": " | ".join(phrases), "parents": parents}


def clean(name: str) -> str:
    """Return a record's wording as a phrase: normalized, uninverted, without what stands in brackets."""
    text = re.sub(r"[(\[][^)\]]*[)\]]", " ", name)
    return " ".join(re.sub(r"[^\w\s'/+,.]", " ", normal(uninverted(text))).replace(",", " ").split()).strip(". ")


def uninverted(term: str) -> str:
    """Return "Carcinoma, Non-Small-Cell Lung" as it is spoken."""
    parts = [normal(part).strip() for part in term.split(", ")]
    return " ".join(reversed(parts)) if len(parts) == 2 else " ".join(parts)


GOOD_NAME = re.compile(r"[a-z][a-z0-9' ]+")


def is_name(phrase: str, *, words: int = 6) -> bool:
    """Return whether a derived phrase may stand in a table at all."""
    parts = phrase.split()
    return (
        1 <= len(parts) <= words
        and len(phrase) > 4
        and GOOD_NAME.fullmatch(phrase) is not None
        and phrase not in NOT_CONDITIONS
        and parts[0] not in QUALIFIERS - {"acute", "chronic", "primary", "secondary", "malignant"}
        and parts[0] not in {"adult", "childhood", "pediatric", "previously", "abuse", "absence", "age"}
        and parts[-1] not in {"of", "the", "in", "to", "for", "remission", "relapse"}
        and not {
            "and",
            "or",
            "with",
            "without",
            "other",
            "nos",
            "nec",
            "unspecified",
            "due",
            "stage",
            "phase",
            "causing",
        }
        & set(parts)
    )


def says_condition(name: str) -> bool:
    """Return whether the form of the words alone says that they name a condition."""
    words = name.split()
    return any(unseen(words, start) == ("condition", len(words) - start) for start in range(len(words)))
