"""The sections of a study's page by the names of their parts: contents, notes and questions say the same."""

from __future__ import annotations

SECTIONS = {
    "about": "About the study",
    "arms": "Arms and interventions",
    "outcomes": "Outcomes",
    "eligibility": "Who can join",
    "sites": "Sites and contacts",
    "design": "Design",
    "dates": "Dates",
    "results": "Study results",
    "sponsors": "Sponsors and officials",
    "references": "References",
    "sharing": "Data and documents",
    "identifiers": "Identifiers and terms",
    "cite": "Cite",
    "related-studies": "Related studies",
    "related": "Trials listed as related",
    "record": "Full record",
}
