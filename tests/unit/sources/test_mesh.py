"""MeSH is read in both of its forms, and adds to the lexicon without overturning it."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from equipoise.errors import InputError, UnknownFormat
from equipoise.sources.mesh import FETCH, Heading, Narrower, read_mesh
from equipoise.sources.mesh_concepts import mesh_vocabulary
from equipoise.terms.lexicon import Code, Lexicon, lexicon
from equipoise.terms.vocabulary import Vocabulary

DATA = Path(__file__).parents[2] / "data"
XML, ASCII = DATA / "mesh_descriptors.xml", DATA / "mesh_descriptors.bin"


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return mesh_vocabulary(read_mesh(XML), lexicon(), file=XML.name)


@pytest.fixture(scope="module")
def wider(vocabulary: Vocabulary) -> Lexicon:
    return vocabulary.added_to(lexicon())


def test_the_xml_gives_names_places_actions_and_narrower_meanings() -> None:
    """Of a heading's concepts only the preferred one gives it other names."""
    kite, _, drug, *_ = read_mesh(XML)
    narrower = (Narrower("Tail Fever", ("TAILF",)),)
    assert kite == Heading("D990001", "Kite Diseases", ("Disorders, Kite",), ("C01.900",), (), narrower)
    assert (drug.name, drug.actions) == ("Kitamycin", ("Anticoagulants",))


def test_the_ascii_form_says_the_same() -> None:
    """Entries that are narrower become headings below; related ones are no names at all."""
    kite, drug = read_mesh(ASCII)
    assert kite == Heading(
        "D990001", "Kite Diseases", ("Disorders, Kite",), ("C01.900",), (), (Narrower("Tail Fever"),)
    )
    assert drug == Heading("D990003", "Kitamycin", ("Kite Mycin",), ("D02.100",), ("Anticoagulants",))


@pytest.mark.parametrize("form", [XML, ASCII])
def test_a_gzipped_file_is_the_same_file(form: Path, tmp_path: Path) -> None:
    """Either form may be packed."""
    packed = tmp_path / "desc.gz"
    packed.write_bytes(gzip.compress(form.read_bytes()))
    assert list(read_mesh(packed)) == list(read_mesh(form))


def test_headings_come_one_at_a_time(tmp_path: Path) -> None:
    """The first heading is there although the file breaks off after it."""
    cut = tmp_path / "desc.xml"
    cut.write_bytes(XML.read_bytes()[:2200])
    headings = read_mesh(cut)
    assert next(headings).name == "Kite Diseases"
    with pytest.raises(InputError):
        list(headings)


def broken(tmp_path: Path, content: bytes) -> str:
    path = tmp_path / "desc.xml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        list(read_mesh(path))
    assert caught.value.next == FETCH
    return str(caught.value).removeprefix(f"{path}: ").removesuffix(f"\n{FETCH}")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"A letter.\n", "This is no file of MeSH descriptors"),
        (b"", "This is no file of MeSH descriptors"),
        (
            gzip.compress(b"*NEWRECORD\nMH = Kite\nUI = D1\n", mtime=0)[:-9],
            "The compressed file is cut short or damaged",
        ),
        (b"*NEWRECORD\nMH = Kite\n\n*NEWRECORD\n", "The record at line 1 has no MH or no UI"),
        (b"*NEWRECORD\nkite\n", "Line 2 is no field of a record"),
        (
            b"<DescriptorRecordSet><DescriptorRecord><DescriptorUI>D1</DescriptorUI></DescriptorRecord>",
            "A descriptor before line 1 has no name or no identifier",
        ),
    ],
)
def test_a_broken_file_says_what_is_wrong_and_where(tmp_path: Path, content: bytes, message: str) -> None:
    """Each fault has its message and the repair."""
    assert broken(tmp_path, content) == message


def test_another_format_is_told_from_a_broken_file(tmp_path: Path) -> None:
    """A file that is no MeSH at all is of an unknown format."""
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(UnknownFormat):
        list(read_mesh(tmp_path / "a.json"))


def test_xml_that_breaks_off_says_so(tmp_path: Path) -> None:
    """The parser's own words are in the message."""
    assert broken(tmp_path, XML.read_bytes()[:900]).startswith("The XML breaks off or is damaged: ")


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    """The system's reason is in the message."""
    with pytest.raises(InputError, match="The file cannot be read \\(No such file or directory\\)"):
        list(read_mesh(tmp_path / "nothing.xml"))


def test_nothing_that_a_dtd_declares_is_expanded(tmp_path: Path) -> None:
    """An entity stays unread, so the heading that is made of one has no name."""
    declared = b'<!DOCTYPE DescriptorRecordSet [<!ENTITY kite "Kite">]><DescriptorRecordSet><DescriptorRecord>'
    names = (
        b"<DescriptorUI>D1</DescriptorUI><DescriptorName><String>&kite;</String></DescriptorName></DescriptorRecord>"
    )
    assert "has no name" in broken(tmp_path, declared + names + b"</DescriptorRecordSet>")


def test_new_headings_are_found_as_they_are_spoken(wider: Lexicon) -> None:
    """Inverted names are turned, and each has its identifier."""
    found = wider.find("acute kite flutter")
    assert found is not None
    assert (found.kind, found.codes) == ("condition", (Code("mesh", "D990002"),))
    disorder = wider.find("kite disorder")
    assert disorder is not None
    assert disorder.name == "kite diseases"


def test_the_tree_and_the_actions_say_what_is_a_kind_of_what(wider: Lexicon) -> None:
    """A heading is what stands above it, a narrower meaning is its heading, a drug is what it does."""
    assert wider.is_a("acute kite flutter", "kite diseases")
    assert wider.is_a("tail fever", "kite diseases")
    assert wider.is_a("kitamycin", "anticoagulant")
    assert wider.is_a("kitamycin", "antithrombotic")


def test_a_heading_that_we_know_stays_one_concept(wider: Lexicon) -> None:
    """Anticoagulants are ours; they gain a name and an identifier and keep their members and best-known names."""
    found, ours = wider.find("clot untanglers"), lexicon().find("anticoagulant")
    assert found is not None
    assert ours is not None
    assert found.name == "anticoagulant"
    assert found.synonyms[:3] == ours.synonyms[:3]
    assert wider.is_a("warfarin", "anticoagulant")


def test_what_our_tables_say_is_not_overturned(wider: Lexicon) -> None:
    """A phrase that we know finds what it found, and one that is ambiguous stays so."""
    for phrase in ("cancer", "PD", "heparin", "kidney failure"):
        assert wider.find(phrase) == lexicon().find(phrase)


def test_no_circle_is_made() -> None:
    """MeSH may not put a class of ours below its own member."""
    headings = [
        Heading("D1", "Warfarin", (), ("D02.1",), ("Anticoagulants",)),
        Heading("D2", "Anticoagulants", (), ("D02.1.5", "D27.1"), ()),
    ]
    wider = mesh_vocabulary(headings, lexicon(), file="a").added_to(lexicon())
    assert not wider.is_a("anticoagulant", "warfarin")


def test_abbreviations_are_found_in_capitals_only(wider: Lexicon) -> None:
    """In lower case an abbreviation is another word."""
    assert wider.longest(["TAILF"], 0) is not None
    assert wider.longest(["tailf"], 0) is None


def test_what_no_criterion_asks_for_is_left_out(vocabulary: Vocabulary) -> None:
    """A kite string is no condition, drug or procedure; headings left out are counted."""
    assert vocabulary.left_out == 1
    assert "kite strings" not in {concept.name for concept in vocabulary.concepts}


@pytest.mark.parametrize("heading", [Heading("D1", "Disease", (), ("C23.1",)), Heading("D1", "Water", (), ("D01.1",))])
def test_general_words_and_plain_chemicals_name_nothing(heading: Heading) -> None:
    """Disease says nothing about a patient; a chemical without a pharmacological action is no drug."""
    assert mesh_vocabulary([heading], lexicon(), file="a").concepts == ()
