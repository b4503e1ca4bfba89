"""
Words that say nothing of what a study is about, as the index has them.

Words of grammar, and those in a tenth of all titles and summaries that name no disease. In a large library they are
told by how many studies have them; in one of five studies each may be rare, and still says nothing.
"""

from __future__ import annotations

_WORDS = """
    about abov activ addit advanc affect after again aim all alreadi also although among and ani anoth any are
    around assess associ base because been befor being benefit between both but can cannot care caus chang clinic
    combin compar comparison conduct control could current data day design determin develop did die differ direct
    diseas disease doe dose drug due dure each effect efficaci eight either enrol estim evalu even ever everi
    examin expect factor few final first five follow for four from further general give given goal good group had
    half has have health help her here high his hospit hour how however human hypothesi identifi iii impact import
    improv includ increas individu inform initi intend intervent into investig its itself known label least less
    level like main male mani may mean measur medic method mg might month more most much must need never new non
    not number object observ obtain often onc one onli open oral order other our out outcom over overal part
    particip patient per perform period phase pilot placebo plan popul posit possibl potenti previous primari
    procedur process propos prospect protocol provid purpos question random randomis randomiz rate rather rational
    receiv recent reduc refractori relat relev report requir research respons result review risk role safeti same
    sampl scale score second select seven sever should show side signific similar sinc singl site six some specif
    standard start still stop studi subject such suggest support symptom system take taken target ten test than
    that the their them then therapeut therapi there therefor these they third this those though three through
    thus time togeth toler too toward treat treatment trial two type under understand until upon use usual various
    versus via visit was way week well were what when where whether whi which while who whose will with within
    without women work would year yet you your
    """

UNTELLING = frozenset(_WORDS.split())

# What a study names that happens in any study, or to anybody in one: that two have it relates them by nothing.
AMBIENT = frozenset(
    (
        "best supportive care", "biologic", "blood sampling", "blood test", "emergency department visit", "healthy",
        "healthy volunteer", "histologic examination", "hospitalization", "imaging study", "interventional procedure",
        "laboratory test", "nursing home residence", "participation in another trial", "physical examination",
        "rare disease", "standard of care", "supportive care",
    )
)  # fmt: skip

# Words with which any note tells its story, whatever the patient has: who they are, that they came and were seen.
_NOTE = """
    admiss admit african ago american asian black boy brother brought came case caucasian
    complain complaint daughter deni depart diagnos diagnosi emergenc exam famili father femal found gentleman girl
    healthi hispan histori husband laboratori ladi man marri men mother normal note old otherwis past physic
    post present prior refer remark reveal room sister son status underw unremark white wife woman
    """

NOTE_WORDS = frozenset(_NOTE.split())
