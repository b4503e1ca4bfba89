"""Identifiers: which registry a number belongs to, and what a page may link."""

from __future__ import annotations

import pytest

from equipoise.find.identifiers import describe_identifier, document_url, read_identifiers, safe_url
from equipoise.records.study import Demonstration, Identifier, Study

WHO = "https://trialsearch.who.int/Trial2.aspx?TrialID="


@pytest.mark.parametrize(
    ("text", "registry", "url"),
    [
        ("NCT04280705", "ClinicalTrials.gov", "https://clinicaltrials.gov/study/NCT04280705"),
        ("ISRCTN65282717", "ISRCTN", "https://www.isrctn.com/ISRCTN65282717"),
        ("ISRCTN 65282717", "ISRCTN", "https://www.isrctn.com/ISRCTN65282717"),
        ("ChiCTR2100048636", "ChiCTR", WHO + "ChiCTR2100048636"),
        ("ChiCTR-OOR-14005551", "ChiCTR", WHO + "ChiCTR-OOR-14005551"),
        ("JRCT2031240016", "jRCT", "https://jrct.mhlw.go.jp/en-latest-detail/jRCT2031240016"),
        ("jRCTs031180001", "jRCT", "https://jrct.mhlw.go.jp/en-latest-detail/jRCTs031180001"),
        ("UMIN000003040", "UMIN", WHO + "JPRN-UMIN000003040"),
        ("JapicCTI-070399", "JapicCTI", WHO + "JPRN-JapicCTI-070399"),
        ("CTRI/2022/06/043399", "CTRI", WHO + "CTRI%2F2022%2F06%2F043399"),
        ("ACTRN12614000265673", "ANZCTR", "https://anzctr.org.au/ACTRN12614000265673.aspx"),
        ("DRKS00021199", "DRKS", "https://drks.de/search/en/trial/DRKS00021199"),
        ("NL-OMON55178", "OMON", "https://onderzoekmetmensen.nl/en/trial/55178"),
        ("KCT0005285", "CRIS", WHO + "KCT0005285"),
        ("IRCT20200401046909N1", "IRCT", WHO + "IRCT20200401046909N1"),
        ("PACTR202008685699453", "PACTR", WHO + "PACTR202008685699453"),
        ("RBR-4nr86m", "ReBEC", "https://ensaiosclinicos.gov.br/rg/RBR-4nr86m"),
        ("SLCTR/2008/006", "SLCTR", WHO + "SLCTR%2F2008%2F006"),
        ("TCTR20161221005", "TCTR", "https://www.thaiclinicaltrials.org/show/TCTR20161221005"),
        ("RPCEC00000014", "RPCEC", "https://rpcec.sld.cu/en/trials/RPCEC00000014-En"),
        ("LBCTR2019101234", "LBCTR", None),
        ("CTR20212809", "CDE", None),
        ("U1111-1246-7549", "UTN", None),
        ("UTN: U1111-1251-8195", "UTN", None),
        ("NCI-2021-00773", "CTRP", None),
    ],
)
def test_numbers_known_by_their_shape(text: str, registry: str, url: str | None) -> None:
    """A number whose shape is one registry's is named and, where it has a page, linked."""
    view = describe_identifier(Identifier(text))
    assert view is not None
    assert (view.text, view.registry, view.url) == (text, registry, url)


EUDRACT = "https://www.clinicaltrialsregister.eu/ctr-search/search?query="
CTIS = "https://euclinicaltrials.eu/search-for-clinical-trials/?lang=en&EUCT="


@pytest.mark.parametrize(
    ("identifier", "label", "url"),
    [
        (Identifier("2019-003956-35", "EUDRACT_NUMBER"), "EudraCT number", EUDRACT + "2019-003956-35"),
        (Identifier("2019-003956-35"), "EudraCT number", EUDRACT + "2019-003956-35"),
        (Identifier("EudraCT No: 2007-001961-14"), "EudraCT number", EUDRACT + "2007-001961-14"),
        (Identifier("EudraCT N°: 2020-001972-13"), "EudraCT number", EUDRACT + "2020-001972-13"),
        (Identifier("EUDRACT-2005-000134-20"), "EudraCT number", EUDRACT + "2005-000134-20"),
        (Identifier("2022-502916-35-01", "CTIS"), "EU trial (CTIS) number", CTIS + "2022-502916-35-01"),
        (
            Identifier("2022-502839-19-00", "OTHER", "Eli Lilly and Company"),
            "EU trial (CTIS) number",
            CTIS + "2022-502839-19-00",
        ),
        (Identifier("2025-521627-78", "EUDRACT_NUMBER"), "EU trial (CTIS) number", None),
    ],
)
def test_european_numbers(identifier: Identifier, label: str, url: str | None) -> None:
    """EudraCT and CTIS numbers are told apart by their shape, whatever they are typed as."""
    view = describe_identifier(identifier)
    assert view is not None
    assert (view.label, view.url) == (label, url)


@pytest.mark.parametrize(
    ("identifier", "url"),
    [
        (
            Identifier("2031230631", "OTHER", "jRCT"),
            "https://jrct.mhlw.go.jp/en-latest-detail/jRCT2031230631",
        ),
        (Identifier("65282717", "REGISTRY", "ISRCTN"), "https://www.isrctn.com/ISRCTN65282717"),
        (Identifier("NTR6738", "REGISTRY", "Netherlands Trial Register"), WHO + "NTR6738"),
        (Identifier("2031230631", "OTHER", "Tokyo University"), None),
        (Identifier("65282717"), None),
        (Identifier("NTR6738"), None),
    ],
)
def test_the_text_beside_a_number(identifier: Identifier, url: str | None) -> None:
    """A number without its registry's letters is linked where the text beside it names the registry."""
    view = describe_identifier(identifier)
    assert view is not None
    assert view.url == url


@pytest.mark.parametrize(
    "identifier",
    [
        Identifier("ISRCTN1150"),
        Identifier("EUDRACT-58585610"),
        Identifier("eudraCT 2005-06-01"),
        Identifier("2007-00835-24"),
        Identifier("2015-123456-12"),
        Identifier("1998-000123-45"),
        Identifier("2012-A00242-41", "OTHER", "ID RCB"),
        Identifier("2015-001259-63", "OTHER", "Local Ethics Committee"),
        Identifier("2015-001259-63", "OTHER", "IRB number"),
        Identifier("2015-001259-63", "OTHER_GRANT", "European Union"),
        Identifier("NCT0428070"),
        Identifier("NCT042807055"),
        Identifier("NCT02758028_1"),
        Identifier("NCT99000001"),
        Identifier("NL63110.091.17"),
        Identifier("NL2020-6555"),
        Identifier("ACTRN12620000674932p"),
        Identifier("CTR20213241/CTR20210243"),
        Identifier("IRCT2020-0401046909N2"),
        Identifier("curcumin"),
        Identifier("ST-BNCT2001"),
        Identifier("CCB-CRISIS-01"),
        Identifier("PER-FORM"),
        Identifier("RBR-protocol"),
        Identifier("HHSN266200400029C", "OTHER", "NIH Contract"),
        Identifier("R01HL080074"),
        Identifier("ISRCTN65282717 and others"),
        Identifier("ISRCTN６５２８２７１７"),
    ],
)
def test_lookalikes_are_not_linked(identifier: Identifier) -> None:
    """What only resembles a registry's number, or is said to be another's, leads nowhere."""
    view = describe_identifier(identifier)
    assert view is not None
    assert view.url is None


def test_grants() -> None:
    """An NIH grant leads where the record says, or to RePORTER by its number."""
    own = Identifier("2R44DA047150", "NIH", link="https://reporter.nih.gov/quickSearch/2R44DA047150")
    view = describe_identifier(own)
    assert view is not None
    assert (view.label, view.url) == ("U.S. NIH grant or contract", own.link)
    view = describe_identifier(Identifier("1R01 DK134398-01A1", "NIH"))
    assert view is not None
    assert view.url == "https://reporter.nih.gov/quickSearch/1R01DK134398-01A1"
    view = describe_identifier(Identifier("UM2AI130836", "NIH", link="javascript:alert(1)"))
    assert view is not None
    assert view.url == "https://reporter.nih.gov/quickSearch/UM2AI130836"


def test_labels() -> None:
    """A number that no registry is known for is named by what the record says beside it."""
    labels = [
        describe_identifier(Identifier("MK-6070-003", "OTHER", "MSD")),
        describe_identifier(Identifier("N11ORL", "REGISTRY", "PTC")),
        describe_identifier(Identifier("X1", "OTHER", "-")),
        describe_identifier(Identifier("X1")),
        describe_identifier(Identifier("HM20027160"), piece="OrgStudyIdType"),
    ]
    assert [view.label for view in labels if view] == [
        "Other identifier (MSD)",
        "Registry identifier (PTC)",
        "Other identifier",
        "Other identifier",
        "Sponsor's study number",
    ]


@pytest.mark.parametrize("text", [None, "", "-", " -- ", "N/A", "None", "not applicable"])
def test_nothing_is_not_shown(text: str | None) -> None:
    """D22: a dash is no identifier."""
    assert describe_identifier(Identifier(text, "OTHER", "-")) is None


def test_all_numbers_of_a_study_once() -> None:
    """The registry's number comes first, then earlier ones, the sponsor's and the others, each once."""
    study = Study(
        number="NCT04280705",
        aliases=("NCT00000001",),
        org_id=Identifier("2019-003956-35"),
        secondary_ids=(
            Identifier("2019-003956-35", "EUDRACT_NUMBER"),
            Identifier("-"),
            Identifier("nct04280705"),
            Identifier("abc", "OTHER", "MSD"),
        ),
    )
    assert [(view.label, view.text) for view in read_identifiers(study)] == [
        ("ClinicalTrials.gov number", "NCT04280705"),
        ("Earlier number", "NCT00000001"),
        ("EudraCT number", "2019-003956-35"),
        ("Other identifier (MSD)", "abc"),
    ]


def test_a_demonstration_is_in_no_registry() -> None:
    """A record that we wrote has a number without a link."""
    study = Study(number="NCT99000001", demonstration=Demonstration("Written for it.", "NCT04280705"))
    (view,) = read_identifiers(study)
    assert (view.label, view.text, view.url) == ("Demonstration number", "NCT99000001", None)


@pytest.mark.parametrize(
    ("number", "filename", "url"),
    [
        (
            "NCT04683926",
            "Prot_SAP_000.pdf",
            "https://cdn.clinicaltrials.gov/large-docs/26/NCT04683926/Prot_SAP_000.pdf",
        ),
        (
            "NCT04683926",
            "a b/../ü?.pdf",
            "https://cdn.clinicaltrials.gov/large-docs/26/NCT04683926/a%20b%2F..%2F%C3%BC%3F.pdf",
        ),
        ("NCT04683926", "..", None),
        ("NCT04683926", "", None),
        ("../etc", "Prot.pdf", None),
        ("NCT04683926\n", "Prot.pdf", None),
    ],
)
def test_documents(number: str, filename: str, url: str | None) -> None:
    """A document's address stays in its study's folder."""
    assert document_url(number, filename) == url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://example.org", "https://example.org"),
        (" HTTP://Example.ORG:8080/A?b=c#d ", "http://example.org:8080/A?b=c#d"),
        ("https://example.org/a%20b'c\"<d>", "https://example.org/a%20b%27c%22%3Cd%3E"),
        ("https://example.org/études", "https://example.org/%C3%A9tudes"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
    ],
)
def test_addresses_that_a_page_may_link(text: str, url: str) -> None:
    """An address of the web is linked, percent-encoded."""
    assert safe_url(text) == url
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "www.example.org",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "ftp://example.org/",
        "mailto:a@example.org",
        "//example.org/",
        "https:example.org",
        "https:///example.org",
        "https://",
        "https://user@example.org/",
        "https://user:word@example.org/",
        "https://example.org\\@evil.example/",
        "https://example.org%40evil.example/",
        "https://example.org/a b",
        "https://exam\nple.org/",
        "java\tscript:alert(1)",
        "https://example.org/\u202egpj.exe",
        "https://example.org/\u200b",
        "https://example.org/\x00",
        "https://example.org:port/",
        "https://example.org:99999/",
        "https://[::1]/",
        "https://[bad/",
        "http://localhost:8000/admin",
        "http://127.0.0.1/",
        "http://2130706433/",
        "https://exa mple.org/",
        "https://.example.org/",
    ],
)
def test_addresses_that_a_page_may_not_link(text: str | None) -> None:
    """No script, no user name, no hidden sign, no address of this machine."""
    assert safe_url(text) is None
