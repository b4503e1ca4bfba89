"""The people and places of a MedDataX page: sponsors, officials, sites, countries and contacts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from equipoise.sources.draft import Draft
from equipoise.sources.meddatax_layout import Sections
from equipoise.sources.page_text import Paragraph, mark_unread, read_enum, segments

_SPONSOR_ROLE = re.compile(r"Sponsor Role (\S.*)")
_PARTY_ROLE = re.compile(r"Responsibility Role (\S.*)")
_ROLE = re.compile(r"Role: ?(.*)")
_STATUS = re.compile(r"Site Status (\S.*)")
_PHONE = re.compile(r"(?P<phone>[+()]*\s*\d.*?)(?:,? *\b(?:ext|extension|x)\b[.:]? *(?P<ext>\d+))?", re.I | re.ASCII)
_EMAIL = re.compile(r"\S+@\S+\.\S+")

_Entry = dict[str, object]


@dataclass
class _Person:
    name: str
    role: str
    details: list[Paragraph] = field(default_factory=list)


def read_people_and_places(draft: Draft, page: Sections) -> None:
    """Put sponsors, responsible party, officials, central contacts, and sites with their contacts."""
    _read_sponsors(draft, page)
    _read_responsible(draft, page)
    draft.put("OverallOfficial", _read_officials(draft, page["Principal Investigators"]))
    people = _read_people(draft, "CentralContact", page["Central Contacts"])
    draft.put("CentralContact", [_contact(draft, "CentralContact", one) for one in people])
    countries = [paragraph.plain for paragraph in page["Countries"]]
    sites = _read_sites(draft, page["Locations"], countries)
    _join_contacts(draft, sites, _read_people(draft, "LocationContact", page["Facility Contacts"]))
    draft.put("Location", sites)
    _check_countries(draft, sites, countries)


def _read_sponsors(draft: Draft, page: Sections) -> None:
    """Read ``sponsor = name class? "Sponsor Role" ("lead" | "collaborator")``; the lead may stand last."""
    found: dict[str, list[dict[str, str]]] = {"lead": [], "collaborator": []}
    for above, hit in segments(page["Sponsors"], _SPONSOR_ROLE):
        name, *rest = [*above] or [Paragraph("")]
        held = found.get(hit[1].lower()) if hit else None
        if held is None or not name.plain or (held and held is found["lead"]):
            mark_unread(draft, "SponsorCollaboratorsModule", [*above, *([Paragraph(hit[0])] if hit else [])])
            continue
        held.append({"name": name.plain})
        if rest and (kind := read_enum("LeadSponsorClass", rest[0].plain)):
            held[-1]["class"] = kind
            rest = rest[1:]
        mark_unread(draft, "SponsorCollaboratorsModule", rest)
    draft.put("LeadSponsor", found["lead"][0] if found["lead"] else None)
    draft.put("Collaborator", found["collaborator"])


def _read_responsible(draft: Draft, page: Sections) -> None:
    """
    Read ``party = (name (title ", " affiliation)?)? "Responsibility Role" role``.

    Where the title ends cannot be known, for either may hold commas: the line stays whole,
    as the title.
    """
    for above, hit in segments(page["Responsible Party"], _PARTY_ROLE):
        lines = [paragraph.plain for paragraph in above]
        if not hit:
            mark_unread(draft, "ResponsibleParty", above)
            continue
        draft.put("ResponsiblePartyType", read_enum("ResponsiblePartyType", hit[1]))
        draft.put("ResponsiblePartyInvestigatorFullName", lines[0] if lines else None)
        draft.put("ResponsiblePartyInvestigatorTitle", lines[1] if len(lines) > 1 else None)
        if len(lines) > 1:
            note = "The page runs title and affiliation together; where the title ends cannot be known."
            draft.mark("ResponsiblePartyInvestigatorTitle", "as shown", note)
        mark_unread(draft, "ResponsibleParty", above[2:])


def _read_people(draft: Draft, piece: str, paragraphs: Sequence[Paragraph]) -> list[_Person]:
    """Read ``person = name "Role:" role detail*``; what stands right above a role is a name."""
    people: list[_Person] = []
    for above, hit in segments(paragraphs, _ROLE):
        name = above.pop().plain if hit and above and not _is_detail(above[-1].plain) else ""
        if people:
            people[-1].details += above
        else:
            mark_unread(draft, piece, above)
        if hit:
            people.append(_Person(name, hit[1].strip()))
    return people


def _is_detail(line: str) -> bool:
    is_number = _PHONE.fullmatch(line) and sum(character.isdigit() for character in line) >= 5
    return bool(is_number or _EMAIL.fullmatch(line))


def _read_officials(draft: Draft, paragraphs: Sequence[Paragraph]) -> list[_Entry]:
    """Read ``official = name "Role:" role affiliation?``, each in the role that the page gives."""
    officials = []
    for person in _read_people(draft, "OverallOfficial", paragraphs):
        affiliation = person.details[0].plain if person.details else None
        mark_unread(draft, "OverallOfficial", person.details[1:])
        role = read_enum("OverallOfficialRole", person.role)
        officials.append(_filled(name=person.name, affiliation=affiliation, role=role))
    return officials


def _contact(draft: Draft, piece: str, person: _Person) -> _Entry:
    """Read ``detail = phone extension? | email`` of a contact."""
    role = read_enum("CentralContactRole", person.role) if person.role.isupper() else "CONTACT"
    entry = _filled(name=person.name, role=role)
    for detail in person.details:
        phone = _PHONE.fullmatch(detail.plain)
        if phone and "phone" not in entry:
            entry |= _filled(phone=phone["phone"], phoneExt=phone["ext"])
        elif _EMAIL.fullmatch(detail.plain) and "email" not in entry:
            entry["email"] = detail.plain
        else:
            mark_unread(draft, piece, [detail])
    return entry


def _read_sites(draft: Draft, paragraphs: Sequence[Paragraph], countries: Sequence[str]) -> list[_Entry]:
    """Read ``site = facility? place ("Site Status" status)?``."""
    sites: list[_Entry] = []
    for above, hit in segments(paragraphs, _STATUS):
        lines = [paragraph.plain for paragraph in above]
        pairs = [(lines[0], lines[1])] if hit and len(lines) == 2 else _pair(draft, lines, countries)
        for facility, place in pairs:
            sites.append(_filled(facility=facility) | _read_place(draft, place, countries))
        if hit and pairs:
            sites[-1] |= _filled(status=read_enum("LocationStatus", hit[1]))
        elif hit:
            mark_unread(draft, "Location", [Paragraph(hit[0])])
    return sites


def _pair(draft: Draft, lines: Sequence[str], countries: Sequence[str]) -> list[tuple[str, str]]:
    """Part lines into facility and place: a place ends with a country, and follows its facility.

    Where every line has the three parts of a place, the facilities are not named.
    """
    if countries and all(_is_place(line, countries) and line.count(",") == 2 for line in lines):
        return [("", line) for line in lines]
    pairs: list[tuple[str, str]] = []
    facility = ""
    for at, line in enumerate(lines):
        next_is_place = at + 1 < len(lines) and _is_place(lines[at + 1], countries)
        if _is_place(line, countries) and (facility or not next_is_place):
            pairs.append((facility, line))
            facility = ""
            continue
        if facility:
            mark_unread(draft, "Location", [Paragraph(facility)])
        facility = line
    if facility:
        mark_unread(draft, "Location", [Paragraph(facility)])
    return pairs


def _is_place(line: str, countries: Sequence[str]) -> bool:
    return bool(_country(line, countries)) if countries else "," in line


def _country(line: str, countries: Sequence[str]) -> str:
    """Return the listed country that ends *line*, or ""."""
    ends = [country for country in countries if f", {line}".endswith(f", {country}")]
    return max(ends, key=len, default="")


def _read_place(draft: Draft, line: str, countries: Sequence[str]) -> _Entry:
    """
    Read ``place = city "," state? "," (zip ",")? country``, by position.

    The page prints a comma even for a state that it lacks, so a place of two parts, read as
    city and country, is marked. The list of countries says where the country begins
    ("Korea, Republic of"); with more parts than a place has, only the country is sure.
    """
    listed = _country(line, countries)
    country = listed or line.rpartition(",")[2].strip()
    parts = [part.strip() for part in line.removesuffix(country).rstrip().removesuffix(",").split(",")]
    if len(parts) == 1:
        if parts[0]:
            draft.mark("LocationCity", "inferred", f"“{line}” is read as city and country.")
        return _filled(city=parts[0], country=country)
    if parts[-1] == "":
        # The blank is the state's, so all before it is the city: "Kobe, Hyogo, , Japan".
        return _filled(city=", ".join(parts[:-1]), country=country if listed or len(parts) == 2 else None)
    if len(parts) == 2:
        return _filled(city=parts[0], state=parts[1], country=country)
    if len(parts) == 3 and re.search(r"\d", parts[2]):
        draft.mark("LocationZip", "inferred", f"“{line}” is read as city, state, postal code and country.")
        return _filled(city=parts[0], state=parts[1], zip=parts[2], country=country)
    draft.mark("LocationCity", "as shown", f"“{line}” has more parts than city, state and country.")
    return _filled(country=listed)


def _join_contacts(draft: Draft, sites: Sequence[_Entry], people: Sequence[_Person]) -> None:
    """
    Give each site its contacts, by order: each ``primary`` opens the next site, any other role belongs to it.

    Order is the only link that the page leaves, so this is done only where there are as many
    primaries as sites; where not, the contacts stand in a mark.
    """
    if not people:
        return
    primaries = [person for person in people if person.role == "primary"]
    entries = [_contact(draft, "LocationContact", person) for person in people]
    if len(primaries) != len(sites) or people[0].role != "primary":
        shown = "; ".join(_describe(person) for person in people)
        note = (
            f"The page lists {len(primaries)} primary contacts apart from its {len(sites)} sites,"
            f" so which site each is for cannot be known: {shown}"
        )
        draft.mark("LocationContact", "as shown", note)
        return
    at = -1
    for person, entry in zip(people, entries, strict=True):
        at += person.role == "primary"
        held = sites[at].setdefault("contacts", [])
        assert isinstance(held, list)
        held.append(entry)
    note = "The page lists these contacts apart from the sites; they were joined by their order."
    draft.mark("LocationContact", "inferred", note)


def _describe(person: _Person) -> str:
    details = ", ".join([person.role, *(detail.plain for detail in person.details)])
    return f"{person.name} ({details})"


def _check_countries(draft: Draft, sites: Sequence[_Entry], countries: Sequence[str]) -> None:
    """Mark the countries for which the page shows no site: active or past, it does not say."""
    shown = {site.get("country") for site in sites}
    if missing := [country for country in countries if country not in shown]:
        note = (
            f"The page also lists {'; '.join(missing)}, with no site there;"
            " whether sites there are active or past, it does not say."
        )
        draft.mark("LocationCountry", "as shown", note)


def _filled(**parts: str | None) -> _Entry:
    return {name: value for name, value in parts.items() if value}
