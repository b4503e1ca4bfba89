"""
Tables that say what rules mean, for a clinician to check; they run on the evaluator and make docs/reference/rules.md.

A row is a patient's record and the answer. A record is facts with ``;`` between them::

    fact      = assertion? kind name ("=" value unit?)? ("normal" low "to" high)? ("[" qualifier,… "]")?
                ("{" alteration "}")? ("on" | "since" moment)? ("until" moment)?  |  "all" kind "listed"
    assertion = "no" | "possible" | "planned" | "pending" | "family" | "past"

An empty record is a record without facts. ``answer`` says whether the text holds: yes, no or unknown.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from equipoise.records.patient import FACT_KINDS, Patient, read_patient
from equipoise.rules.nodes import Rule

AT = "2026-01-15T09:40+01:00"

_ASSERTIONS = {"no": "absent", "past": "historical"} | {
    one: one for one in ("possible", "planned", "pending", "family")
}
_FACT = re.compile(
    rf"(?:(?P<assertion>no|past|possible|planned|pending|family) )?(?P<kind>{'|'.join(FACT_KINDS)})"
    r"(?: (?P<name>[^=\[{]+?))?(?: = (?P<value>\S+)"
    r"(?: (?P<unit>(?!normal\b|on\b|since\b|until\b)(?:\[(?:IU|degF)\]\S*|[^\s\[]\S*)))?)?"
    r"(?: normal (?P<low>\S+) to (?P<high>\S+))?(?: \[(?P<qualifier>[^\]]+)\])?(?: \{(?P<alteration>[^}]+)\})?"
    r"(?: (?:on|since) (?P<when>\d\S+))?(?: until (?P<until>\S+))?\Z"
)
ANSWERS = {"yes": True, "no": False, "unknown": None}


class Row(NamedTuple):
    """One record and what it answers; ``starts`` and ``ends`` are the moments from and until which the rule holds."""

    record: str
    answer: str
    starts: str | None
    ends: str | None

    @property
    def patient(self) -> Patient:
        """The patient of this row."""
        return read_record(self.record)


class Table(NamedTuple):
    """A rule and the rows that say what it means."""

    title: str
    rule: Rule
    text: str
    note: str
    at: str

    @property
    def rows(self) -> list[Row]:
        """The rows of the table, below its head."""
        head, *lines = (line.strip() for line in self.text.strip().splitlines())
        columns = [name.strip() for name in head.split("|")]
        assert set(columns) <= {"record", "answer", "from", "until"}, columns
        rows = []
        for line in lines:
            cells = dict(zip(columns, (cell.strip() for cell in line.split("|")), strict=True))
            assert cells["answer"] in ANSWERS, line
            rows.append(Row(cells["record"], cells["answer"], cells.get("from"), cells.get("until")))
        return rows


def spec(title: str, rule: Rule, text: str, *, note: str = "", at: str = AT) -> Table:
    """Return a table of what a rule means."""
    return Table(title, rule, text, note, at)


def read_record(text: str) -> Patient:
    """Return the patient that a row states."""
    facts: list[object] = []
    complete: list[str] = []
    for part in (part.strip() for part in text.split(";") if part.strip()):
        if found := re.fullmatch(r"all (\w+) listed", part):
            complete.append(found[1])
        else:
            facts.append(_fact(part))
    return read_patient({"facts": facts, "complete": complete})


def _fact(text: str) -> dict[str, object]:
    found = _FACT.match(text)
    assert found, f"not a fact: {text}"
    fact: dict[str, object] = {"kind": found["kind"]}
    if found["name"]:
        fact["concept"] = {"name": found["name"]}
    if found["assertion"]:
        fact["assertion"] = _ASSERTIONS[found["assertion"]]
    if found["value"]:
        fact["value"] = float(found["value"]) if re.fullmatch(r"-?[\d.]+", found["value"]) else found["value"]
    if found["low"]:
        fact["range"] = [float(found["low"]), float(found["high"])]
    if found["qualifier"]:
        fact["qualifier"] = [one.strip() for one in found["qualifier"].split(",")]
    for key in ("unit", "alteration", "when", "until"):
        if found[key]:
            fact[key] = found[key]
    return fact
