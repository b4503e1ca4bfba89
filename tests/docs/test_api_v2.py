"""The reference of API v2 has every address, parameter, facet, column, tag, code and message."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import equipoise
from api import Api, study
from equipoise.app.api_v2.facets import FACETS
from equipoise.app.api_v2.parameters import ENDPOINTS, LONGEST, PARAMETERS
from equipoise.app.api_v2.serving import LONGEST_ADDRESS
from equipoise.app.api_v2.study import FORMS
from equipoise.find.export_csv import COLUMNS
from equipoise.find.export_fhir import STATUSES
from equipoise.find.export_ris import TAGS

DOC = "reference/api-v2.md"
SOURCE = Path(equipoise.__file__).parent / "app" / "api_v2"
MAKERS = {"fault": 2, "QueryError": 0, "NotFound": 0}


@pytest.fixture(scope="module")
def parts(read_doc) -> dict[str, str]:
    """What stands below each heading."""
    split = re.split(r"^#{2,3} (.*)$", read_doc(DOC), flags=re.MULTILINE)
    return dict(zip(split[1::2], split[2::2], strict=True))


def rows(text: str) -> list[list[str]]:
    """Return the cells of the rows of a table, without head and rule."""
    lines = [line for line in text.splitlines() if line.startswith("| ")][1:]
    return [[cell.replace("\\|", "|") for cell in re.split(r"(?<!\\) \| ", line[2:-2])] for line in lines]


def in_code(text: str) -> list[str]:
    """Return what is set as code."""
    return re.findall(r"`([^`]+)`", text)


def test_every_address_is_documented(parts) -> None:
    """With the words of the table."""
    assert rows(parts["Addresses"]) == [[f"`{one.path}`", one.help] for one in ENDPOINTS]


def test_every_parameter_is_documented(parts) -> None:
    """With its addresses, its default, its values and the words of the table."""
    paths = {one.name: one.path for one in ENDPOINTS}
    table = rows(parts["Parameters"])
    assert [in_code(name) for name, *_ in table] == [[one.name] for one in PARAMETERS]
    for one, (_, of, form, meaning) in zip(PARAMETERS, table, strict=True):
        assert in_code(of) == [paths[name] for name in one.endpoints]
        assert meaning == one.help
        assert (f"default `{one.default}`" in form) is (one.default is not None)
        assert ("a list" in form) is (one.kind == "list")
        assert set(one.values) <= set(in_code(form)) or one.name.endswith("overallStatus")


def test_every_facet_column_tag_and_code_is_documented(parts) -> None:
    """In the order of the tables that the code has."""
    facets = {in_code(name)[0]: in_code(keys) for name, keys in rows(parts["Facets of `aggFilters`"])}
    assert facets == {name: list(facet.keys) for name, facet in FACETS.items()}
    assert in_code(parts["CSV"].split("\n\n")[1])[1:] == list(COLUMNS)
    one = parts["One study"]
    assert in_code(re.search(r"The tags of RIS.*", one)[0])[1:] == list(TAGS)
    tables = rows(one.split("The tags of RIS")[0]), rows(one.split("in a note:")[1])
    assert {in_code(form)[0]: in_code(kind)[0] for form, kind, _ in tables[0]} == {
        name: kind.partition(";")[0] for name, (_, kind) in FORMS.items()
    }
    assert {in_code(status)[0]: in_code(code)[0] for status, code in tables[1]} == STATUSES


def written_messages() -> list[tuple[str, str]]:
    """Return the fixed words of each message of the API, with the place where it is made."""
    found = []
    for path in sorted(SOURCE.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if name in MAKERS and len(node.args) > MAKERS[name]:
                parts = [one.value for one in ast.walk(node.args[MAKERS[name]]) if isinstance(one, ast.Constant)]
                words = [part.strip(" `:;") for part in parts if isinstance(part, str)]
                found += [(f"{path.name}:{node.lineno}", one) for one in words if len(one) > 7]
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "problem":
                parts = [one.value for one in ast.walk(node.value) if isinstance(one, ast.Constant)]
                found += [(f"{path.name}:{node.lineno}", part.strip(" `:;")) for part in parts if len(str(part)) > 7]
    return found


def test_every_message_is_documented(parts) -> None:
    """A message that is added to the code is added to the document."""
    assert len(written_messages()) > 15
    assert [(place, words) for place, words in written_messages() if words not in parts["Errors"]] == []


def test_limits_are_those_of_the_code(parts) -> None:
    """The lengths that are read."""
    assert f"{LONGEST:,} are read" in parts["Errors"]
    assert f"more than {LONGEST_ADDRESS:,} characters" in parts["Errors"]


def test_the_example_of_an_error_is_true(parts, blocks, tmp_path: Path) -> None:
    """The server answers what the document shows."""
    api = Api(tmp_path / "library")
    api.load(study(1))
    assert api.refusal("/studies", **{"query.term": "socks AND (wool"}) + "\n" in blocks(parts["Errors"], "text")
