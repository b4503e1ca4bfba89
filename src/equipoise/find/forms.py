"""
Other forms of a word that is searched for: its irregular plural, and other ways of writing a name with digits.

The index knows words by their English stems, so that regular endings do not count. *Metastases* and *children* have
stems of their own; they are sought as forms of one word. Names such as HER2 and TNF-α are written in many ways:
HER-2, HER 2; TNF-alpha, TNFα. What nobody writes so finds nothing.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache, lru_cache

from equipoise.store.index import words
from equipoise.terms.plurals import PAIRS
from equipoise.terms.spelling import GREEK

# More ways of writing a name find hardly more, and each costs time.
_MOST = 6
_MOST_ATOMS = 3
# CAR-T is not cART.
_SHORTEST_JOINED = 6

# Greek plurals in -sis, as their stems are: metastasi, metastas; stenosi, stenos.
_ONE, _SEVERAL = re.compile(r"[a-z]{3,}[aeoy]si"), re.compile(r"[a-z]{3,}[aeoy]s")

# A µ is most often a millionth.
_GREEK = {letter: name for letter, name in GREEK.items() if letter != "µ"} | {"ω": "omega"}
_LETTERS = {name: letter for letter, name in _GREEK.items()}
_NAMES = "|".join(_LETTERS)
# Atoms of a name: letters, digits, Greek letters. A Greek name is one at the end of a short word (TNFalpha), or alone:
# there is no alpha in an alphabet, and betamethasone has no beta.
_ATOM = re.compile(rf"[{''.join(_GREEK)}]|\d+|(?:{_NAMES})(?![a-z])|[a-z]{{1,5}}(?=(?:{_NAMES})(?![a-z]))|[a-z]+")
_NAME = re.compile(rf"[a-z\d{''.join(_GREEK)}]+(?:-[a-z\d{''.join(_GREEK)}]+)*")
_LONGEST_NAME = 24


@cache
def _irregular() -> dict[str, tuple[str, ...]]:
    """Return the stems of the other forms of a word, by its stem."""
    found: dict[str, dict[str, None]] = {}
    for pair in PAIRS:
        stems = [words(word)[0] for word in pair]
        for stem in stems:
            found.setdefault(stem, {}).update((other, None) for other in stems if other != stem)
    return {stem: tuple(others) for stem, others in found.items()}


@lru_cache(maxsize=1 << 12)
def forms_of(stem: str) -> tuple[str, ...]:
    """Return the stems under which the index has a word, its own first.

    >>> forms_of("children"), forms_of("metastas"), forms_of("stroke")
    (('children', 'child'), ('metastas', 'metastasi'), ('stroke',))
    """
    known = _irregular().get(stem)
    if known is not None:
        return (stem, *known)
    if _ONE.fullmatch(stem):
        return (stem, stem[:-1])
    return (stem, stem + "i") if _SEVERAL.fullmatch(stem) else (stem,)


def _atoms(chunk: str) -> list[str]:
    """Return the parts of a name, Greek letters by their names; nothing for what is not written as one."""
    plain = chunk.lower().replace("‐", "-").replace("‑", "-").strip(".,;:!?'\"/()")
    if len(plain) > _LONGEST_NAME or not _NAME.fullmatch(plain):
        return []
    return [_GREEK.get(atom, atom) for part in plain.split("-") for atom in _ATOM.findall(part)]


def _written(atoms: list[str]) -> Iterator[str]:
    """Yield the ways of writing a name, all together and all apart first."""
    first, last = atoms[0], atoms[-1]
    if len(atoms) == 2 and len(first) == 3 and last.isdigit():
        yield f"{first[:2]} {first[2]}{last}"  # PDL1 is PD-L1
    letters = [_LETTERS.get(atom, atom) for atom in atoms]
    gaps = sorted(itertools.product(("", " "), repeat=len(atoms) - 1), key=lambda one: len(set(one)))
    for between in gaps:
        for several in (atoms, letters):
            yield several[0] + "".join(gap + atom for gap, atom in zip(between, several[1:], strict=True))


@lru_cache(maxsize=1 << 12)
def names_written(chunk: str) -> tuple[tuple[str, ...], ...]:
    """Return other ways of writing a name of letters and digits, each as words of the index.

    >>> names_written("IL-6"), names_written("CD19"), names_written("stroke")
    ((('il6',),), (('cd', '19'),), ())
    >>> names_written("TNF-alpha")
    (('tnfalpha',), ('tnfα',), ('tnf', 'α'))
    """
    atoms = _atoms(chunk)
    # A long number is no part of a name, and a word of several words is no name.
    if len(atoms) > _MOST_ATOMS or any(atom.isdigit() and len(atom) > 3 for atom in atoms):
        return ()
    marked = any(atom.isdigit() or atom in _LETTERS for atom in atoms)
    if not marked and (len(atoms) < 2 or sum(map(len, atoms)) < _SHORTEST_JOINED):
        return ()
    own = tuple(words(chunk))
    ways = dict.fromkeys(tuple(words(way)) for way in _written(atoms))
    return tuple(way for way in ways if way and way != own)[:_MOST]
