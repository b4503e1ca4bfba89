"""Run the benchmarks at several sizes and print their tables, as docs/reference/benchmarks.md has them.

    python bench/report.py 10000 100000 550000

The criteria compiler is measured first (bench/criteria.py), beside a baseline. Each size is generated once
(bench/work), built in a process of its own so that its peak memory is its own, asked, and compared with the
rival at the first size.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
WORK = HERE / "work"
SHARED = HERE.resolve().parents[1] / "shared"


def measured(size: int, *, rival: int) -> dict[str, Any]:
    """Return the measures at one size."""
    archive = WORK / f"registry-{size}.zip"
    if not archive.exists():
        subprocess.run([sys.executable, str(HERE / "generate.py"), str(size), str(archive)], check=True)
    command = [sys.executable, str(HERE / "measure.py"), str(archive), "--rival", str(rival)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def _row(label: str, cells: list[object]) -> str:
    return f"| {label} | " + " | ".join(str(cell) for cell in cells) + " |"


def tables(sizes: list[int], results: list[dict[str, Any]]) -> str:
    """Return the tables in Markdown."""
    head = _row("", [f"{size:,}" for size in sizes]) + "\n|---|" + "---|" * len(sizes)
    builds = [one["build"] for one in results]
    lines = ["**Build**, from the bulk zip", "", head]
    for key in ("seconds", "records/s", "peak GiB"):
        lines.append(_row(key, [one[key] for one in builds]))
    lines += [_row(f"{part}, MB", [one["MB"][part] for one in builds]) for part in builds[0]["MB"]]
    lines += [_row(f"s in {stage}", [one["stages"][stage] for one in builds]) for stage in builds[0]["stages"]]
    changes = [one["a day's changes"]["seconds"] for one in results]
    lines += [_row("s for 3,000 changed studies", changes), "", "**Ask**, milliseconds, p50 / p99", "", head]
    for asked in results[0]["ask"]:
        lines.append(_row(asked, [f"{one['ask'][asked]['p50']} / {one['ask'][asked]['p99']}" for one in results]))
    rival = results[0].get("rival")
    if rival:
        lines += ["", f"**The rival** at {rival['studies']:,} studies: SQLite FTS5, documents as they are", ""]
        lines += [f"- {name}: {value}" for name, value in rival.items() if name != "studies"]
    return "\n".join(lines)


def criteria(corpus: Path) -> str:
    """Return the measures of the criteria compiler, in Markdown."""
    answer = subprocess.run(
        [sys.executable, str(HERE / "criteria.py"), str(corpus)], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(answer.stdout)
    rates, ratios = found["criteria a second a core"], found["times the time of compile"]
    lines = [
        f"**Criteria**, {found['texts']:,} texts with {found['criteria']:,} criteria, load {found['load']:.1f}",
        "",
        _row("", ["criteria a second a core", "times the time of compile"]) + "\n|---|---|---|",
        *(_row(name, [f"{rates[name]:,}", ratios[name]]) for name in rates),
        "",
        *(f"- {name}: {value}" for name, value in found["ms a criterion"].items()),
        "",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure the sizes that the command line names."""
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000, 550_000]
    WORK.mkdir(exist_ok=True)
    results = [measured(size, rival=size if place == 0 else 0) for place, size in enumerate(sizes)]
    when = datetime.now(UTC).date().isoformat()
    print(f"{when}, {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}\n")
    print(criteria(SHARED / "corpus"))
    print(tables(sizes, results))


if __name__ == "__main__":
    main()
