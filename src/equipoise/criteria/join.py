"""
How the items of a list are joined.

::

    list  = item (joint item)*
    joint = "and" | "or" | "," | "/" | nothing

"And" binds tighter than "or"; a comma joins as the next word of its list does; without one, a list under
Exclusion or a negation is of things of which each counts. There "and" between names does not ask for all of
them either ("pregnant and lactating women"). Where it joins just two, either may be meant: the rule then
answers where both readings agree, and is unknown where they differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice, pairwise

import msgspec

from equipoise.criteria.agegroups import is_reached
from equipoise.criteria.grouped import grouped
from equipoise.criteria.related import explains
from equipoise.rules.nodes import All, AnyOf, Left, Not, Predicate, Rule, Span, Unless, all_of, any_of, changed, leaves

NAMED = frozenset(("condition", "drug", "procedure", "allergy", "variant", "duration"))
_PREGNANCY = frozenset(
    ("pregnancy", "lactation", "planning pregnancy", "planning to breastfeed", "breastfeeding",
     "childbearing potential", "contraception", "effective contraception")
)  # fmt: skip


class Item(msgspec.Struct, gc=False):
    """
    A rule in a list, and how it is joined to the one before: and, or, comma, slash, or nothing.

    ``borrowed``: it shares a word with its neighbour; ``headed``: words before it make something else of it, and
    perhaps of those that follow ("family history of breast cancer or stroke"); ``tail``: the name and what was
    said of it, which may go on behind the next "or"; ``comma``: one stands before the word that joins it;
    ``anew``: a verb of its own does ("or is receiving …").
    """

    joint: str
    rule: Rule
    span: Span
    borrowed: bool = False
    headed: bool = False
    tail: tuple[Rule, Rule] | None = None
    comma: bool = False
    anew: bool = False


def doubted(rule: Rule, span: Span) -> Rule:
    """Return a rule that shows *rule* and is always unknown: its words are read, and not what they are part of."""
    doubt = Left(span)
    return All((AnyOf((rule, doubt)), doubt))


# A doubt states a rule twice, and doubts nest: beyond so many leaves the rule is shown once, and unknown.
_MOST_LEAVES = 16


def _is_large(rule: Rule) -> bool:
    return next(islice(leaves(rule), _MOST_LEAVES, None), None) is not None


def extended(rule: Rule, more: Sequence[Rule]) -> Rule:
    """Return the rule that also names *more* of its kind; what does not hold of a class holds of none of these."""
    if isinstance(rule, Not):
        return Not(extended(rule.rule, more))
    if isinstance(rule, Unless):
        return Unless(extended(rule.rule, more), rule.exception)
    if isinstance(rule, Predicate) and rule.op == "absent":
        return Not(extended(msgspec.structs.replace(rule, op="present"), more))
    if isinstance(rule, Predicate) and rule.kind == "condition":
        more = [
            doubted(one, one.span)
            if isinstance(one, Predicate) and one.kind in ("procedure", "drug") and one.span is not None
            else one
            for one in more
        ]  # "serious disease (e.g. hospitalized)": done for it, and for much else
    if isinstance(rule, Predicate) and rule.qualifier:
        more = [
            msgspec.structs.replace(one, qualifier=rule.qualifier)
            if isinstance(one, Predicate) and one.kind == rule.kind and not one.qualifier
            else one
            for one in more
        ]
    windows = {leaf.window for leaf in leaves(rule) if isinstance(leaf, Predicate)}
    window = windows.pop() if len(windows) == 1 else None
    if window is not None:
        more = [
            changed(one, lambda leaf: leaf if leaf.window else msgspec.structs.replace(leaf, window=window))
            for one in more
        ]
    joined = any_of([rule, *more])
    assert joined is not None
    return joined


def tailed(items: Sequence[Item], tail: Rule, *, each: bool) -> Rule:
    """Return what a tail makes of "A or B" before it: said of both, or of B alone; it answers where these agree."""
    whole, last = join(items, each=each, doubt=False), items[-1]
    narrow = join([*items[:-1], Item(last.joint, All((last.rule, tail)), last.span)], each=each, doubt=False)
    assert whole is not None and narrow is not None
    if is_reached(tail):
        return All((whole, tail))  # like any time behind a list: "wheezing or asthma after age of 6 years"
    if _is_large(whole):
        return doubted(All((whole, tail)), last.span)
    return AnyOf((All((whole, tail)), All((narrow, Left(last.span)))))


def negation(rule: Rule) -> Rule:
    """Return the rule that *rule* does not hold; of one name, that it is absent."""
    if isinstance(rule, Predicate) and rule.op == "present" and rule.kind in NAMED and rule.kind != "duration":
        return msgspec.structs.replace(rule, op="absent")
    return Not(rule)


def is_negative(rule: Rule) -> bool:
    """Return whether a rule says that something does not hold."""
    return isinstance(rule, Not) or (isinstance(rule, Predicate) and rule.op == "absent")


def loose(items: Sequence[Item]) -> bool:
    """Return whether a list names things only, so that "and" may list what counts each."""
    for item in items:
        if isinstance(item.rule, Not):
            return False
        for leaf in leaves(item.rule):
            if isinstance(leaf, Predicate) and leaf.op == "absent":
                return False
            if (
                isinstance(leaf, Predicate)
                and leaf.kind not in NAMED
                and leaf.kind != "administrative"
                and not (leaf.kind == "measurement" and leaf.op == "present")
            ):
                return False
    return True


def same_names(items: Sequence[Item]) -> bool:
    """Return whether items are bare names of one kind, so that they may be a list that lost its commas."""
    kinds = {item.rule.kind if isinstance(item.rule, Predicate) and item.rule.op == "present" else "" for item in items}
    return (
        len(kinds) == 1
        and kinds <= {"condition", "drug"}
        and len({item.rule.name for item in items if isinstance(item.rule, Predicate)}) > 1
    )


def resolve(items: Sequence[Item], *, each: bool) -> list[str]:
    """Return the joints of a list with the commas told apart; *each*: a list with no word joins by "or"."""
    following = "or" if each else "and"
    joints: list[str] = []
    for item in reversed(items):
        if item.joint in ("and", "or"):
            following = item.joint
        joints.append(following if item.joint == "comma" else "or" if item.joint == "slash" else item.joint or "and")
    return joints[::-1]


def join(items: Sequence[Item], *, each: bool, doubt: bool) -> Rule | None:
    """
    Return the rule of a list.

    *each*: things that are listed count one by one (Exclusion, negation, examples). *doubt*: where "and"
    joins two names, the rule answers only what both readings say.
    """
    if len(items) < 2:
        return items[0].rule if items else None
    items = _without_methods(items)
    if not each:
        _join_slashed(items)
        if (limits := _limit_list(items)) is not None:
            return limits
    first, rest = items[0], items[1:]
    if not each and rest[0].joint == "comma" and len(rest) > 1 and _says_who(first.rule):
        ors = all(item.joint in ("comma", "or", "slash") for item in rest)
        if ors and not any(_says_who(item.rule) for item in rest) and loose(rest):
            whom = join([Item("", rest[0].rule, rest[0].span, rest[0].borrowed), *rest[1:]], each=False, doubt=doubt)
            return None if whom is None else all_of([first.rule, whom])  # "aged 40 to 70, with asthma or bronchitis"
    joints = resolve(items, each=each)
    if each and _is_adult(items[0].rule) and joints[1] == "or" and items[1].joint == "comma":
        first = items[0]  # "adults over 18, under guardianship": of whom is asked, or one more on the list
        items = [Item(first.joint, doubted(first.rule, first.span), first.span), *items[1:]]
    if len(items) == 2 and items[1].joint == "comma" and explains(items[0].rule, items[1].rule):
        joints[1] = "and"
    ands = [
        place for place in range(1, len(items)) if joints[place] == "and" and items[place].joint in ("and", "comma")
    ]
    if each and ands and loose(items):
        names = {leaf.name for item in items for leaf in leaves(item.rule) if isinstance(leaf, Predicate)}
        if doubt and len(items) == 2 and not names & _PREGNANCY and not items[0].borrowed:
            return either(items)
        plain = len(items) > 2 and all(item.joint == "and" and not item.comma for item in items[1:])
        if doubt and plain and not names & _PREGNANCY:
            return either(items, between=(items[0].span[1], items[1].span[0]))  # "A and B and C"
        if doubt and not names & _PREGNANCY and (one_of := _one_of_two(items)) is not None:
            return one_of
        if doubt and (both := _both_after_or(items)) is not None:
            return join(both, each=each, doubt=doubt)
        joints = ["or" if place in ands else joint for place, joint in enumerate(joints)]
    if not each and (told := _tight(items, joints) or _one_or_all(items, joints, doubt=doubt)) is not None:
        return told
    for place in ands if each else ():
        if (items[place].joint == "comma" or items[place].comma) and loose(items[place - 1 : place + 1]):
            joints[place] = "or"  # "abuse, dependence, and withdrawal, or more than 3 drinks a day"
    return grouped(items, joints, each=each)


def _join_slashed(items: Sequence[Item]) -> None:
    """Take "non-pregnant/non-lactating" and "T2/N1" as both."""
    for before, item in pairwise(items):
        staged = _sets_limit(before.rule) and _sets_limit(item.rule) and not one_limit(before.rule, item.rule)
        if item.joint == "slash" and (staged or (is_negative(before.rule) and is_negative(item.rule))):
            item.joint = "and"


def _both_after_or(items: Sequence[Item]) -> list[Item] | None:
    """
    Return a list in which "A, or B and C" is A, or B and C where both may be meant; None where nothing is so joined.
    """
    for place in range(2, len(items)):
        one, before = items[place], items[place - 1]
        if one.joint != "and" or one.comma or not any(item.joint == "or" for item in items[1:place]):
            continue
        if _names(items[place - 1 : place + 1]) & _PREGNANCY or before.borrowed:
            continue
        rule = either([before, one])
        if rule is not None:
            pair = Item(before.joint, rule, (before.span[0], one.span[1]), headed=before.headed, comma=before.comma)
            return [*items[: place - 1], pair, *items[place + 1 :]]
    return None


def one_limit(one: Rule, other: Rule) -> bool:
    """Return whether two rules set the same limit to two variables."""
    if not isinstance(one, Predicate) or not isinstance(other, Predicate) or one.kind != "measurement":
        return False
    limits = [(rule.kind, rule.op, rule.value, rule.unit, rule.relative_to) for rule in (one, other)]
    return limits[0] == limits[1] and one.op in ("<", "<=", ">", ">=") and one.name != other.name


def _limit_list(items: Sequence[Item]) -> Rule | None:
    """
    Return "A > 1, B > 2, C < 3 or D > 4, E < 5": all of them, of C and D one.

    Where "or" stands before the last, it may be of all of them; the rule answers where both agree.
    """
    joints = [item.joint for item in items[1:]]
    at = joints.index("or") if joints.count("or") == 1 else 0
    if at < 2 or set(joints) != {"comma", "or"} or not all(_sets_limit(item.rule) for item in items):
        return None
    pair = any_of([items[at].rule, items[at + 1].rule])
    rest = [item.rule for place, item in enumerate(items) if place not in (at, at + 1)]
    tight = all_of([*rest, *([pair] if pair is not None else [])])
    wide = any_of([item.rule for item in items])
    if at < len(joints) - 1 or tight is None or wide is None:
        return tight
    return AnyOf((tight, All((wide, Left(items[-1].span)))))


def _sets_limit(rule: Rule) -> bool:
    return isinstance(rule, Predicate) and rule.kind == "measurement" and rule.op not in ("present", "absent")


def _one_of_two(items: Sequence[Item]) -> Rule | None:
    """Return "A and B or C" as A with one of two, or each of them, where no comma stands in it."""
    if [item.joint for item in items[1:]] != ["and", "or"] or any(item.borrowed or item.comma for item in items):
        return None
    two = any_of([item.rule for item in items[1:]])
    return None if two is None else either([items[0], Item("and", two, items[1].span)])


def _one_or_all(items: Sequence[Item], joints: Sequence[str], *, doubt: bool) -> Rule | None:
    return either(items) if doubt and _lists_conditions(items, joints) else None


def _lists_conditions(items: Sequence[Item], joints: Sequence[str]) -> bool:
    """Return whether "A, B, and C" lists conditions: all of one person, or one of each."""
    if len(items) < 3 or set(joints[1:]) != {"and"} or items[1].joint != "comma":
        return False
    found = [[leaf for leaf in leaves(item.rule) if isinstance(leaf, Predicate)] for item in items]
    return all(
        any(leaf.kind == "condition" for leaf in part)
        and all(leaf.kind in ("condition", "procedure") and leaf.op == "present" for leaf in part)
        for part in found
    )


def _names(items: Sequence[Item]) -> set[str]:
    return {leaf.name for item in items for leaf in leaves(item.rule) if isinstance(leaf, Predicate)}


def _tight(items: Sequence[Item], joints: Sequence[str]) -> Rule | None:
    """
    Return "adults with A and B or C" as what is asked with one of two, where the last two are names alike.

    Without an age or a sex before them the last may stand alone as well; the rule answers where both agree.
    """
    place = next((place for place, joint in enumerate(joints) if place > 1 and joint == "or"), None)
    if place is None or items[place].comma or items[place].joint != "or" or set(joints[place:]) != {"or"}:
        return None
    if any(joint == "or" for joint in joints[1:place]) or items[place - 1].joint != "and":
        return None
    named, asked = items[place - 1 :], items[: place - 1]
    if not loose(named) or len({_kind_of(item.rule) for item in named}) != 1:
        return None
    one = any_of([item.rule for item in named])
    whole = None if one is None else all_of([*(item.rule for item in asked), one])
    wide = any_of(
        [
            part
            for part in (all_of([item.rule for item in items[:place]]), *(item.rule for item in items[place:]))
            if part
        ]
    )
    if whole is None or wide is None or any(_says_who(item.rule) for item in asked):
        return whole
    between = (items[place - 1].span[1], items[place].span[0])
    if between[0] >= between[1] or _is_large(wide):
        return doubted(wide, items[place].span)
    return AnyOf((whole, All((wide, Left(between)))))


def _is_adult(rule: Rule) -> bool:
    """Return whether a rule only says that somebody is grown up."""
    if not isinstance(rule, Predicate) or rule.name != "age" or rule.op not in (">", ">="):
        return False
    return isinstance(rule.value, (int, float)) and 16 <= rule.value <= 21


def _kind_of(rule: Rule) -> str:
    kinds = {leaf.kind for leaf in leaves(rule) if isinstance(leaf, Predicate)}
    return kinds.pop() if len(kinds) == 1 else ""


def _says_who(rule: Rule) -> bool:
    return any(isinstance(leaf, Predicate) and leaf.kind == "demographic" for leaf in leaves(rule))


def same_limits(items: Sequence[Item]) -> bool:
    """Return whether items are limits of different variables, which may be lines that ran together."""
    rules = [item.rule for item in items if isinstance(item.rule, Predicate) and item.rule.kind == "measurement"]
    names = {rule.name for rule in rules if rule.op not in ("present", "absent")}
    return len(names) == len(items)


# How something is found; in a list of conditions, the clause that it belongs to was not understood.
METHODS = frozenset(
    (
        "ultrasound", "computed tomography", "magnetic resonance imaging", "biopsy", "angiography", "x ray",
        "bone scan", "radiography", "positron emission tomography", "endoscopy", "echocardiography",
        "electrocardiogram", "imaging study", "histologic examination", "physical examination", "chest x ray",
        "colonoscopy", "laboratory test", "muga scan", "brain mri", "chest ct", "upper endoscopy", "blood test",
    )
)  # fmt: skip


def _is_method(rule: Predicate) -> bool:
    return rule.name in METHODS and rule.window is None and "contraindication to" not in rule.qualifier


def _without_methods(items: Sequence[Item]) -> Sequence[Item]:
    """Return a list in which a method among conditions is doubted."""
    if not {"condition", "procedure"} <= {item.rule.kind for item in items if isinstance(item.rule, Predicate)}:
        return items
    doubt = [isinstance(item.rule, Predicate) and _is_method(item.rule) for item in items]
    return [
        Item(one.joint, doubted(one.rule, one.span), one.span, one.borrowed, one.headed) if method else one
        for one, method in zip(items, doubt, strict=True)
    ]


def either(items: Sequence[Item], *, between: Span | None = None) -> Rule | None:
    """Return the rule that answers where "both" and "either" agree; *between* is where the doubt stands."""
    rules = [item.rule for item in items]
    if between is None:
        between = (items[0].span[1], items[-1].span[0])
    both, one = all_of(rules), any_of(rules)
    if both is None or one is None or between[0] >= between[1]:
        return one
    if _is_large(one):
        return doubted(one, between)
    doubtful = all_of([one, Left(between)])
    assert doubtful is not None
    return AnyOf((both, doubtful))
