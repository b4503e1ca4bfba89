"""Read phone numbers and mail addresses; a link only where there is one way to read them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from types import ModuleType
from urllib.parse import quote

import msgspec

from equipoise.terms.countries import country_code


class Phone(msgspec.Struct, frozen=True):
    """A phone number as published and, where there is one way to read it, for dialling.

    ``e164`` is ``+18048284583``, ``words`` ``+1 804-828-4583`` (the published text of a number that
    was not read), ``link`` its ``tel:`` address (RFC 3966).
    """

    text: str
    words: str
    e164: str | None = None
    extension: str | None = None
    link: str | None = None


class Mail(msgspec.Struct, frozen=True):
    """A mail address as published; ``link`` only if it is plainly one address."""

    text: str
    link: str | None = None


_EXTENSION = re.compile(
    r"(?<![\s,;(])[\s,;(]*(?:(?<![a-z])ext(?:ension|n)?|(?<![a-z])x|#)[\s.:]*([0-9]{1,7})\)?\s*\Z", re.IGNORECASE
)
# "+81-3-6225-1111 (M-F 9-5 JST", "888-662-6728 (U.S. only)"
_NOTE = re.compile(r"(?<=\w)\s*\((?=[^()]*[A-Za-z])[^()]*\)?\s*\Z")
_TOLL_FREE = r"\(?8(?:00|33|44|55|66|77|88)\)?[-. ]\d{3}[-. ]\d{4}"
_NUMBER = re.compile(r"[+(]?[0-9\s().+/-]+")
# "010-8231 / 8232", "555 1234/1235" and "86+135…" are not one number; "0761/270-345" is.
_TWO_NUMBERS = re.compile(r"/.*/|/\s*\d{1,4}\Z|\d{5}\s*/|\d\D*\+")


def parse_phone(text: str | None, *, region: str | None = None, extension: str | None = None) -> Phone | None:
    """Return the phone number in *text*, read as it is dialled in *region*.

    >>> parse_phone("804.828.4583", region="US").e164, parse_phone("8048284583", region="US").e164
    ('+18048284583', '+18048284583')
    >>> parse_phone("86-021-38804518", region="CN").e164, parse_phone("+86-021-38804518").e164
    ('+862138804518', '+862138804518')
    """
    shown = " ".join((text or "").split())
    if not shown:
        return None
    inner = _EXTENSION.search(shown)
    stated = (extension or "").strip()
    beyond = stated or (inner[1] if inner else "")
    read = _read_number(shown[: inner.start()] if inner else shown, region)
    if read is None:
        return Phone(shown, f"{shown} ext. {stated}" if stated else shown, extension=beyond or None)
    e164, words = read
    link = f"tel:{e164};ext={beyond}" if re.fullmatch(r"[0-9]{1,7}", beyond) else f"tel:{e164}"
    return Phone(shown, f"{words} ext. {beyond}" if beyond else words, e164, beyond or None, link)


def _read_number(text: str, region: str | None) -> tuple[str, str] | None:
    """Return the number in E.164 and as people write it abroad."""
    library = _library()
    plain = _NOTE.sub("", unicodedata.normalize("NFKC", text)).strip()
    for number, where in _readings(plain, region):
        try:
            parsed = library.parse(number, where)
        except library.NumberParseException:
            continue
        if library.is_valid_number(parsed):
            abroad = library.format_number(parsed, library.PhoneNumberFormat.INTERNATIONAL)
            return library.format_number(parsed, library.PhoneNumberFormat.E164), abroad
    return None


@cache
def _library() -> ModuleType:
    """Return the library of phone numbers; it is imported here, because only pages need it."""
    import phonenumbers

    # Python keeps 512 patterns, and those of a few countries are more: each page would compile them again, for a
    # millisecond a pattern. All countries have 1,500, which take 2 MB.
    phonenumbers.enable_pattern_cache()
    return phonenumbers


def _readings(text: str, region: str | None) -> Iterable[tuple[str, str | None]]:
    """Yield the ways to read a number, the likeliest first, as (number, region)."""
    if not _NUMBER.fullmatch(text) or _TWO_NUMBERS.search(text):
        return
    if re.fullmatch(r"1[-. ]+" + _TOLL_FREE, text):
        # Spaced so, it is nothing else; "18772409479" is also a mobile number in China.
        yield text, "US"
    elif re.fullmatch(_TOLL_FREE, text) and region not in _american():
        return  # an American sponsor's number at a site elsewhere: in India it would be a mobile
    elif "+" in text:
        yield text, None
    else:
        if region is not None:
            yield text, region
        if text.startswith("00"):
            yield "+" + text[2:], None


@cache
def _american() -> frozenset[str | None]:
    """Return the countries that share the numbering plan of the United States."""
    return frozenset(_library().region_codes_for_country_code(1))


def shared_region(countries: Sequence[str]) -> str | None:
    """Return the region in which the numbers of all sites are dialled alike, if there is one."""
    codes = {country_code(name) for name in countries}
    if codes and codes <= _american():
        return "US"
    return codes.pop() if len(codes) == 1 else None


_LOCAL = r"[A-Za-z0-9_+'~-]+(?:\.[A-Za-z0-9_+'~-]+)*"
_ADDRESS = re.compile(rf"({_LOCAL})@((?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{{2,63}})")


def parse_mail(text: str | None) -> Mail | None:
    """Return the mail address in *text*, with a link if it is one address and nothing else.

    >>> parse_mail("o'neil+trial@example.org").link
    'mailto:o%27neil+trial@example.org'
    """
    shown = " ".join((text or "").split())
    if not shown:
        return None
    match = _ADDRESS.fullmatch((text or "").strip(" ")) if len(shown) <= 254 else None
    return Mail(shown, f"mailto:{quote(match[1], safe='+')}@{match[2]}" if match else None)
