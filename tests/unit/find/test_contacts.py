"""Contacts and sites: whom a page says to ask, and where a study is open."""

from __future__ import annotations

import pytest

from equipoise.find.contacts import (
    DEAD,
    ContactLine,
    describe_contact,
    describe_site,
    is_open,
    read_people,
)
from equipoise.find.reach import Phone, parse_mail, parse_phone
from equipoise.find.status import site_state
from equipoise.records.study import Contact, Official, Site, Sponsor, Status, Study


def study(*sites: Site, contacts: tuple[Contact, ...] = (), overall: str = "RECRUITING") -> Study:
    """Return a study of this status with these sites and central contacts."""
    return Study(number="NCT00000000", status=Status(overall_status=overall), contacts=contacts, sites=tuple(sites))


def site(*contacts: Contact, facility: str = "General Hospital", country: str = "United States") -> Site:
    """Return a recruiting site with these contacts."""
    return Site(facility=facility, status="RECRUITING", city="Leeds", country=country, contacts=contacts)


def hints(one: Study) -> list[str | None]:
    """Return the hints of a study's contacts, in order of listing."""
    people = read_people(one)
    lines = [*people.contacts, *(line for card in people.sites for line in card.contacts)]
    return [line.hint for line in lines]


# Phone numbers


@pytest.mark.parametrize("text", ["8048284583", "804-828-4583", "(804) 828-4583", "+1 804.828.4583", "1-804-828-4583"])
def test_one_number_in_several_shapes(text: str) -> None:
    """D24: shapes of one number in the United States give one number to dial."""
    phone = parse_phone(text, region="US")
    assert phone == Phone(text, "+1 804-828-4583", "+18048284583", None, "tel:+18048284583")


@pytest.mark.parametrize(
    ("text", "region", "e164"),
    [
        ("86-021-38804518", "CN", "+862138804518"),
        ("+86-021-38804518", None, "+862138804518"),
        ("8620-83062718", "CN", "+862083062718"),
        ("（021）6877 3638", "CN", "+862168773638"),
        ("15611908229", "CN", "+8615611908229"),
        ("00911722756820", "IN", "+911722756820"),
        ("0034 936 406 350", "US", "+34936406350"),
        ("+44 (0)20 7188 8070", None, "+442071888070"),
        ("0761/270-34560", "DE", "+4976127034560"),
        ("+81-3-6225-1111 (M-F 9-5 JST", None, "+81362251111"),
        ("888-662-6728 (U.S. only)", "US", "+18886626728"),
        ("1-877-240-9479", "CN", "+18772409479"),
        ("1-877-240-9479", None, "+18772409479"),
        ("877-379-3718", "CA", "+18773793718"),
        ("8773793718", "IN", "+918773793718"),
    ],
)
def test_numbers_that_can_be_read_one_way(text: str, region: str | None, e164: str) -> None:
    """A number with its country, or dialled in the site's, is read."""
    phone = parse_phone(text, region=region)
    assert phone is not None
    assert phone.e164 == e164


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("804-828-4583", None),
        ("86-021-38804518", None),
        ("877-379-3718", "IN"),
        ("877-379-3718", "ES"),
        ("048 22 317 94 44", "PL"),
        ("+34 91208942", "ES"),
        ("021-38804518-22113", "CN"),
        ("010-87788713 / 87788714", "CN"),
        ("804-828-4583/4584", "US"),
        ("804-828-4583; 804-828-4584", "US"),
        ("804-828-4583 or 804-828-4584", "US"),
        ("804-555-01", "US"),
        ("+358", "FI"),
        ("1-877-CTLILLY", "US"),
        ("Not listed", "US"),
        ("12345678901234567890123", "US"),
    ],
)
def test_numbers_that_are_kept_as_published(text: str, region: str | None) -> None:
    """A number without a country, of two or of none, is shown as published and not linked."""
    assert parse_phone(text, region=region) == Phone(text, text)


@pytest.mark.parametrize(
    ("text", "stated", "words", "link"),
    [
        ("804-828-4583", "12", "+1 804-828-4583 ext. 12", "tel:+18048284583;ext=12"),
        ("804-828-4583 ext. 12", None, "+1 804-828-4583 ext. 12", "tel:+18048284583;ext=12"),
        ("8048284583x12", None, "+1 804-828-4583 ext. 12", "tel:+18048284583;ext=12"),
        ("804-828-4583", "ask for A", "+1 804-828-4583 ext. ask for A", "tel:+18048284583"),
        ("828-4583", "12", "828-4583 ext. 12", None),
        ("828-4583 ext. 12", None, "828-4583 ext. 12", None),
    ],
)
def test_extensions(text: str, stated: str | None, words: str, link: str | None) -> None:
    """An extension is kept, in words and in the link."""
    phone = parse_phone(text, region="US", extension=stated)
    assert phone is not None
    assert (phone.words, phone.link) == (words, link)


def test_no_number() -> None:
    """Nothing published is no number."""
    assert parse_phone(None) is parse_phone("  ") is None


def test_the_region_of_a_number() -> None:
    """A site's number is dialled in its country, a central one in the only country of all sites."""
    contact = (Contact("A B", "CONTACT", "8048284583"),)
    at_home = read_people(study(site(*contact), site(), contacts=contact))
    assert [line.phone and line.phone.e164 for line in at_home.contacts] == ["+18048284583"]
    abroad = read_people(study(site(*contact), site(country="Spain"), contacts=contact))
    assert [line.phone and line.phone.e164 for line in abroad.contacts] == [None]
    assert abroad.countries[-1].sites[0].contacts[0].phone == at_home.contacts[0].phone
    shared = read_people(study(site(), site(country="Canada"), contacts=contact))
    assert [line.phone and line.phone.e164 for line in shared.contacts] == ["+18048284583"]
    nowhere = read_people(study(contacts=contact))
    assert [line.phone and line.phone.e164 for line in nowhere.contacts] == [None]


# Mail


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("jane.doe+trial@example.org", "mailto:jane.doe+trial@example.org"),
        (" Jane_Doe@mail.example.ac.uk ", "mailto:Jane_Doe@mail.example.ac.uk"),
        ("o'neil@example.org", "mailto:o%27neil@example.org"),
    ],
)
def test_mail_that_is_plainly_one_address(text: str, link: str) -> None:
    """One address is linked."""
    mail = parse_mail(text)
    assert mail is not None
    assert mail.link == link


@pytest.mark.parametrize(
    "text",
    [
        "a@example.org?bcc=b@example.org",
        "a@example.org&cc=b@example.org",
        "a@example.org\nbcc: b@example.org",
        "a@example.org\n",
        "a@example.org%0Abcc:b@example.org",
        "a%0A@example.org",
        "a@example.org,b@example.org",
        "a@example.org; b@example.org",
        "a@example.org b@example.org",
        "a@b@example.org",
        "Jane <a@example.org>",
        "mailto:a@example.org",
        "björn@example.org",
        "a@exämple.org",
        "a@example",
        "a@-example.org",
        ".a@example.org",
        "a..b@example.org",
        "see website",
        "a@" + "x" * 250 + ".org",
    ],
)
def test_mail_that_is_not_linked(text: str) -> None:
    """Anything else is shown and not linked: no header can be slipped in."""
    mail = parse_mail(text)
    assert mail is not None
    assert (mail.text, mail.link) == (" ".join(text.split()), None)


# People


def test_a_contact_as_shown() -> None:
    """A contact has a name, words for the role and ways to reach it."""
    line = describe_contact(Contact("Azita Talasaz", "SUB_INVESTIGATOR", "8048284583", None, "a@b.org"), region="US")
    assert (line.name, line.role, line.dead, line.warning) == (
        "Azita Talasaz",
        "Sub-investigator",
        False,
        None,
    )
    assert line.mail is not None
    assert line.mail.link == "mailto:a@b.org"


@pytest.mark.parametrize("phone", [None, "", "N/A", "+358"])
def test_a_dead_contact_is_warned_of(phone: str | None) -> None:
    """D23: a contact with neither phone nor mail is said to be none."""
    line = describe_contact(Contact("MQingbian", "CONTACT", phone))
    assert (line.dead, line.warning) == (True, DEAD)
    assert DEAD == "No phone number or e-mail address given."


def test_a_mail_address_in_the_phone_field_reaches_someone() -> None:
    """A contact whose mail address stands in the wrong field is not dead."""
    assert describe_contact(Contact("A", "CONTACT", "a@example.org")).dead is False


def test_an_investigator_is_not_warned_of() -> None:
    """Investigators are listed by name; that they cannot be called is no fault."""
    line = describe_contact(Contact("Zhongmin Liu", "PRINCIPAL_INVESTIGATOR"))
    assert (line.dead, line.warning) == (True, None)


def test_officials() -> None:
    """D19: a study chair is called a study chair."""
    one = Study(number="NCT00000000", officials=(Official("Z Liu", "East Hospital", "STUDY_CHAIR"), Official()))
    assert [(line.name, line.role) for line in read_people(one).officials] == [
        ("Z Liu", "Study chair"),
        (None, None),
    ]


# Doubled contacts


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            Contact("Azita Talasaz", "CONTACT", "8048284583"),
            Contact("Azita Talasazah", "CONTACT", "804-828-4583"),
        ),
        (Contact("Azita Talasaz", "CONTACT"), Contact("Azita Talasazah", "CONTACT")),
        (Contact("Azita Talasaz, PharmD", "CONTACT"), Contact("Dr. Azita Talasaz", "CONTACT")),
        (Contact("Qingbian Ma", "CONTACT", "15611908229"), Contact("MQingbian", "CONTACT")),
        (Contact("Yuehan Li", "CONTACT"), Contact("Li Yuehan, PhD student", "CONTACT")),
        (Contact("Zhi-xiu Lin", "CONTACT"), Contact("Zhixiu Lin, PhD", "CONTACT")),
        (Contact("Yurdagül Zopf", "CONTACT"), Contact("Yurdagul Zopf", "CONTACT")),
        (
            Contact("Mario Rossi", "CONTACT", email="M@x.org"),
            Contact("Mario Rossini", "CONTACT", email="m@x.org"),
        ),
    ],
)
def test_probably_one_person(first: Contact, second: Contact) -> None:
    """D24: two spellings of a name at one place are probably one person; the later says so."""
    assert hints(study(site(first, second))) == [None, f"Probably the same person as {first.name}."]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Contact("Wei Li", "CONTACT"), Contact("Wei Liu", "CONTACT")),
        (Contact("Xiaoming Li", "CONTACT"), Contact("Xiaoming Liu", "CONTACT")),
        (Contact("Jane Smith", "CONTACT"), Contact("John Smith", "CONTACT")),
        (Contact("Maria Hernandez", "CONTACT"), Contact("Maria Fernandez", "CONTACT")),
        (Contact("Anna Schmidt", "CONTACT", "8048284583"), Contact("Ben Taylor", "CONTACT", "8048284583")),
        (Contact("Study Coordinator", "CONTACT"), Contact("Study Coordinator", "CONTACT")),
        (Contact("Site 0101", "CONTACT"), Contact("Site 0101", "CONTACT")),
        (Contact("Call Center", "CONTACT", "8048284583"), Contact("Call Center", "CONTACT", "8048284583")),
        (Contact("Azita Talasaz", "CONTACT"), Contact("Azita Talasaz", "PRINCIPAL_INVESTIGATOR")),
        (Contact(None, "CONTACT", "8048284583"), Contact(None, "CONTACT", "8048284583")),
    ],
)
def test_two_people(first: Contact, second: Contact) -> None:
    """Short names that differ, relatives, colleagues, desks and roles are not doubled."""
    assert hints(study(site(first, second))) == [None, None]


def test_namesakes_at_two_places() -> None:
    """One name at two places is one person only if a number or an address is shared."""
    plain = Contact("Wei Wang", "CONTACT")
    assert hints(study(site(plain), site(plain, facility="Other"))) == [None, None]
    mailed = Contact("Wei Wang", "CONTACT", email="w@example.org")
    assert hints(study(site(mailed), site(mailed, facility="Other"))) == [
        None,
        "Probably the same person as Wei Wang, at General Hospital.",
    ]


def test_a_central_contact_at_a_site() -> None:
    """A site's contact who also answers for the whole study is said to."""
    azita = Contact("Azita Talasaz", "CONTACT")
    assert hints(study(site(azita), contacts=(azita,))) == [
        None,
        "Probably the same person as Azita Talasaz, a contact for the whole study.",
    ]


def test_a_firm_is_no_person() -> None:
    """A sponsor that stands as contact at every site is not called a doubled person."""
    firm = Contact("Boehringer Ingelheim", "CONTACT", "8048284583")
    one = Study(
        number="NCT00000000",
        lead_sponsor=Sponsor("Boehringer Ingelheim"),
        contacts=(firm,),
        sites=(site(firm),),
    )
    assert hints(one) == [None, None]


# Sites


@pytest.mark.parametrize(
    ("place", "address"),
    [
        (Site(city="Beijing", state="", country="China"), "Beijing, China"),
        (Site(city="Beijing", state=" , ", country="China"), "Beijing, China"),
        (Site(city="Beijing", state="Beijing", country="China"), "Beijing, China"),
        (
            Site(city="Richmond", state="Virginia", zip="23298", country="United States"),
            "Richmond, Virginia 23298, United States",
        ),
        (Site(zip="23298"), "23298"),
        (Site(city="Singapore", country="Singapore"), "Singapore"),
        (Site(), None),
    ],
)
def test_addresses(place: Site, address: str | None) -> None:
    """D8: an address has no empty parts and none twice."""
    assert describe_site(place).address == address


@pytest.mark.parametrize(
    ("status", "overall", "open_"),
    [
        ("RECRUITING", "RECRUITING", True),
        ("AVAILABLE", "AVAILABLE", True),
        ("ENROLLING_BY_INVITATION", "RECRUITING", False),
        ("ENROLLING_BY_INVITATION", "ENROLLING_BY_INVITATION", False),
        ("NOT_YET_RECRUITING", "RECRUITING", False),
        ("WITHDRAWN", None, False),
        ("RECRUITING", "COMPLETED", False),
        ("RECRUITING", "UNKNOWN", None),
        ("RECRUITING", None, True),
        (None, "RECRUITING", None),
        (None, "COMPLETED", False),
        (None, None, None),
    ],
)
def test_open_sites(status: str | None, overall: str | None, open_: bool | None) -> None:
    """D17: a site is open if it says so and its study does not gainsay it; one that is silent is not known to be."""
    assert is_open(site_state(status, overall=overall)) is open_


def test_order_of_sites() -> None:
    """Open sites come first, then by country and city; equal ones keep their order."""
    sites = [
        Site("a", "COMPLETED", "Aachen", None, None, "Germany"),
        Site("b", "RECRUITING", "Zürich", None, None, "Switzerland"),
        Site("c", "RECRUITING", "York", None, None, "United Kingdom"),
        Site("d", "RECRUITING", "Ängelholm", None, None, "Sweden"),
        Site("e", "RECRUITING", "Leeds", None, None, "United Kingdom"),
        Site("f", "RECRUITING", "Leeds", None, None, "United Kingdom"),
        Site("g", None, "Aachen", None, None, "Germany"),
        Site("h", "RECRUITING"),
    ]
    people = read_people(study(*sites))
    assert "".join(card.facility or "" for card in people.sites) == "dbefchga"
    assert [(each.country, each.code, len(each.sites), each.open) for each in people.countries] == [
        ("Sweden", "SE", 1, 1),
        ("Switzerland", "CH", 1, 1),
        ("United Kingdom", "GB", 3, 3),
        (None, None, 1, 1),
        ("Germany", "DE", 2, 0),
    ]


def test_a_site_as_shown() -> None:
    """A site has words for its status and its own contacts (D7)."""
    (card,) = read_people(study(site(Contact("A B", "CONTACT", "8048284583")))).sites
    assert (card.facility, card.status, card.open) == ("General Hospital", "Recruiting", True)
    assert isinstance(card.contacts[0], ContactLine)
    assert card.contacts[0].name == "A B"
