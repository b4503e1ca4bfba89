"""Passcodes and keys: made by chance, read forgivingly, and nothing opens without both parts."""

from __future__ import annotations

import math
import unicodedata

import pytest

from equipoise.desk.passcodes import ALPHABET, GROUPS, LENGTH, is_whole, make_passcode, read_passcode
from equipoise.desk.sealing import KEY, SALT, NotOpened, Sealed, derive_key, new_key, seal, unseal


def test_a_passcode_has_bits_enough() -> None:
    """Nobody tries 2 to the power of 60."""
    assert len(set(ALPHABET)) == len(ALPHABET)
    assert LENGTH * math.log2(len(ALPHABET)) > 72


def test_passcodes_differ_and_use_all_signs() -> None:
    """A thousand passcodes are all different and have every sign about equally often."""
    made = [read_passcode(make_passcode()) for _ in range(1000)]
    assert len(set(made)) == 1000
    counts = [sum(code.count(sign) for code in made) for sign in ALPHABET]
    assert min(counts) > 0.75 * 1000 * LENGTH / len(ALPHABET)
    assert max(counts) < 1.25 * 1000 * LENGTH / len(ALPHABET)


@pytest.mark.parametrize(
    "typed",
    [
        "h4kd-9mnx-tr7c-2vpw",
        "  H4KD 9MNX TR7C 2VPW\n",
        "H4KD9MNXTR7C2VPW",
        "H4KD–9MNX—TR7C‑2VPW",
        "H.4.K.D.9.M.N.X.T.R.7.C.2.V.P.W",
        "\u202eH4KD-9MNX-TR7C-2VPW\u202c",
        "Ｈ４ＫＤ－９ＭＮＸ－ＴＲ７Ｃ－２ＶＰＷ",
        "hako-qmnx-tr1c-zupw".replace("q", "9"),
    ],
)
def test_a_passcode_is_read_as_it_may_be_typed(typed: str) -> None:
    """Case, spaces, dashes, marks of direction, wide letters and look-alikes do not matter."""
    assert read_passcode(typed) == "H4KD9MNXTR7C2VPW"
    assert is_whole(read_passcode(typed))


def test_no_sign_of_a_passcode_is_read_as_another() -> None:
    """What is shown is what is read."""
    for _ in range(100):
        shown = make_passcode()
        assert shown.count("-") == GROUPS - 1
        assert read_passcode(shown) == shown.replace("-", "")
        assert unicodedata.is_normalized("NFKC", shown)


def test_what_is_sealed_opens_with_its_passcode_and_link_alone() -> None:
    """Another passcode, link, salt or place opens nothing."""
    salt = b"s" * SALT
    key = derive_key("H4KD9MNXTR7C2VPW", token="link", salt=salt)
    sealed = seal(key, b'{"tea": 1}', about="share a")
    assert len(key) == KEY
    assert unseal(key, sealed, about="share a") == b'{"tea": 1}'
    others = [
        derive_key("H4KD9MNXTR7C2VPX", token="link", salt=salt),
        derive_key("H4KD9MNXTR7C2VPW", token="limk", salt=salt),
        derive_key("H4KD9MNXTR7C2VPW", token="link", salt=b"t" * SALT),
        new_key(),
    ]
    for other in others:
        with pytest.raises(NotOpened):
            unseal(other, sealed, about="share a")
    with pytest.raises(NotOpened):
        unseal(key, sealed, about="share b")


def test_a_changed_byte_opens_nothing() -> None:
    """What was changed is refused, not misread."""
    key = new_key()
    sealed = seal(key, b'"tea"', about="a")
    for place in (0, 100, len(sealed.text) - 1):
        changed = bytearray(sealed.text)
        changed[place] ^= 1
        with pytest.raises(NotOpened):
            unseal(key, Sealed(sealed.nonce, bytes(changed)), about="a")
    with pytest.raises(NotOpened):
        unseal(key, Sealed(sealed.nonce, sealed.text[:10]), about="a")


def test_the_same_text_is_sealed_differently_each_time() -> None:
    """Nonces are never used twice, and lengths tell little."""
    key = new_key()
    made = [seal(key, b'"tea"' * number, about="a") for number in range(1, 100)]
    assert len({one.nonce for one in made}) == 99
    assert len({len(one.text) for one in made}) == 1
