"""
Rebuild the derived rows of the lexicon's tables; rows whose source is ``own`` are kept as they are.

    pip download --no-deps -d DOWNLOADS simple-icd-10-cm drug-named-entity-recognition
    python tools/build_lexicon.py DOWNLOADS ../shared/corpus

What is taken from where, and under which licence, is written in docs/explanation/lexicon.md. The packages
are read as archives and never imported; the one pickle is checked to hold plain data before it is read.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

from lexicon_corpus import Corpus, corpus_conditions, corpus_procedures
from lexicon_lists import INN_CLASSES
from lexicon_sources import cancers, drug_rows, icd_conditions, icd_parents, icd_rows, mesh_conditions, spoken
from lexicon_text import Row, key_of, phrases_of, uninverted

from equipoise.terms.words import HEADS

DATA = Path(__file__).parent.parent / "src" / "equipoise" / "terms" / "data"


def main() -> None:
    """Read the sources named on the command line and write the tables."""
    downloads, corpus = Path(sys.argv[1]), Path(sys.argv[2])
    seen = Corpus(corpus)
    tables = {name: own_rows(name) for name in ("conditions", "drugs", "procedures", "classes", "genes", "events")}
    taken = {
        key_of(p): row for name, rows in tables.items() if name != "events" for row in rows for p in phrases_of(row)
    }
    icd = list(icd_rows(next(downloads.glob("simple_icd_10_cm*.whl"))))
    mesh = {uninverted(term): code for term, code in seen.mesh.items()}
    drugs = list(drug_rows(next(downloads.glob("drug_named_entity*.whl")), seen))
    conditions = merge([*cancers(), *icd_conditions(icd), *mesh_conditions(mesh), *corpus_conditions(seen)], taken)
    tables["drugs"] += merge(drugs, taken)
    tables["procedures"] += merge(corpus_procedures(seen), taken)
    codes = add_codes(tables["conditions"] + tables["classes"], icd, mesh)  # when each row has all its phrases
    tables["conditions"] += conditions
    for row in tables["conditions"]:
        add_parents(row, icd_parents(row["codes"]))
    for row in tables["drugs"]:
        add_parents(row, [klass for pattern, klass in INN_CLASSES if re.search(pattern, row["name"])])
    for name in ("conditions", "drugs", "procedures", "classes"):
        for row in tables[name]:
            above = [taken[key_of(one)]["name"] for one in row["parents"].split(" | ") if one]
            row["parents"] = ""
            add_parents(row, above)
        write(name, tables[name])
    counts = ", ".join(f"{len(rows)} {name}" for name, rows in tables.items())
    sys.stdout.write(f"{codes} own rows have codes; {counts}\n")


def own_rows(table: str) -> list[Row]:
    """Return the hand-written rows of a table as it stands, without what an earlier run derived."""
    head, *lines = (DATA / f"{table}.tsv").read_text("utf-8").splitlines()
    rows = [dict(zip(head.split("\t"), line.split("\t"), strict=True)) for line in lines]
    return [row for row in rows if row["source"] == "own"]


def write(table: str, rows: list[Row]) -> None:
    """Write a table: hand-written rows first, each part sorted by name."""
    path = DATA / f"{table}.tsv"
    head = path.read_text("utf-8").partition("\n")[0]
    lines = ["\t".join(row.get(key, "") for key in head.split("\t")) for row in ranked(rows)]
    path.write_text("\n".join([head, *lines]) + "\n", "utf-8")


def ranked(rows: list[Row]) -> list[Row]:
    """Return rows by source and name."""
    return sorted(rows, key=lambda row: (row["source"] != "own", row["name"]))


def merge(rows: Iterable[Row], taken: dict[str, Row]) -> list[Row]:
    """
    Return the rows whose names are new, without the phrases that another row has; *taken* grows.

    "Abscess of the liver" and "liver abscess" are one: whichever comes second becomes a phrase of the first.
    """
    kept = []
    for row in rows:
        forms = list(dict.fromkeys(form for phrase in phrases_of(row) for form in (phrase, *turned(phrase))))
        fresh = [form for form in forms if key_of(form) not in taken]
        home = next(
            (taken[key_of(form)] for form in forms[: 1 + len(turned(row["name"]))] if key_of(form) in taken), None
        )
        if home is not None:
            if row["source"] != "rule":
                fresh = [form for form in fresh if form in {row["name"], *turned(row["name"])}]
            elif home["name"] not in row["parents"]:
                add_parents(home, row["parents"].split(" | "))
            home["phrases"] = " | ".join(filter(None, [home["phrases"], *fresh]))
            taken.update({key_of(form): home for form in fresh})
        elif fresh:
            new = {**row, "phrases": " | ".join(form for form in fresh if form != row["name"])}
            taken.update({key_of(form): new for form in fresh})
            kept.append(new)
    return kept


def turned(phrase: str) -> tuple[str, ...]:
    """Return "liver abscess" for "abscess of the liver", or nothing."""
    match = re.fullmatch(r"(\w+(?: \w+)?) of (?:the )?((?:\w+ )?\w+)", phrase)
    return (f"{match[2]} {match[1]}",) if match and match[1].split()[-1] in HEADS else ()


def add_parents(row: Row, classes: Iterable[str]) -> None:
    """Name the classes that a code or a stem gives, unless they are there."""
    known = [name for name in row["parents"].split(" | ") if name]
    row["parents"] = " | ".join(dict.fromkeys([*known, *(c for c in classes if c != row["name"])]))


def add_codes(rows: list[Row], icd: list[tuple[str, str, list[str]]], mesh: dict[str, str]) -> int:
    """Give hand-written conditions the code of the title or term that says the same; return how many have one."""
    titles: dict[str, str] = {}
    for code, title, _ in icd:
        for name in spoken(title) if code[0] not in "VWXYZ" else ():
            titles.setdefault(key_of(name), code)
    terms = {key_of(term): code for term, code in mesh.items() if code}
    for row in rows:
        if row.get("kind", "condition") != "condition":
            continue
        keys = [key_of(phrase) for phrase in phrases_of(row) if not phrase.startswith("?")]
        for system, known in (("icd10cm", titles), ("mesh", terms)):
            code = next((known[key] for key in keys if key in known), "")
            if code and f"{system}:" not in row["codes"]:
                row["codes"] = f"{row['codes']} {system}:{code}".strip()
    return sum(bool(row["codes"]) for row in rows)


if __name__ == "__main__":
    main()
