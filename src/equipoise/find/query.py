"""What is searched for: words and filters, in English and as a web address."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote_plus, urlencode

import msgspec

from equipoise.errors import QueryError
from equipoise.find.decay import Decay
from equipoise.find.demands import KINDS, Demand
from equipoise.find.filters import BY_NAME, FILTERS, Filter
from equipoise.find.near import Near
from equipoise.find.wording import describe_text
from equipoise.records.dates import Age
from equipoise.terms.areas import areas

SORTS = {
    "relevance": "best match first",
    "updated": "latest update first",
    "start": "latest start first",
    "enrollment": "largest first",
    "distance": "nearest open site first",
}

# The parameters that search in an area, and the area of each.
AREAS = {area.param.removeprefix("query."): name for name, area in areas().items() if area.param}
AREAS["lead"] = "LeadSponsorName"  # the one parameter that searches a single field

# How a part of the search reads in its English.
SAID = {
    "term": "with the words {}",
    "cond": "of the condition {}",
    "intr": "of the treatment {}",
    "titles": "with {} in the title",
    "outc": "measuring {}",
    "spons": "sponsored by {}",
    "lead": "led by {}",
    "id": "with the id {}",
    "locn": "in {}",
    "patient": "for the patient {}",
}

LONGEST = 20_000


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """
    A search. All of its parts must hold of a study.

    ``text`` is searched in the registry's basic area; ``areas`` maps other areas' parameters (``cond``, ``intr``;
    see ``AREAS``) to what is searched in them, ``advanced`` filters without ranking: each is an expression of
    `equipoise.find.essie`. ``dropped`` are other words for what is searched that are not wanted. Of the studies
    ``numbers`` names, if it names any, only these are found. ``chosen`` maps a filter's name to the values of which
    any is wanted; of ``demands``, the questions about criteria, all must be answered. ``order`` names fields of
    dates or numbers (or ``relevance``) to sort by, each with whether the highest come first, instead of ``sort``.
    With ``decay`` nearness weighs in relevance, as the registry's ``geoDecay`` has it.
    """

    text: str = ""
    areas: dict[str, str] = {}
    advanced: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()
    chosen: dict[str, tuple[str, ...]] = {}
    age: Age | None = None
    demands: tuple[Demand, ...] = ()
    near: Near | None = None
    decay: Decay | None = None
    stated_only: bool = False
    sort: str = "relevance"

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST:
            raise QueryError(
                f"The search has {len(self.text):,} characters; at most {LONGEST:,} are read",
                text=self.text[:60] + " …",
                span=(0, 60),
                next="Search for the words that matter.",
            )
        if self.sort not in SORTS:
            raise QueryError(
                "No such order",
                text=self.sort,
                span=(0, len(self.sort)),
                next=f"Orders are: {', '.join(SORTS)}.",
            )
        if self.sort == "distance" and self.near is None:
            raise QueryError(
                "There is no place from which to measure",
                text=self.sort,
                span=(0, len(self.sort)),
                next="Name one, as in near Leeds, or choose another order.",
            )

    def filters(self) -> list[tuple[Filter, tuple[str, ...]]]:
        """Return the filters that are in use, with their values."""
        return [(one, self.chosen[one.name]) for one in FILTERS if self.chosen.get(one.name)]

    @property
    def ranked(self) -> bool:
        """Whether words are searched for, so that one study fits better than another."""
        return any(text.strip() for text in (self.text, *self.areas.values()))

    def describe(self) -> str:
        """Return the search in English.

        >>> Query(text="stroke", chosen={"phase": ("PHASE3",), "country": ("China",)}).describe()
        'studies with the words “stroke”, Phase 3, in China'
        """
        texts = [name for name, _ in self._texts()]
        head = [words for words, name in self.parts() if name in texts]
        parts = [" ".join(["studies", *head]) if head else "all studies"]
        parts += [words for words, name in self.parts() if name not in texts]
        if self.stated_only:
            parts.append("leaving out studies that do not state these")
        if self.sort != "relevance":
            parts.append(SORTS[self.sort])
        return ", ".join(parts)

    def parameters(self) -> list[tuple[str, str]]:
        """Return the search as the parameters of a web address."""
        pairs = [("q", self.text)] if self.text else []
        pairs += [(name, text) for name, text in self.areas.items() if text.strip()]
        pairs += [("advanced", text) for text in self.advanced if text.strip()]
        pairs += [("numbers", ",".join(self.numbers))] if self.numbers else []
        pairs += [("drop", name) for name in self.dropped]
        for one, values in self.filters():
            pairs += [(one.name, value or "not stated") for value in values]
        if self.age:
            pairs.append(("age", str(self.age)))
        pairs += [(one.kind, one.text) for kind in KINDS for one in self.demands if one.kind == kind]
        pairs += self.near.parameters() if self.near else []
        if self.stated_only:
            pairs.append(("stated", "only"))
        if self.sort != "relevance":
            pairs.append(("sort", self.sort))
        return pairs

    def address(self, **extra: str) -> str:
        """Return the search as the query string of a web address."""
        return urlencode([*self.parameters(), *extra.items()])

    def sorted_by(self, sort: str) -> Query:
        """Return the search in another order."""
        return msgspec.structs.replace(self, sort=sort)

    def with_unstated(self) -> Query:
        """Return the search with the studies that do not state what is asked for."""
        return msgspec.structs.replace(self, stated_only=False)

    def parts(self) -> list[tuple[str, str]]:
        """Return what narrows the search, in words, each with the name by which `without_all` leaves it out."""
        parts = [
            (("where {}" if "[" in text else SAID[name]).format(describe_text(text)), name)
            for name, text in self._texts()
        ]
        parts += [("where " + "; ".join(map(describe_text, self.advanced)), "advanced")] if self.advanced else []
        parts += [(_among(self.numbers), "numbers")] if self.numbers else []
        for one, values in self.filters():
            parts.append((one.phrase.format(" or ".join(one.said(value) for value in values)), one.name))
        parts += [(f"open to someone aged {self.age.words()}", "age")] if self.age else []
        parts += [(self.near.describe(), "near")] if self.near else []
        return parts + [(one.words, one.name) for one in self.demands]

    def _texts(self) -> list[tuple[str, str]]:
        return [(name, text) for name, text in [("term", self.text), *self.areas.items()] if text.strip()]

    def without_areas(self) -> Query:
        """Return the search without what is searched in single areas."""
        return msgspec.structs.replace(self, areas={})

    def without_all(self, name: str) -> Query:
        """Return the search without one of its parts, all of its values."""
        if name == "term":
            return msgspec.structs.replace(self, text="")
        if name == "advanced":
            return msgspec.structs.replace(self, advanced=())
        return self.without(name)

    def without(self, name: str, value: str | None = None) -> Query:
        """Return the search without a filter, without one of its values, or without a question about criteria."""
        if name == "age":
            return msgspec.structs.replace(self, age=None)
        if name in self.areas:
            return msgspec.structs.replace(self, areas={one: text for one, text in self.areas.items() if one != name})
        if name == "advanced":
            kept = tuple(one for one in self.advanced if value is not None and one != value)
            return msgspec.structs.replace(self, advanced=kept)
        if name == "numbers":
            return msgspec.structs.replace(self, numbers=())
        if name == "near":
            # Without a place nothing is near; the order falls back to the usual one.
            sort = "relevance" if self.sort == "distance" else self.sort
            return msgspec.structs.replace(self, near=None, sort=sort)
        if any(one.name == name for one in self.demands):
            return msgspec.structs.replace(self, demands=tuple(one for one in self.demands if one.name != name))
        left = tuple(kept for kept in self.chosen.get(name, ()) if value is not None and kept != value)
        return msgspec.structs.replace(self, chosen={**self.chosen, name: left})

    def dropping(self, name: str) -> Query:
        """Return the search without another word for what is searched."""
        return msgspec.structs.replace(self, dropped=tuple(dict.fromkeys((*self.dropped, name))))

    def with_value(self, name: str, value: str) -> Query:
        """Return the search with one more value of a filter."""
        assert name in BY_NAME
        values = (*self.chosen.get(name, ()), value)
        return msgspec.structs.replace(self, chosen={**self.chosen, name: values})

    def adding(self, name: str) -> Callable[[str], str]:
        """Return what gives the address of the search with one more value of a filter, for many values.

        >>> Query(text="stroke", sort="start").adding("phase")("PHASE3")
        'q=stroke&phase=PHASE3&sort=start'
        """
        mark = f"{name}={quote_plus(_PLACE)}"
        before, _, after = self.with_value(name, _PLACE).address().rpartition(mark)
        return lambda value: f"{before}{name}={_quoted(value or 'not stated')}{after}"


def _among(numbers: tuple[str, ...]) -> str:
    """Return the studies to which a search is kept; of many how many they are.

    >>> _among(("NCT99000001",)), _among(tuple(f"NCT9900000{place}" for place in range(5)))
    ('among NCT99000001', 'among 5 named studies')
    """
    return f"among {', '.join(numbers) if len(numbers) < 4 else f'{len(numbers):,} named studies'}"


# A list of results has 250 links with values of filters, the same ones each time.
_quoted = lru_cache(maxsize=4096)(quote_plus)


# Stands in an address for the value that comes there.
_PLACE = "\0"


def read_age(text: str) -> Age:
    """Return the age that *text* states; a number alone is years.

    >>> read_age("45"), read_age("6 months")
    ('45 Years', '6 months')

    Raises:
        QueryError: it is no age.
    """
    plain = text.strip()
    if found := re.fullmatch(r"(\d{1,3})\s*(?:y|yr|yrs|yo)?", plain):
        plain = f"{found[1]} Years"
    try:
        return Age(plain)
    except ValueError:
        raise QueryError(
            "This is no age",
            text=text,
            span=(0, len(text)),
            next="Write it as 45, or as 6 months, 3 weeks, 2 days.",
        ) from None
