"""Templates: every value is escaped; CommonMark goes through the one sanitising filter."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup, escape

from equipoise.app.desk_web import person_now
from equipoise.app.explaining import explain
from equipoise.app.facet_html import facet_links
from equipoise.app.sections import SECTIONS
from equipoise.find.cite import group_citations
from equipoise.find.map_marks import shape
from equipoise.find.markup import render, render_inline, render_powers
from equipoise.records.dates import PartialDate
from equipoise.rules.english import describe_unit
from equipoise.terms.countries import in_running_text
from equipoise.terms.enums import term_of
from equipoise.terms.fields import field


@cache
def environment() -> jinja2.Environment:
    """Return the template environment. ``markup`` and ``markup_inline`` render CommonMark safely."""
    found = jinja2.Environment(
        loader=jinja2.PackageLoader("equipoise.app"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Else every part of a page asks the disk whether its file has changed; they come with the package.
        auto_reload=False,
    )
    found.filters["markup"] = lambda text: render(text or "")
    found.filters["markup_inline"] = lambda text: render_inline(text or "")
    found.filters["commands"] = commands
    found.filters["full_stop"] = full_stop
    found.filters["in_running_text"] = in_running_text
    found.filters["powers"] = lambda text: render_powers(text)
    found.filters["explained"] = explain
    found.filters["field_label"] = lambda piece: field(piece).label
    found.filters["date_words"] = lambda text: PartialDate(text).words()
    found.filters["enum_words"] = lambda value, piece: term_of(piece, value).short
    found.filters["by_role"] = group_citations
    found.filters["unit_words"] = unit_words
    found.filters["mark_shape"] = lambda state: shape(state, 10, 10, 6.5)
    found.globals["person_now"] = person_now.get
    found.globals["section_names"] = SECTIONS
    found.globals["facet_links"] = facet_links
    return found


def unit_words(ucum: str) -> str:
    """Return a unit as people write it, with areas and volumes raised.

    >>> unit_words("10*3/mm3"), unit_words("mg/m2")
    ('×10³/mm³', 'mg/m²')
    """
    return re.sub(r"(?<=m)[23]\b", lambda found: "²³"[int(found[0]) - 2], describe_unit(ucum))


def full_stop(text: str) -> str:
    """Return a message as a sentence on a page: in a terminal most have no full stop.

    >>> full_stop("No such place is known"), full_stop("Did you mean Phase?")
    ('No such place is known.', 'Did you mean Phase?')
    """
    return text if not text or text[-1] in ".?!:…" else f"{text}."


def commands(text: str) -> Markup:
    """Return a message as HTML: what it sets in backticks, as a terminal would show it, is code.

    >>> print(commands("Load it with `equipoise load <FILE>`."))
    Load it with <code>equipoise load &lt;FILE&gt;</code>.
    """
    return Markup(re.sub(r"`([^`]*)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 (all of it was escaped)


def render_page(template: str, /, **values: Any) -> str:
    """Return a template's HTML."""
    return environment().get_template(template).render(**values)
