"""
Medical Subject Headings as the U.S. National Library of Medicine publishes them, read one heading at a time.

Two forms are read, each also gzipped: the XML (``desc2026.xml``) and the older ASCII (``d2026.bin``). The file
has some 30,000 headings in 300 MB of XML, so no more than one is held in memory.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import msgspec
from lxml import etree

from equipoise.errors import InputError, UnknownFormat

FETCH = "Fetch desc20XX.xml or d20XX.bin again from the National Library of Medicine, and give it as it is or as .gz."


class Narrower(msgspec.Struct, frozen=True):
    """A meaning that MeSH files under a broader heading."""

    name: str
    terms: tuple[str, ...] = ()


class Heading(msgspec.Struct, frozen=True):
    """A descriptor: its identifier, name, other names, places in the tree, and the actions of a drug."""

    identifier: str
    name: str
    terms: tuple[str, ...] = ()
    trees: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    narrower: tuple[Narrower, ...] = ()


def read_mesh(path: Path) -> Iterator[Heading]:
    """
    Yield the headings of a MeSH file.

    Raises:
        UnknownFormat: it is neither form of MeSH.
        InputError: it cannot be read to its end.
    """
    try:
        with _opened(path) as file:
            start = file.read(2000)
            file.seek(0)
            if b"<DescriptorRecordSet" in start or b"<!DOCTYPE DescriptorRecordSet" in start:
                yield from _from_xml(file, path)
            elif start.lstrip().startswith(b"*NEWRECORD"):
                yield from _from_ascii(file, path)
            else:
                raise UnknownFormat("This is no file of MeSH descriptors", where=str(path), next=FETCH)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise InputError("The compressed file is cut short or damaged", where=str(path), next=FETCH) from None
    except OSError as error:
        raise InputError(
            f"The file cannot be read ({error.strerror})", where=str(path), next="Check its name and its permissions."
        ) from None


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    return cast(IO[bytes], gzip.open(path)) if packed else path.open("rb")


def _from_xml(file: IO[bytes], path: Path) -> Iterator[Heading]:
    # The file names a DTD; nothing that it declares is fetched or expanded.
    records = etree.iterparse(file, tag="DescriptorRecord", resolve_entities=False, load_dtd=False, no_network=True)
    try:
        for _, record in records:
            yield _heading(record, path)
            record.clear()
            while record.getprevious() is not None:
                del record.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise InputError(f"The XML breaks off or is damaged: {error.msg}", where=str(path), next=FETCH) from None


def _heading(record: etree._Element, path: Path) -> Heading:
    name, identifier = record.findtext("DescriptorName/String"), record.findtext("DescriptorUI")
    if not name or not identifier:
        line = record.sourceline
        raise InputError(f"A descriptor before line {line} has no name or no identifier", where=str(path), next=FETCH)
    terms: list[str] = []
    narrower = []
    for concept in record.iterfind("ConceptList/Concept"):
        names = [one.text or "" for one in concept.iterfind("TermList/Term/String")]
        if concept.get("PreferredConceptYN") == "Y":
            terms += names
        elif names:
            # What MeSH files here as a narrower or related meaning is no other name of the heading.
            first = concept.findtext("ConceptName/String") or names[0]
            narrower.append(Narrower(first, tuple(one for one in names if one != first)))
    texts = {
        part: tuple(one.text or "" for one in record.iterfind(where))
        for part, where in (
            ("trees", "TreeNumberList/TreeNumber"),
            ("actions", "PharmacologicalActionList/PharmacologicalAction/DescriptorReferredTo/DescriptorName/String"),
        )
    }
    others = tuple(one for one in dict.fromkeys(terms) if one != name)
    return Heading(identifier, name, others, texts["trees"], texts["actions"], tuple(narrower))


_FIELD = re.compile(r"([A-Z][A-Z0-9 ]*) = (.*)")


def _from_ascii(file: IO[bytes], path: Path) -> Iterator[Heading]:
    fields: dict[str, list[str]] = {}
    began = 1
    for number, raw in enumerate(file, 1):
        line = raw.decode("utf-8", "replace").strip()
        if line == "*NEWRECORD":
            if fields:
                yield _of_fields(fields, path, began)
            fields, began = {}, number
        elif match := _FIELD.fullmatch(line):
            fields.setdefault(match[1], []).append(match[2])
        elif line and not fields:
            raise InputError(f"Line {number} is no field of a record", where=str(path), next=FETCH)
    if fields:
        yield _of_fields(fields, path, began)


def _of_fields(fields: dict[str, list[str]], path: Path, line: int) -> Heading:
    if "MH" not in fields or "UI" not in fields:
        raise InputError(f"The record at line {line} has no MH or no UI", where=str(path), next=FETCH)
    terms, narrower = [], []
    for entry in (*fields.get("PRINT ENTRY", ()), *fields.get("ENTRY", ())):
        name, *marks = entry.split("|")
        if "NRW" in marks or "REL" in marks or "BRD" in marks:
            narrower.append(Narrower(name)) if "NRW" in marks else None
        else:
            terms.append(name)
    trees, actions = fields.get("MN", []), fields.get("PA", [])
    name = fields["MH"][0]
    others = tuple(one for one in dict.fromkeys(terms) if one != name)
    return Heading(fields["UI"][0], name, others, tuple(trees), tuple(actions), tuple(narrower))
