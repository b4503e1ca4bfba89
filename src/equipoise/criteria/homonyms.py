"""
Variables whose name is another's beside its neighbours: which one is meant, if any.

::

    lettered = "Child-Pugh score" ("A" | "B" | "C")          # the class
    blood    = cell word* ("transfusion" | "donation" | …)   # what is given, and no count; so is "lymphocyte transfer"
    viral    = "viral load" of a virus that is named nearest # without any: of HIV, as nearly always
    scale    = ("VAS" | "NRS") where no pain is named        # of itching, of fatigue
    stress   = "CAPS"                                        # a scale of stress, and "CAP" a measure of the liver
    prostate = "IPSS" of a myelodysplastic syndrome          # the other score of these letters
    weighing = "body weight" limit "at birth"                # the birth weight
    ratio    = "PaO2" "/" "FiO2"                             # one value, and no two
    part     = "CDR" "III" "rearrangement"                   # of an antibody, and no rating of dementia
    status   = "performance status" "(Karnofsky scale)"      # of that scale

What is none of them is left to be read word by word.
"""

from __future__ import annotations

from collections.abc import Callable

from equipoise.criteria.context import Context
from equipoise.criteria.cues import CUES, LIGHT, QUALIFIERS
from equipoise.terms.cues import word_set
from equipoise.terms.variables import Variable

_COUNTED = word_set("homonyms.counted")
_GIVEN = tuple(word_set("homonyms.given"))
_NO_NOUN = _COUNTED | LIGHT | QUALIFIERS
_MARROW = word_set("homonyms.marrow")
_PAINS = word_set("homonyms.pains")
_VIRUSES = word_set("homonyms.viruses")
_HIV = frozenset(("hiv", "aids", "immunodeficiency", "haart", "antiretroviral"))
_CELLS = frozenset(
    (
        "eosinophil count", "lymphocyte count", "monocyte count", "neutrophil count", "platelet count",
        "red blood cell count", "white blood cell count",
    )
)  # fmt: skip
# Letters that name something else as often: they name a variable where a limit follows, as these do.
_LIMITED = frozenset(("ACR", "ASA", "CCI", "CDR", "IPI", "LDH", "LPS", "PCV", "PSS"))
_RATIOS = {
    ("partial pressure of oxygen", "fraction of inspired oxygen"): "pao2/fio2",
    ("oxygen saturation", "fraction of inspired oxygen"): "spo2/fio2",
    ("forced expiratory volume in 1 second", "forced vital capacity"): "fev1/fvc",
    ("fev1 percent predicted", "forced vital capacity"): "fev1/fvc",
}
_NEAR = 5
_PLUS_WITHIN = 12
_MOODS = frozenset(("depression", "depressive", "depressed", "geriatric", "mood", "hamilton", "suicide"))
_DEMENTIA = frozenset(("dementia", "alzheimer", "alzheimer's", "mmse", "minimental", "mini-mental", "cdr", "reisberg"))
_BIRTH_WITHIN = 14


def meant(context: Context, named: Variable, at: int, end: int) -> Variable | None:
    """Return the variable that the name at some tokens means, or None where it means none that is known."""
    told = _TOLD.get(named.name)
    return named if told is None else told(context, named, at, end)


def bare(context: Context, named: Variable, at: int, end: int) -> bool:
    """Return whether a name without a limit says nothing of its variable."""
    if end - at == 1 and context.tokens[at].word in _LIMITED:
        return True  # "ACR criteria", "use of ASA", "macular PCV": neither a ratio nor a class
    if named.name == "smoking pack-years" and context.norm(at) == "history":
        return True  # "a history of smoking": of however much
    if named.name not in _CELLS or not _COUNTED.isdisjoint(context.norms[at:end]):
        return False
    end = context.explain(end, named, at)
    near = context.norms[max(0, at - _NEAR) : end + _NEAR]
    given = "without" not in near and any(word.startswith(_GIVEN) for word in near)
    return given or (not context.norm(end - 1).endswith("s") and _is_noun(context, end))


def ratio(context: Context, one: Variable, other: Variable) -> Variable | None:
    """Return the variable that two are with a slash between them."""
    name = _RATIOS.get((one.name, other.name))
    return None if name is None else context.variables[name]


def _is_noun(context: Context, at: int) -> bool:
    """Return whether a word goes on with a name, so that the name only says of what: "red blood cell casts"."""
    if at >= len(context.tokens) or context.tokens[at].kind != "w":
        return False
    word = context.norm(at)
    return word not in _NO_NOUN and CUES.longest(context.norms, at) is None


def _lettered(context: Context, named: Variable, at: int, end: int) -> Variable | None:
    lettered = context.norm(end) in ("a", "b", "c") and context.source[context.tokens[end].start] in "ABC"
    return context.variables["child-pugh class"] if lettered else named


def _caps(context: Context, named: Variable, at: int, end: int) -> Variable | None:
    return context.variables["clinician-administered ptsd scale"] if context.tokens[at].word == "CAPS" else named


def _plusses(context: Context, named: Variable, at: int, end: int) -> Variable | None:
    """Return that "proteinuria ≥ 2+" is what a dipstick shows, and no amount."""
    for place in range(end, min(end + _PLUS_WITHIN, len(context.tokens) - 1)):
        one, other = context.tokens[place], context.tokens[place + 1]
        if one.kind == "n":
            plus = other.norm == "+" and other.start == one.end
            return context.variables["dipstick proteinuria"] if plus else named
    return named


def _deterioration(context: Context, named: Variable, at: int, end: int) -> Variable | None:
    """Return which GDS is meant: beside a dementia and no depression, that of its stages."""
    if context.norms[at:end] != ["gds"] or not _MOODS.isdisjoint(context.norms):
        return named
    return named if _DEMENTIA.isdisjoint(context.norms) else context.variables["global deterioration scale"]


def _prostate(context: Context, named: Variable, at: int, end: int) -> Variable | None:
    """Return which IPSS is meant; of both diseases, the text does not tell."""
    if "ipss" not in context.norms[at:end] or _MARROW.isdisjoint(context.norms):
        return named
    return None if not {"prostate", "prostatic", "bph"}.isdisjoint(context.norms) else context.variables[_MDS]


def _viral(context: Context, named: Variable, at: int, end: int) -> Variable | None:
    """Return that a viral load is of HIV unless another virus is named nearest, before it or right behind."""
    if any(word.startswith("hiv") for word in context.norms[at:end]):
        return named
    for word in (*context.norms[end : end + 3], *reversed(context.norms[:at])):
        if word in _HIV:
            return named
        if word in _VIRUSES:
            return None
    return named


def _scale(context: Context, named: Variable, at: int, end: int) -> Variable | None:
    """Return that a scale of no name is one of pain where the criterion speaks of pain."""
    words = context.norms
    if any(word.startswith(("pain", "nprs")) for word in words[at:end]):
        return named
    told = any(word.startswith(("pain", "analg")) or word.endswith(("algia", "dynia")) for word in words)
    return named if told or not _PAINS.isdisjoint(words) else None


def _weight(context: Context, named: Variable, at: int, end: int) -> Variable | None:
    for place in range(end, min(end + _BIRTH_WITHIN, len(context.tokens) - 1)):
        if context.norm(place) in (",", ";", "."):
            break
        if context.norm(place) == "at" and context.norm(place + 1) == "birth":
            return context.variables["birth weight"]
    return named


def _dementia(context: Context, named: Variable, at: int, end: int) -> Variable | None:
    """Return that "CDR III rearrangement" names a part of an antibody."""
    return None if any(word.startswith("rearrang") or word == "clonal" for word in context.norms) else named


def _phosphatase(context: Context, named: Variable, at: int, end: int) -> Variable | None:
    """Return that "SAP" is no score that lost its plural, but an enzyme."""
    return context.variables["alkaline phosphatase"] if context.tokens[at].word == "SAP" else named


def _performance(context: Context, named: Variable, at: int, end: int) -> Variable | None:
    """Return the scale that a bracket behind "performance status" names."""
    if context.norm(end) not in ("(", "[") or not {"ecog", "who", "zubrod"}.isdisjoint(context.norms[at:end]):
        return named
    scale = next((one for one in context.norms[end + 1 : end + 3] if one in _SCALES), None)
    return named if scale is None else context.variables[f"{scale.title()} performance status"]


_SCALES = frozenset(("karnofsky", "lansky"))
_MDS = "ipss risk score"
_TOLD: dict[str, Callable[[Context, Variable, int, int], Variable | None]] = {
    "child-pugh score": _lettered,
    "controlled attenuation parameter": _caps,
    "international prostate symptom score": _prostate,
    "hiv viral load": _viral,
    "pain score": _scale,
    "body weight": _weight,
    "saps ii": _phosphatase,
    "ECOG performance status": _performance,
    "clinical dementia rating": _dementia,
    "geriatric depression scale": _deterioration,
    "urine protein excretion": _plusses,
}
