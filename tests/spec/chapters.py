"""All the tables, in the order of the page, and how the page is made of them."""

from __future__ import annotations

from equipoise.records.moments import Moment
from equipoise.rules.english import describe_rule
from equipoise.terms.tables import read_table
from spec.measures import MEASURES
from spec.presence import PRESENCE
from spec.stays import STAYS
from spec.tables import AT, Table
from spec.trees import TREES
from spec.windows import TIMES

CHAPTERS: dict[str, list[Table]] = {
    "How answers join": TREES,
    "Conditions, drugs, procedures, allergies, variants": PRESENCE,
    "What is over, what has not come again, what cannot be": STAYS,
    "Limits": MEASURES,
    "Time": TIMES,
}
TABLES = [table for tables in CHAPTERS.values() for table in tables]

_HEAD = f"""# What rules mean

<!-- Made by tools/build_rules_page.py from the tables in tests/spec; a test keeps it so. -->

Each criterion is read as a rule, and a rule is answered from the facts of one patient, seen at a moment. There are
three answers: the text holds (**yes**), it does not (**no**), or the record does not say (**unknown**). A criterion for
inclusion is met where its text holds; one for exclusion, where it does not. Nothing is guessed: where it is not
certain, the answer is unknown, and Equipoise says which fact would settle it.

The tables below are the tests of the evaluator, row by row. Unless a table says otherwise, the patient is seen on
{Moment(AT).words()}, in the zone of central Europe.

A record is a list of facts. “No” before a fact says that the record denies it; “possible”, “planned”, “pending”, “past”
and “family” are how a fact is asserted. “All drug listed” says that the record names every drug, so that silence means
no. Words in brackets qualify a fact, words in braces name the alteration of a gene. “From” is the earliest moment at
which a rule that does not hold can, “until” the last at which one that holds, or may, still does.

In JSON a fact has these keys: `id`, `kind`, `concept` (`name`, `codes`), `value`, `unit` (UCUM), `range` (the
laboratory's own), `when`, `until`, `assertion`, `qualifier`, `alteration` (of a gene), and `source` (`document`,
`span`). A date of birth is a `demographic` fact named `born`, dated by `when`; an event such as `stroke onset` is an
`event_time` fact, dated by `when`. A condition or drug that goes on has the qualifier `ongoing`.
"""

_LIMITS = """## Limits of normal where the laboratory's are not given

A limit such as “2 × ULN” is of the laboratory's own range. For a result that comes without one, a default decides only
what is beyond doubt: the table gives between which values the limits of common laboratories lie for adults, and a
result that is beyond the limit by all of them is so by each. In between, and for anything that is not in the table,
the answer is unknown. The verdict's `note` says that the laboratory's range was not given. The spans are wide on
purpose, and were drawn up for this project from what laboratories and textbooks commonly print.
"""


def describe_page() -> str:
    """Return docs/reference/rules.md."""
    parts = [_HEAD]
    for title, tables in CHAPTERS.items():
        parts.append(f"## {title}\n")
        parts += [_section(table) for table in tables]
    return "\n".join([*parts, _limits()])


def _limits() -> str:
    """Return the table of the limits of common laboratories."""
    rows = [f"| {row['variable']} | {row['unit']} | {_span(row, 'upper')} | {_span(row, 'lower')} | {row['source']} |"
            for row in read_table("normal_limits")]  # fmt: skip
    head = ["| variable | unit | upper limit | lower limit | why a span |", "| --- | --- | --- | --- | --- |"]
    return f"{_LIMITS}\n" + "\n".join([*head, *rows]) + "\n"


def _span(row: dict[str, str], side: str) -> str:
    return f"{row[f'{side}_from']} to {row[f'{side}_to']}" if row[f"{side}_from"] else "—"


def _section(table: Table) -> str:
    head, *lines = table.text.strip().splitlines()
    columns = [cell.strip() for cell in head.split("|")]
    rows = [[cell.strip() for cell in line.split("|")] for line in lines]
    drawn = [f"| {' | '.join(columns)} |", f"|{'|'.join(' --- ' for _ in columns)}|"]
    drawn += [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows]
    seen = "" if table.at == AT else f" Seen on {Moment(table.at).words()}."
    note = f"\n{table.note}\n" if table.note else ""
    return f"### {table.title}\n\n*{describe_rule(table.rule)}*{seen}\n{note}\n" + "\n".join(drawn) + "\n"


def _cell(text: str) -> str:
    return text or "—"
