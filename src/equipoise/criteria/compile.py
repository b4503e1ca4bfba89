"""
Compile an eligibility text: each criterion to a rule, or to what was not understood.

Nothing is guessed. Words that found no place make a reading *partial*; a criterion that only a person can
answer is *administrative*; one of which nothing was read is *none*.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence

from equipoise.criteria.abused import abused
from equipoise.criteria.allowances import asks_nothing, heads_allowed, sets_terms
from equipoise.criteria.anchors import TimePhrase
from equipoise.criteria.checks import EARLY, FIRST, LAST, LATE
from equipoise.criteria.context import Context, Named, Source
from equipoise.criteria.denials import denies
from equipoise.criteria.elements import Element
from equipoise.criteria.exceptions import sure_exceptions
from equipoise.criteria.governing import ends_with_colon
from equipoise.criteria.grammar import Grammar
from equipoise.criteria.groups import groups_among
from equipoise.criteria.grown import grown_up
from equipoise.criteria.headed import conditional, heading_of, is_of_whom, running
from equipoise.criteria.join import doubted
from equipoise.criteria.jointed import jointed
from equipoise.criteria.kept import lost
from equipoise.criteria.labelled import labelled
from equipoise.criteria.lifted import lifted
from equipoise.criteria.looks import Whole
from equipoise.criteria.narrowed import narrowed
from equipoise.criteria.nested import combine
from equipoise.criteria.numbering import without_numbering
from equipoise.criteria.ofage import of_age
from equipoise.criteria.omitted import hanging
from equipoise.criteria.opposed import asks_for_health, contradicts_itself, settled
from equipoise.criteria.pitfalls import GAP, alternatives, dangling, of_others
from equipoise.criteria.promised import promised
from equipoise.criteria.reaching import reaching
from equipoise.criteria.reacting import with_reactions
from equipoise.criteria.reasons import MODALS
from equipoise.criteria.records import Computable, Criterion, Flag, Leftover, Side
from equipoise.criteria.regroup import regrouped
from equipoise.criteria.rejoined import rejoined
from equipoise.criteria.related import limit_alone
from equipoise.criteria.said import lacks, permits, said
from equipoise.criteria.scan import Scanner
from equipoise.criteria.screens import screened
from equipoise.criteria.shown import Shower
from equipoise.criteria.split import Piece, split
from equipoise.criteria.wary import can_decide, headed, wary
from equipoise.criteria.windows import windowed
from equipoise.criteria.witnessed import witnessed
from equipoise.criteria.women import of_women
from equipoise.criteria.youngest import whole_group
from equipoise.rules.english import describe_rule
from equipoise.rules.nodes import AnyOf, Left, Predicate, Rule, Span, any_of, children, leaves
from equipoise.terms.lexicon import Lexicon
from equipoise.terms.lexicon import lexicon as shipped

_MAX_WORDS = 1500
_MAX_DEPTH = 40
# Between two criteria, so much is a marker and perhaps "OR", and more is a heading.
_GAP = 9
_ENDS_NEGATION = frozenset(("except", "unless", "must", "stop", "and", "but", "if", "close"))
# What a fault of ours raises, in whichever module.
_FAULTS = (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError)


class FaultWarning(UserWarning):
    """The compiler tripped over a criterion: a fault of its own, whatever the text."""


class Reading:
    """What came of one piece of text: its rule, and what was mended in it."""

    def __init__(
        self,
        rule: Rule | None,
        flags: Sequence[Flag],
        time: TimePhrase | None = None,
        *,
        negated: bool = False,
        void: bool = False,
        frees: bool = False,
        shower: Shower | None = None,
    ) -> None:
        self.rule = rule
        self.shower = shower
        self.flags = tuple(flags)
        self.time = time
        self.negated = negated
        self.void = void
        self.frees = frees


def lone_time(elements: Sequence[Element]) -> TimePhrase | None:
    """Return the time of a head that names nothing else: "within 6 months, any of the following:"."""
    times = [one.time for one in elements if one.time is not None]
    if len(times) != 1 or times[0].mode != "within":
        return None
    named = any(one.kind in ("atom", "admin", "not", "except", "unless") for one in elements)
    return None if named else times[0]


def is_anybody(rule: Rule) -> bool:
    """Return whether a rule only says "male or female": that limits nobody."""
    if type(rule) is not AnyOf or len(rule.rules) != 2:
        return False
    named = {one.value for one in rule.rules if type(one) is Predicate and one.name == "sex" and one.op == "="}
    return len(named) == 2


def is_deep(rule: Rule) -> bool:
    """Return whether a rule is nested deeper than a reader, or a program that calls itself, could follow."""
    level: list[Rule] = [rule]
    for _ in range(_MAX_DEPTH):
        level = [one for above in level if type(above) is not Predicate for one in children(above)]
        if not level:
            return False
    return True


def ends_negated(elements: Sequence[Element], *, exclusion: bool) -> bool:
    """
    Return whether a negation reaches the end of a head, and so over its items: "no prior treatment with:".

    Under Exclusion "patients may not have:" heads what keeps out, and does not turn it round.
    """
    last = next((place for place in range(len(elements) - 1, -1, -1) if elements[place].kind == "not"), None)
    if last is None or (exclusion and not MODALS.isdisjoint(elements[last].text.split()[:2])):
        return False
    behind = [one.kind for one in elements[last + 1 :]]
    first = 0
    while not exclusion and behind[first : first + 1] == ["light"]:
        first += 1  # "no prior treatment with:" is of what it lists; "no cancer, with:" asks for what follows
    first += behind[first : first + 1] == ["with"] and first > 0
    return "with" not in behind[first:] and _ENDS_NEGATION.isdisjoint(behind)


class _Compiler:
    """Compiles the pieces of one text; abbreviations that one explains are known in the next."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.text = text
        self.source = Source(text)
        self.lexicon = lexicon
        self.abbreviations: dict[str, Named] = {}
        self.groups: dict[str, str] = {}
        self.headings: dict[Span, Rule | None] = {}
        self.included = ""

    def read(self, span: Span, side: Side, *, leads: bool) -> Reading:
        """Return what the words at *span* say; *leads*: other criteria are nested in them."""
        try:
            return self._read(span, side, leads=leads)
        except RecursionError:  # hundreds of brackets in one another: nobody's criterion
            return Reading(Left(span), ())
        except _FAULTS as fault:
            # One text of half a million over which we trip must not end a load.
            warnings.warn(f"A criterion could not be read, please report it: {fault!r}", FaultWarning, stacklevel=2)
            return Reading(Left(span), ())

    def _read(self, span: Span, side: Side, *, leads: bool) -> Reading:
        self.source.write_over(span, without_numbering(self.text, *span))
        context = Context(self.source, span, self.lexicon, self.abbreviations)
        if not context.tokens or len(context.tokens) > _MAX_WORDS:
            return Reading(Left(span) if context.tokens else None, ())
        if context.norm(0) in ("note", "nb", "notes"):
            return Reading(Left(span), ())  # it explains, and what it names is not asked for
        scanner = Scanner(context, exclusion=(excluded := side == "exclusion"))
        grammar = Grammar(context, scanner.events, exclusion=excluded)
        scanned = narrowed(abused(scanner.elements(), self.lexicon), self.lexicon)
        scanned = screened(scanned, self.source.plain, self.lexicon)
        scanned = labelled(scanned, self.source.plain, exclusion=excluded)
        elements = jointed(promised(said(regrouped(witnessed(scanned, self.source.plain), self.text))))
        if heads_allowed(elements) if leads else asks_nothing(elements, self.text[slice(*span)]):
            return Reading(None, context.flags, void=True, frees=leads)
        rule = grammar.criterion(elements)
        if rule is not None and is_deep(rule):
            return Reading(Left(span), ())
        anybody = rule is not None and is_anybody(rule)
        rule = None if rule is None or anybody else self._checked(rule, elements, grammar, span, side)
        if rule is not None and not leads:
            rule = hanging(rule, self.text[slice(*span)], span, exclusion=excluded)
        rule = grown_up(rule, elements) if side == "inclusion" else rule
        void = rule is None and (anybody or any(one.kind in ("void", "anyone") for one in elements))
        time = lone_time(elements) if leads else None
        negated = leads and ends_negated(elements, exclusion=side == "exclusion")
        return Reading(rule, context.flags, time, void=void, negated=negated, shower=Shower(context, elements))

    def _checked(self, rule: Rule, elements: Sequence[Element], grammar: Grammar, span: Span, side: Side) -> Rule:
        """Return the rule, in doubt where a word was lost, the side is unclear, or the wording often misleads."""
        exclusion = side == "exclusion"
        rule = settled(rejoined(rule, exclusion=exclusion), elements[0].span, exclusion=exclusion)
        if exclusion and (
            denies(elements, rule)
            or permits(self.text[slice(*span)], rule)
            or lacks(self.text[slice(*span)], rule)
            or any(one.kind == "must" for one in elements)
        ):
            rule = doubted(rule, elements[0].span)
        elif (gap := lost(elements, rule, grammar.waived)) is not None:
            rule = doubted(rule, gap)
        if contradicts_itself(rule) or (exclusion and asks_for_health(rule)):
            rule = doubted(rule, (elements[0].span[0], elements[-1].span[1]))
        if not exclusion:
            rule = limit_alone(rule, self.source.plain)
        words = self.source.plain[span[0] : span[1]]
        whole = EARLY.made(Whole(words, span[0], rule, exclusion=exclusion, lexicon=self.lexicon))
        trap = FIRST.first(whole) if _can_mislead(whole) else None
        if trap is not None:
            whole = whole.of(doubted(whole.rule, trap))
        elif any(leaf.kind == "allergy" for leaf in whole.facts):
            whole = whole.of(with_reactions(whole.rule, self.text, span))
        whole = LATE.made(whole)
        late = LAST.first(whole) if trap is None and _can_mislead(whole) else None
        return whole.rule if late is None else doubted(whole.rule, late)

    def piece(
        self, piece: Piece, *, other: bool = False, group: str = "", doubt: bool = False, turned: bool = False
    ) -> list[Criterion]:
        """
        Return the criterion of a piece, and behind it those nested in it.

        *other*: another one will do; *group*: only they are asked; *doubt*: its exceptions stand elsewhere; *turned*:
        what it is nested in says "none of".
        """
        own = self.read(piece.head, piece.side, leads=bool(piece.items))
        own.rule = own.rule if turned or own.void else self._of_whom(own.rule, piece)
        own.rule = wary(own.rule, piece.head, self.source.plain, exclusion=piece.side == "exclusion")
        if own.frees and sets_terms(self.text[slice(*piece.span)]):
            own = Reading(Left(piece.head), own.flags)
        group = group or self.groups.get(self.text[slice(*(piece.heading or (0, 0)))], "")
        group = group or self.groups.get(self.text[slice(*piece.head)] if piece.items else "", "")
        below = [self.piece(one, group=group, turned=turned or own.negated) for one in piece.items]
        rule = self._whole(piece, own, [one[0] for one in below])
        if rule is not None and group:
            rule = Grammar.peopled(rule, group)
        elif rule is not None and piece.heading is not None:
            rule = self._under(piece.heading, rule, exclusion=piece.side == "exclusion")
        if rule is not None and doubt:
            rule = doubted(rule, piece.head)
        void = own.void and (not below or own.frees)
        if other and rule is not None and piece.side == "inclusion":
            rule = any_of([rule, Left(piece.span)])
        found = list(leaves(rule))
        unread = [leaf for leaf in found if type(leaf) is Left or _says_nothing(leaf)]
        left = tuple(dict.fromkeys([leftover(leaf) for leaf in unread])) if unread else ()
        flags = tuple(dict.fromkeys((*own.flags, *[flag for one in below for flag in one[0].flags])))
        criterion = Criterion(
            id=piece.id,
            parent=piece.parent,
            section=piece.side,
            span=piece.span,
            text=self.text[piece.span[0] : piece.span[1]],
            reading="nothing is asked"
            if void
            else describe_rule(rule)
            if rule is not None and type(rule) is not Left
            else "",
            computable="full" if void else computable(found, unread),
            rule=None if type(rule) is Left else rule,
            left=left if rule is not None or void else (Leftover(piece.span, "not understood"),),
            flags=flags,
        )
        return [criterion, *(one for nested in below for one in nested)]

    def _of_whom(self, rule: Rule | None, piece: Piece) -> Rule | None:
        """Return the rule of a piece as one of the people of whom it speaks."""
        words, exclusion = self.source.plain[slice(*piece.head)], piece.side == "exclusion"
        if not piece.items:
            rule = of_women(rule, words, piece.head, exclusion=exclusion)
        rule = lifted(running(rule, words, piece.head[0], exclusion=exclusion), exclusion=exclusion)
        rule = whole_group(rule, words, piece.head[0], self.included)
        return of_age(rule, words, piece.head, self.included, exclusion=exclusion)

    def _under(self, heading: Span, rule: Rule, *, exclusion: bool) -> Rule:
        """Return a rule as asked of those whose age or sex its heading says."""
        words = self.source.plain[slice(*heading)]
        if not heading_of(words):
            return rule
        if heading not in self.headings:
            self.headings[heading] = self.read(heading, "inclusion", leads=False).rule
        if (own := self.headings[heading]) is None or not is_of_whom(own):
            return rule
        return conditional(own, rule, words, heading, exclusion=exclusion)

    def _whole(self, piece: Piece, own: Reading, below: Sequence[Criterion]) -> Rule | None:
        """Return what the head of a piece says with its items."""
        rule, head = own.rule, self.text[slice(*piece.head)]
        if own.frees:
            return None  # "allowed:" and what is
        if below:
            parts = [(one.rule, one.span, one.text) for one in below]
            rule = headed(
                combine(rule, piece.head, head, parts, piece.side, negated=own.negated), own.rule, piece, head
            )
            if rule is not None and of_others(head):
                rule = doubted(rule, piece.head)
            if rule is not None and own.time is not None:
                rule = windowed(rule, own.time)
            rule = (
                None if rule is None else reaching(rule, self.source.plain[slice(*piece.span)].lower(), piece.span[0])
            )
        if own.shower is not None and (rule is not None or (below and not own.void)):
            rule = own.shower.shown(rule if rule is not None else Left(piece.head))
        return None if rule is None else sure_exceptions(rule)


def _can_mislead(whole: Whole) -> bool:
    """Return whether a rule can be other than unknown while what was left stays so."""
    return not whole.is_open or can_decide(whole.rule)


def leftover(leaf: Predicate | Left) -> Leftover:
    """Return a leaf that says nothing as what was left, and why."""
    if type(leaf) is Left:
        return Leftover(leaf.span, "not understood")
    return Leftover(leaf.span or (0, 0), "no limit given")


def computable(found: Sequence[Predicate | Left], unread: Sequence[Predicate | Left]) -> Computable:
    """Return how much of a criterion its rule says, from all that is in it and what of that was not understood."""
    facts = [leaf for leaf in found if type(leaf) is Predicate and leaf.kind != "administrative"]
    if not facts:
        return "administrative" if any(type(leaf) is Predicate for leaf in found) else "none"
    return "partial" if unread else "full"


def _says_nothing(leaf: Predicate | Left) -> bool:
    """Return whether a leaf only names what is measured: "adequate liver function" sets no limit."""
    return (
        type(leaf) is Predicate
        and leaf.kind == "measurement"
        and leaf.op in ("present", "absent")
        and set(leaf.qualifier) <= {"history of"}
    )


def _headings(text: str, pieces: Sequence[Piece]) -> Iterator[str]:
    """Yield the words under which criteria stand, and those that head a list."""
    for piece in pieces:
        if piece.heading is not None:
            yield text[slice(*piece.heading)]
        if piece.items and ends_with_colon(text[slice(*piece.head)]):
            yield text[slice(*piece.head)]


def compile_criteria(text: str, *, section: Side | None = None, lexicon: Lexicon | None = None) -> list[Criterion]:
    """
    Return the criteria of an eligibility text, nested ones behind their parents.

    A *section* given means that the text has no headings. *lexicon* may know more than the one that ships.

    >>> [criterion.reading for criterion in compile_criteria("Platelets <100×109 /L;", section="exclusion")]
    ['platelet count below 100 ×10⁹/L']
    """
    compiler = _Compiler(text, lexicon or shipped())
    pieces = split(text, section).pieces
    compiler.included = "\n".join(text[slice(*piece.span)] for piece in pieces if piece.side == "inclusion")
    compiler.groups = groups_among(_headings(text, pieces))
    ends = [*(piece.span[0] for piece in pieces), len(text)][1:]
    texts = [
        (text[piece.span[0] : piece.span[1]], text[piece.span[1] : end])
        for piece, end in zip(pieces, ends, strict=False)
    ]
    others = alternatives([f"{own}{GAP}{gap.strip()}" if len(gap.strip()) < _GAP else own for own, gap in texts])
    doubts = dangling(["" if piece.items else own for piece, (own, _) in zip(pieces, texts, strict=True)])
    return [
        criterion
        for piece, other, doubt in zip(pieces, others, doubts, strict=True)
        for criterion in compiler.piece(piece, other=other, doubt=doubt)
    ]
