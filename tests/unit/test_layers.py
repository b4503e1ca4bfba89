"""Data flows one way: a part imports only the parts named for it here."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import equipoise

SOURCE = Path(equipoise.__file__).parent

# What each part may import besides itself and `errors`. Intake wires sources to the store;
# app may import anything.
ALLOWED = {
    "errors": set(),
    "terms": set(),
    "records": {"terms"},
    "rules": {"records", "terms"},
    "criteria": {"rules", "records", "terms"},
    "notes": {"criteria", "rules", "records", "terms"},
    "matching": {"rules", "records", "terms"},
    "sources": {"records", "terms"},
    "store": {"rules", "records", "terms"},
    "intake": {"sources", "criteria", "matching", "store", "rules", "records", "terms"},
    "find": {"store", "matching", "notes", "criteria", "rules", "records", "terms"},
    "desk": {"find", "matching", "store", "records", "terms"},
    "app": {
        "desk",
        "terms",
        "records",
        "rules",
        "criteria",
        "notes",
        "matching",
        "sources",
        "store",
        "intake",
        "find",
    },
}

# The middle opens no file and reads no clock.
PURE = {"records", "rules", "criteria", "notes", "matching"}
IMPURE_MODULES = {"os", "pathlib", "io", "sqlite3", "socket", "time", "shutil", "urllib.request", "subprocess"}

MODULES = sorted(path for path in SOURCE.rglob("*.py") if path.parent != SOURCE or path.name == "errors.py")


def part_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports(path: Path) -> list[str]:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            found.append(node.module or "")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_part_imports_only_what_is_named_for_it(path: Path) -> None:
    """No import goes against the flow."""
    part = part_of(path)
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("equipoise.")}
    assert ours <= ALLOWED[part] | {part, "errors"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_middle_is_pure(path: Path) -> None:
    """Records, rules, criteria, notes and matching open no file and read no clock."""
    if part_of(path) in PURE:
        assert not IMPURE_MODULES & set(imports(path))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_foreign_names_stay_at_the_edge(path: Path) -> None:
    """The registry's section names are typed in one source and the tables, nowhere else."""
    if path.relative_to(SOURCE).as_posix() != "sources/ctgov.py":
        tree = ast.parse(path.read_text("utf-8"))
        docs = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        texts = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
        ]
        assert not [text for text in texts if "protocolSection" in text or "resultsSection" in text]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_module_holds_one_idea(path: Path) -> None:
    """No module is longer than 400 lines."""
    assert len(path.read_text("utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_function_does_one_thing(path: Path) -> None:
    """No function is longer than 40 lines, its docstring and a record filled at its end aside."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef):
            body = node.body
            if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
                body = body[1:]
            length = (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
            last = body[-1] if body else None
            if isinstance(last, ast.Return) and isinstance(last.value, ast.Call) and not last.value.args:
                # A record filled by keywords is a table, not a tangle.
                length -= (last.end_lineno or 0) - last.lineno
            assert length <= 40, f"{node.name} has {length} lines"
