"""
Patients from FHIR R4: Bundles and ndjson, as files, folders, zip archives and streams.

    >>> import io
    >>> patient = b'{"resourceType": "Patient", "id": "p1", "birthDate": "1961-04-09", "gender": "female"}'
    >>> [one] = read_fhir(io.BytesIO(patient))
    >>> one.id, [fact.name for fact in one.patient.facts], one.report.used
    ('p1', ['born', 'sex'], {'Patient': 1})

FHIR's own words stay in this package. What is used of each resource, and what is not, is counted in a report.
"""

from __future__ import annotations

from equipoise.sources.fhir.reading import FhirPatient, FhirReading, read_fhir
from equipoise.sources.fhir.report import Report

__all__ = ["FhirPatient", "FhirReading", "Report", "read_fhir"]
