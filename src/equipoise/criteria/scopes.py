"""Where a part of a criterion ends: sentences, brackets, and what a cue takes in to its right."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.criteria.elements import Element

# What ends the list that a cue takes in.
_ENDS = {
    "not": frozenset(("colon", "not", "except", "unless", "must", "allergy", "if", "but", "admin", "stop", "allow")),
    "allergy": frozenset(("not", "except", "unless", "must", "if", "but", "stop", "allergy", "with", "admin", "need")),
    "with": frozenset(("except", "unless", "must", "if", "but", "stop")),
    "cause": frozenset(("except", "unless", "must", "if", "but", "stop", "with", "need", "not", "comma", "admin")),
    "purpose": frozenset(("except", "unless", "must", "if", "but", "stop", "with", "need", "not", "admin", "time")),
    "by": frozenset(("except", "unless", "must", "if", "but", "stop", "with", "need", "not", "admin", "time")),
    "example": frozenset(("except", "unless", "must", "but", "stop", "not")),
}

_JOINTS = frozenset(("comma", "or", "and"))
_TURNED = frozenset(("not", "example", "cause", "purpose"))


def cut(elements: Sequence[Element], kind: str) -> list[list[Element]]:
    """Return the parts between the elements of a kind that stand in no bracket."""
    if kind not in [one.kind for one in elements]:
        return [list(elements)] if elements else []
    parts: list[list[Element]] = [[]]
    depth = 0
    for one in elements:
        depth += (one.kind == "open") - (one.kind == "close")
        if one.kind == kind and depth <= 0:
            parts.append([])
        else:
            parts[-1].append(one)
    return [part for part in parts if part]


def find(elements: Sequence[Element], *kinds: str) -> int | None:
    """Return the first element of some kinds that stands in no bracket."""
    depth = 0
    for place, one in enumerate(elements):
        kind = one.kind
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        if depth <= 0 and kind in kinds:
            return place
    return None


def close_of(elements: Sequence[Element], at: int) -> int:
    """Return where the bracket that opens at an element closes, or the end."""
    depth = 0
    for place in range(at, len(elements)):
        depth += (elements[place].kind == "open") - (elements[place].kind == "close")
        if depth == 0:
            return place
    return len(elements)


def scope_end(elements: Sequence[Element], at: int, cue: str, *, single: bool = True, head: str = "") -> int:
    """
    Return where the list that a cue takes in ends.

    *single*: only one name stands before the cue, so that the list to its right is all its own; otherwise a
    comma, "or" or "and" goes on with the outer list. *head* is the kind of that name: a name of its kind goes
    on with the outer list, where those taken in are of another.
    """
    end = _scope_end(elements, at, cue, single=single, head=head)
    back = end
    while back > at + 1 and back < len(elements) and elements[back - 1].kind in (*_JOINTS, "light", "quality"):
        back -= 1
        if elements[back].kind in _JOINTS:
            end = back  # the joint goes on with the outer list
    return end


def _scope_end(elements: Sequence[Element], at: int, cue: str, *, single: bool, head: str) -> int:
    ends, depth = _ENDS[cue], 0
    for place in range(at, len(elements)):
        one = elements[place]
        if not depth and place > at and _opens_time(elements, place):
            if at and elements[at - 1].kind == "define" and _is_limit(elements[place - 1]):
                continue  # "menopause defined as A or FSH > 20 (within a month)": of the limit
            return place  # a window in brackets belongs to the whole
        depth += (one.kind == "open") - (one.kind == "close")
        if depth < 0:
            return place
        if depth or place == at:
            continue
        if cue == "example" and one.text in _RELATIVE and _is_judged(elements, at, place):
            return place  # "heart disease, including angina, which would preclude exercise": of all of it
        if (
            cue == "not"
            and one.kind == "allergy"
            and all(other.kind in ("light", "quality", "word", "or", "and") for other in elements[at:place])
        ):
            continue  # "no local or systemic allergy to X"
        if one.kind in ends and not (cue == "allergy" and one.kind == "with" and elements[place - 1].kind == "word"):
            return place  # but "drugs formulated with polysorbate" are of it
        # "No leukemia with blasts > 20 %" denies both, "HIV without AIDS, with CD4 > 200" the one.
        alone = at > 1 and all(other.kind not in _JOINTS for other in elements[at:place])
        if cue == "not" and one.kind == "with" and alone and any(map(_is_limit, elements[place + 1 : place + 2])):
            return place  # "without AIDS with CD4 200-500": that is asked of all
        if cue == "not" and _kind(one) == "demographic" and _names(elements[at:place]):
            return place
        if one.kind in _JOINTS and _ends_at_joint(elements, (at, place), cue, single=single, head=head):
            return place
    return len(elements)


_RELATIVE = frozenset(("that", "which"))
_OF_MIND = frozenset(("mental disorder", "psychosis", "dementia", "altered mental status", "addiction", "depression"))


def _is_judged(elements: Sequence[Element], at: int, place: int) -> bool:
    """Return whether a clause at the end of examples asks for a judgement of all of them, and of what they are of."""
    behind = elements[place + 1 : place + 9]
    ahead = next((one for one in behind if one.kind not in ("light", "quality", "word")), None)
    if ahead is None or ahead.kind != "admin" or any(one.kind == "admin" for one in elements[at:place]):
        return False
    names = [one.predicate.name for one in elements[:place] if one.predicate is not None and one.kind == "atom"]
    # "Illness including infection or psychiatric illness that would limit compliance": of that alone.
    return bool(names) and (names[-1] not in _OF_MIND or names[0] in _OF_MIND or names[0] == "neurological disorder")


def passed_over(elements: Sequence[Element], at: int, anew: frozenset[str]) -> tuple[int, int]:
    """
    Return where what "regardless of" passes over ends, and from where on it may be said of the whole.

    "With or without A for 3 months", "… and without B" ends before them; a limit, a window or what is said of whom
    is of the one or of the other: "with or without A within 3 months", "… who are over 20 years old".
    """
    end, depth, more = at + 1, 0, 0
    either = "without" in elements[at].text
    while end < len(elements):
        here = elements[end]
        depth += (here.kind == "open") - (here.kind == "close")
        following = elements[end + 1].kind if end + 1 < len(elements) else ""
        goes_on = here.kind == "comma" and following == "example"
        other = here.kind == "or" and (here.text in anew or following in ("not", "need"))
        if depth < 0 or here.kind == "stop" or (not depth and ((here.kind == "comma" and not goes_on) or other)):
            break
        if not depth and end > at + 1 and either:
            lasts = here.kind == "time" and here.time is not None and here.time.mode == "for"
            if lasts or (here.kind == "and" and following == "not") or here.text in _AND_WITHOUT:
                break
        timed = here.kind == "time" and not either  # "regardless of the time since surgery"
        if not (depth or more or timed) and end > at + 1 and _of_whole(here, elements[at + 1 : end]):
            more = end
        end += 1
    return end, more or end


_AND_WITHOUT = frozenset(("and without", "but without"))


def _of_whole(one: Element, before: Sequence[Element]) -> bool:
    """Return whether an element behind "with or without A", A being *before* it, may be said of what that follows."""
    asks = one.predicate is not None and one.predicate.value is not None
    if asks or one.kind in ("time", "not") or one.text in ("who", "which", "due to"):
        return True
    # "With or without correction with supplements" is of that alone.
    return (one.kind == "with" or one.text == "that") and any(other.kind == "atom" for other in before)


def _opens_time(elements: Sequence[Element], at: int) -> bool:
    return elements[at].kind == "open" and at + 1 < len(elements) and elements[at + 1].kind == "time"


def _ends_at_joint(elements: Sequence[Element], scope: tuple[int, int], cue: str, *, single: bool, head: str) -> bool:
    """Return whether what a cue took in, from one element to a joint, ends at that joint."""
    at, place = scope
    following = _next_kind(elements, place)
    taken = {_kind(other) for other in elements[at:place] if other.kind == "atom"}
    if cue == "allergy" and _takes_anew(elements, place):
        return True  # "allergy to A, or who are taking B"
    if cue == "not" and elements[place].kind == "comma" and _affirms(elements, place + 1):
        return True  # "not intubated, who require oxygen"
    if cue == "by" and following == "procedure" and "procedure" in taken:
        return False
    if cue == "by" and elements[place].kind == "comma" and following != "procedure":
        return True
    if at > 0 and elements[at - 1].text == "during" and following:
        return True  # "pregnancy during the study or lactation"
    if cue in ("purpose", "cause") and not taken and following and elements[place - 1].kind == "quality":
        return False  # "for locally advanced or metastatic disease"
    if cue == "purpose" and taken == {"condition"} and following in ("drug", "procedure"):
        return True  # "treatment for cancer or corticosteroids"
    behind = elements[place + 1].text if place + 1 < len(elements) else ""
    if cue == "with" and elements[place].kind == "or" and (behind == "received" or "received" in elements[place].text):
        return True  # "infection requiring antibiotics, or received antibiotics within 4 weeks"
    given = elements[place].kind == "or" and head == "condition" and elements[place - 1].kind != "comma"
    if cue == "with" and given and taken and taken | {following} <= {"drug", "procedure"}:
        return False  # "stroke or head injury requiring surgery or hospitalization"
    if cue == "with" and single and _or_else(elements, place):
        return True  # "diabetes requiring insulin, or glucose ≥ 140"
    if not single or (cue in ("with", "by") and head and following == head and taken and head not in taken):
        return True
    return cue in _TURNED and _turns(elements, place, cue)


def _affirms(elements: Sequence[Element], at: int) -> bool:
    """Return whether what stands at an element, behind what was denied, is asked for: "who require", "with a test"."""
    if at + 1 >= len(elements) or elements[at].kind not in ("with", "need"):
        return False
    said = elements[at].text.split()[0]
    named = next((one.predicate for one in elements[at + 1 :] if one.kind not in ("light", "quality")), None)
    return said == "who" or (
        said == "with"
        and named is not None
        and (named.kind == "measurement" or named.name.endswith(("measurable disease", "evaluable disease")))
    )


def _or_else(elements: Sequence[Element], at: int) -> bool:
    """Return whether ", or" and a limit stand at an element."""
    if elements[at].kind != "comma" or at + 2 >= len(elements) or elements[at + 1].kind != "or":
        return False
    return _is_limit(elements[at + 2])


def _is_limit(one: Element) -> bool:
    rule = one.predicate
    return rule is not None and rule.kind == "measurement" and rule.op not in ("present", "absent")


_TAKEN = frozenset(("taking", "receiving", "using", "use", "treatment", "therapy", "received", "need", "requiring"))


def _takes_anew(elements: Sequence[Element], place: int) -> bool:
    """Return whether a verb of its own stands behind a joint: what follows is taken."""
    behind = []
    for one in elements[place : place + 6]:
        if one.kind in ("atom", "allergy"):
            break
        behind += one.text.split()
    return not _TAKEN.isdisjoint(behind) or bool({"who", "have", "has", "are", "is"} & set(behind))


def _kind(element: Element) -> str:
    return element.predicate.kind if element.predicate is not None else ""


def _next_kind(elements: Sequence[Element], at: int) -> str:
    """Return the kind of the first name behind an element, up to the next joint."""
    for one in elements[at + 1 :]:
        if one.kind == "atom":
            return _kind(one)
        if one.kind not in ("light", "quality", "word", "comma", "or", "and", "over", "sex", "need"):
            break
    return ""


def _names(elements: Sequence[Element]) -> bool:
    return any(one.kind == "atom" for one in elements)


def _turns(elements: Sequence[Element], at: int, cue: str) -> bool:
    """Return whether a new statement begins behind a joint: a limit, another negation, or "and" after a comma."""
    place = at
    words = set()
    while place < len(elements) and elements[place].kind in ("comma", "and", "or", "light"):
        words.add(elements[place].kind)
        place += 1
    following = elements[place] if place < len(elements) else None
    if following is None:
        return False
    if following.kind in ("not", "must", "admin", "allergy"):
        return True
    if cue == "not" and _protects(elements, at):
        return True  # "not capable of becoming pregnant or using birth control"
    rule = following.predicate
    if following.kind == "atom" and (
        rule is None or rule.op not in ("present", "absent") or rule.kind in ("demographic", "event_time")
    ):
        return True
    return cue == "not" and {"comma", "and"} <= words and not _listed(elements, at)


def _protects(elements: Sequence[Element], at: int) -> bool:
    """Return whether the use of contraception is stated behind a joint."""
    ahead = next((one for one in elements[at : at + 7] if one.kind == "atom"), None)
    words = {word for one in elements[at : at + 5] for word in one.text.split()}
    named = ahead is not None and ahead.predicate is not None and ahead.predicate.name.endswith("contraception")
    return named and not words.isdisjoint(("using", "practicing", "practising", "use", "uses", "practice"))


def _listed(elements: Sequence[Element], at: int) -> bool:
    """Return whether a comma stands before an element, so that ", and" closes a list of three or more."""
    return any(one.kind == "comma" for one in elements[:at])


def or_limit(elements: Sequence[Element], at: int) -> bool:
    """Return whether "or" and a limit stand at an element, which a negation before them may reach."""
    behind = [one for one in elements[at : at + 3] if one.kind != "light"]
    if len(behind) < 2 or behind[0].kind != "or" or behind[1].predicate is None:
        return False
    return behind[1].predicate.kind in ("measurement", "drug") and behind[1].predicate.op not in ("present", "absent")


def behind_window(elements: Sequence[Element]) -> int:
    """Return where a new statement begins behind the window that ends an exception, or the end."""
    for place in range(1, len(elements) - 1):
        if elements[place].kind == "time" and elements[place + 1].kind in ("or", "comma", "and"):
            return place + 1
    return len(elements)


_CLAUSE = frozenset(("that", "which", "would", "could", "might"))


def clause_of_judgement(elements: Sequence[Element]) -> int | None:
    """Return where "…, other than X, that would interfere with Y" asks for a judgement: of all of it, not of X."""
    for place in range(2, len(elements)):
        one = elements[place]
        before = {word for other in elements[place - 2 : place] for word in other.text.split()}
        if one.kind == "admin" and (before & _CLAUSE or one.text.split()[0] in _CLAUSE):
            return place
    return None


def more_exceptions(elements: Sequence[Element]) -> list[tuple[list[Element], str]]:
    """Return the parts of "other than X (except Y)", "other than X, except Y", each with the cue that it begins by."""
    parts: list[tuple[list[Element], str]] = [([], "")]
    at = depth = 0
    while at < len(elements):
        one = elements[at]
        if one.kind == "open" and at + 1 < len(elements) and elements[at + 1].kind == "except":
            end = close_of(elements, at)
            parts += [(list(elements[at + 2 : end]), elements[at + 1].text), ([], "")]
            at = end + 1
            continue
        depth += (one.kind == "open") - (one.kind == "close")
        if one.kind in ("except", "unless") and not depth:
            parts.append(([], one.text))
        else:
            parts[-1][0].append(one)
        at += 1
    return [part for part in parts if part[0]]
