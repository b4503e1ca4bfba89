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

# A page with more stops than this is walked so far; what follows is more of the same.
STOPS = 400


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


def axe(page: Any, *, rules: list[str] | None = None) -> list[str]:
    """Return what axe-core finds on the page as it is now, a sentence each."""
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": TAGS}
    options = {"runOnly": only, "resultTypes": ["violations"]}
    if not rules:
        options["rules"] = {"target-size": {"enabled": True}}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{one['id']}: {node['target'][0]}: {node['failureSummary'].splitlines()[-1].strip()}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def walk(page: Any) -> list[str]:
    """Return what keeps a reader who has only a keyboard from going through the page."""
    stops = ask(page, "watchFocus")
    # One more than there are: Chromium also stops at what scrolls.
    for _ in range(min(stops, STOPS) + 8):
        page.keyboard.press("Tab")
    return ask(page, "readFocus", stops <= STOPS)


def faults(page: Any, *, whole: bool = True) -> list[str]:
    """
    Return all that keeps somebody from using the page, each with the view in which it shows.

    *whole* says that the page is one of the server's, with head, foot and policy.
    """
    page.evaluate(QUESTIONS)
    page.evaluate(AXE)
    found: list[str] = []

    def note(view: str, *answers: list[str]) -> None:
        found.extend(f"{view}: {one}" for answer in answers for one in dict.fromkeys(answer))

    page.set_viewport_size(WIDE)
    note("wide", ask(page, "document", whole), ask(page, "controls"), ask(page, "lines"), axe(page))
    note("by keyboard", walk(page))
    for style in ("spacing", "letters"):
        ask(page, "wear", style)
        note(f"with own {style}", ask(page, "reflow"))
    ask(page, "wear", "none")
    page.emulate_media(color_scheme="dark")
    note("dark", axe(page, rules=COLORS), ask(page, "controls"), ask(page, "lines"))
    # Paper is white whatever the screen was.
    page.emulate_media(color_scheme="dark", media="print")
    page.set_viewport_size(SHEET)
    note("on paper", axe(page, rules=COLORS), ask(page, "paper"))
    page.emulate_media(color_scheme="light", media="screen", forced_colors="active", reduced_motion="reduce")
    note("forced colors", ask(page, "forced"), ask(page, "motion"))
    page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="no-preference")
    page.set_viewport_size(TWICE)
    note("at 200 %", ask(page, "reflow"))
    page.set_viewport_size(NARROW)
    note("narrow", ask(page, "reflow"), axe(page))
    page.emulate_media(color_scheme="dark")
    note("narrow and dark", axe(page, rules=COLORS))
    page.emulate_media(color_scheme="light")
    return found
