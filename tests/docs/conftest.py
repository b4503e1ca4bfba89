"""Reads the documents, and runs the commands that they show."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
DOCS = PROJECT / "docs"

_FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_EXPORT = re.compile(r"export (\w+)=(\S+)")


def read_blocks(text: str, kind: str) -> list[str]:
    """Return the bodies of the fenced blocks of one kind, in order."""
    return [found["body"] for found in _FENCE.finditer(text) if found["kind"] == kind]


def read_commands(block: str) -> list[tuple[str, list[str]]]:
    """Return each command of a console block with the lines of output that stand below it."""
    commands: list[tuple[str, list[str]]] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            commands.append((line.removeprefix("$ "), []))
        else:
            commands[-1][1].append(line.rstrip())
    return commands


def pattern_of(lines: list[str]) -> re.Pattern[str]:
    """Return what *lines* allow: ``…`` alone stands for any lines, within a line for any characters."""
    parts = []
    for line in lines:
        if line == "…":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(r".*".join(re.escape(piece) for piece in line.split("…")) + r"\n")
    return re.compile("".join(parts))


class Consoles:
    """Runs console blocks as they stand, in one folder, and compares what is printed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.before = ""
        self.code = 0
        scripts = Path(sys.executable).parent
        self._environment = {name: value for name, value in os.environ.items() if not name.startswith("EQUIPOISE_")}
        self._environment |= {
            "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
            "COLUMNS": "100",
            "TERM": "dumb",
            "NO_COLOR": "1",
            "HOME": str(folder),
            "XDG_DATA_HOME": str(folder / "data"),
        }

    def set(self, name: str, value: str) -> None:
        """Set a variable of the environment for the commands that follow."""
        self._environment[name] = value

    def run(self, command: str) -> str:
        """Run a command and return all that it prints; ``export`` holds for those that follow.

        ``before`` is put before each command; ``code`` is the exit code of the last.
        """
        if found := _EXPORT.fullmatch(command):
            self.set(found[1], found[2])
            return ""
        done = subprocess.run(
            ["bash", "-c", self.before + command],
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=60,
            check=False,
        )
        self.code = done.returncode
        return done.stdout.decode()

    def check(self, block: str) -> None:
        """Run the commands of a block; fail where one prints something else than the block says."""
        for command, expected in read_commands(block):
            printed = [line.rstrip() for line in self.run(command).splitlines()]
            text = "".join(f"{line}\n" for line in printed)
            if not pattern_of(expected).fullmatch(text):
                wanted = "\n".join(expected)
                pytest.fail(f"$ {command}\n\nThe document says:\n{wanted}\n\nThe command prints:\n{text}")


@pytest.fixture
def consoles(tmp_path: Path) -> Consoles:
    """A folder of its own, in which the commands of a document run."""
    return Consoles(tmp_path)


@pytest.fixture(scope="session")
def read_doc():
    """What returns the text of a document, by its path below ``docs``."""
    return lambda path: (DOCS / path).read_text("utf-8")


@pytest.fixture(scope="session")
def blocks():
    """What returns the fenced blocks of one kind in a text."""
    return read_blocks
