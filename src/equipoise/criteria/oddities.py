"""
Wordings of few criteria each, which the grammar reads as something else: the words that they need, and their patterns.

Each was found by readers who did not write the compiler. What holds one is in doubt, as for the other `wordings`.
"""

ODDITIES: tuple[tuple[str, str], ...] = (
    (  # not of any vaccine, nor of any drug
        "vaccine vaccines drug drugs medication medications",
        r"\b(?:components?|constituents?|ingredients?|excipients?) of (?:the|this) vaccines?\b"
        r"|\b(?:allerg\w+|hypersensitiv\w+) (?:reactions? )?to the (?:drugs?|medications?|vaccines?)\W*\Z",
    ),
    ("progression", r"\bbefore (?:the )?first (?:disease )?progression\b"),
    ("exposure", r"\b(?:day|week|month|year)s? (?:of )?(?:previous|prior) exposure\b"),  # so long, and not so long ago
    ("symptom", r"\bas a major symptom \("),
    ("examination exam", r"\bevidence (?:on|by|at) (?:the )?physical exam\w* of\b"),
    ("on", r"\b(?:hypersensitivity|allergy) on\b"),
    ("confirmation", r"\bno (?:\w+ ){0,2}confirmation (?:is )?required\b"),
    ("missing", r"\bmissing (?:\w+ ){0,2}(?:diagnosis|confirmation|verification)\b"),
    ("family", r"\bno (?:\w+ )?family planning\b"),
    ("fall falls", r"\bfalls? (?:with|out)in the (?!last|past|previous|prior)"),
    ("including", r"\b(?:participants?|patients?|subjects?|females?),? including (?:women|females|wocbp)\b"),
    ("discontinue stop", r"\bmust (?:discontinue|stop)\b"),
    ("suicidal", r"\bcurrently suicidal\b"),
    ("include", r"\b(?:diseases|disorders) include\b"),
    ("onset", r"\bonset or (?:progression|worsening)\b"),
    ("positive", r"\brt-?\s?pcr positive for\b"),
    ("mandatory", r"\bis mandatory (?:in|if|when|for)\b"),
    (
        "deteriorate",
        r"(?<!autoimmune disease that )(?<!autoimmune diseases that )"
        r"\b(?:might|may|could) deteriorate when receiving\b",
    ),
    ("consented", r"\bcan be consented\b"),
    ("exclude", r"\(\s*to exclude\b"),
    ("drugs medications", r"\breactions? with (?:drugs|medications)\b"),
    ("donor donors", r"\A\W*(?!donors?\s*:[^:]*\Z)(?:the )?(?:[\w-]+ ){0,2}donors?(?! site)\b|(?!\A)\bdonors?\s*:"),
    (
        "fertile women men female females male males",
        r"(?<!contraception )(?<!contraception is )\b(?:required|needed) (?:of|for|in) (?:all )?"
        r"(?:fertile|(?:wo)?men|(?:fe)?males?)\b",
    ),
    ("unwilling", r"\bmen,? and women\b[^.;]{0,60},? unwilling\b"),
    ("days", r"\b\d+ days (?:or more )?(?:during|in|over|of) the (?:last|past|previous) \d"),  # so many of the days
    ("years yrs", r"\A\W*[1-9]\.\d\d (?:years|yrs)\b"),  # the first of a list, and an age behind it
    ("score scale edss grade", r"\d\s?[-–]\s?\d,\d\b(?!\d)"),  # a decimal comma
)
