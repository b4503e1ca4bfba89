"""Links in the documents lead somewhere, their Python runs, and their form is the same everywhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
DOCUMENTS = [PROJECT / "README.md", PROJECT / "CHANGELOG.md", *sorted((PROJECT / "docs").rglob("*.md"))]
NAMES = [str(path.relative_to(PROJECT)) for path in DOCUMENTS]

_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|(?:src|href)=\"([^\"]+)\"")


def links(text: str) -> list[str]:
    """Return where the links and pictures of a document lead, code aside."""
    plain = re.sub(r"`[^`\n]+`", "", _FENCE.sub("", text))
    return [one or other for one, other in _LINK.findall(plain)]


def anchors(path: Path) -> set[str]:
    """Return the anchors that GitHub gives to a document's headings."""
    found = set()
    for heading in re.findall(r"^#+ (.*)$", _FENCE.sub("", path.read_text("utf-8")), re.MULTILINE):
        found.add(re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-"))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_files(name):
    """Every relative link leads to a file of the project, and to a heading if it names one."""
    path = PROJECT / name
    for link in links(path.read_text("utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = link.partition("#")
        target = (path.parent / place).resolve() if place else path
        assert target.exists(), link
        assert PROJECT in target.parents, link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), link


@pytest.mark.parametrize("name", NAMES)
def test_python_runs(name, blocks, demonstration, tmp_path):
    """Every Python block of a document runs, on the demonstration library."""
    for block in blocks((PROJECT / name).read_text("utf-8"), "python"):
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", block],
            cwd=tmp_path,
            env={"EQUIPOISE_LIBRARY": str(demonstration.folder.path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_every_document_is_in_the_index():
    """The index of the documents leads to each of them."""
    index = PROJECT / "docs" / "README.md"
    linked = {(index.parent / link).resolve() for link in links(index.read_text("utf-8"))}
    assert set((PROJECT / "docs").rglob("*.md")) - {index} <= linked


@pytest.mark.parametrize("name", NAMES)
def test_documents_name_no_machine(name):
    """No document has a path of the machine on which it was written, or the address of a package registry."""
    text = (PROJECT / name).read_text("utf-8")
    assert not re.search(r"/(?:work|root|tmp|home)/|pypi\.org|files\.pythonhosted|registry\.npmjs", text)


def test_glossary_is_sorted(read_doc):
    """The glossary has each word once, in order, with one sentence."""
    rows = re.findall(r"^\| \*\*(.+?)\*\* \| (.+) \|$", read_doc("reference/glossary.md"), re.MULTILINE)
    words = [word for word, _ in rows]
    assert words == sorted(set(words), key=str.casefold)
    assert all(sentence.endswith(".") and sentence.count(". ") == 0 for _, sentence in rows)


@pytest.mark.parametrize("path", sorted((PROJECT / "docs" / "decisions").glob("*.md")), ids=lambda path: path.stem[:4])
def test_decisions_have_one_form(path):
    """A decision has its number, and states context, decision and consequences, in this order."""
    text = path.read_text("utf-8")
    assert text.startswith(f"# {path.name[:4]}. ")
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
