"""
The people and places of a study as a page shows them: whom to ask, and where it is open.

Phone numbers and mail addresses stay as published; a link is added only where there is one
way to read them. What looks doubled or cannot be reached is said in words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from equipoise.find.doubles import Person, letters, name_words, same_person
from equipoise.find.map_marks import STATES
from equipoise.find.reach import Mail, Phone, parse_mail, parse_phone, shared_region
from equipoise.find.site_check import site_faults
from equipoise.find.status import site_state
from equipoise.records.study import Contact, GeoPoint, Site, Study
from equipoise.terms.countries import country_code
from equipoise.terms.enums import term_of

DEAD = "No phone number or e-mail address given."

# The registry lists investigators by name alone: they are not there to be called.
_NOT_TO_CALL = frozenset({"PRINCIPAL_INVESTIGATOR", "SUB_INVESTIGATOR", "STUDY_CHAIR", "STUDY_DIRECTOR"})


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
    """A place where the study is done. ``open`` is None where the record does not say; ``state`` is what its status
    comes to (open, coming, unknown, closed); ``faults`` are what the gazetteer holds against the address, which is
    shown as it was registered; ``place`` is its place in the record's list."""

    facility: str | None
    address: str | None
    country: str | None
    status: str | None
    open: bool | None
    contacts: tuple[ContactLine, ...] = ()
    point: GeoPoint | None = None
    faults: tuple[str, ...] = ()
    state: str = "unknown"
    place: int = 0


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

    @property
    def in_record_order(self) -> tuple[SiteCard, ...]:
        """All sites in one list, as the record has them."""
        return tuple(sorted((site for group in self.countries for site in group.sites), key=lambda one: one.place))


def read_people(study: Study) -> People:
    """Return whom to ask and where, with doubled contacts pointed out."""
    shared = shared_region(study.countries)
    central = [describe_contact(each, region=shared) for each in study.contacts]
    local = []
    for site in study.sites:
        region = (country_code(site.country) if site.country else None) or shared
        local.append([describe_contact(each, region=region) for each in site.contacts])
    _hint(study, central, local)
    overall, pairs = study.status.overall_status, enumerate(zip(study.sites, local, strict=True))
    sites = (describe_site(site, overall=overall, lines=lines, place=place) for place, (site, lines) in pairs)
    part = "OverallOfficialRole"
    officials = tuple(OfficialLine(o.name, o.affiliation, _words(part, o.role)) for o in study.officials)
    return People(tuple(central), officials, group_sites(sites))


def describe_contact(contact: Contact, *, region: str | None = None) -> ContactLine:
    """Return one contact; *region* is the country that its number is dialled in.

    >>> describe_contact(Contact("MQingbian", "CONTACT")).warning
    'No phone number or e-mail address given.'
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


def describe_site(
    site: Site, *, overall: str | None = None, lines: Sequence[ContactLine] = (), place: int = 0
) -> SiteCard:
    """Return one site; *overall* is the status of the whole study.

    >>> describe_site(Site(city="Beijing", state=" ", country="China")).address
    'Beijing, China'
    """
    state = site_state(site.status, overall=overall)
    return SiteCard(
        facility=_clean(site.facility),
        address=_address(site),
        country=_clean(site.country),
        status=_words("LocationStatus", site.status),
        open=is_open(state),
        contacts=tuple(lines),
        point=site.geo_point,
        faults=site_faults(site),
        state=state,
        place=place,
    )


def _clean(text: str | None) -> str | None:
    return (text or "").strip(" ,;\t\n") or None


def _address(site: Site) -> str | None:
    region = " ".join(filter(None, (_clean(site.state), _clean(site.zip))))
    parts = [part for part in (_clean(site.city), region, _clean(site.country)) if part]
    # Beijing, Singapore and Luxembourg are typed as city and as state or country.
    return ", ".join(dict.fromkeys(parts)) or None


def is_open(state: str) -> bool | None:
    """Return whether people can ask to join now at a site in this state; None where nobody knows.

    >>> is_open("open"), is_open("coming"), is_open("unknown")
    (True, False, None)
    """
    return None if state == "unknown" else state == "open"


def order_sites(sites: Iterable[SiteCard]) -> tuple[SiteCard, ...]:
    """Return the sites by state, open ones first, then by country and city; ties keep their order."""
    placed = sorted(sites, key=lambda site: (_sorting(site.country), _sorting(site.address)))
    order = list(STATES)
    return tuple(sorted(placed, key=lambda site: order.index(site.state)))


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
    return name is None, letters(name or "")


def _hint(study: Study, central: list[ContactLine], local: list[list[ContactLine]]) -> None:
    """Point out in the later of two contacts who is probably the same person."""
    firms = [letters(each.name or "") for each in (study.lead_sponsor, *study.collaborators) if each]
    seen: dict[str, list[Person]] = defaultdict(list)
    named = [f"at {_clean(site.facility) or _address(site) or 'another site'}" for site in study.sites]
    listed = zip(range(len(named)), named, (site.contacts for site in study.sites), local, strict=True)
    whole = (None, "a contact for the whole study", study.contacts, central)
    for place, where, contacts, lines in (whole, *listed):
        for at, contact in enumerate(contacts):
            person = _person(lines[at], place, where)
            is_firm = any(" ".join(person.words) in firm for firm in firms)
            if is_firm or not person.words or contact.role in _NOT_TO_CALL:
                continue
            earlier = next((p for key in person.shared for p in seen[key][:20] if same_person(p, person)), None)
            if earlier is not None:
                aside = "" if earlier.place == place else f", {earlier.where}"
                hint = f"Probably the same person as {earlier.name}{aside}."
                lines[at] = msgspec.structs.replace(lines[at], hint=hint)
            for key in person.shared:
                seen[key].append(person)


def _person(line: ContactLine, place: int | None, where: str) -> Person:
    phone = line.phone and (line.phone.e164 or re.sub(r"\D", "", line.phone.text))
    mail = line.mail.text.casefold() if line.mail else None
    return Person(line.name, name_words(line.name or ""), phone or None, mail, place, where)
