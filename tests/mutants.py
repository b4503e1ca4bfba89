"""Break real records in many small ways, the same way for the same seed."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Iterator
from typing import Any

import lxml.etree

Path = list[str | int]
Mutator = Callable[[random.Random, bytes], bytes]

LONG = 1_000_000

TEXTS = (
    "",
    "\x00",
    "\x01\x1b[31m\x7f\x85",
    "\u202eabc\u202c\u2066",
    "\ufeff\ufffe\U0010ffff",
    "<script>alert(1)</script>{{7*7}}{% raw %}",
    "*" * 3000,
    "[" * 2000 + "](x)",
    "> " * 500 + "- " * 500,
    "1. " * 800,
    "`" * 999 + "\\" * 999,
    "a^2 " * 400 + "10^" * 400,
    "שלום عربي " * 50,
    "A" * 5000,
    "é" * 300,
    "\n" * 4000,
    " \t" * 4000 + "x",
    "2024-13-45",
    "N/A",
    "NCT00000000",
    "-" * 2000 + "|" * 2000,
    "&lt;&#0;&#x110000;&nosuch;",
)
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 7, 2**31, 2**63, 10**400, 1.5, -0.0, 1e308, math.nan, math.inf, "", "text", "7", "true",
    [], [None], [[]], [1, "a", {}], {}, {"": ""}, {"a": {"a": {"a": [1, {"b": 2}]}}}, "2024-01-01", "18 Years",
    "RECRUITING",
)  # fmt: skip


def text(chance: random.Random) -> str:
    """Return a text that few readers are made for; seldom, a very long one."""
    if chance.random() < 0.01:
        return chance.choice(("a", "word ", "* item\n", "é\u202e", "\n\n", "12. ", "(", "<b>")) * (LONG // 4)
    return chance.choice(TEXTS)


def splice(chance: random.Random, given: str) -> str:
    """Return *given* with a text put in somewhere."""
    at = chance.randint(0, len(given))
    return given[:at] + text(chance) + given[at:]


def value(chance: random.Random) -> Any:
    """Return a value of any type; seldom, a deep one."""
    if chance.random() < 0.02:
        deep: Any = 1
        for _ in range(chance.choice((50, 62, 70, 400))):
            deep = chance.choice(([deep], {"a": deep}))
        return deep
    return chance.choice(VALUES)


# JSON, as a tree


def containers(tree: Any) -> Iterator[Any]:
    """Yield every object and list that is not empty."""
    if isinstance(tree, (dict, list)) and tree:
        yield tree
        for below in tree.values() if isinstance(tree, dict) else tree:
            yield from containers(below)


def _key(chance: random.Random, node: Any) -> Any:
    return chance.choice(list(node)) if isinstance(node, dict) else chance.randrange(len(node))


def delete(chance: random.Random, node: Any) -> None:
    del node[_key(chance, node)]


def retype(chance: random.Random, node: Any) -> None:
    node[_key(chance, node)] = value(chance)


def wrap(chance: random.Random, node: Any) -> None:
    key = _key(chance, node)
    node[key] = chance.choice(([node[key]], {"a": node[key]}, json.dumps(node[key])))


def rename(chance: random.Random, node: Any) -> None:
    if isinstance(node, dict):
        key = _key(chance, node)
        node[chance.choice((*TEXTS, "studies", "protocolSection", "__class__", key.upper()))] = node.pop(key)


def repeat(chance: random.Random, node: Any) -> None:
    if isinstance(node, list):
        node.extend([node[_key(chance, node)]] * chance.choice((1, 3, 300)))
    else:
        node[f"{_key(chance, node)} "] = node[_key(chance, node)]


def reorder(chance: random.Random, node: Any) -> None:
    if isinstance(node, list):
        chance.shuffle(node)
    else:
        entries = list(node.items())
        chance.shuffle(entries)
        node.clear()
        node.update(entries)


def retext(chance: random.Random, node: Any) -> None:
    texts = [key for key in (node if isinstance(node, dict) else range(len(node))) if isinstance(node[key], str)]
    if texts:
        key = chance.choice(texts)
        node[key] = splice(chance, node[key])


TREE = (delete, retype, retype, wrap, rename, repeat, reorder, retext, retext, retext)


def mutate_json(chance: random.Random, data: bytes) -> bytes:
    """Change a few nodes of a JSON document."""
    tree = json.loads(data)
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        nodes = list(containers(tree))
        if nodes:
            chance.choice(TREE)(chance, chance.choice(nodes))
    return json.dumps(tree, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def double_key(chance: random.Random, data: bytes) -> bytes:
    """State a key of an object twice."""
    at = chance.choice([at for at, byte in enumerate(data) if byte == ord("{")])
    key = chance.choice(["protocolSection", "nctId", "identificationModule", "briefTitle", "x"])
    return data[: at + 1] + json.dumps({key: value(chance)}).encode()[1:-1] + b"," + data[at + 1 :]


# XML, as a tree


def mutate_xml(chance: random.Random, data: bytes) -> bytes:
    """Change a few elements of an XML document."""
    root = lxml.etree.fromstring(data, lxml.etree.XMLParser(resolve_entities=False))
    for _ in range(chance.choice((1, 1, 2, 5))):
        node = chance.choice(list(root.iter("*")))
        parent, kind = node.getparent(), chance.randrange(6)
        if kind == 0 and parent is not None:
            parent.remove(node)
        elif kind == 1 and parent is not None:
            for _ in range(chance.choice((1, 1, 50))):
                parent.append(lxml.etree.fromstring(lxml.etree.tostring(node, with_tail=False)))
        elif kind == 2:
            node.tag = chance.choice(("clinical_study", "nct_id", "textblock", "x", "location", "group"))
        elif kind == 3:
            node[:] = chance.sample(list(node), len(node))
        elif kind == 4:
            node.set(chance.choice(("type", "group_id", "rank", "x")), _xml_text(text(chance)))
        else:
            node.text = _xml_text(splice(chance, node.text or ""))
    return bytes(lxml.etree.tostring(root, encoding=chance.choice(("utf-8", "utf-16", "ascii"))))


def _xml_text(given: str) -> str:
    return "".join(char for char in given if char in "\t\n\r" or (" " <= char <= "\ud7ff"))


# Pages, as lines


def mutate_lines(chance: random.Random, data: bytes) -> bytes:
    """Change a few lines of a text."""
    lines = data.decode().split("\n")
    for _ in range(chance.choice((1, 2, 5, 20))):
        at, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        kind = chance.randrange(6)
        if kind == 0 and len(lines) > 1:
            del lines[at]
        elif kind == 1:
            lines[at:at] = [lines[other]] * chance.choice((1, 1, 100))
        elif kind == 2:
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == 3:
            lines[at] += lines[other]
        elif kind == 4:
            chance.shuffle(lines[at : at + 10])
        else:
            lines[at] = splice(chance, lines[at])
    return "\n".join(lines).encode("utf-8", "surrogatepass")


# Bytes of any kind


def mutate_bytes(chance: random.Random, data: bytes) -> bytes:
    """Cut, flip, put in, take out or exchange bytes."""
    changed = bytearray(data)
    kind = chance.randrange(6)
    start, end = sorted((chance.randint(0, len(data)), chance.randint(0, len(data))))
    if kind == 0:
        return data[:start]
    if kind == 1:
        for _ in range(chance.choice((1, 1, 5, 100))):
            changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif kind == 2:
        changed[start:start] = chance.choice((b"\0", b"\xff\xfe", b"\n", b'"', b"}", b"[" * 3000, chance.randbytes(20)))
    elif kind == 3:
        del changed[start : start + chance.choice((1, 1, 10, 1000))]
    elif kind == 4:
        changed[start:start] = data[start:end][:50_000]
    else:
        changed[start:end] = reversed(data[start:end])
    return bytes(changed)
