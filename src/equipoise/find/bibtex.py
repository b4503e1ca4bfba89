r"""
Entries of BibTeX, written so that every reader has the same text back.

::

    entry = "@" kind "{" key "," (name "=" "{" value "}" ",")* "}"

BibTeX counts braces, even those behind a backslash, so that a lone brace in a title would break the file: it is
written as the command for it. The libraries that write BibTeX do not (pybtex 0.26 refuses a lone brace and leaves
backslashes as they are), which is why this is our own.
"""

from __future__ import annotations

from collections.abc import Mapping

from equipoise.find.works import Author

_COMMANDS = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "$&#_%{}"},
    }
)
_LONE_BRACES = {ord("{"): r"\textbraceleft{}", ord("}"): r"\textbraceright{}"}
# Readers take these as they stand.
_VERBATIM = frozenset({"url", "doi", "urldate", "pmid"})
# Months are names that BibTeX knows; they stand without braces.
_NAMES = frozenset({"month"})


def escape(text: str) -> str:
    r"""Return a text as it stands in an entry: one line, no sign with a meaning of its own.

    >>> print(escape("5 % of {R&D}, H_2O < 3 $"))
    5 \% of \{R\&D\}, H\_2O < 3 \$
    >>> print(escape("a lone {"))
    a lone \textbraceleft{}
    """
    line = " ".join(text.split())
    return line.translate(_COMMANDS if _balanced(line) else _COMMANDS | _LONE_BRACES)


def _balanced(text: str) -> bool:
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        if depth < 0:
            return False
    return depth == 0


def bibtex_entry(kind: str, key: str, fields: Mapping[str, str | list[Author]]) -> str:
    """Return an entry; empty fields are left out.

    >>> print(bibtex_entry("misc", "a1", {"author": [Author("Lam", "CW")], "title": "DNA in Leeds", "year": ""}))
    @misc{a1,
      author = {Lam, C. W.},
      title = {{DNA in Leeds}},
    }
    <BLANKLINE>
    """
    lines = [f"  {name} = {_value(name, value)},\n" for name, value in fields.items() if value]
    return f"@{kind}{{{key},\n{''.join(lines)}}}\n"


def _value(name: str, value: str | list[Author]) -> str:
    if not isinstance(value, str):
        return "{" + " and ".join(map(_author, value)) + "}"
    if name in _NAMES:
        return value
    if name in _VERBATIM:
        # What would end the field or the line is written as a web address writes it.
        safe = value.translate({ord("{"): "%7B", ord("}"): "%7D", ord("\\"): "%5C"})
        return "{" + "".join(safe.split()) + "}"
    # A second pair of braces keeps a title's capitals.
    return "{{" + escape(value) + "}}" if name == "title" else "{" + escape(value) + "}"


def _author(author: Author) -> str:
    if author == Author("others"):
        return "others"
    if not author.initials:
        return "{" + escape(author.name) + "}"
    initials = " ".join(f"{letter}." for letter in author.initials if letter != "-")
    return ", ".join(escape(part) for part in (author.name, author.rank, initials) if part)
