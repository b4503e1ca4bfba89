"""
Phrases of their own: another study, a stage or grade, the result of a test, how many of a list.

::

    other-study = "participation in" kinds* ("trial" | "study")
    staged      = ("stage" | "grade" | …) levels | operator "grade" level
    asked       = "at least" count "of the following"
"""

from __future__ import annotations

from equipoise.criteria.context import Named, reference
from equipoise.criteria.cues import LIGHT, QUALIFIERS
from equipoise.criteria.elements import Element
from equipoise.criteria.grades import worse_than
from equipoise.criteria.kinds import STUDIES
from equipoise.criteria.limits import COMPARING, Comparison, operator_at, tidy
from equipoise.criteria.otherstudies import kind_of_study
from equipoise.criteria.results import RESULTS, Results
from equipoise.rules.nodes import ConceptRef, Predicate
from equipoise.terms.cues import word_set
from equipoise.terms.lexicon import Concept
from equipoise.terms.variables import Variable

_NOT_NOW = word_set("scan.not_now")
_INVESTIGATED = word_set("scan.investigated")
_CANCERS = word_set("scan.cancers")
_TAKING_PART = word_set("scan.taking_part")
_STUDY_KINDS = word_set("scan.study_kinds")

_TAKING = frozenset(
    (
        "part", "in", "concurrently", "simultaneously", "currently", "concurrent", "participation",
        "within", "or", "enrollment", "previous",
    )
)  # fmt: skip
_OTHERS = frozenset(
    (
        "another", "other", "any", "different", "investigational", "a", "an", "concurrent", "interventional",
        "clinical", "previous", "experimental", "trials", "studies", "research",
    )
)  # fmt: skip
_BELOW = frozenset(("the", "these", "following", "below"))
_LISTED = _BELOW | frozenset(
    ["criteria", "conditions", "symptoms", "signs", "factors", "characteristics", "features", ":"]
)

_LESIONS = frozenset(("lesion", "lesions"))
SCALES = frozenset(("stage", "stages", "grade", "grades", "class", "clas", "type", "types"))
_CTCAE = frozenset(("common", "terminology", "criteria", "for", "adverse", "events", "(", ")"))
_CERTAIN = frozenset(
    (
        "confirmed", "suspected", "known", "documented", "possible", "probable", "proven", "presumed", "diagnosed",
        "established", "definite", "presumptive",
    )
)  # fmt: skip
_STATUS = frozenset(
    (
        "history", "presence", "evidence", "current", "currently", "past", "previous", "previously", "prior", "present",
        "active", "ongoing", "concurrent", "existing", "concomitant",
    )
)  # fmt: skip
_PAIRS = {word: group for group in (_STATUS, _CERTAIN) for word in group}
_BETWEEN = frozenset(("of", "a", "any", ",", "the", "clinical", "medical", "strongly", "highly"))


# The classes of heart failure are those of the New York Heart Association, whether it is named or not.
_FAILING = frozenset(("failure", "insufficiency", "chf", "decompensation"))
# A word that none of these begins none of the phrases that are read here.
_MORE = frozenset(("additional", "further", "other"))
_WHICH_CRITERIA = word_set("special.which_criteria")
SPECIAL = frozenset(_PAIRS) | {"diagnosis"} | _TAKING_PART | RESULTS | COMPARING | _MORE


# Behind these, "using X" says who takes it.
_WHO_USES = frozenset(
    (
        "patients", "patient", "subjects", "subject", "participants", "participant", "individuals", "persons", "people",
        "women", "females", "men", "males", "those", "is", "are", "be", "currently", "not", "or", "and", ",", "still",
        "who", "regularly", "actively", "presently", "also", "concurrently", "chronically",
    )
)  # fmt: skip

_MAKING = frozenset(("drug", "medication", "treatment", "therapy", "condition", "agent"))
_MADE = frozenset(("related", "induced", "associated", "mediated"))

# Without a limit these letters name a society and a drug as often as a measurement.


class Special(Results):
    """Reads such phrases."""

    def _staged(self, at: int) -> int | None:
        """
        Read "stage IIIB or IV" and "grade 2 or higher".

        A cancer's stage and a toxicity's grade are measured; of another disease the words qualify its name.
        """
        norm = self.context.tokens[at].norm
        if norm not in SCALES and norm not in COMPARING and self.context.tokens[at].kind != "o":
            return None
        context, word = self.context, norm.rstrip("s")
        if word == "cla" and self._graded("class") is not None:
            word = "class"
        op = operator_at(context.tokens, at)
        if op is not None:
            worse = op[0] in (">", ">=") and worse_than(context, self.found, op[1])
            return self._graded_beyond(at, op[1]) or (self._add("quality", at, op[1] + 2) if worse else None)
        if word not in ("stage", "grade", "class", "type"):
            return None
        variable = self._graded(word)
        scale = variable or context.variables.find("cancer stage")
        place = at + 1 + (context.norm(at + 1) in ("of", "is", ":", "="))
        limit = self.measures.levels_at(place, scale) if scale is not None else None
        if (
            limit is None
            and word in ("grade", "stage", "class")
            and (found := context.comparison(place)) is not None
            and found.unit is None
        ):
            limit = found
        if limit is None:
            return None
        ahead = context.named(limit.end + (context.norm(limit.end) in QUALIFIERS))
        if word == "class" and not (ahead is not None and self._is_heart_failure(ahead[0])):
            return None
        if word == "grade" and ahead is not None and isinstance(ahead[0], Concept) and ahead[0].kind == "condition":
            return self._add("quality", at, limit.end)  # "grade 2 neuropathy": of the neuropathy alone
        if variable is None and word == "grade" and not _LESIONS.isdisjoint(token.norm for token in context.tokens):
            return self._lesion_grade(at, limit)
        if variable is not None and word in ("stage", "grade", "class"):
            end = limit.end
            rule = self.measures.predicate(variable, context.span(at, at + 1), limit)
            return self._add("atom", at, end, rule=rule)
        return self._add("quality", at, limit.end)

    def _is_heart_failure(self, named: Named) -> bool:
        return isinstance(named, Concept) and self.context.lexicon.is_a(named.name, "heart failure")

    def _lesion_grade(self, at: int, limit: Comparison) -> int:
        """Read "all lesions must be grade II or III": a measure in the text's own words."""
        span = self.context.span(at, limit.end)
        rule = Predicate(
            kind="measurement", concept=ConceptRef("lesion grade", span=self.context.span(at, at + 1)), op=limit.op,
            value=tidy(limit.value), upper=None if limit.upper is None else tidy(limit.upper), span=span,
        )  # fmt: skip
        return self._add("atom", at, limit.end, rule=rule)

    def _graded_beyond(self, at: int, place: int) -> int | None:
        """Read "greater than grade 2": an operator, the word, the level."""
        context = self.context
        while context.norm(place) in (
            "or",
            "equal",
            "to",
            "ctcae",
            "nci",
            "a",
            "ctc",
            "cytotoxicity",
            "toxicity",
            "who",
            *_CTCAE,
        ):
            place += 1
        word = context.norm(place).rstrip("s")
        variable = self._graded(word) if word in ("grade", "stage") else None
        level = self.measures.level_at(place + 1, variable) if variable is not None else None
        op = operator_at(context.tokens, at)
        if variable is None and word == "grade" and op is not None and op[0] in (">", ">="):
            return self._condition_graded(at, place + 1)
        if variable is None or level is None or op is None:
            return None
        limit = Comparison(op[0], level[0], None, None, None, level[1], context.span(at, level[1]), op[2])
        return self._add(
            "atom", at, level[1], rule=self.measures.predicate(variable, context.span(place, place + 1), limit)
        )

    def _graded(self, word: str) -> Variable | None:
        """Return the scale that the criterion speaks of."""
        norms = {token.norm for token in self.context.tokens}
        if word == "grade":
            toxic = norms & {"toxicity", "toxicities", "ctcae", "ctc", "adverse", "nci"}
            return self.context.variables.find("toxicity grade") if toxic else None
        if word == "class":
            return self.context.variables.find("nyha class") if norms & _FAILING else None
        if norms & _CANCERS or any(
            norm.endswith(("carcinoma", "sarcoma", "lymphoma", "melanoma", "blastoma")) for norm in norms
        ):
            return self.context.variables.find("cancer stage")
        return None

    def _more_criteria(self, at: int) -> int | None:
        """Read "other protocol-defined inclusion/exclusion criteria may apply": only a person knows them."""
        context, end = self.context, at + 1
        if context.norm(at) not in _MORE:
            return None
        while context.norm(end) in _WHICH_CRITERIA and end - at < 9:
            end += 1
        if context.norm(end) != "criteria" or context.norm(end + 1) not in ("may", "might", "could", "can", "will"):
            return None
        end += 2 + (context.norm(end + 2) == "also")
        if context.norm(end) != "apply":
            return None
        name = ConceptRef("other criteria of the protocol", span=context.span(at, end + 1))
        rule = Predicate(kind="administrative", concept=name, span=name.span)
        return self._add("admin", at, end + 1, rule=rule)

    def _either_way(self, at: int) -> int | None:
        """Pass over "confirmed or suspected", "history or current evidence of": either will do."""
        context, place = self.context, at
        group = _STATUS if context.norm(at) == "diagnosis" else _PAIRS.get(context.norm(at))
        if group is None:
            return None
        place += 1
        while context.norm(place) in _BETWEEN or context.norm(place) in ("prior", "previous", "past"):
            place += 1
        if context.norm(place) not in ("or", "/", "and/or") and not (
            context.norm(place) == "and" and context.norm(place + 1) == "/"
        ):
            return None
        place += 1
        while context.norm(place) in ("or", "/", *_BETWEEN):
            place += 1
        if context.norm(place) == "suspicion" and context.norm(place + 1) in ("of", "for") and group is _STATUS:
            return self._add("light", at, place + 2)  # "diagnosis or suspicion of"
        if context.norm(at) == "diagnosis":
            return None
        either = context.norm(place) in group or (context.norm(place) in _PAIRS and context.norm(at) == "known")
        return self._add("light", at, place + 1) if either else None

    def _other_study(self, at: int) -> int | None:
        """Read "participation in another clinical trial"."""
        context = self.context
        if context.norm(at) not in _TAKING_PART:
            return None
        begin = at + 1
        while context.norm(begin) in _TAKING:
            begin += 1
        if "in" not in [context.norm(place) for place in range(at, begin)]:
            return None
        last = self._study_at(begin)
        if last is None:
            return None
        last = self._of_study(last)
        span = context.span(at, last)
        norms = [context.norm(place) for place in range(begin, last)]
        name = ConceptRef("participation in another clinical study", ("clinical trial participation",), span=span)
        rule = Predicate(kind="procedure", concept=name, qualifier=kind_of_study(norms), span=span)
        return self._add("atom", at, last, rule=rule)

    def _study_at(self, begin: int) -> int | None:
        """Return the token behind the words that name another study, or None where they name this one or none."""
        context, end, other = self.context, begin, False
        while end - begin < 9 and context.norm(end) in _STUDY_KINDS:
            other = other or context.norm(end) in _OTHERS
            end += 1
        while end > begin and context.norm(end - 1) not in STUDIES:
            end -= 1
        this = context.norm(begin) in ("the", "this") and context.norm(begin + 1) in STUDIES
        return None if end == begin or not other or this else end

    def _of_study(self, at: int) -> int:
        """Pass over "of an investigational drug or device" behind another study."""
        end = at
        while self.context.norm(end) in _INVESTIGATED:
            end += 1
        while end > at and self.context.norm(end - 1) in (
            "or",
            "and",
            "of",
            "with",
            "a",
            "an",
            "the",
            "for",
            "that",
            "involve",
            "involves",
            "using",
            "any",
        ):
            end -= 1
        return end

    def _asked(self, at: int) -> int | None:
        """Read "at least two of the following": how many of a list must hold."""
        context = self.context
        limit = context.comparison(at)
        if limit is not None and limit.op in (">=", ">") and limit.unit is None and limit.relative_to is None:
            value, end = limit.value + (limit.op == ">"), limit.end
        elif context.tokens[at].value is not None:
            value, end = float(context.tokens[at].value or 0), at + 1
        else:
            return None
        while context.norm(end) in ("additional", "other", "major", "minor", "more", "or") and end - at < 8:
            end += 1
        if context.norm(end) not in ("of", "from") or context.norm(end + 1) not in _BELOW:
            return None
        end += 1
        while context.norm(end) in _LISTED and end - at < 14:
            end += 1
        self.found.append(Element("count", str(int(value)), context.span(at, end), at, end))
        return end

    def _part_of_name(self, at: int, named: Concept, end: int) -> int | None:
        """Read a name that is only part of another: "fasting glucose", "infected with HIV", "metastatic or …"."""
        context = self.context
        following = context.named(end)
        if named.name == "fasting" and following is not None and isinstance(following[0], Variable):
            return self._add("quality", at, end)
        if named.name == "metastatic disease" and context.norm(end) in ("setting", "settings"):
            return self._add("quality", at, end + 1)  # "chemotherapy in the metastatic setting"
        if named.name == "metastatic disease" and end - at == 1 and context.norm(end) in ("or", "and", "/", "and/or"):
            return self._add("quality", at, end)  # "metastatic or advanced pancreatic cancer"
        spread = named.name == "metastatic disease" and end - at == 1 and context.norm(at) == "metastatic"
        if spread and following is not None and isinstance(following[0], Concept) and following[0].kind == "condition":
            return self._add("quality", at, end)  # "metastatic NSCLC"
        if named.name != "infection":
            return None
        by = end + 1 + (context.norm(end + 1) == "the")
        if context.norm(end) in ("with", "by") and self._is_infection(by):
            return self._add("light", at, by)  # "recently infected with HIV"
        infected = context.norm(at) == "infected"
        before = [one for one in self.found[-2:] if not (infected and one.text == "-")]
        said = before[-1].predicate if before else None
        if said is not None and said.kind == "condition" and context.lexicon.is_a(said.name, "infection"):
            return self._add("light", at, end)  # "hepatitis B or C infection", "human … virus (HIV)-infected"
        return self._add("word", at, end) if infected else None  # by what is said elsewhere, or not at all

    def _is_infection(self, at: int) -> bool:
        found = self.context.named(at)
        return (
            found is not None
            and isinstance(found[0], Concept)
            and found[0].kind == "condition"
            and self.context.lexicon.is_a(found[0].name, "infection")
        )

    def _insulin(self, at: int, end: int) -> int:
        """Read "insulin-dependent diabetes": of whatever type."""
        whole = self.context.lexicon.find("diabetes")
        span = self.context.span(at, end)
        name = ConceptRef("diabetes", span=span) if whole is None else reference(whole, span)
        rule = Predicate(kind="condition", concept=name, qualifier=("insulin-dependent",), span=span)
        return self._add("atom", at, end, rule=rule)

    def _is_taken(self, at: int) -> bool:
        """Return whether a treatment follows "taking" or "receiving": it is taken now."""
        before = self.context.norm(at - 1) if at else ""
        if before in _NOT_NOW:
            return False
        using = self.context.norm(at) == "using"
        if using and before and before not in _WHO_USES:
            return False  # "treated using X", "imaging using X": it is the means
        for place in range(at + 1, min(at + 4, len(self.context.tokens))):
            named = self.context.named(place)
            if named is not None:
                kinds = ("drug",) if using else ("drug", "procedure")  # a coil in use was put in long ago
                return isinstance(named[0], Concept) and named[0].kind in kinds
            if self.context.norm(place) not in LIGHT:
                return False
        return False

    def _caused(self, at: int) -> int | None:
        """Read "drug-related" and "treatment-induced", whose first half alone adds nothing."""
        made = self.context.norm(at + 1) in _MADE and self.context.norm(at + 2) not in ("to", "with", "by")
        return self._add("word", at, at + 2) if made and self.context.norm(at) in _MAKING else None
