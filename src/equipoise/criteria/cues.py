"""
The words that make logic of a criterion, and those that add nothing to it.

A phrase has one cue; the longest phrase at a token decides. What is neither a cue, nor light, nor in a
table or the lexicon is a word that matters: it is kept as a qualifier or left, never passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from equipoise.criteria.tokens import Token

# What a phrase does to what stands around it.
_CUES = {
    # The list to the right does not hold.
    "not": "no|not|without|absence of|free of|free from|free of any|negative for|lack of|lacking|never|denies|ruled out for|neither|nor|none"
    "|no evidence of|no history of|no known|no prior|no previous|no current|no active|without any|without evidence of|without prior"
    "|without a history of|without history of|with no|has no|have no|do not have|does not have|must not have|not have|should not have"
    "|who do not have|has not had|have not had|had no|cannot have|no sign of|no signs of|no clinical evidence of|no concurrent"
    "|no clinical signs of|no evidence for|no known history of|no past history of|no personal history of|no concomitant|no other"
    "|has not received|have not received|not received|must not have received|not have received|not received any|not be receiving|not be"
    "|must not be|should not be|cannot be|are not|is not|not be on|not currently receiving|not currently|not taking|naive to|who are not"
    "|who is not|not have any|not have had|no more|not had|must have no|have had no|has had no|in the absence of|not to have|not having"
    "|no requirement for|no need for|not requiring|not undergoing|have never had|has never had|never had|have never received|never received"
    "|without known|without current|without active|without concurrent|without concomitant|not on|not using|not receiving|not known to have"
    "|and no|but no|but without|and without|lack of any|absence of any|no use of|have not been|has not been|not been|not being|may not be"
    "|may not have|no documented|no recent|no any|no significant|no clinically significant|who did not|did not|do not|does not|did not have"
    "|no indication of|no suspicion of|not suffering from|not previously|must not|should not|cannot|can not|may not|will not|would not",
    # What follows is taken out again.
    "except": "except|except for|excepting|excluding|with the exception of|other than|apart from|but excluding|but not including"
    "|not including|exclusive of|with exception of|aside from|with the exceptions of|exception|exceptions|exception of|excepted|besides|not counting"
    "|with the following exceptions|exceptions include|exceptions to this include|exceptions are|exception is|exceptions being|save for|not including the"
    "|this does not include|does not include|exception being|exceptions to this are|exception to this is|exclude|and excluding",
    "unless": "unless|except if|except when|except in case of|except in the case of|except in cases of|except where|except those who|except those with|unless they are|unless it is|unless they have|unless there is|unless the|unless due to"
    "|unless otherwise|except that|except patients with|except subjects with|unless patient has|unless treated with",
    # What follows names some of what stands before.
    "example": "eg|such as|for example|including|including but not limited to|include|includes|for instance|like"
    "|including but not restricted to|including without limitation|including any|to include|included|inclusive of|but not limited to|not limited to|for example but not limited to"
    "|such as but not limited to|this includes|these include|which include|which includes|including the following|e g|in particular|particularly|especially|notably|among others",
    # What follows says what is meant by what stands before.
    "define": "ie|that is|namely|defined as|defined by|as defined by|as evidenced by|evidenced by|as measured by|measured by|documented by"
    "|as documented by|confirmed by|as confirmed by|as determined by|determined by|as assessed by|assessed by|as shown by|demonstrated by|as demonstrated by|proven by"
    "|characterized by|meaning|diagnosed by|as indicated by|indicated by|manifested by|is defined as|are defined as|as defined|defined"
    "|which is defined as|as manifested by|established by|as follows|verified by|based on|as diagnosed by|by definition|with documented|as well as documented by"
    "|diagnosed as|diagnosed according to|according to|as per|per|in accordance with|on the basis of|as judged by|specifically|detected by|visible on|seen on|shown on|shown by",
    # The list to the right is what one is allergic to.
    "allergy": "allergy to|allergies to|allergic to|hypersensitivity to|hypersensitive to|hypersensitivity reaction to"
    "|hypersensitivity reactions to|sensitivity to|intolerance to|intolerant to|intolerant of|intolerance of|anaphylaxis to|anaphylactic reaction to"
    "|allergic reaction to|allergic reactions to|anaphylactic reactions to|anaphylactoid reaction to|allergic reactions attributed to"
    "|allergy or hypersensitivity to|hypersensitivity or allergy to|allergy or intolerance to|allergy hypersensitivity to|allergies or hypersensitivity to"
    "|hypersensitivity or intolerance to|intolerance or hypersensitivity to|allergic or hypersensitive to|allergic reactions or hypersensitivity to|hypersensitivity reactions or intolerance to"
    "|adverse reaction to|adverse reactions to|allergy against|sensitive to|hypersensitivity against|allergy or sensitivity to|immediate hypersensitivity to"
    "|intolerance or allergy to|allergy and hypersensitivity to|allergies or intolerance to|allergy or adverse reaction to|sensitivity or allergy to|hypersensitivity or allergic reaction to|allergic response to"
    "|hypersensitivity reaction or allergy to|allergic or intolerant to|hypersensitivity for|allergy for|allergy of|hypersensitivity of|allergies against|reaction to|reactions to|intolerance for|hypersensitivity or contraindication to"
    "|allergic reaction or hypersensitivity to|allergy and intolerance to|sensitization to|sensitized to|hypersensitivity or sensitivity to|anaphylactic response to|anaphylaxis or hypersensitivity to|allergy or contraindication to|allergies and intolerance to",
    "contraindicated": "contra indications to|contra indication to|contra indications for|contra indication for|contra indicated|contraindication to|contraindications to|contraindicated to|contraindication for|contraindications for|contraindication of|contraindications of"
    "|contraindication against|contraindicated for|contraindication to receive|contraindication to the use of|contraindications to the use of|contraindication to undergoing|contraindication to undergo"
    "|contraindications for the use of|contraindications to undergo|contraindications to undergoing|contraindication for the use of|contraindications to use of|contraindication to use of|contraindicated",
    # What follows is why.
    "by": "by|via|by means of|on the basis of|through",
    "cause": "due to|caused by|secondary to|because of|resulting from|related to|associated with|attributable to|as a result of|result of|owing to"
    "|induced by|attributed to|in association with|arising from|in the setting of|as a consequence of|consequent to|originating from|in the context of",
    # What follows is what for.
    "purpose": "to treat|for the treatment of|for treatment of|as treatment for|as treatment of|to prevent|for the prevention of|for prevention of|for the management of|for management of|used for|used to treat|indicated for|as prophylaxis for|for prophylaxis of"
    "|as therapy for|to control|for control of|as prophylaxis against|prescribed for|taken for|given for|used previously to treat|in order to|to reduce|to maintain|for relief of|for the purpose of|aimed at|intended to treat|intended for|to correct|to manage|to support|directed at|for therapy of|as part of|as a treatment for|for the therapy of|as a result",
    # What follows holds as well.
    "with": "with|in combination with|accompanied by|combined with|together with|along with|having|who have|who are|who has|who is|that have|that has|that are|that is|and have|and has|who had|which is|which are|who|whom|whose|which|while|in"
    "|complicated by|complicated with|coexisting with|concomitant with|despite|in spite of|plus|in conjunction with|and who|and with|and having|who were|who was|that were|that was|who have had|who has had|having had|and are|and is|but with|presenting with|present with|plus a|where|when",
    "need": "requiring|that requires|which requires|requires|require|that require|needing|necessitating|treated with|being treated with|in need of|who require|who requires|needs|need for|need of|requirement of|requirement for|receiving|on treatment with|under treatment with|treated by"
    "|currently receiving|currently treated with|who are receiving|who have received|who received|who has received|having received|previously treated with|who are taking|being treated by|managed with|controlled with|controlled by|controlled on|on",
    "or": "or|and or|either|versus|vs|or else|alternatively|or any|or with|or have|or has|or a|or the|or in|or are|or who|or who have|or who are|or having|or other|or any other|or is|or by|or had|or to|or those with|or who has|or patients with|or subjects with|or for|or at|or an|as an alternative",
    "and": "and|as well as|&|and also|in addition to|but also|and any|and a|and the|and other|and an|and in|and all|and at",
    "but": "but|however|although|though|yet",
    "must": "must|must have|must be|should|should be|should have|shall|have to|has to|are required to|is required to|required to|need to|needs to|must also|will be required to|must agree to|should agree to"
    "|must be willing to|agree to|agrees to|will agree to|must have a|must all|must be able to|is required|are required",
    "if": "if|provided that|provided|as long as|only if|in case of|in the case of|in case|in cases of|on condition that|if they|if the|if there is|if they have|assuming|so long as|for those with|for those|even if",
    # The sentence lets someone in that another keeps out.
    "allow": "allowed|is allowed|are allowed|permitted|is permitted|are permitted|acceptable|is acceptable|are acceptable|may be included|may be enrolled|can be included|can be enrolled|are eligible|is eligible|will be allowed|will be permitted"
    "|may participate|may be eligible|may enroll|are not excluded|is not excluded|not excluded|not exclusionary|is not exclusionary|are not exclusionary|will not be excluded|not an exclusion|is not an exclusion|may be considered|can participate|accepted|is accepted"
    "|are accepted|will be accepted|is not considered|does not exclude|do not exclude|ok|is ok|are ok|will be eligible|may still|may be allowed|can be considered|will be considered|may be permitted|is not a reason for exclusion|would be eligible|would be allowed|eligible|not an exclusion criterion|is not an exclusion criterion|are considered eligible|may have|may have had|may receive|may be receiving|may be",
    # The sentence keeps someone out: it adds nothing under Exclusion, and turns the rule under Inclusion.
    "exclude": "will be excluded|are excluded|is excluded|must be excluded|should be excluded|excluded|are not eligible|is not eligible|not eligible|are ineligible|is ineligible|ineligible|not allowed|is not allowed|are not allowed|not permitted|is not permitted|are not permitted|prohibited|is prohibited|are prohibited"
    "|will not be included|cannot be included|will not be eligible|not be eligible|not be included|shall be excluded|would be excluded|are exclusionary|is exclusionary|exclusionary|would exclude|will exclude|is an exclusion|are exclusions|exclusion|is an exclusion criterion|are exclusion criteria|would not be eligible|cannot participate|may not participate|not acceptable|is not acceptable|are not acceptable|will be ineligible|be excluded",
    "aged": "aged|age|ages|age of|age at|aged at|age range|age between|the age of|the age|age from|age group|age limit|years of age|age in years|chronological age|age criteria|patient age|participant age|subject age|current age|ages of|age is|aged from|age range from|age ranges|ages from|age at enrollment|age at screening|age at consent|age at the time of consent|age at time of consent|age at inclusion|age at randomization|age at diagnosis|age at study entry|age at registration|age at entry|age at baseline|aged between|ages between",
    "following": "the following|following|all of the following|any of the following|one of the following|below criteria|these criteria|the following criteria|following criteria|any one of the following|the following conditions|following conditions|one or more of the following|at least one of the following|at least one of|one or more of|any one of|any of|either of the following|either one of the following|one of|each of the following|both of the following|at least 1 of the following|at least 1 of|the following diseases|the below|1 or more of the following|1 of the following|the following characteristics|the following medications",
    # The record says that it says nothing.
    "void": "not specified|none specified|not stated|see disease characteristics|see patient characteristics|see chemotherapy|see radiotherapy|see surgery|see biologic therapy|see general eligibility criteria",
    "over": "for",
}

# By what a person, not a record, answers.
_ADMINISTRATIVE = {
    "informed consent": "informed consent|written informed consent|signed informed consent|consent|consent form|informed assent|assent|written consent|signed consent|give consent|provide consent|giving informed consent|voluntarily sign|consented|informed consent form|icf|sign the informed consent|legally authorized representative|legal representative|legal guardian"
    "|legally acceptable representative|legally authorized representatives|hipaa authorization|affiliation to a social security|affiliated to a social security|social security|health insurance|deprived of liberty|under guardianship|under legal protection|guardianship|curatorship|tutorship|legal protection|proxy|surrogate|signed and dated|informed written consent|informed consents|parental consent|parental permission|written permission|voluntary participation|volunteer to participate|volunteered to participate|voluntarily|written authorization|written assent|legally responsible|judicial protection|safeguard of justice|protected adults|legally incapacitated|incarcerated|prisoner|prisoners|detained|institutionalized by"
    "|subject to legal protection|medical insurance|legal incapacity|limited legal capacity|legal capacity|agreement to participate|agree to participate|agrees to participate|willing to participate|willingness to participate|consenting|capacity to consent|decisional capacity|refused to participate|refusal to participate|refuse to participate|unwilling to participate|decline to participate|declined to participate|patient refusal|patient's refusal|wish to participate|signed the",
    "protocol compliance": "comply|compliance|compliant|adherence|adhere|cooperate|cooperation|cooperative|willing|willing and able|able and willing|willingness|able to understand|ability to understand|able to comply|ability to comply|able to attend|follow up visits|available for follow up|able to follow|study procedures|unable to read|able to provide|ability to provide|able to give|ability to give|unable to give|unable to provide|inability to provide|inability to give|able to undergo|able to perform|able to tolerate|able to return|able to adhere"
    "|able to read|able to complete|able to speak|ability to speak|speak english|fluent in|english speaking|ability to read|ability to complete|unable to comply|inability to comply|unable to understand|inability to understand|unwilling|unwillingness|refusal|refuse|refuses|uncooperative|noncompliance|noncompliant|non compliance|non compliant|study requirements|protocol requirements|able to participate|able to swallow|ability to swallow|access to a telephone|read and write|literate|able to take oral medication|able to take oral"
    "|able to communicate|unable to communicate|ability to communicate|language barrier|language barriers|return for follow up|follow up requirements|reliable|unreliable|unable to participate|inability to participate|unable to complete|inability to complete|unable to cooperate|inability to cooperate|inability to communicate|inability to follow|unable to follow|inability to speak|cannot understand|can understand|understand the|understands the|understand and|follow instructions|complete questionnaires|lost to follow up|follow up|attend all|available for|availability for|availability|accessible for|geographically accessible|geographic proximity|plans to move|planning to move|relocate|moving away|moving out|transportation|access to|owns a|own a smartphone|smartphone|internet access|telephone access|complete the study|study visits|scheduled visits|protocol specified|completion of the study|stay in the area|non cooperation|poor compliance|non adherence|poor adherence|nonadherence|willing to|agree to comply|reside in|residing in|live in|lives in|living in|resident of|native language|mother tongue|native speaker|native speakers|speaks|speaking|written and spoken|understand english|unable to speak|inability to read|illiterate|illiteracy|comprehend|comprehension",
    "investigator's judgement": "investigator|investigators|investigator's|opinion|opinion of|in the opinion of|judgment|judgement|discretion|researcher|researchers|deemed|considered by|physician's opinion|treating physician|attending physician|clinician|principal investigator|unsuitable|not suitable|unsuitability|inappropriate|suitable for|suitability|in the judgment of|physician's judgment|pi|judged by the|study physician|study doctor"
    "|confound|confounding|confounds|jeopardize|jeopardise|jeopardizes|interfere|interferes|interfering|interference|inadvisable|any other condition|any other reason|other reasons|any condition that|any condition which|any condition|any reason|not be appropriate|undue risk|unacceptable risk|study staff|sponsor employee|employee|employees|site personnel|site staff|family member of|family members of|immediate family|relatives of|impair the|compromise the|put the|place the|affect the|limit the|influence the|hinder|hamper|preclude|precludes|precluding|affecting the|may affect|could affect|might affect|would affect|impact the|prevent the|pose a risk|increase the risk|increased risk|at risk|safe participation|safety of the|safety or|evaluation of|interpretation of|assessment of the study|medically unfit|not appropriate|judged to be|deemed by|deemed to be|considered unsuitable|considered inappropriate|considered to be|considered suitable|unfit|unable to be|best interest|not in the best|vulnerable|vulnerable populations|vulnerable population|medically stable|candidate for the study|good candidate|good general health|generally healthy|general health|good health|healthy as determined|in good health|poor prognosis|poor candidate|risk assessment",
}

# Words before (or after) a concept that say how much of it, how sure, of what kind: kept in the text's words.
QUALIFIERS = frozenset(
    """
    severe moderate mild moderately severely mildly uncontrolled controlled unstable stable active acute subacute chronic recent planned suspected refractory recurrent
    relapsed relapsing persistent progressive advanced metastatic symptomatic asymptomatic untreated treated serious significant major minor primary secondary
    congenital acquired hereditary familial inherited scheduled elective emergency emergent urgent bilateral unilateral left right systemic local localized locally
    topical oral orally intravenous iv inhaled nasal intranasal injectable injected parenteral intramuscular subcutaneous intrathecal intraarticular high low long short term
    dose doses regular daily newly new first second third fourth onset late early end moderate-to-severe poorly inadequately well adequately ongoing threatening life resectable unresectable operable inoperable measurable evaluable
    adequate inadequate impaired abnormal decompensated compensated worsening difficult intractable resistant resistance critical critically invasive noninvasive
    potential possible probable definite investigational experimental therapeutic prophylactic intermittent paroxysmal permanent intermediate complete incomplete
    partial total unwitnessed witnessed cardiogenic spontaneous traumatic iatrogenic idiopathic maintenance induction adjuvant neoadjuvant palliative curative
    definitive standard alternative traditional strong potent live attenuated systemically sustained prolonged frequent repeated multiple single high-risk low-risk
    extensive massive diffuse focal deep superficial proximal distal upper lower anterior posterior middle peripheral central internal external dominant large small medium
    excessive heavy occasional current previous prior past recently previously currently elevated increased decreased reduced raised low-dose high-dose
    positive reactive detectable undetectable overt subclinical clinical latent unexplained unknown undiagnosed unresolved residual isolated combined mixed
    non isolated solitary relevant important established preexisting underlying intolerant planned anticipated expected imminent impending pending intended
    negative negatively urine serum blood plasma excess marked mild-to-moderate concurrent concomitant coexisting simultaneous additional extracranial intracranial extrahepatic intrahepatic
    """.split()
)

# Qualifiers that change nobody: they say that the fact is one, or is in the record.
EMPTY = frozenset(
    """
    known documented confirmed clinically significant serious major current previous prior past preexisting existing concomitant concurrent established
    diagnosed clinical proven evident relevant important other previously currently ongoing coexisting simultaneous additional apparent obvious actual certain
    urine serum blood plasma particular specific medically underlying present medical overt
    """.split()
)

LIGHT = frozenset(
    """
    a an the of to by as is are was were be been being has have had having do does did will would can could may might
    who whom whose that this these those there it its they their them he she his her any all some each every both another such same own also only just even still already
    patient patients subject subjects participant participants individual individuals person persons people volunteer volunteers candidate candidates one ones men women man woman
    adult adults patient's subject's participant's case cases
    history histories hx presence present presents presenting evidence diagnosis diagnosed diagnoses known documented confirmed confirmation established medically clinically clinical
    condition conditions status sign signs suffering suffer suffers suffered experienced experience experiencing experiences
    use used using user users uses taking take takes taken took receive receives received receiving treatment treatments therapy therapies undergo undergoes undergoing undergone underwent
    admitted hospitalised prior previous previously past current currently presently at for into onto within per
    eligible eligibility criteria criterion inclusion include meet meets meeting fulfilling fulfil fulfill fulfills enrolled enroll enrollment enrolled study trial
    then than so thus therefore well etc least s t same ie following follows during time very
    medication medications drug drugs medicine medicines agent agents administration administered form forms kind type types kinds
    regardless irrespective minimum maximum gender sex race ethnicity inclusive considered defined definition documentation
    either whether respectively about approximately not-otherwise in on with other others
    """.split()
)

FEMALE = frozenset("female females woman women women's girl girls".split())
MALE = frozenset("male males man men men's boy boys".split())
JOINTS = {",": "comma", ";": "stop", "/": "slash", ":": "colon", "&": "and", "+": "and", "-": "dash"}


def _phrases(text: str) -> Iterator[tuple[str, ...]]:
    for phrase in text.split("|"):
        yield tuple(phrase.split())


class Cues:
    """Cues by phrase, the longest first."""

    def __init__(self) -> None:
        self._cues: dict[tuple[str, ...], tuple[str, str]] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        for name, text in _CUES.items():
            for phrase in _phrases(text):
                self._add(phrase, (name, ""))
        for name, text in _ADMINISTRATIVE.items():
            for phrase in _phrases(text):
                self._add(phrase, ("admin", name))

    def _add(self, phrase: tuple[str, ...], cue: tuple[str, str]) -> None:
        if phrase and phrase not in self._cues:
            self._cues[phrase] = cue
            known = self._lengths.get(phrase[0], ())
            if len(phrase) not in known:
                self._lengths[phrase[0]] = tuple(sorted((*known, len(phrase)), reverse=True))

    def longest(self, tokens: Sequence[Token], at: int) -> tuple[str, str, int] | None:
        """Return the cue of the longest phrase at a token, its name where it has one, and its length."""
        for length in self._lengths.get(tokens[at].norm, ()):
            if at + length <= len(tokens):
                found = self._cues.get(tuple([token.norm for token in tokens[at : at + length]]))
                if found is not None:
                    return found[0], found[1], length
        return None


CUES = Cues()
