"""The references of commands and filters have all that there is, and nothing else."""

from __future__ import annotations

import inspect
import re
from typing import Any

import pytest
import typer

from equipoise.app import cli
from equipoise.find.demands import HELP, KINDS, LABELS
from equipoise.find.filters import FILTERS, NO_PHASE, SAID, read_value
from equipoise.find.query import SORTS
from equipoise.terms.enums import enumerations


def walk(command: Any, name: str = "equipoise") -> dict[str, set[str]]:
    """Return each command's arguments and options, as they are typed."""
    found = {name: {"--help"}}
    for one in command.params:
        given = [*one.opts, *one.secondary_opts] if one.param_type_name == "option" else [one.name]
        found[name] |= set(given)
    for below, child in getattr(command, "commands", {}).items():
        found |= walk(child, f"{name} {below}")
    return found


def sections(text: str) -> dict[str, str]:
    """Return what stands below each heading of the second level that is code."""
    parts = re.split(r"^## `([^`]+)`$", text, flags=re.MULTILINE)
    return {
        name: re.split(r"^## ", body, flags=re.MULTILINE)[0]
        for name, body in zip(parts[1::2], parts[2::2], strict=True)
    }


def first_cells(text: str) -> list[str]:
    """Return the first cell of each row of a section's tables."""
    return re.findall(r"^\| (`[^|]*) \|", text, re.MULTILINE)


COMMANDS = walk(typer.main.get_command(cli.app))


def test_every_command_is_documented(read_doc):
    """The reference has each command of the command line, and no other."""
    assert set(sections(read_doc("reference/commands.md"))) == set(COMMANDS)


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_option_is_documented(command, read_doc):
    """The first table below a command has each argument and option of it, and no other."""
    body = sections(read_doc("reference/commands.md"))[command]
    table = body[body.index("|") :].split("\n\n")[0]
    documented = {word for cell in first_cells(table) for word in re.findall(r"`([^`]+)`", cell)}
    assert documented == COMMANDS[command]


def test_defaults_are_documented(read_doc):
    """The numbers that the reference gives for limit and port are those of the command line."""
    body = sections(read_doc("reference/commands.md"))
    assert "1 to 1,000; 20 by default" in body["equipoise search"]
    assert inspect.signature(cli.search).parameters["limit"].default == 20
    assert "8000 by default" in body["equipoise serve"]
    assert inspect.signature(cli.serve).parameters["port"].default == 8000


def test_every_filter_is_documented(read_doc):
    """The reference has each filter, with its label and help, in the order of the table in the code."""
    documented = sections(read_doc("reference/filters.md"))
    assert list(documented) == [*(one.name for one in FILTERS), "age"]
    for one in FILTERS:
        assert f"{one.label}. {one.help}" in documented[one.name]


@pytest.mark.parametrize("one", FILTERS, ids=lambda one: one.name)
def test_every_value_of_a_filter_is_documented(one, read_doc):
    """A filter's table has each value with its meaning, and each way to write it is read as that value."""
    body = sections(read_doc("reference/filters.md"))[one.name]
    rows = dict(re.findall(r"^\| `([^`]+)` \| ([^|]*) \|", body, re.MULTILINE))
    for value, written in rows.items():
        for text in (value, *re.findall(r"`([^`]+)`", written)):
            assert read_value(one, text, [NO_PHASE]) == value, text
    if one.enum:
        known = enumerations()[one.enum]
        assert set(rows) - {NO_PHASE} == set(known)
        assert all(f"| {term.help} |" in body for term in known.values())
    elif one.name != "country":
        assert set(rows) == set(SAID) & set(rows) and len(rows) == 2


def test_every_question_about_criteria_is_documented(read_doc):
    """The reference has each, with its label and help."""
    body = read_doc("reference/filters.md").split("## What criteria say")[1].split("## Orders")[0]
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*) \|$", body, re.MULTILINE)
    assert rows == [(kind, LABELS[kind], HELP[kind]) for kind in KINDS]


def test_every_order_is_documented(read_doc):
    """The reference has each order, with its words."""
    body = read_doc("reference/filters.md").split("## Orders")[1]
    for name, words in SORTS.items():
        assert re.search(rf"^\| `{name}` \| {words}", body, re.MULTILINE)
    assert len(first_cells(body)) == len(SORTS)
