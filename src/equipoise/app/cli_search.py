"""The command ``search``: a table for people, JSON for programs."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from equipoise.app.answers import encode, search_answer
from equipoise.app.progress import watched
from equipoise.app.terminal import quiet_pipe, said
from equipoise.find.best import best
from equipoise.find.compiled import compiled_words
from equipoise.find.hits import Hit, Hits, read_hits
from equipoise.find.marking import Part
from equipoise.find.parameters import read_query
from equipoise.find.query import Query
from equipoise.find.synonyms import Synonyms
from equipoise.intake.opening import open_library
from equipoise.store.library import Library

_TONES = {"open": "green", "limited": "yellow", "later": "cyan", "closed": "dim", "unknown": "magenta"}


def run_search(
    pairs: list[tuple[str, str]], *, span: tuple[int, int], library: Path | None, save: Path | None, as_json: bool
) -> None:
    """Search and print, or save all that is found; *pairs* are a search's parameters, *span* is offset and limit."""
    opened = open_library(library)
    query = read_query(pairs, opened)
    if save is not None:
        _save(opened, query, save)
        return
    offset, limit = span
    found = best(opened, query, offset + limit, facets=as_json)
    hits = read_hits(opened, found, offset=offset, limit=limit)
    with quiet_pipe():
        if as_json:
            sys.stdout.write(encode(search_answer(hits, opened, date.today())).decode() + "\n")
        else:
            _print_hits(hits, len(opened))


def _save(library: Library, query: Query, target: Path) -> None:
    from equipoise.find import export

    with watched("Saving") as watch:
        saved = export.save(library, query, target, today=date.today(), watch=watch)
    Console(highlight=False).print(f"{saved.studies:,} saved to {target}: {saved.english}", soft_wrap=True)


def _marked(parts: tuple[Part, ...], style: str) -> Text:
    text = Text(style=style)
    for part in parts:
        text.append_text(said(part.text.replace("\n", " "), "bold underline" if part.marked else ""))
    return text


def _print_hit(console: Console, place: int, hit: Hit) -> None:
    head = Text(f"{place:>3}  ")
    head.append(hit.number, style="bold")
    head.append(f"  {hit.status}", style=_TONES[hit.tone])
    facts = [" / ".join(phase.text for phase in hit.phases)]
    if hit.sites:
        facts.append(f"{hit.sites:,} site{'s' * (hit.sites != 1)}, {hit.open_sites:,} recruiting")
    facts.append(", ".join(hit.countries[:3]) + (" …" if len(hit.countries) > 3 else ""))
    facts += [f"in {place.country} {place.open} of {place.sites} recruiting" for place in hit.chosen]
    head.append_text(said("".join(f" · {one}" for one in facts if one), "dim"))
    if hit.doubtful:
        head.append("  may be out of date", style="yellow")
    if hit.demonstration:
        head.append("  DEMONSTRATION RECORD", style="bold yellow")
    console.print(head)
    console.print(Padding(_marked(hit.title, ""), (0, 0, 0, 5)))
    if hit.nearest:
        style = "green" if hit.nearest.open else "yellow"
        console.print(Padding(said(hit.nearest.words, style), (0, 0, 0, 5)))
    if hit.snippet:
        console.print(Padding(_marked(hit.snippet.parts, "dim"), (0, 0, 0, 5)))


def _other_names(one: Synonyms) -> str:
    """Return what was searched for as well, in words."""
    known = [*one.others, *([f"{len(one.members)} {one.kinds}"] if one.members else [])]
    taught = ", ".join(name.name for name in one.taught)
    taught = f"{taught} (from the library's records)" if taught else ""
    return "; ".join(part for part in (", ".join(known), taught) if part)


def _print_hits(hits: Hits, studies: int) -> None:
    console, found = Console(highlight=False), hits.found
    first, last = hits.offset + 1, hits.offset + len(hits.items)
    shown = f", {first:,}–{last:,} shown" if hits.items and len(hits.items) < found.total else ""
    console.print(f"{found.total:,} found: {found.query.describe()}{shown}", style="bold")
    for one in found.synonyms:
        console.print(f"“{one.said}” was also searched for as {_other_names(one)}.", style="dim", soft_wrap=True)
    if found.some_words:
        console.print("No study has all the words; these have some of them.", style="yellow")
    if found.compiled is not None:
        style = "yellow" if found.compiled < studies else "dim"
        console.print(compiled_words(found.compiled, studies), style=style, soft_wrap=True)
    for note in found.query.near.notes() if found.query.near else ():
        console.print(note, style="yellow")
    if found.unstated:
        console.print(
            f"{found.unstated:,} of them may fit but do not state all that was asked for: listed last; "
            "leave them out with --stated-only.",
            style="yellow",
        )
    for place, hit in enumerate(hits.items, first):
        _print_hit(console, place, hit)
    if not found.total:
        _print_remedies(console, hits)


def _print_remedies(console: Console, hits: Hits) -> None:
    """Say why nothing was found, and what to search for instead."""
    nothing = hits.found.nothing
    if nothing is None:
        return
    if nothing.spelling:
        console.print(f"Did you mean {nothing.spelling.words}? {nothing.spelling.count:,} found.", style="yellow")
    if len(nothing.steps) > 1:
        console.print("What each part leaves:")
        for step in nothing.steps:
            console.print(f"{step.count:>9,}  {step.words}", highlight=False)
    for remedy in nothing.remedies:
        console.print(f"Without: {remedy.words}  {remedy.count:,}")
    if nothing.elsewhere:
        console.print(
            f"{nothing.elsewhere.count:,} have the words {nothing.elsewhere.words}: {nothing.elsewhere.query.text}"
        )
    if not (nothing.spelling or nothing.remedies or nothing.elsewhere):
        console.print("Try fewer or other words.")
