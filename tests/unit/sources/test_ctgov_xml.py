"""The registry's old XML becomes v2 documents, word for word and value for value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from equipoise.errors import RecordError
from equipoise.sources.ctgov_xml import CtgovXml, unmapped
from equipoise.sources.ctgov_xml_text import escape, read_date, read_prose, read_textblock
from equipoise.sources.incoming import Incoming

DATA = Path(__file__).parents[2] / "data" / "ctgov_xml"
SOURCE = CtgovXml()


def read(data: bytes) -> Incoming:
    """Return the one study in *data*."""
    (result,) = SOURCE.read(data, "a.xml")
    assert isinstance(result, Incoming)
    return result


def refused(data: bytes) -> RecordError:
    """Return the one error that *data* makes."""
    (result,) = SOURCE.read(data, "a.xml")
    assert isinstance(result, RecordError)
    return result


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    """Return the protocol of the invented registration, as v2 has it."""
    document: dict[str, Any] = json.loads(read((DATA / "NCT99000101.xml").read_bytes()).document)
    return document


@pytest.fixture(scope="module")
def old() -> dict[str, Any]:
    """Return the invented record with results, in the words of 2017."""
    document: dict[str, Any] = json.loads(read((DATA / "NCT99000102.xml").read_bytes()).document)
    return document


def test_names_and_sponsors(plan: dict[str, Any]) -> None:
    """Numbers, titles and sponsors arrive; the organization has the class of the sponsor that it is."""
    protocol = plan["protocolSection"]
    assert protocol["identificationModule"] == {
        "nctId": "NCT99000101",
        "nctIdAliases": ["NCT99000100"],
        "orgStudyIdInfo": {"id": "TEA-1"},
        "secondaryIdInfos": [{"id": "2020-000000-00"}],
        "briefTitle": "Green Tea & Sleep",
        "acronym": "TEASE",
        "organization": {"class": "INDUSTRY", "fullName": "Tea House"},
    }
    assert protocol["sponsorCollaboratorsModule"] == {
        "leadSponsor": {"name": "Tea House", "class": "INDUSTRY"},
        "collaborators": [{"name": "Veterans of Tea", "class": "FED"}],
    }


def test_dates_stay_as_precise_as_they_are(plan: dict[str, Any]) -> None:
    """A month stays a month, an anticipated date is estimated, and one without a type has none."""
    assert plan["protocolSection"]["statusModule"] == {
        "startDateStruct": {"date": "2002-07"},
        "completionDateStruct": {"date": "2030-12", "type": "ESTIMATED"},
        "studyFirstPostDateStruct": {"date": "2007-04-16", "type": "ESTIMATED"},
        "lastUpdatePostDateStruct": {"date": "2019-05-02", "type": "ACTUAL"},
        "overallStatus": "ACTIVE_NOT_RECRUITING",
        "whyStopped": "Nobody came, and the kettle broke",
    }


@pytest.mark.parametrize("text", ["Juli 2002", "July 32, 2002", "13/2002", "2002-07", "July 12 2002", ""])
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    """A date that the registry would not write so is none."""
    assert read_date(text) is None


def test_design(plan: dict[str, Any]) -> None:
    """Two phases, a registry, and masking with those who are masked."""
    assert plan["protocolSection"]["designModule"] == {
        "studyType": "OBSERVATIONAL",
        "patientRegistry": True,
        "targetDuration": "6 Months",
        "phases": ["PHASE1", "PHASE2"],
        "designInfo": {"maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "OUTCOMES_ASSESSOR"]}},
        "enrollmentInfo": {"count": 48, "type": "ACTUAL"},
    }


def test_words_without_a_value_are_marked() -> None:
    """What v2 has no single value for is left out and told, not forced into one."""
    sidecar = read((DATA / "NCT99000101.xml").read_bytes()).sidecar
    assert sidecar is not None
    assert [(mark.piece, mark.kind, mark.note) for mark in sidecar.marks] == [
        (
            "DesignTimePerspective",
            "as shown",
            "The XML says “Longitudinal, Prospective”, which v2 has no value for",
        )
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("None (Open Label)", {"masking": "NONE"}),
        ("Open Label", {"masking": "NONE"}),
        ("No masking", {"masking": "NONE"}),
        ("Double-Blind", {"masking": "DOUBLE"}),
        ("Single Blind (Investigator)", {"masking": "SINGLE", "whoMasked": ["INVESTIGATOR"]}),
        ("Participant, Investigator", {"whoMasked": ["PARTICIPANT", "INVESTIGATOR"]}),
    ],
)
def test_masking(words: str, expected: dict[str, Any]) -> None:
    """All the ways in which the years wrote masking are read."""
    design = f"<study_design_info><masking>{words}</masking></study_design_info>"
    data = f"<clinical_study><id_info><nct_id>NCT99000103</nct_id></id_info>{design}</clinical_study>"
    document = json.loads(read(data.encode()).document)
    assert document["protocolSection"]["designModule"]["designInfo"]["maskingInfo"] == expected


def test_arms_name_their_interventions(plan: dict[str, Any]) -> None:
    """An arm lists its interventions with their kind, and one without any lists none."""
    module = plan["protocolSection"]["armsInterventionsModule"]
    assert module["armGroups"] == [
        {"label": "Tea", "type": "EXPERIMENTAL", "interventionNames": ["Dietary Supplement: Green tea"]},
        {"label": "Nothing"},
    ]
    assert module["interventions"] == [
        {
            "type": "DIETARY_SUPPLEMENT",
            "name": "Green tea",
            "armGroupLabels": ["Tea"],
            "otherNames": ["Sencha", "Gyokuro"],
        }
    ]


def test_eligibility(plan: dict[str, Any]) -> None:
    """Lists nest, "Both" is all, N/A is no limit, and the registry's ages follow from the limits."""
    assert plan["protocolSection"]["eligibilityModule"] == {
        "eligibilityCriteria": (
            "Inclusion Criteria:\n\n"
            "1. Any of:\n\n"
            "   * insomnia, for at least a month\n"
            "   * waking early\n"
            "2. tea drinker"
        ),
        "healthyVolunteers": True,
        "sex": "ALL",
        "minimumAge": "18 Years",
        "stdAges": ["ADULT", "OLDER_ADULT"],
    }


def test_prose_and_plain_words(plan: dict[str, Any]) -> None:
    """Prose is escaped for CommonMark, a title is not."""
    protocol = plan["protocolSection"]
    assert protocol["descriptionModule"]["briefSummary"] == (
        "Two paragraphs, the first of which is wrapped at a hundred columns \\< or so.\n\n"
        "The second has x\\^2 \\& a \\[note\\]."
    )
    assert protocol["outcomesModule"]["primaryOutcomes"] == [
        {"measure": "Sleep [hours]", "timeFrame": "1 week", "description": "Hours \\> 6.\n\nBy diary."}
    ]


def test_people_and_places(plan: dict[str, Any]) -> None:
    """A site's investigators stand among its contacts, with their role."""
    assert plan["protocolSection"]["contactsLocationsModule"] == {
        "centralContacts": [
            {"role": "CONTACT", "name": "A. Leaf", "phone": "555-0100", "phoneExt": "12"},
            {"role": "CONTACT", "name": "B. Leaf"},
        ],
        "locations": [
            {
                "facility": "Tea Clinic",
                "status": "RECRUITING",
                "city": "Leeds",
                "country": "United Kingdom",
                "contacts": [
                    {"role": "CONTACT", "name": "C. Leaf"},
                    {"role": "SUB_INVESTIGATOR", "name": "D. Leaf"},
                ],
            }
        ],
    }


def test_publications_links_and_data(plan: dict[str, Any]) -> None:
    """References are background, results references are results."""
    assert plan["protocolSection"]["referencesModule"] == {
        "references": [
            {"type": "BACKGROUND", "pmid": "1", "citation": "Leaf A. Tea."},
            {"type": "RESULT", "citation": "Leaf B. More tea."},
        ],
        "seeAlsoLinks": [{"label": "Tea \\& more", "url": "https://example.org/tea"}],
        "availIpds": [{"id": "T1", "type": "Data Set"}],
    }
    assert plan["protocolSection"]["ipdSharingStatementModule"] == {"ipdSharing": "YES", "infoTypes": ["SAP"]}


def test_documents_and_steps_of_review(plan: dict[str, Any]) -> None:
    """Documents have the file's own name; steps of review keep their order and unknown dates."""
    assert plan["documentSection"]["largeDocumentModule"]["largeDocs"] == [
        {
            "hasProtocol": True,
            "hasSap": True,
            "hasIcf": False,
            "label": "Study Protocol and Statistical Analysis Plan",
            "date": "2021-04-21",
            "typeAbbrev": "Prot_SAP",
            "filename": "Prot_SAP_000.pdf",
        }
    ]
    assert plan["annotationSection"]["annotationModule"]["unpostedAnnotation"]["unpostedEvents"] == [
        {"type": "RELEASE", "date": "2020-01-02"},
        {"type": "RESET", "date": "2020-02-03"},
        {"type": "UNRELEASE", "dateUnknown": True},
        {"type": "RELEASE", "date": "2020-03-04"},
    ]


def test_what_the_registry_adds(plan: dict[str, Any]) -> None:
    """MeSH terms come without codes; the copy's date and the former countries arrive."""
    assert plan["derivedSection"] == {
        "conditionBrowseModule": {"meshes": [{"term": "Sleep Wake Disorders"}]},
        "miscInfoModule": {"removedCountries": ["France"], "versionHolder": "2023-02-03"},
    }
    assert plan["hasResults"] is False


def test_the_words_of_2017(old: dict[str, Any]) -> None:
    """The one-line design, "Subject", "Caregiver" and the old names of dates are read; the encoding too."""
    protocol = old["protocolSection"]
    assert protocol["identificationModule"]["briefTitle"] == "Thé vert"
    assert protocol["statusModule"] == {
        "overallStatus": "COMPLETED",
        "studyFirstSubmitDate": "2007-07-12",
        "resultsFirstSubmitDate": "2008-07-14",
        "lastUpdateSubmitDate": "2008-07-13",
    }
    assert protocol["designModule"] == {
        "studyType": "INTERVENTIONAL",
        "phases": ["NA"],
        "designInfo": {
            "allocation": "RANDOMIZED",
            "interventionModel": "PARALLEL",
            "primaryPurpose": "TREATMENT",
            "maskingInfo": {"masking": "DOUBLE", "whoMasked": ["PARTICIPANT", "CARE_PROVIDER"]},
        },
    }


def test_flow_and_baseline(old: dict[str, Any]) -> None:
    """Groups are numbered as in v2; an old table's first row is its denominators; "Age" is written out."""
    assert old["hasResults"] is True
    results = old["resultsSection"]
    assert results["participantFlowModule"] == {
        "groups": [{"id": "FG000", "title": "Tea"}],
        "periods": [
            {
                "title": "Overall Study",
                "milestones": [
                    {
                        "type": "STARTED",
                        "achievements": [
                            {"groupId": "FG000", "numSubjects": "44", "comment": "All of them"},
                        ],
                    }
                ],
                "dropWithdraws": [{"type": "Death", "reasons": [{"groupId": "FG000", "numSubjects": "0"}]}],
            }
        ],
    }
    assert results["baselineCharacteristicsModule"] == {
        "groups": [{"id": "BG000", "title": "Tea"}],
        "denoms": [{"units": "Participants", "counts": [{"groupId": "BG000", "value": "44"}]}],
        "measures": [
            {
                "title": "Age, Continuous",
                "paramType": "MEAN",
                "dispersionType": "STANDARD_DEVIATION",
                "unitOfMeasure": "years",
                "classes": [
                    {"categories": [{"measurements": [{"groupId": "BG000", "value": "61.4", "spread": "13.0"}]}]}
                ],
            }
        ],
    }


def test_outcomes(old: dict[str, Any]) -> None:
    """Posted outcomes have their table and analyses; the others say when they are expected."""
    posted, awaited = old["resultsSection"]["outcomeMeasuresModule"]["outcomeMeasures"]
    assert posted == {
        "type": "PRIMARY",
        "title": "Hours of sleep",
        "timeFrame": "1 week",
        "reportingStatus": "POSTED",
        "paramType": "LEAST_SQUARES_MEAN",
        "dispersionType": "95% Confidence Interval",
        "unitOfMeasure": "hours",
        "groups": [{"id": "OG000", "title": "Tea"}],
        "denoms": [{"units": "Participants", "counts": [{"groupId": "OG000", "value": "44"}]}],
        "classes": [
            {
                "title": "Week 1",
                "categories": [
                    {
                        "measurements": [
                            {
                                "groupId": "OG000",
                                "value": "6.5",
                                "lowerLimit": "6.0",
                                "upperLimit": "NA",
                                "comment": "None woke",
                            }
                        ]
                    }
                ],
            }
        ],
        "analyses": [
            {
                "groupIds": ["OG000"],
                "nonInferiorityType": "SUPERIORITY_OR_OTHER_LEGACY",
                "pValue": "<0.05",
                "ciNumSides": "TWO_SIDED",
            }
        ],
    }
    assert awaited == {
        "type": "POST_HOC",
        "title": "Dreams",
        "reportingStatus": "NOT_POSTED",
        "anticipatedPostingDate": "2020-12",
    }


def test_adverse_events(old: dict[str, Any]) -> None:
    """Sums go to the groups; an event's own vocabulary and assessment stand before the table's."""
    counts = {"groupId": "EG000", "numAffected": 2, "numAtRisk": 44}
    assert old["resultsSection"]["adverseEventsModule"] == {
        "frequencyThreshold": "5",
        "eventGroups": [
            {
                "id": "EG000",
                "title": "Tea",
                "deathsNumAffected": 0,
                "deathsNumAtRisk": 44,
                "seriousNumAffected": 2,
                "seriousNumAtRisk": 44,
            }
        ],
        "seriousEvents": [
            {
                "term": "Palpitations",
                "organSystem": "Cardiac disorders",
                "sourceVocabulary": "Own words",
                "assessmentType": "NON_SYSTEMATIC_ASSESSMENT",
                "stats": [counts | {"numEvents": 3}],
            },
            {
                "term": "Tachycardia",
                "organSystem": "Cardiac disorders",
                "sourceVocabulary": "MedDRA 9.0",
                "assessmentType": "SYSTEMATIC_ASSESSMENT",
                "stats": [counts | {"numAffected": 0}],
            },
        ],
    }


def test_agreement_and_contact(old: dict[str, Any]) -> None:
    """A sponsor's own words on publishing are kept; an extension stands apart from its number."""
    assert old["resultsSection"]["moreInfoModule"] == {
        "certainAgreement": {
            "piSponsorEmployee": False,
            "restrictionType": "OTHER",
            "restrictiveAgreement": True,
            "otherDetails": "Ask the kettle.",
        },
        "pointOfContact": {"title": "E. Leaf", "phone": "555-0101", "phoneExt": "9"},
    }


def test_an_unheard_of_element_is_noticed() -> None:
    """An element that is neither read nor on the list of what v2 lacks is named."""
    assert unmapped((DATA / "NCT99000101.xml").read_bytes()) == {"unheard_of", "unheard_of/@hue"}
    assert unmapped((DATA / "NCT99000102.xml").read_bytes()) == set()


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("\n      -  a\n\n        -  b\n", "* a\n* b"),
        ("\n      1. a\n\n        2. b\n", "1. a\n2. b"),
        ("\n      1. Objective\n\n      To sleep.\n", "1\\. Objective\n\nTo sleep."),
        ("\n      -  a\n\n             -  b\n\n        -  c\n", "* a\n\n  * b\n* c"),
        (
            "\n      x\n\n       10. a\n\n             -  b\n\n           more\n",
            "x\n\n10. a\n\n    * b\n\n    more",
        ),
        (
            "\n      x\n\n        1. a\n\n           and:\n\n             1. b\n",
            "x\n\n1. a\n\n   and:\n   1. b",
        ),
        ("\n      x\n\n        1. a\n\n        1. b\n", "x\n\n1. a\n\n<!-- -->\n\n1. b"),
        ("\n      x\n\n        1. a\n\n        -  b\n", "x\n\n1. a\n\n* b"),
        (
            "\r\n      - x\r\n\r\n      -y\r\n\r\n      it was\r\n      1995. So\r\n",
            "\\- x\n\n-y\n\nit was 1995. So",
        ),
        ("\n", ""),
    ],
)
def test_textblocks(block: str, expected: str) -> None:
    """Columns tell lists from prose, and an item's number from a year."""
    assert read_textblock(block) == expected


def test_why_stopped_may_have_a_list() -> None:
    """A short field that is wrapped is unwrapped; one whose lines are not indented has paragraphs."""
    assert read_prose("one\r\n    two") == "one two"
    assert read_prose("one\r\ntwo") == "one\n\ntwo"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("- a", "\\- a"),
        ("-a", "-a"),
        ("--- a", "\\--- a"),
        ("+ a", "\\+ a"),
        ("3) a", "3\\) a"),
        ("3.5 a", "3.5 a"),
        ("# a", "\\# a"),
        ("#1 a", "#1 a"),
        ("a\\b*c_d~e`f|g", "a\\\\b\\*c\\_d\\~e\\`f\\|g"),
    ],
)
def test_escapes(words: str, expected: str) -> None:
    """What CommonMark would take for a mark is escaped, and nothing else."""
    assert escape(words) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"<clinical_study>",
        b'\xef\xbb\xbf<?xml version="1.0"?>\r\n<!-- one --><!-- two -->\n<clinical_study rank="1">',
        b"<clinical_study/>",
        b"<!DOCTYPE clinical_study []><clinical_study/>",
        '<?xml version="1.0" encoding="UTF-16"?><clinical_study/>'.encode("utf-16"),
    ],
)
def test_recognised(data: bytes) -> None:
    """A mark of byte order, a declaration and comments may stand before the root."""
    assert SOURCE.recognises(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"<clinical_studies>",
        b"text <clinical_study>",
        b"<!-- <clinical_study> -->",
        b"<!--" * 2000,
    ],
)
def test_not_recognised(data: bytes) -> None:
    """Any other head is another format's."""
    assert not SOURCE.recognises(data)


FETCH = "The file is not ClinicalTrials.gov's XML as published; fetch it again. The other records are read."
BOMB = b'<!DOCTYPE c [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]><clinical_study>&b;</clinical_study>'
THEFT = b'<!DOCTYPE c [<!ENTITY a SYSTEM "file:///etc/hostname">]><clinical_study>&a;</clinical_study>'


@pytest.mark.parametrize("data", [BOMB, THEFT, b'<!DOCTYPE c SYSTEM "http://example.org/c.dtd"><clinical_study/>'])
def test_a_dtd_is_refused(data: bytes) -> None:
    """A file that declares entities, its own or from elsewhere, is refused."""
    assert str(refused(data)) == (
        "a.xml: The XML has a document type definition (DTD)\n"
        "The registry's files have none, and one can be made to do harm. Remove it to read the file."
    )


def test_a_great_bomb_stops_early() -> None:
    """Entities that multiply in an attribute, which the parser does expand, meet its limit."""
    steps = b"".join(b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, 9))
    data = b'<!DOCTYPE c [<!ENTITY a0 "' + b"a" * 1000 + b'">' + steps + b']><clinical_study x="&a8;"/>'
    assert "entity amplification" in str(refused(data))


def test_broken_xml_names_the_line() -> None:
    """A tag that is not closed is told with its line."""
    assert str(refused(b"<clinical_study>\n<a>\n</clinical_study>")) == (
        "a.xml: Not well-formed XML: Opening and ending tag mismatch: a line 2 and clinical_study, "
        f"line 3, column 18\n{FETCH}"
    )


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "Not well-formed XML: Document is empty, line 1, column 1"),
        (b"<study/>", "Expected <clinical_study>, got <study>"),
        (b"<clinical_study/>", "Object missing required field `protocolSection`"),
        (
            b"<clinical_study><id_info><nct_id>7</nct_id></id_info></clinical_study>",
            "Expected a number such as NCT01234567, got '7' - at `$.protocolSection.identificationModule.nctId`",
        ),
    ],
)
def test_other_faults(data: bytes, problem: str) -> None:
    """What is no study of the registry's is told as such."""
    assert str(refused(data)) == f"a.xml: {problem}\n{FETCH}"


@pytest.mark.parametrize(
    "inner",
    [
        "<eligibility><minimum_age>" + "9" * 6000 + " Years</minimum_age></eligibility>",
        "<enrollment>" + "9" * 6000 + "</enrollment>",
        "<start_date>July 99, 0000</start_date>",
        "<clinical_results><participant_flow><group_list><group group_id='P" + "9" * 6000 + "'/></group_list>"
        "</participant_flow></clinical_results>",
        "<detailed_description><textblock>\n      " + "9" * 6000 + ". x\n\n y</textblock></detailed_description>",
        "<phase/><masking/><location/><intervention/><clinical_results/>",
        "<study_design>" + "A" * 60000 + "</study_design>",
    ],
)
def test_strange_values_raise_nothing(inner: str) -> None:
    """Numbers too long, dates that are none and empty elements leave the rest of the record readable."""
    data = f"<clinical_study><id_info><nct_id>NCT99000104</nct_id></id_info>{inner}</clinical_study>"
    assert read(data.encode()).study.number == "NCT99000104"
