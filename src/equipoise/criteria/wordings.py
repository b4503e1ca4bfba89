"""
Wordings that mean something else than what they name, as patterns; `equipoise.criteria.pitfalls` says which count.

Each pattern stands behind the words without one of which it cannot be found: most criteria have none of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from equipoise.criteria.oddities import ODDITIES

_KIN = r"(?:relatives?|offspring|siblings?|brothers?|sisters?|(?:grand)?parents?|family members?)"
_METHODS = r"(?:ct|mri|mr|x-?rays?|radiograph\w*|tomography|imaging|ultraso\w+|resonance|scans?|endoscopy|angiography)"
_LENGTH = r"(?:\d+|one|two|three|four|five|six|few)?[- ]?(?:hours?|days?|weeks?|months?|years?)"
_WORD = re.compile(r"[a-z]+")
# A blank of a pattern is white space of any length, for lines break anywhere; not so in a set, or in what looks back.
_SPACED = re.compile(r"\[[^\]]*\]|\(\?<[!=](?:[^()]|\([^()]*\))*\)| ")
# "Treated with or exposed to …"
_WITH_OR = tuple(f"{word} {joint}" for word in ("with", "to", "by") for joint in ("or ", "and ", "and/"))


class Wording:
    """
    A pattern, and the words of which one must stand in the text.

    *holds*: one of these strings must, too. They tell a pattern that takes long to fail, and whose words are common.
    """

    def __init__(self, needs: str, pattern: str, *, holds: Sequence[str] = ("",)) -> None:
        self.needs = frozenset(needs.split())
        self.pattern = re.compile(
            _SPACED.sub(lambda found: found.group() if len(found.group()) > 1 else r"\s+", pattern)
        )
        self.holds = holds

    def found_in(self, words: str) -> re.Match[str] | None:
        """Return where the wording stands in a text in small letters that has one of its words."""
        for held in self.holds:
            if held in words:
                return self.pattern.search(words)
        return None

    def search(self, words: str, said: AbstractSet[str]) -> re.Match[str] | None:
        """Return where the wording stands in a text in small letters; *said* are its words."""
        return None if self.needs.isdisjoint(said) else self.found_in(words)


def words_of(text: str) -> frozenset[str]:
    """Return the words of a text in small letters.

    >>> sorted(words_of("two weeks, or 3"))
    ['or', 'two', 'weeks']
    """
    return frozenset(_WORD.findall(text))


def always_in(said: AbstractSet[str]) -> list[Wording]:
    """Return those of `ALWAYS`, in their order, of which a text holds a needed word; *said* are its words."""
    return [ALWAYS[place] for place in sorted({place for word in said for place in _PLACES.get(word, ())})]


ALWAYS = (
    Wording(
        "defined",
        # "Acute disease is defined as any acute condition including fever" only gives examples of it.
        r"\bdefined (?:as|by)\s*:?\s*\Z|\b(?:is|was|were) defined (?:as|by)\b"
        r"(?! (?:the )?(?:presence of )?any [\w -]{3,60}?,? (?:including|such as)\b)|\bare defined by\b",
    ),
    Wording(
        "diagnosis diagnosed presence evidence",
        r"\b(?:diagnos(?:is|ed)|presence|evidence) (?:of )?(?:and/)?or (?:prior |previous |current )?"
        r"(?:treatment|therapy|treated)\b",
        holds=("treat", "therapy"),
    ),
    Wording(
        "relative relatives offspring sibling siblings brother brothers sister sisters parent parents grandparent"
        " grandparents family",
        rf"\b{_KIN} (?:of|with|who|whose|has|have|had|diagnosed|affected|suffering)\b"
        rf"|\b(?:first|second)[- ]degree {_KIN}\b",
    ),
    Wording(
        "mother mothers father fathers spouse husband wife caregiver caregivers",
        r"\A\W*(?:the |a )?(?:biological |birth |child'?s |infant'?s )?"
        r"(?:mothers?|fathers?|spouse|husband|wife|care-?givers?)\b (?:suffering|with|has|had|having|is|are|was|were"
        r"|who|diagnosed|affected|on|taking|receiving|treated|aged|must|should)\b",
    ),
    Wording("contact contacts", r"\b(?:contacts?|living|lives?) with (?:the following|an? |any |other )?"
        r"(?:person|people|individual|patient|subject|child|anyone|someone|somebody|high[- ]risk|pregnant|infant)"),
    Wording(
        "contact contacts exposure exposed",
        r"\b(?:contacts?|exposure|exposed) (?:with|to|of) (?:(?!a )[\w-]+ |a ){0,6}(?:cases?|patients?|persons?"
        r"|people|individuals?|someone|somebody|anyone)\b",
    ),
    Wording(
        "considered",
        r"\b(?:being|been|is|are) considered for (?!(?:the |this )?(?:study|trial|participation|inclusion))",
    ),
    Wording(
        "performed done collected obtained conducted assessed measured evaluated",
        r"\bwill (?:also )?be (?:performed|done|collected|obtained|conducted|assessed|measured|evaluated)\b",
        holds=("will",),
    ),
    Wording(
        "considered",
        r"\bconsidered (?:to be )?(?:(?:women )?(?:not )?(?:of )?(?:non-?\s?)?child-?\s?bearing|post-?\s?menopausal"
        r"|(?:surgically )?sterile|infertile)",
    ),
    Wording(
        "suitable",
        r"\bsuitable for (?!(?:the |this )?(?:study|trial|participation|inclusion|enrol))[^.;,:]{0,60}\b(?:or|and)\b",
    ),
    Wording(
        "inconspicuous unremarkable uneventful",
        r"\b(?:inconspicuous|unremarkable|uneventful)\b[^.;,]{0,20}\b(?:anamnesis|history)\b",
    ),
    Wording("whether", r"(?<!regardless of )(?<!irrespective of )(?<!no matter )\bwhether\b(?! or not)"),
    Wording(
        "caregiver caregivers spouse husband wife roommate",
        r"\b(?:care-?givers?|spouse|husband|wife|roommates?) (?:currently |actively )?"
        r"(?:using|with|who|has|have|had|is|are|taking|smok\w+|diagnosed|suffering)\b",
    ),
    Wording("than", r"\bother than [\w\s-]{3,60}? (?:that|which) (?:was|were|is|are|has|have|had)\b"),
    Wording("least minimum", r"\b(?:at least|minimum of|minimum) \d\s?[-–]\s?\d\b(?!\s?(?:%|/|x|×))"),
    Wording(
        "above over greater higher more",  # "0.3 mg/dL above ULN" is no limit of 0.3
        r"\d\s?(?:%|(?:mg|g)\s?/\s?d?l|[uµμn]mol\s?/\s?l|(?:i?u|units?)\s?/\s?m?l)"
        r" (?:above|over|(?:greater|higher|more) than) (?:the )?(?:\w+ )?(?:[ul]ln|unl|(?:upper|lower) limit)",
    ),
    Wording("copies cp iu", r"(?<![\d.,])10[3-9]\s?(?:copies|cp|iu)\b"),  # a power of ten whose sign was lost
    Wording("stable", r"\bnot (?:currently )?(?:been )?(?:on|receiving|taking|using) (?:an? )?stable\b"),
    Wording(
        "map arterial",
        r"\b(?:for|to (?:maintain|keep|achieve|sustain|reach)) (?:an? |the )?(?:map|mean arterial)\b",
    ),
    Wording(
        "child infant baby children",
        r"\b(?:have|has|having|with) (?:at least )?(?:one|a|1) (?:child|infant|baby)\b[^.;]{0,20}\d"
        r"|\d for [^.;]{0,40}\bchildren\b[^.;]{0,60}\d for [^.;]{0,40}\bchildren\b",
    ),
    Wording("all", r",? for all [^.,;:]{0,30}\b(?:patients|subjects|participants|cases)\b"),
    Wording(
        "women females men males female male",
        r"\A\W*for (?:all )?(?:women|females?|men|males?)\b[^,:;.]{0,60}"
        r"\b(?:will|is|are|should|shall|needs?|has)\b|,\s*for (?:any |all )?"
        r"(?:females?|women|those|subjects|patients|participants) (?:of|with) child",
    ),
    Wording("person persons people", r"\bfor (?:a |any )?(?:persons?|people) (?:of|with) child"),
    Wording(
        "fertile women men female females male males",
        r"\b(?:required|needed) (?:of|for|in) (?:all )?(?:fertile|(?:wo)?men|(?:fe)?males?)\b",
    ),
    Wording("eligible ineligible", r"\b(?:not |in)eligible if\b[^:]{6,}"),
    Wording("before", r"\bbefore any (?:kinds? of |other )?[^.;]{0,40}\bincluding\b"),
    Wording("investigation", r"\binvestigation(?:al)? drug use\s*:"),
    Wording(
        "while",
        r"\bwhile (?:taking|receiving|on|using|undergoing|participating)\b"
        r"(?! (?:in )?(?:the |this )?(?:study|trial)\b)",
    ),
    Wording("prohibited forbidden", r"\b(?:prohibited|forbidden) from\b"),
    Wording("surgically", r"\bsurgically (?:treated|managed|corrected|removed|resected|repaired)\b"),
    Wording(
        "least minimum more",
        r"\b(?:at least|minimum of) (?:one|two|three|four|five|[1-5])\b(?! of\b)(?: [\w/-]+){0,5}? (?:signs?|symptoms?"
        r"|criteri\w+|factors?|features?|abnormalit\w+|conditions?|findings?|characteristics?|manifestations?"
        r"|parameters?|indications?|comorbidit\w+)\b[^.:;,]{0,30}[:.]"
        r"|\b(?:one|two|three) or more (?!of\b)(?:[\w/-]+ ){0,4}?(?:signs?|symptoms?|criteri\w+|factors?|features?"
        r"|abnormalit\w+|conditions?|findings?|comorbidit\w+)\b[^.:;,]{0,30}:",
    ),
    Wording(
        "might may could can would",
        r"\b(?:might|may|could|can|would) (?:deteriorate|worsen|flare|be (?:worsened|exacerbated|aggravated))\b"
        r" (?:when|while|with|by|upon|during|under|due|from|if|as)\b",
    ),
    Wording("note", r"[\w*)] ?note ?: ?\*?for "),
    Wording("non", r"\b([a-z]{4,}) and non[- ]?\1\b"),  # "cirrhotic and non-cirrhotic": either will do
    Wording("expected", r"\bexpected to (?:have|develop|experience) "
            r"(?!(?:an? |any |major |elective )*(?:surg|operat|surviv|life))"),
    Wording("relative", r"\b(?:relative or absolute|absolute or relative) contra-?indications?\b"),
    Wording("related", r"\brelated to (?:a|an|another) (?:patient|person|subject|individual|proband)\b"),
    Wording(
        "evaluation evaluated workup work worked screened investigated presenting",
        r"\b(?:evaluat(?:ion|ed)|work-?up|worked up|screened|investigated|presenting for screening)"
        r" for (?!the study\b)",
    ),
    Wording("negative", r"\bnegative (?:past |medical |personal |family )*histor(?:y|ies) (?:of|for)\b"),
    Wording("requirement requirements", r"\brequirements?\s*:\s*\Z"),
    Wording(
        "drug drugs agent agents medication medications medicine medicines therapy therapies treatment treatments"
        " product products substance substances supplement supplements",
        r"\b(?:drugs?|agents?|medications?|medicines?|therap(?:y|ies)|treatments?|products?|substances?|supplements?)"
        r" (?:that|which|known to|likely to|thought to) (?:are |is )?(?:known to |likely to )?"
        r"(?:may |can |could |might )?"
        r"(?:cause|induce|prolong|affect|inhibit|alter|influence|produce|lead|increase|reduce|control|lower|raise"
        r"|modify|suppress)"
        r"|(?<!associated )(?<!treated )\b(?:therapy|treatment) (?:with|to|by) (?:and/)?(?:or|and) (?!without)",
        holds=(" that ", " which ", " known to ", " likely to ", " thought to ", *_WITH_OR),
    ),
    Wording(
        "drug drugs agent agents medication medications medicine medicines",
        r"\b(?:drugs?|agents?|medications?|medicines?) (?:\w+ly )?associated with\b",
    ),
    Wording(
        "exposure contact treated vaccinated immunized",
        r"(?<!associated )(?<!treated )\b(?:exposure|contact|treated|vaccinated|immunized)"
        r" (?:with|to|by) (?:and/)?(?:or|and) (?!without)",
        holds=_WITH_OR,
    ),
    Wording(
        "planned scheduled intended expected", r"\bnot (?:planned|scheduled|intended|expected) (?:to|for)\b"
    ),
    Wording(
        "ineligible uneligible unfit unsuitable eligible fit suitable candidate candidates",
        r"\b(?:(?:in|un)eligible|unfit|unsuitable|not (?:eligible|fit|suitable|a candidate)|(?:not )?candidates?)\b"
        r"[^.,;:]{0,14}\b(?:for (?!(?:the|this) (?:study|trial))|to (?:receive|undergo|tolerate|take)\b)",
    ),
    Wording(
        "first",
        rf"\b(?:in|within|during) (?:the |their |its )?first {_LENGTH}\b"
        r"(?! (?:of|after|following|from|since|post)\b(?! life))",
    ),
    Wording("donor donors", r"\A\W*(?:the )?(?:[\w-]+ ){0,2}donors?(?! site)\b|\bdonors?\s*:"),
    Wording(
        "family families degree relatives siblings parents",
        r"\b(?:in|among|within) (?:at least one |any |a |one |their |the |his or her |close |member of )*"
        r"(?:(?:members? of )?(?:the |their )?(?:immediate |nuclear )?famil(?:y|ies)\b|(?:first|second)[- ]degree"
        r"|relatives\b|siblings\b|parents\b|family members?\b)"
        r"|\bhistory (?:\(or|or|and/or|and) (?:a )?family(?: medical)? histor"
        r"|\bhistory \(or family|\bfamily(?: medical)? histor(?:y|ies) (?:of )?(?:or|and|/|and/or) "
        r"|\bfamily (?:or|and|/|and/or) (?:personal|medical|past)"
        r"|\b(?:personal|medical|own|patient|past)(?: medical)?(?: history)?(?: of)?(?: or |, | and |/| and/or )"
        r"(?:a )?family(?: medical)? history",
    ),
    Wording(
        "medication drug agent inhibitor antagonist agonist",
        r", an? [^,.;]{3,40}\b(?:medication|drug|agent|inhibitor|antagonist|agonist)\W*\Z",
    ),
    Wording(
        "enrolment enrollment enrolled participation participated inclusion included randomized randomised"
        " randomization",
        r"\b(?:previous(?:ly)?|prior|earlier|already|past) (?:\w+ )?(?:enrol\w*|participa\w*|inclu\w*|random\w*) "
        r"(?:in|into) (?:this|the) (?:same |present |current )?(?:study|trial)\b(?! (?:drug|treatment|medication))"
        r"|\bother\b[^.;,]{0,60}\b(?:are|is|were|will be|can be|may be) included\b",
    ),
    Wording(
        "all every each",
        # "Allergies to all contrast agents" means any of them, and is not here.
        r"\b(?:(?:intoleran\w+|fail\w*|contraindicat\w+|refractory|resistan\w+|treated|treatment|therapy)"
        r" (?:to|of|with|by) (?:all|every|each)|(?:allerg\w+|hypersensitiv\w+) to (?:every|each))\b"
        r"(?! (?:of the following|patients|subjects|participants|components))",
    ),
    Wording(
        "dosing dosed treatment treated administration exposure",
        r"\b(?:previous(?:ly)?|prior|earlier|already|past) (?:dos(?:ing|ed)|treat(?:ment|ed)|administration|exposure)"
        r" in this (?:same |present |current )?(?:study|trial)\b",
    ),
    Wording("follow followup", r"\bin follow[- ]?up for\b"),
    Wording("arrival", r"\barrival (?:to|at|in|into) (?:the )?(?:pacu|post|recovery|icu|intensive|operating|ward)"),
    Wording("protocol", r"\bprotocol[- ](?:specified|defined) criteria for [^.;,]{3,40}\band\b"),
    Wording("during", r"\bduring (?:the |an? )?[\w-]+(?: [\w-]+){0,2} or (?:the )?hospital stay\b"),
    Wording("considered", r"\b(?:were|was) considered eligible\b"),
    # A histology is what the tumor is, and not that somebody looked.
    Wording("other", r"\bhistolog\w+(?: diagnos[ei]s| (?:sub-?)?types?)? other than\b"),
    Wording("cannot can", r"\b(?:cannot|can not) be (?:performed|done|undertaken|carried out)\b"),
    Wording("positive", r"\b(?:positive (?:and/)?or negative|negative (?:and/)?or positive)\b(?! for)"),
    Wording(
        "group groups arm arms cohort cohorts part parts",
        r"\b(?:group|arm|cohort|part)s? (?:\d|[a-d]|i{1,3})\b[^.:;]{0,30}\b(?:must|only|should|will)\b",
    ),
    *(Wording(needs, pattern) for needs, pattern in ODDITIES),
)  # fmt: skip

# In which of them a word is needed: one look for each word of a text, in place of one for each wording.
_PLACES: dict[str, list[int]] = {}
for _place, _wording in enumerate(ALWAYS):
    for _needed in _wording.needs:
        _PLACES.setdefault(_needed, []).append(_place)

# Heads whose items are of somebody else: of whom the patient lives with, or meets.
OF_OTHERS = re.compile(
    r"\bcontacts?\b[^.;:]{0,50}\bwith\b|\bhousehold (?:members?|contacts?)\b|\b(?:living|lives?) with\b"
    r"|\bcar(?:ing|es?) for\b"
    r"|\b(?:family members?|relatives|siblings|parents|partners?)\b[^.;:]{0,40}\b(?:with|have|has|who|had)\b"
)

# A sign, or a line break, was lost.
BROKEN = re.compile(r"\?\s?(?:grade|stage|class|\d)|,\s*\*\s")

# "80-109/L" and "1.5-109 /L": ten to the power of nine, and no range.
POWER = re.compile(r"\d\s?-\s?10(?:3|6|9|12)\s?/\s?(?:l|ml|dl|[uµμ]l|mm)")

NEGATIVE = Wording("negative", r"\b(?:is|are|was|were|be) (?:all )?negative\b(?! for)")
CAUSES = Wording(
    "due caused secondary related associated resulting",
    r"\b(?:due to|caused by|secondary to|related to|associated with|resulting from) [^,;.()]{3,40},[^;.()]*"
    r"\b(?:or|and)\b",
)
BETWEEN = Wording("between", r"\b(?:interval|time|period|delay|gap)s? (?:elapsed )?between\b")
SCANNED = Wording(
    "week weeks",
    r"\b(?:examinations?|scans?|ultraso\w+|visits?|screening|tests?|delivery|biops\w+|amniocentesis|procedures?"
    r"|measured|performed|done|diagnosed|detected|loss|abortions?|miscarriages?|deaths?)\b[^.;,]{0,25}"
    r"\b(?:at|between|before|after|from|within)\b[^.;,]{0,30}\bweeks?\b",
)
BOTH_SEXES = Wording(
    "men males",
    r"\b(?:men|males) (?:or|and|and/or|/) (?:fertile )?(?:women|females) (?:of|with) (?:child|reproductive)",
)
LIMITED = Wording(
    "limit limits limited limiting restrict restricts restricting preclude precludes precluding impede impedes",
    r"(?<!-)\b(?:limit(?:s|ed|ing)?|restrict(?:s|ing)?|preclud(?:es?|ing)|impedes?) "
    r"(?!(?:to|by|of|at|for|in|on|and|or)\b)"
    r"(?:the |their |his |her |any |daily |normal |use of |performance of |participation in"
    r" |(?:ability|capacity) to (?:undergo|have|perform|receive|tolerate|take) )*",
)
STOPPED = Wording(
    "discontinuation discontinued discontinuing cessation withdrawal interruption withholding stopping stopped refusal"
    " refused refusing omission lack unavailability availability",
    r"\b(?:discontinu(?:ation|ed|ing)|cessation|withdrawal|interruption|withholding|stopp(?:ing|ed)|refus(?:al|ed|ing)"
    r"|omission|lack|unavailability|availability) (?:of |from |with )?(?:the |their |any |all |prior |previous )*",
)
# "Adverse reactions to statins": to these, and whoever takes them may have had another.
REACTED = Wording(
    "adverse toxic",
    r"\b(?:adverse|toxic) (?:drug )?(?:effects?|events?|reactions?) (?:associated )?(?:with|to|from|on|after|by|of)"
    r" (?:the |any |past |previous |prior |use of |a |an )*",
)
EITHER_TEST = Wording(
    "ige sige spt prick",
    r"\b(?:prick tests?|spt|s?ige)\b[^.;,]{0,12} (?:and/)?or (?:\w+ ){0,3}?(?:s?ige|prick tests?|spt)\b",
)
REACTS = Wording(
    "ige sige spt prick skin sensitization sensitisation sensitized sensitised reactivity challenge",
    r"\b(?:s?ige|ige antibod\w+|prick tests?|spt|skin tests?|sensiti[sz]ation|sensiti[sz]ed|reactivity|challenge)\b"
    r"[^.;]{0,30}\b(?:to|for|against|with)\b",
)
SCREENED = Wording(
    "screen screens screening",
    r"\bpositive (?:[\w'-]+ ){1,4}?screen(?:s|ing)?\b|\bpositive screen(?:ing)? (?:for|of) ",
)
UNFIT = Wording(
    "exercise exercising exercises",
    r"\b(?:disab\w+|prevent\w*|preclud\w*|limit\w*|restrict\w*|impair\w*|interfer\w+)\b[^.;,]{0,40}\bexercis\w+",
)
_ABUSED = r"(?:cocaine|(?:meth)?amphetamines?|marijuana|cannabis|thc|opi(?:ates|oids)|lsd|ketamine|mdma|heroin)"
PHENCYCLIDINE = Wording(
    "pcp",
    rf"\b(?:{_ABUSED}|primary care)\b[^.;]{{0,60}}\bpcp\b|\bpcp\b[^.;]{{0,60}}\b{_ABUSED}\b"
    r"|\bpcp (?:use|abuse|office|practice|visits?|clinic|does|has|is|within)\b",
)
SWALLOWED = Wording("swallow", r"\b(?:unable|inability|not able) to swallow\b")
# The remission has lasted, and what it is of has not.
REMITTED = Wording("remission", r"\bremission (?:for|lasting|of)\b")
GIVEN_OR_TO_BE = Wording(
    "will planned planning scheduled expected",
    r"\b(?:received|had|been|undergone|taken|used|undergoing|receiving) or (?:will|(?:is|are) \w+)\b",
)
INDUCER = Wording("inducer inducers", r"\binducers?\b")
# Wider than an allergy: who has one had such a reaction, but not the other way round.
ADVERSE = re.compile(r"\badverse (?:drug )?(?:reactions?|effects?|events?)\b", re.IGNORECASE)
COUNTING = Wording(
    "only included enrolled recruited selected will",
    r"\A\W*only\b|\ball (?:women|females?|men|males?|patients|subjects|participants)\b[^.;:]{0,60}"
    r"(?<!who )(?<!that )\bwill (?:have|undergo|need|use|be (?:tested|asked|required|given|screened))\b"
    r"|\b(?:were|was|are|is|will be|shall be) (?:included|enrolled|recruited|selected)\b"
    r"(?! in (?:another|other|an))",
)
MOMENT = Wording(
    "receipt receiving start starting initiation initiating use administration commencement completion end time"
    " each every",
    r"\bat the time of (?:the |this |any )?"
    r"(?=\w+ (?:draw|collection|sampling|donation|test|scan)|sampling|biopsy)"
    r"|\b(?:prior to|before|until|after|following|at the time of) (?:the |any |their )?(?:first |last )?"
    r"(?:receipt|receiving|start|starting|initiation|initiating|use|administration|commencement|completion|end)"
    r" (?:of )?|\b(?:prior to|before|after|following) (?:each|every) ",
    holds=("prior to ", "before ", "until ", "after ", "following ", "at the time of "),
)
FOUND = re.compile(
    rf"\b{_METHODS}\b[^.;,]{{0,45}}\b(?:suggest\w*|show\w*|reveal\w*|indicat\w*|demonstrat\w*|evidence of|signs? of"
    r"|findings?|consistent with|compatible with)\b"
)
