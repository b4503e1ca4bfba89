"""
Which measurement says the same as which condition.

"Renal insufficiency, creatinine clearance < 60 mL/min" is one statement, not a list of two; and in
"neutropenia (< 1,500/mm3)" the limit is of neutrophils.
"""

from __future__ import annotations

import re

from equipoise.rules.nodes import All, Not, Predicate, Rule, leaves

# The condition is too little or too much of the variable.
MEASURED_BY = {
    "neutropenia": "neutrophil count",
    "thrombocytopenia": "platelet count",
    "thrombocytosis": "platelet count",
    "anemia": "hemoglobin",
    "leukopenia": "white blood cell count",
    "leukocytosis": "white blood cell count",
    "lymphopenia": "lymphocyte count",
    "eosinophilia": "eosinophil count",
    "hypoalbuminemia": "albumin",
    "hyperkalemia": "potassium",
    "hypokalemia": "potassium",
    "hyponatremia": "sodium",
    "hypernatremia": "sodium",
    "hypercalcemia": "calcium",
    "hypocalcemia": "calcium",
    "hypomagnesemia": "magnesium",
    "hyperbilirubinemia": "total bilirubin",
    "hypertriglyceridemia": "triglycerides",
    "hyperuricemia": "uric acid",
    "hypoglycemia": "blood glucose",
    "hyperglycemia": "blood glucose",
    "fever": "body temperature",
    "hypothermia": "body temperature",
    "hypoxemia": "oxygen saturation",
    "hypoxia": "oxygen saturation",
    "obesity": "body mass index",
    "overweight": "body mass index",
    "tachycardia": "heart rate",
    "bradycardia": "heart rate",
    "tachypnea": "respiratory rate",
    "hypotension": "systolic blood pressure",
    "proteinuria": "urine protein",
}

# Words of a condition's name, and words of the variables by which it is graded.
_GRADED = (
    (("renal", "kidney"), ("creatinine", "glomerular", "ckd", "egfr", "urea")),
    (("heart", "cardiac"), ("nyha", "ejection", "natriuretic", "killip", "troponin")),
    (
        ("liver", "hepatic", "cirrhosis"),
        ("child", "aminotransferase", "phosphatase", "bilirubin", "liver function", "meld", "transaminase"),
    ),
    (("hypertension", "hypotension"), ("pressure",)),
    (("diabetes", "glycemi", "glucose"), ("a1c", "glucose")),
    (("obes", "overweight"), ("mass index", "waist")),
    (("coma", "conscious", "brain injury"), ("glasgow",)),
    (("stroke",), ("nih stroke", "rankin", "aspects")),
    (
        ("pulmonary disease", "copd", "asthma", "respiratory", "lung disease"),
        ("expiratory", "fev1", "saturation", "pao2", "peep", "vital capacity"),
    ),
    (("pregnan",), ("gestational",)),
    (("anemia",), ("hematocrit", "hemoglobin")),
    (("depressi",), ("depression", "hamilton", "phq", "montgomery")),
    (("dementia", "cognitive", "alzheimer"), ("mental state", "mmse", "montreal", "moca", "clinical dementia")),
    (("pain",), ("pain", "analog")),
    (("bleeding", "coagulopathy"), ("inr", "normalized ratio", "platelet", "prothrombin")),
    (("shock",), ("pressure", "lactate")),
)


# What is nothing else than too much or too little of something; a shock or a heart failure is more than its limit.
_IS_MEASURED = re.compile(
    r"hypertension|hypotension|diabetes|gly[ck]emi|obes|overweight|(?:renal|kidney|hepatic|liver) "
    r"(?:insufficiency|impairment|dysfunction|disease|failure)|(?:penia|emia|cytosis|cardia|pnea|uria|oxia)\Z|fever"
)


def defines(rule: Rule, limit: Rule, *, exclusion: bool) -> bool:
    """
    Return whether a definition stands for what it defines: "uncontrolled hypertension, defined as …".

    Who is over the limit is kept out, whatever the record calls it. Under Inclusion, and of a type of a disease, both
    are asked.
    """
    if not isinstance(rule, Predicate) or rule.op != "present" or " type " in f" {' '.join(rule.qualifier)} ":
        return False
    limits = [leaf for leaf in leaves(limit) if isinstance(leaf, Predicate)]
    if rule.kind == "measurement":
        return bool(limits) and all(one.kind == "measurement" and one.op != "present" for one in limits)
    return exclusion and bool(limits) and _IS_MEASURED.search(rule.name) is not None and explains(rule, limit)


# One high pressure is no hypertension yet, and a heart that fails is more than its ejection fraction.
_NOTHING_BUT = (
    (("renal", "kidney"), ("creatinine", "glomerular", "egfr")),
    (("liver", "hepatic"), ("aminotransferase", "bilirubin", "liver function", "transaminase")),
    (("fever",), ("temperature",)),
)


def limit_alone(rule: Rule, text: str) -> Rule:
    """Return "no hypertension (SBP > 170)" as no such pressure: the limit says what is meant, and it alone decides."""
    if type(rule) is not Not or type(rule.rule) is not All or len(rule.rule.rules) != 2:
        return rule
    head, limit = rule.rule.rules
    if not isinstance(head, Predicate) or not isinstance(limit, Predicate) or not head.span or not limit.span:
        return rule
    between = text[head.span[1] : limit.span[0]].strip()
    return Not(limit) if between in ("(", "[") and defines(head, limit, exclusion=True) else rule


def explains(rule: Rule, limit: Rule) -> bool:
    """Return whether *limit* is how the condition of *rule* is measured."""
    limits = list(leaves(limit))
    names = list(leaves(rule))
    if not all(isinstance(leaf, Predicate) and leaf.kind == "measurement" and leaf.op != "present" for leaf in limits):
        return False
    if len(names) != 1 or not isinstance(names[0], Predicate) or names[0].kind != "condition":
        return False
    condition = names[0].name
    return all(isinstance(leaf, Predicate) and _measures(condition, leaf.name) for leaf in limits)


def is_limit_of(rule: Rule, limit: Rule) -> bool:
    """
    Return whether a condition is nothing but the limit that explains it.

    >>> from equipoise.rules.nodes import ConceptRef
    >>> named = [Predicate(kind="condition", concept=ConceptRef(one)) for one in ("chronic renal failure", "stroke")]
    >>> over = Predicate(kind="measurement", concept=ConceptRef("serum creatinine"), op=">", value=2, unit="mg/dL")
    >>> [is_limit_of(one, over) for one in named]
    [True, False]
    """
    names = [leaf.name for leaf in leaves(rule) if isinstance(leaf, Predicate)]
    limits = [leaf.name.lower() for leaf in leaves(limit) if isinstance(leaf, Predicate)]
    return all(
        any(any(word in name for word in said) and any(word in one for word in by) for said, by in _NOTHING_BUT)
        for name in names
        for one in limits
    )


def _measures(condition: str, variable: str) -> bool:
    if MEASURED_BY.get(condition) == variable:
        return True
    variable = variable.lower()
    return any(
        any(word in condition for word in conditions) and any(word in variable for word in variables)
        for conditions, variables in _GRADED
    )
