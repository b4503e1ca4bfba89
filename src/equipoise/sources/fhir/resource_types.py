"""The types of resource that FHIR R4 has, and why some of them say nothing about a patient's state."""

from __future__ import annotations

_TYPES = """
    Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse AuditEvent Basic Binary
    BiologicallyDerivedProduct BodyStructure Bundle CapabilityStatement CarePlan CareTeam CatalogEntry ChargeItem
    ChargeItemDefinition Claim ClaimResponse ClinicalImpression CodeSystem Communication CommunicationRequest
    CompartmentDefinition Composition ConceptMap Condition Consent Contract Coverage CoverageEligibilityRequest
    CoverageEligibilityResponse DetectedIssue Device DeviceDefinition DeviceMetric DeviceRequest DeviceUseStatement
    DiagnosticReport DocumentManifest DocumentReference EffectEvidenceSynthesis Encounter Endpoint EnrollmentRequest
    EnrollmentResponse EpisodeOfCare EventDefinition Evidence EvidenceVariable ExampleScenario ExplanationOfBenefit
    FamilyMemberHistory Flag Goal GraphDefinition Group GuidanceResponse HealthcareService ImagingStudy Immunization
    ImmunizationEvaluation ImmunizationRecommendation ImplementationGuide InsurancePlan Invoice Library Linkage List
    Location Measure MeasureReport Media Medication MedicationAdministration MedicationDispense MedicationKnowledge
    MedicationRequest MedicationStatement MedicinalProduct MessageDefinition MessageHeader MolecularSequence
    NamingSystem NutritionOrder Observation ObservationDefinition OperationDefinition OperationOutcome Organization
    OrganizationAffiliation Parameters Patient PaymentNotice PaymentReconciliation Person PlanDefinition Practitioner
    PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse RelatedPerson RequestGroup
    ResearchDefinition ResearchElementDefinition ResearchStudy ResearchSubject RiskAssessment RiskEvidenceSynthesis
    Schedule SearchParameter ServiceRequest Slot Specimen SpecimenDefinition StructureDefinition StructureMap
    Subscription Substance SupplyDelivery SupplyRequest Task TerminologyCapabilities TestReport TestScript ValueSet
    VerificationResult VisionPrescription
"""
TYPES = frozenset(_TYPES.split())

# Types that other versions of FHIR have and R4 has not.
_ELSEWHERE = (
    "BodySite Conformance DataElement DiagnosticOrder DiagnosticRequest EligibilityRequest MedicationOrder "
    "MedicationUsage ProcedureRequest ProcessRequest ReferralRequest Sequence ActorDefinition DeviceUsage "
    "EncounterHistory GenomicStudy ImagingSelection InventoryItem Transport"
)
ELSEWHERE = frozenset(_ELSEWHERE.split())

_SAYS = {
    "is about payment": "Account ChargeItem Claim ClaimResponse Contract Coverage CoverageEligibilityRequest "
    "CoverageEligibilityResponse EnrollmentRequest EnrollmentResponse ExplanationOfBenefit Invoice PaymentNotice "
    "PaymentReconciliation",
    "says who gives care, where or how": "CareTeam Endpoint HealthcareService Location Organization "
    "OrganizationAffiliation Person Practitioner PractitionerRole RelatedPerson Schedule Slot Appointment "
    "AppointmentResponse EpisodeOfCare",
    "is a text or a picture, which is not read": "Binary ClinicalImpression Communication DocumentManifest "
    "DocumentReference Media ImagingStudy",
    "is what was aimed at, not what is so": "Goal RiskAssessment ImmunizationRecommendation GuidanceResponse "
    "ImmunizationEvaluation DetectedIssue",
    "is a sample; what was found in it is read from observations": "Specimen",
    "gathers results that are read by themselves": "DiagnosticReport",
    "is a note on the record itself": "AuditEvent Provenance OperationOutcome MessageHeader Parameters Consent Linkage",
}
WHY_NOT = {kind: reason for reason, kinds in _SAYS.items() for kind in kinds.split()}


def why_unread(kind: object) -> str:
    """Return why resources of a type are not read.

    >>> why_unread("Claim"), why_unread("MedicationOrder"), why_unread("Task")
    ('is about payment', 'is of another version of FHIR', 'is of a type that is not read')
    """
    if isinstance(kind, str) and kind in ELSEWHERE:
        return "is of another version of FHIR"
    return WHY_NOT.get(kind, "is of a type that is not read") if isinstance(kind, str) else "has no type"
