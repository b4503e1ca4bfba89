"""Look at a page as different readers meet it, and list what keeps them from using it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
QUESTIONS = Path(__file__).with_name("usable.js").read_text("utf-8")

# What WCAG 2.2 asks at the levels A and AA, and what its makers call good practice (one h1, landmarks).
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The rules whose answer depends on the colors alone.
COLORS = ["color-contrast", "link-in-text-block"]

WIDE = {"width": 1280, "height": 1024}
# 1280 by 1024 pixels at 200 % and at 400 %.
TWICE = {"width": 640, "height": 512}
NARROW = {"width": 320, "height": 256}
# A4 without its margins, at 96 pixels an inch.
SHEET = {"width": 718, "height": 1000}

# axe-core measures contrast thoroughly and slowly: on a page with more elements only when there is time for it.
# Our own measure of contrast is taken on every page.
ELEMENTS = 600
# A page with more stops than this is walked so far; what follows is more of the same.
STOPS = 40


class Watch(NamedTuple):
    """What a page asked for and complained about while it was looked at."""

    requests: list[str]
    complaints: list[str]


def watch(page: Any) -> Watch:
    """Note every request and every complaint of a page from now on."""
    seen = Watch([], [])
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("console", lambda message: message.type in ("error", "warning") and seen.complaints.append(message.text))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    return seen


def ask(page: Any, question: str, *arguments: Any) -> Any:
    """Return what the page answers to a question of ``usable.js``."""
    return page.evaluate("([question, given]) => usable[question](...given)", [question, list(arguments)])


def axe(page: Any, *, rules: list[str] | None = None, colors: bool = True) -> list[str]:
    """Return what axe-core finds on the page as it is now, a sentence each."""
    options: dict[str, Any] = {"resultTypes": ["violations"], "preload": False}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    else:
        options["runOnly"] = {"type": "tag", "values": TAGS}
        options["rules"] = {"target-size": {"enabled": True}, "color-contrast": {"enabled": colors}}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']}: {node['target'][0]}: {node['failureSummary'].splitlines()[-1].strip()}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def walk(page: Any, *, stops: int = STOPS) -> list[str]:
    """Return what keeps a reader who has only a keyboard from going through the page."""
    there = ask(page, "watchFocus")
    # Some more than there are: Chromium also stops at what scrolls.
    for _ in range(min(there, stops) + 4):
        page.keyboard.press("Tab")
    return ask(page, "readFocus", there <= stops)


class Looks:
    """Looks at a page in one view after another, and keeps what is wrong in each."""

    def __init__(self, page: Any, *, thorough: bool) -> None:
        self._page = page
        self._thorough = thorough
        self.faults: list[str] = []

    def view(self, name: str, questions: list[str], *, size: dict[str, int] | None = None, **media: str) -> None:
        """Show the page in a view and ask it some questions; looking thoroughly, axe-core measures its colors too."""
        if size:
            self._page.set_viewport_size(size)
        if media:
            self._page.emulate_media(**media)
        for one in questions:
            self.note(name, ask(self._page, one))
        if self._thorough and "words" in questions:
            self.note(name, axe(self._page, rules=COLORS))

    def note(self, view: str, answers: list[str]) -> None:
        """Keep what was found in a view, each thing once."""
        self.faults += [f"{view}: {one}" for one in dict.fromkeys(answers)]


def faults(page: Any, *, whole: bool = True, thorough: bool = False) -> list[str]:
    """
    Return all that keeps somebody from using the page, each with the view in which it shows.

    *whole* says that the page is one of the server's, with head, foot and policy. axe-core looks at it wide in the
    light and narrow in the dark; *thorough* has it measure the colors in each view however large the page is, and
    walks past every stop.
    """
    page.evaluate(QUESTIONS)
    page.evaluate(AXE)
    by_axe = thorough or page.evaluate("document.querySelectorAll('*').length") <= ELEMENTS
    looks = Looks(page, thorough=thorough)
    colors = ["words", "lines", "controls"]
    looks.view("wide", colors, size=WIDE, color_scheme="light")
    looks.note("wide", ask(page, "document", whole))
    looks.note("wide", axe(page, colors=by_axe))
    looks.note("by keyboard", walk(page, stops=10_000 if thorough else STOPS))
    for style in ("spacing", "letters"):
        ask(page, "wear", style)
        looks.view(f"with own {style}", ["reflow"])
    ask(page, "wear", "none")
    looks.view("dark", colors, color_scheme="dark")
    # Paper is white whatever the screen was.
    looks.view("on paper", ["words", "paper"], size=SHEET, media="print")
    looks.view("forced colors", ["forced"], media="screen", forced_colors="active")
    looks.view("less motion", ["motion"], forced_colors="none", reduced_motion="reduce")
    looks.view("at 200 %", ["reflow"], size=TWICE, reduced_motion="no-preference")
    looks.view("narrow", ["reflow", *colors], size=NARROW, color_scheme="light")
    looks.view("narrow and dark", colors, color_scheme="dark")
    looks.note("narrow and dark", axe(page, colors=by_axe))
    page.emulate_media(color_scheme="light")
    return looks.faults
