"""Contacts, identifiers, citations and countries of real records, read from ``../shared``."""

from __future__ import annotations

import os
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from equipoise.find.citations import read_citations
from equipoise.find.contacts import ContactLine, read_people
from equipoise.find.identifiers import read_identifiers, safe_url
from equipoise.records.study import Study
from equipoise.sources.ctgov import read_study
from equipoise.terms.countries import country_code

SHARED = Path(os.environ.get("EQUIPOISE_SHARED") or Path(__file__).parents[3] / "shared")
JSON = SHARED / "corpus" / "ctg-studies.json.zip"
XML = SHARED / "corpus" / "AllPublicXML-part.zip"

pytestmark = pytest.mark.skipif(
    not (JSON.exists() and XML.exists()),
    reason=f"needs the records in {SHARED}; set EQUIPOISE_SHARED to the folder that holds corpus/",
)


def members(archive: Path, ending: str) -> Iterator[bytes]:
    """Yield the files of an archive."""
    with zipfile.ZipFile(archive) as files:
        for name in files.namelist():
            if name.endswith(ending):
                yield files.read(name)


@cache
def studies() -> tuple[Study, ...]:
    """Return the corpus in the registry's present form."""
    return tuple(read_study(document) for document in members(JSON, ".json"))


@cache
def contacts() -> tuple[ContactLine, ...]:
    """Return every contact as a page shows it."""
    pages = [read_people(study) for study in studies()]
    return tuple(
        line for page in pages for lines in (page.contacts, *(s.contacts for s in page.sites)) for line in lines
    )


def test_countries_without_a_code() -> None:
    """Every country of the corpus has a code, but those that are no more."""
    names = {country for study in studies() for country in (*study.countries, *study.removed_countries)}
    for document in members(XML, ".xml"):
        names.update(re.findall(r"<country>([^<]*)</country>", document.decode()))
    assert len(names) > 130
    unmapped = {name for name in names if country_code(name) is None}
    assert unmapped == {"Former Serbia and Montenegro", "Former Yugoslavia"}


def test_most_numbers_can_be_dialled() -> None:
    """Most phone numbers are read, each to a well-formed number, and no published text is lost."""
    phones = [line.phone for line in contacts() if line.phone]
    read = [phone for phone in phones if phone.e164]
    assert len(read) / len(phones) > 0.85
    assert all(re.fullmatch(r"\+[1-9]\d{6,14}", phone.e164 or "") for phone in read)
    published = sum(
        bool(contact.phone and contact.phone.strip())
        for study in studies()
        for group in (study.contacts, *(site.contacts for site in study.sites))
        for contact in group
    )
    assert len(phones) == published


def test_most_mail_is_linked() -> None:
    """Nearly all mail addresses are plainly one address."""
    mails = [line.mail for line in contacts() if line.mail]
    assert sum(mail.link is not None for mail in mails) / len(mails) > 0.99


def test_doubled_contacts_are_some() -> None:
    """Hints are given where names are alike, and not for every contact."""
    hints = [line.hint for line in contacts() if line.hint]
    assert 100 < len(hints) < len(contacts()) / 8
    shown = [hint for hint in hints if hint.startswith("Probably the same person as ")]
    assert shown == hints


def test_identifiers_are_linked_by_registry() -> None:
    """Registries' numbers are recognised, and everything linked is an address of the web."""
    views = [view for study in studies() for view in read_identifiers(study)]
    linked = Counter(view.registry for view in views if view.url)
    assert linked["EudraCT"] >= 80
    assert linked["CTIS"] >= 40
    assert linked["jRCT"] >= 9
    assert all(view.url is None or safe_url(view.url) == view.url for view in views)
    assert not [view for view in views if view.text in ("", "-")]


def test_citations() -> None:
    """PubMed's citations have a year and, where one stands in them, a DOI."""
    cited = [citation for study in studies() for citation in read_citations(study)]
    numbered = [citation for citation in cited if citation.pmid]
    assert sum(citation.year is not None for citation in numbered) / len(numbered) > 0.99
    assert [citation.text for citation in cited if "doi: 10." in citation.text and not citation.dois] == []
    assert all(doi.url.startswith("https://doi.org/10.") for citation in cited for doi in citation.dois)
    assert sum(citation.advisory is not None for citation in cited) > 300
    assert sum(bool(citation.retractions) for citation in cited) == 1
