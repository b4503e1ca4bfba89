"""
The numbers by which others know a study, each with its registry and, where it is certain, a link.

A number is linked only if its shape is that registry's and nothing said beside it speaks against
it. Every address was found in use in public code (November 2026); registries whose pages are not
addressed by number are linked through the WHO's search portal, or not at all.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from urllib.parse import quote, urlsplit

import msgspec

from equipoise.records.study import Identifier, Study
from equipoise.terms.enums import term_of


class IdentifierView(msgspec.Struct, frozen=True):
    """One number: what it is, the number, and where it leads. ``registry`` is its short name."""

    label: str
    text: str
    url: str | None = None
    registry: str | None = None


class _Registry(msgspec.Struct, frozen=True):
    """A registry: its short name, its words for readers, and the shape of its numbers.

    A number may lack its ``prefix`` where the text beside it says ``said``; with ``sure=False``
    the prefix is too common to tell the registry by itself.
    """

    name: str
    label: str
    prefix: str
    shape: str
    said: str
    sure: bool = True


# Where a study's page is, by its number (0) or the number without its prefix (1).
_WHO = "https://trialsearch.who.int/Trial2.aspx?TrialID={0}"
_PAGES = {
    "ClinicalTrials.gov": "https://clinicaltrials.gov/study/{0}",
    "EudraCT": "https://www.clinicaltrialsregister.eu/ctr-search/search?query={0}",
    "CTIS": "https://euclinicaltrials.eu/search-for-clinical-trials/?lang=en&EUCT={0}",
    "ISRCTN": "https://www.isrctn.com/{0}",
    "jRCT": "https://jrct.mhlw.go.jp/en-latest-detail/{0}",
    "ANZCTR": "https://anzctr.org.au/{0}.aspx",
    "DRKS": "https://drks.de/search/en/trial/{0}",
    "OMON": "https://onderzoekmetmensen.nl/en/trial/{1}",
    "ReBEC": "https://ensaiosclinicos.gov.br/rg/{0}",
    "TCTR": "https://www.thaiclinicaltrials.org/show/{0}",
    "RPCEC": "https://rpcec.sld.cu/en/trials/{0}-En",
    "UMIN": _WHO.replace("{0}", "JPRN-{0}"),
    "JapicCTI": _WHO.replace("{0}", "JPRN-{0}"),
    **dict.fromkeys(("ChiCTR", "CTRI", "NTR", "CRIS", "IRCT", "PACTR", "SLCTR"), _WHO),
}

_CTIS = r"20(?:2[1-9]|3\d)-5\d{5}-\d\d"
_CTIS_SAID = "eu ctis|ctis|eu ?ct|eu trial|clinical trials information system"
# The years are 2004 to 2023 and the running number stayed below 30,000. All of the 250 and
# more numbers of this form in our corpus lie within, typed or not: a stray one is unlikely.
_EUDRACT = r"20(?:0[4-9]|1\d|2[0-3])-0[0-2]\d{4}-\d\d"

_REGISTRIES = tuple(_Registry(*row) for row in (
    ("ClinicalTrials.gov", "ClinicalTrials.gov number", "NCT", r"(?!99)\d{8}", "clinicaltrials.gov"),
    ("EudraCT", "EudraCT number", "", _EUDRACT, "eudra ?ct|eu ?ctr"),
    ("CTIS", "EU trial (CTIS) number", "", _CTIS + r"-\d\d", _CTIS_SAID),
    # Without its last two digits a number does not say which application is meant: no page.
    ("EU CT", "EU trial (CTIS) number", "", _CTIS, _CTIS_SAID + "|eudra ?ct"),
    ("ISRCTN", "ISRCTN", "ISRCTN", r"\d{8}", "isrctn"),
    ("ChiCTR", "Chinese registry (ChiCTR)", "ChiCTR", r"(?:-[A-Z]{2,4}-)?\d{8,10}", "chictr|chinese"),
    ("jRCT", "Japanese registry (jRCT)", "jRCT", r"(?:\d{10}|[a-z]\d{9})", "jrct|japan registry"),
    ("UMIN", "Japanese registry (UMIN)", "UMIN", r"\d{9}", "umin"),
    ("JapicCTI", "Japanese registry (JapicCTI)", "JapicCTI-", r"\d{6}", "japic"),
    ("CTRI", "Indian registry (CTRI)", "CTRI/", r"20\d\d/\d{2,3}/\d{6}", "ctri|registry india"),
    ("ANZCTR", "Australian registry (ANZCTR)", "ACTRN", r"126\d{11}", "actrn|anzctr|australian new"),
    ("DRKS", "German registry (DRKS)", "DRKS", r"\d{8}", "drks|german clinical trials"),
    ("NTR", "Dutch registry (NTR)", "NTR", r"\d{3,4}", "ntr|dutch trial|netherlands trial", False),
    # NL7483 stood in the register that NTR became; "NL63110.091.17" is an ethics committee's.
    ("LTR", "Dutch registry (NTR)", "NL", r"\d{3,5}", "ntr|dutch trial|netherlands trial", False),
    ("OMON", "Dutch registry (OMON)", "NL-OMON", r"\d{4,6}", "omon"),
    ("CRIS", "Korean registry (CRIS)", "KCT", r"\d{7}", "kct|cris"),
    ("IRCT", "Iranian registry (IRCT)", "IRCT", r"\d{10,16}N\d{1,3}", "irct"),
    ("PACTR", "Pan-African registry (PACTR)", "PACTR", r"20\d{13}", "pactr"),
    ("ReBEC", "Brazilian registry (ReBEC)", "RBR-", r"(?=[a-z]*\d)[\da-z]{6,8}", "rebec"),
    ("SLCTR", "Sri Lankan registry (SLCTR)", "SLCTR/", r"20\d\d/\d{3}", "slctr"),
    ("TCTR", "Thai registry (TCTR)", "TCTR", r"20\d{9}", "tctr"),
    ("RPCEC", "Cuban registry (RPCEC)", "RPCEC", r"\d{8}", "rpcec"),
    ("REPEC", "Peruvian registry (REPEC)", "PER-", r"\d{3}-\d\d", "repec|peru", False),
    ("LBCTR", "Lebanese registry (LBCTR)", "LBCTR", r"20\d{8}", "lbctr"),
    ("CDE", "Chinese drug trial registry (CDE)", "CTR", r"20\d{6}", "chinadrugtrials|cde|china"),
    ("UTN", "Universal Trial Number (WHO)", "U", r"1111-\d{4}-\d{4}", "utn|who|ictrp|universal trial number"),
    ("CTRP", "U.S. cancer trial (CTRP) number", "NCI-", r"20\d\d-\d{5}", "ctrp|clinical trials? reporting"),
))  # fmt: skip

# Beside a bare number of EudraCT's form: whose number it is instead.
_NOT_A_REGISTRY = re.compile(r"\b(?:irb|rec|rcb|ansm|ethic\w*|comit\w*|committee|grant|protocol)\b")
_GRANTS = frozenset({"NIH", "FDA", "VA", "CDC", "AHRQ", "SAMHSA", "OTHER_GRANT"})
# Application type, activity, institute, serial number, year and suffix: 1R01DK134398-01A1.
_NIH_GRANT = re.compile(r"\d?[A-Z][A-Z\d]\d[A-Z]{2}\d{6}(?:-\d\d(?:[A-Z]\d){0,2})?", re.ASCII)
_NOTHING = frozenset({"na", "none", "nil", "notapplicable", "notavailable", "unknown", "pending"})


def read_identifiers(study: Study) -> tuple[IdentifierView, ...]:
    """Return every number of *study* once: the registry's, earlier ones, the sponsor's, others."""
    page = "https://clinicaltrials.gov/study/{}"
    if study.demonstration is not None:
        views = [IdentifierView("Demonstration number", study.number)]
    else:
        registry, label = "ClinicalTrials.gov", "ClinicalTrials.gov number"
        views = [IdentifierView(label, study.number, page.format(quote(study.number)), registry)]
        for alias in study.aliases:
            views.append(IdentifierView("Earlier number", alias, page.format(quote(alias)), registry))
    views += filter(None, [describe_identifier(study.org_id, piece="OrgStudyIdType")])
    views += filter(None, map(describe_identifier, study.secondary_ids))
    once: dict[str, IdentifierView] = {}
    for view in views:
        known = once.setdefault(view.text.casefold(), view)
        if known.url is None and view.url is not None:  # the sponsor's number, and typed as EudraCT
            once[view.text.casefold()] = view
    return tuple(once.values())


def describe_identifier(stated: Identifier, *, piece: str = "SecondaryIdType") -> IdentifierView | None:
    """Return one number, or None where nothing stands but a dash.

    >>> describe_identifier(Identifier("ISRCTN65282717", "REGISTRY")).url
    'https://www.isrctn.com/ISRCTN65282717'
    >>> describe_identifier(Identifier("HM20027160"), piece="OrgStudyIdType")
    IdentifierView(label="Sponsor's study number", text='HM20027160', url=None, registry=None)
    """
    text, beside = _plain(stated.id), _plain(stated.domain)
    if text is None:
        return None
    link = safe_url(stated.link)
    if stated.type not in _GRANTS:
        for registry in _REGISTRIES:
            found = _number(registry, text, f"{beside or ''} {stated.type or ''}")
            if found is not None:
                page = _PAGES.get(registry.name, "").format(*(quote(part, safe="-") for part in found))
                return IdentifierView(registry.label, text, link or page or None, registry.name)
    if stated.type is not None:
        label = term_of(piece, stated.type).short
    else:
        label = "Sponsor's study number" if piece == "OrgStudyIdType" else "Other identifier"
    if beside and beside.casefold() != text.casefold():
        label = f"{label} ({beside})"
    award = re.sub(r"\s", "", text).upper()
    if link is None and stated.type == "NIH" and _NIH_GRANT.fullmatch(award):
        link = f"https://reporter.nih.gov/quickSearch/{award}"
    return IdentifierView(label, text, link)


def _plain(text: str | None) -> str | None:
    """Return *text* without needless space, or None for "-", "N/A" and the like."""
    shown = " ".join((text or "").split())
    letters = re.sub(r"[\W_]", "", shown).casefold()
    return shown if letters and letters not in _NOTHING else None


def _number(registry: _Registry, text: str, beside: str) -> tuple[str, str] | None:
    """Return the number in *text* with and without its prefix, if it and a name are all of it."""
    match = _pattern(registry).fullmatch(text)
    if match is None:
        return None
    context = re.sub(r"[\W_]+", " ", f"{beside} {match['name'] or ''}").casefold()
    says_so = re.search(rf"\b(?:{registry.said})", context) is not None
    if registry.prefix and not says_so and not (registry.sure and match["prefix"]):
        return None
    if not registry.prefix and not says_so and _NOT_A_REGISTRY.search(context):
        return None
    number = match["number"].lower() if registry.name in ("ReBEC", "jRCT") else match["number"].upper()
    return registry.prefix + number, number


@cache
def _pattern(registry: _Registry) -> re.Pattern[str]:
    # "EudraCT No: 2007-001961-14", "UTN: U1111-1251-8195", "ISRCTN 65282717"
    name = rf"(?P<name>{registry.said})\W*(?:(?:number|no|nr|n|id)\b\W*)*"
    prefix = rf"(?P<prefix>{re.escape(registry.prefix)})" if registry.prefix else ""
    before = rf"(?:{name})??(?:{prefix}\s?)?" if prefix else rf"(?:{name})?"
    return re.compile(rf"{before}(?P<number>{registry.shape})", re.IGNORECASE | re.ASCII)


def document_url(number: str, filename: str) -> str | None:
    """Return the address at which the registry keeps a document of a study.

    >>> document_url("NCT04683926", "Prot_SAP_000.pdf")
    'https://cdn.clinicaltrials.gov/large-docs/26/NCT04683926/Prot_SAP_000.pdf'
    """
    if not re.fullmatch(r"NCT[0-9]{8}", number) or filename in ("", ".", ".."):
        return None
    return f"https://cdn.clinicaltrials.gov/large-docs/{number[-2:]}/{number}/{quote(filename, safe='')}"


def safe_url(text: str | None) -> str | None:
    """Return an address that someone typed, percent-encoded, if a page may link to it.

    Only http and https; no user name, no port that is none, no control or direction character
    and no space: such an address may show one place and lead to another.

    >>> safe_url("https://example.org/a b"), safe_url("https://example.org@evil.example/")
    (None, None)
    >>> safe_url("https://www.example.org/études?q=[1]")
    'https://www.example.org/%C3%A9tudes?q=%5B1%5D'
    """
    shown = (text or "").strip()
    hidden = any(unicodedata.category(sign)[0] in "CZ" for sign in shown)
    if hidden or "\\" in shown:
        return None
    try:
        parts = urlsplit(shown)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port is not None else ""
    except ValueError:  # a port, a host or a bracket that cannot be
        return None
    named = re.fullmatch(r"(?:[a-z0-9_-]+\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]+)\.?", host)
    if parts.scheme not in ("http", "https") or "@" in parts.netloc or not named:
        return None
    path = quote(parts.path, safe="/:@!$&()*+,;=~%")
    query = "?" + quote(parts.query, safe="/:@!$&()*+,;=?~%") if parts.query else ""
    fragment = "#" + quote(parts.fragment, safe="/:@!$&()*+,;=?~%") if parts.fragment else ""
    return f"{parts.scheme}://{host}{port}{path}{query}{fragment}"
