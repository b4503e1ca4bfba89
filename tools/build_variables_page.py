"""Write docs/reference/variables.md from the catalogue: ``.venv/bin/python tools/build_variables_page.py``."""

from __future__ import annotations

from pathlib import Path

from equipoise.terms.variables import KINDS, Variable, Variables, variables

PAGE = Path(__file__).parents[1] / "docs/reference/variables.md"
SHOWN = 4

HEAD = """# Variables

What a criterion can set a limit on. Each variable has a name, other names under which texts mention it, a LOINC code
where there is one, a unit with others that fit, and a range outside of which a limit is called implausible. Names in
capitals are found in capitals only. The units are written in [UCUM](https://ucum.org); `1` is a bare number.

A limit in one of the other units meets a patient's result in the first, and the other way round, by the analyte where
that matters (mg/dL and mmol/L).

This page is made from `src/equipoise/terms/data/variables.tsv` by `tools/build_variables_page.py`.
"""
TITLES = {
    "lab": "Laboratory values",
    "vital": "Vital signs and body measures",
    "score": "Scores",
    "class": "Classes",
    "stage": "Stages",
    "function": "Functions of organs",
    "other": "Other measures",
}


def describe_page() -> str:
    """Return the page: a table for each kind of variable."""
    known = variables()
    return "\n".join([HEAD, *(_section(kind, known) for kind in KINDS)])


def _section(kind: str, known: Variables) -> str:
    rows = [known[name] for name in sorted(known.names(), key=str.casefold) if known[name].kind == kind]
    scaled = kind in ("class", "stage")
    head = "| Variable | Also | LOINC | " + ("Levels |" if scaled else "Unit | Plausible |")
    lines = [f"## {TITLES[kind]}", "", f"{len(rows)} variables.", "", head, "|---" * head.count(" | ") + "|---|"]
    return "\n".join([*lines, *(_row(one, scaled=scaled) for one in rows), ""])


def _row(one: Variable, *, scaled: bool) -> str:
    also = ", ".join(one.synonyms[:SHOWN]) + (f" and {len(one.synonyms) - SHOWN} more" if one.synonyms[SHOWN:] else "")
    last = [_levels(one)] if scaled else [_units(one), _range(one)]
    return "| " + " | ".join([_cell(one.name), _cell(also), one.loinc, *map(_cell, last)]) + " |"


def _units(one: Variable) -> str:
    return ", ".join(f"`{code}`" for code in (one.unit or "1", *one.units))


def _range(one: Variable) -> str:
    return "" if one.low is None or one.high is None else f"{one.low:g} to {one.high:,.10g}"


def _levels(one: Variable) -> str:
    return ", ".join(f"{level} = {number:g}" for level, number in one.levels.items())


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    PAGE.write_text(describe_page(), "utf-8")
