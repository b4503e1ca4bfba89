"""
The people and places of a study as a page shows them: whom to ask, and where it is open.

Phone numbers and mail addresses stay as published; a link is added only where there is one
way to read them. What looks doubled or cannot be reached is said in words.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import cache
from urllib.parse import quote

import msgspec

from equipoise.find.status import OPEN
from equipoise.records.study import Contact, GeoPoint, Site, Study
from equipoise.terms.countries import country_code
from equipoise.terms.enums import term_of

DEAD = "No phone number or mail address is given for this contact."

# The registry lists investigators by name alone: they are not there to be called.
_NOT_TO_CALL = frozenset({"PRINCIPAL_INVESTIGATOR", "SUB_INVESTIGATOR", "STUDY_CHAIR", "STUDY_DIRECTOR"})


class Phone(msgspec.Struct, frozen=True):
    """A phone number as published and, where there is one way to read it, for dialling.

    ``e164`` is ``+18048284583``, ``words`` ``+1 804-828-4583`` (the published text of a number that
    was not read), ``link`` its ``tel:`` address (RFC 3966).
    """

    text: str
    words: str
    e164: str | None = None
    extension: str | None = None
    link: str | None = None


class Mail(msgspec.Struct, frozen=True):
    """A mail address as published; ``link`` only if it is plainly one address."""

    text: str
    link: str | None = None


class ContactLine(msgspec.Struct, frozen=True):
    """A person or desk to ask. ``dead``: neither a phone number nor a mail address is given."""

    name: str | None
    role: str | None
    phone: Phone | None = None
    mail: Mail | None = None
    dead: bool = False
    warning: str | None = None
    hint: str | None = None


class OfficialLine(msgspec.Struct, frozen=True):
    """A person who carries responsibility for the study."""

    name: str | None
    affiliation: str | None
    role: str | None


class SiteCard(msgspec.Struct, frozen=True):
    """A place where the study is done. ``open`` is None where the record does not say."""

    facility: str | None
    address: str | None
    country: str | None
    status: str | None
    open: bool | None
    contacts: tuple[ContactLine, ...] = ()
    point: GeoPoint | None = None


class CountrySites(msgspec.Struct, frozen=True):
    """The sites of one country, open ones first, and how many of them are open."""

    country: str | None
    code: str | None
    sites: tuple[SiteCard, ...]
    open: int


class People(msgspec.Struct, frozen=True):
    """The people and places of a study; countries with an open site come first."""

    contacts: tuple[ContactLine, ...]
    officials: tuple[OfficialLine, ...]
    countries: tuple[CountrySites, ...]

    @property
    def sites(self) -> tuple[SiteCard, ...]:
        """All sites in one list: open ones first, then by country and city."""
        return order_sites(site for group in self.countries for site in group.sites)


def read_people(study: Study) -> People:
    """Return whom to ask and where, with doubled contacts pointed out."""
    shared = _shared_region(study.countries)
    central = [describe_contact(each, region=shared) for each in study.contacts]
    local = []
    for site in study.sites:
        region = (country_code(site.country) if site.country else None) or shared
        local.append([describe_contact(each, region=region) for each in site.contacts])
    _hint(study, central, local)
    overall, pairs = study.status.overall_status, zip(study.sites, local, strict=True)
    sites = (describe_site(site, overall=overall, lines=lines) for site, lines in pairs)
    part = "OverallOfficialRole"
    officials = tuple(OfficialLine(o.name, o.affiliation, _words(part, o.role)) for o in study.officials)
    return People(tuple(central), officials, group_sites(sites))


def describe_contact(contact: Contact, *, region: str | None = None) -> ContactLine:
    """Return one contact; *region* is the country that its number is dialled in.

    >>> describe_contact(Contact("MQingbian", "CONTACT")).warning
    'No phone number or mail address is given for this contact.'
    """
    phone = parse_phone(contact.phone, region=region, extension=contact.phone_ext)
    mail = parse_mail(contact.email)
    # "Not listed" and "+358" stand in the field for the number and are none; some mail does.
    said = phone.text if phone else ""
    dead = mail is None and "@" not in said and sum(sign.isdigit() for sign in said) < 5
    warning = DEAD if dead and contact.role not in _NOT_TO_CALL else None
    return ContactLine(contact.name, _words("CentralContactRole", contact.role), phone, mail, dead, warning)


def _words(piece: str, value: str | None) -> str | None:
    return term_of(piece, value).short if value else None


def describe_site(site: Site, *, overall: str | None = None, lines: Sequence[ContactLine] = ()) -> SiteCard:
    """Return one site; *overall* is the status of the whole study.

    >>> describe_site(Site(city="Beijing", state=" ", country="China")).address
    'Beijing, China'
    """
    return SiteCard(
        facility=_clean(site.facility),
        address=_address(site),
        country=_clean(site.country),
        status=_words("LocationStatus", site.status),
        open=is_open(site.status, overall=overall),
        contacts=tuple(lines),
        point=site.geo_point,
    )


def _clean(text: str | None) -> str | None:
    return (text or "").strip(" ,;\t\n") or None


def _address(site: Site) -> str | None:
    region = " ".join(filter(None, (_clean(site.state), _clean(site.zip))))
    parts = [part for part in (_clean(site.city), region, _clean(site.country)) if part]
    # Beijing, Singapore and Luxembourg are typed as city and as state or country.
    return ", ".join(dict.fromkeys(parts)) or None


def is_open(status: str | None, *, overall: str | None) -> bool | None:
    """Return whether people can ask to join at a site of this status now.

    "Enrolling by invitation" is not open: the study team picks whom it asks. No site is open in
    a study that is not; a study whose status is unknown leaves its sites unknown, whatever they say.
    """
    if overall not in (None, "UNKNOWN", *OPEN) or status not in (None, *OPEN):
        return False
    return True if status is not None and overall in OPEN else None


def order_sites(sites: Iterable[SiteCard]) -> tuple[SiteCard, ...]:
    """Return the sites with open ones first, then by country and city; ties keep their order."""
    placed = sorted(sites, key=lambda site: (_sorting(site.country), _sorting(site.address)))
    return tuple(sorted(placed, key=lambda site: (True, None, False).index(site.open)))


def group_sites(sites: Iterable[SiteCard]) -> tuple[CountrySites, ...]:
    """Return the sites by country: countries with an open site first, then by name."""
    groups: dict[str | None, list[SiteCard]] = defaultdict(list)
    for site in order_sites(sites):
        groups[site.country].append(site)
    counted = []
    for name, group in groups.items():
        code = country_code(name) if name else None
        counted.append(CountrySites(name, code, tuple(group), sum(site.open is True for site in group)))
    return tuple(sorted(counted, key=lambda each: (each.open == 0, _sorting(each.country))))


def _sorting(name: str | None) -> tuple[bool, str]:
    return name is None, _letters(name or "")


def _letters(text: str) -> str:
    marks = unicodedata.normalize("NFKD", text)
    return "".join(mark for mark in marks if not unicodedata.combining(mark)).casefold()


_EXTENSION = re.compile(
    r"[\s,;(]*(?:(?<![a-z])ext(?:ension|n)?|(?<![a-z])x|#)[\s.:]*([0-9]{1,7})\)?\s*\Z", re.IGNORECASE
)
# "+81-3-6225-1111 (M-F 9-5 JST", "888-662-6728 (U.S. only)"
_NOTE = re.compile(r"(?<=\w)\s*\((?=[^)]*[A-Za-z])[^)]*\)?\s*\Z")
_TOLL_FREE = r"\(?8(?:00|33|44|55|66|77|88)\)?[-. ]\d{3}[-. ]\d{4}"
_NUMBER = re.compile(r"[+(]?[0-9\s().+/-]+")
# "010-8231 / 8232", "555 1234/1235" and "86+135…" are not one number; "0761/270-345" is.
_TWO_NUMBERS = re.compile(r"/.*/|/\s*\d{1,4}\Z|\d{5}\s*/|\d\D*\+")


def parse_phone(text: str | None, *, region: str | None = None, extension: str | None = None) -> Phone | None:
    """Return the phone number in *text*, read as it is dialled in *region*.

    >>> parse_phone("804.828.4583", region="US").e164, parse_phone("8048284583", region="US").e164
    ('+18048284583', '+18048284583')
    >>> parse_phone("86-021-38804518", region="CN").e164, parse_phone("+86-021-38804518").e164
    ('+862138804518', '+862138804518')
    """
    shown = " ".join((text or "").split())
    if not shown:
        return None
    inner = _EXTENSION.search(shown)
    stated = (extension or "").strip()
    beyond = stated or (inner[1] if inner else "")
    read = _read_number(shown[: inner.start()] if inner else shown, region)
    if read is None:
        return Phone(shown, f"{shown} ext. {stated}" if stated else shown, extension=beyond or None)
    e164, words = read
    link = f"tel:{e164};ext={beyond}" if re.fullmatch(r"[0-9]{1,7}", beyond) else f"tel:{e164}"
    return Phone(shown, f"{words} ext. {beyond}" if beyond else words, e164, beyond or None, link)


def _read_number(text: str, region: str | None) -> tuple[str, str] | None:
    """Return the number in E.164 and as people write it abroad."""
    import phonenumbers as library  # here, because only pages need it

    plain = _NOTE.sub("", unicodedata.normalize("NFKC", text)).strip()
    for number, where in _readings(plain, region):
        try:
            parsed = library.parse(number, where)
        except library.NumberParseException:
            continue
        if library.is_valid_number(parsed):
            abroad = library.format_number(parsed, library.PhoneNumberFormat.INTERNATIONAL)
            return library.format_number(parsed, library.PhoneNumberFormat.E164), abroad
    return None


def _readings(text: str, region: str | None) -> Iterable[tuple[str, str | None]]:
    """Yield the ways to read a number, the likeliest first, as (number, region)."""
    if not _NUMBER.fullmatch(text) or _TWO_NUMBERS.search(text):
        return
    if re.fullmatch(r"1[-. ]+" + _TOLL_FREE, text):
        # Spaced so, it is nothing else; "18772409479" is also a mobile number in China.
        yield text, "US"
    elif re.fullmatch(_TOLL_FREE, text) and region not in _american():
        return  # an American sponsor's number at a site elsewhere: in India it would be a mobile
    elif "+" in text:
        yield text, None
    else:
        if region is not None:
            yield text, region
        if text.startswith("00"):
            yield "+" + text[2:], None


@cache
def _american() -> frozenset[str | None]:
    """Return the countries that share the numbering plan of the United States."""
    import phonenumbers

    return frozenset(phonenumbers.region_codes_for_country_code(1))


def _shared_region(countries: Sequence[str]) -> str | None:
    """Return the region in which the numbers of all sites are dialled alike, if there is one."""
    codes = {country_code(name) for name in countries}
    if codes and codes <= _american():
        return "US"
    return codes.pop() if len(codes) == 1 else None


_LOCAL = r"[A-Za-z0-9_+'~-]+(?:\.[A-Za-z0-9_+'~-]+)*"
_ADDRESS = re.compile(rf"({_LOCAL})@((?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{{2,63}})")


def parse_mail(text: str | None) -> Mail | None:
    """Return the mail address in *text*, with a link if it is one address and nothing else.

    >>> parse_mail("o'neil+trial@example.org").link
    'mailto:o%27neil+trial@example.org'
    """
    shown = " ".join((text or "").split())
    if not shown:
        return None
    match = _ADDRESS.fullmatch((text or "").strip(" ")) if len(shown) <= 254 else None
    return Mail(shown, f"mailto:{quote(match[1], safe='+')}@{match[2]}" if match else None)


# Degrees and titles that stand in names, but not those that are surnames too (Ma, Do, Ba).
_TITLE = re.compile("dr|prof|professor|doctor|md|phd|mph|msc|bsc|bsn|rn|mbbs|mba|pharmd|mr|mrs|ms|pi")
# Words of a desk, and any digit: "Study Coordinator" at two sites is two people.
_DESK = re.compile(
    r"[0-9]|\b(?:investigators?|coordinator|stud(?:y|ies)|trials?|clinical|research|site|cent(?:er|re)|office"
    r"|call|contact|info(?:rmation)?|manager|director|team|department|unit|support|desk|sponsor|program"
    r"|recruit(?:ing|ment)|hotline|referral|hospital|clinic|university|institute|pharma|patients?|medical"
    r"|line|services?|navigat(?:or|ion)|group)\b"
)


class _Person(msgspec.Struct, frozen=True):
    name: str | None
    words: tuple[str, ...]
    phone: str | None
    mail: str | None
    place: int | None
    where: str

    @property
    def shared(self) -> list[str]:
        """What another contact of the same person has one of."""
        return [*self.words, *_initialled(self.words), *filter(None, (self.phone, self.mail))]


def _hint(study: Study, central: list[ContactLine], local: list[list[ContactLine]]) -> None:
    """Point out in the later of two contacts who is probably the same person."""
    firms = [_letters(each.name or "") for each in (study.lead_sponsor, *study.collaborators) if each]
    seen: dict[str, list[_Person]] = defaultdict(list)
    named = [f"at {_clean(site.facility) or _address(site) or 'another site'}" for site in study.sites]
    listed = zip(range(len(named)), named, (site.contacts for site in study.sites), local, strict=True)
    whole = (None, "a contact for the whole study", study.contacts, central)
    for place, where, contacts, lines in (whole, *listed):
        for at, contact in enumerate(contacts):
            person = _person(lines[at], place, where)
            is_firm = any(" ".join(person.words) in firm for firm in firms)
            if is_firm or not person.words or contact.role in _NOT_TO_CALL:
                continue
            earlier = next((p for key in person.shared for p in seen[key][:20] if _same(p, person)), None)
            if earlier is not None:
                aside = "" if earlier.place == place else f", {earlier.where}"
                hint = f"Probably the same person as {earlier.name}{aside}."
                lines[at] = msgspec.structs.replace(lines[at], hint=hint)
            for key in person.shared:
                seen[key].append(person)


def _person(line: ContactLine, place: int | None, where: str) -> _Person:
    phone = line.phone and (line.phone.e164 or re.sub(r"\D", "", line.phone.text))
    mail = line.mail.text.casefold() if line.mail else None
    return _Person(line.name, _name_words(line.name or ""), phone or None, mail, place, where)


def _name_words(name: str) -> tuple[str, ...]:
    """Return the words of a person's name, without titles; none for a desk."""
    plain = re.sub(r"[.'\u2019]", "", _letters(name))
    if _DESK.search(plain):
        return ()
    head = re.findall(r"[^\W\d_]+", plain.partition(",")[0])
    words = head if len(head) > 1 else re.findall(r"[^\W\d_]+", plain)
    kept = tuple(word for word in words if not _TITLE.fullmatch(word))
    full = tuple(word for word in kept if len(word) > 1)
    return full if len(full) > 1 else kept


def _initialled(words: tuple[str, ...]) -> set[str]:
    """Return "mqingbian" for Qingbian Ma: an initial run into the other name."""
    forms = [words[0][0] + words[1], words[1][0] + words[0]] if len(words) == 2 else []
    return {form for form in forms if len(form) >= 6}


def _same(one: _Person, other: _Person) -> bool:
    if (one.phone and one.phone == other.phone) or (one.mail and one.mail == other.mail):
        return _near(one.words, other.words) or _alike("".join(one.words), "".join(other.words))
    # Two people of one name at two places, with nothing shared, may well be two people.
    together = None in (one.place, other.place) or one.place == other.place
    return together and _near(one.words, other.words)


def _near(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Return whether two names are equal, up to order, an initial or one misspelt word."""
    turned = {"".join(one[at:] + one[:at]) for at in range(len(one))}
    whole = "".join(other)
    if whole in turned and len(whole) > 4:
        return True
    if len(one) == 1 or len(other) == 1:
        return bool(_initialled(other) & turned) or whole in _initialled(one)
    here, there = set(one) - set(other), set(other) - set(one)
    return len(one) == len(other) and len(here) == len(there) == 1 and _alike(here.pop(), there.pop())


def _alike(one: str, other: str) -> bool:
    long = min(len(one), len(other)) >= 6 and one[0] == other[0]
    return long and SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.85
