"""Load a server with mixed traffic, as `wrk` does it.

    equipoise serve --library LIBRARY --workers 2 --port 8000
    python bench/serve.py LIBRARY http://127.0.0.1:8000 [--seconds 30] [--connections 32]

Half of the requests are pages (searches, studies, related studies), half of them the registry's API (searches of 10,
single records, counts). Words are those of random titles. `wrk` (Debian's package of that name) must be installed: a
client in Python would take the time of a core from the server.

Pages that were made once are kept, so with few addresses most requests are second looks; `--of-each 3000` makes nearly
all of them first looks.

With `--publish FILE` the file is loaded into the library meanwhile, so that the server turns to a new edition under
load: no request may fail. `--processes NUMBER` prints what memory that server (by its process number) and its workers
hold, before and after: what is its own is what a further worker adds; parts of files the system takes back where it needs
the room; its share of all (Pss) counts both, and its part of what several have; and
the processor time that they took a request, which holds on a busy machine too, where requests a second do not.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from equipoise.intake.opening import open_library

SCRIPT = """
local paths = {{ {paths} }}
math.randomseed(7)
request = function() return wrk.format("GET", paths[math.random(#paths)]) end
local failed = 0
response = function(status) if status >= 400 then failed = failed + 1 end end
done = function(summary, latency)
  io.write(string.format("%d requests; ", summary.requests))
  io.write(string.format("p50 %.0f ms, p90 %.0f, p99 %.0f, max %.0f; %.1f requests/s; errors: %d status, %d socket\\n",
    latency:percentile(50) / 1000, latency:percentile(90) / 1000, latency:percentile(99) / 1000, latency.max / 1000,
    summary.requests / (summary.duration / 1e6), summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
"""


def paths(folder: Path, count: int = 300) -> list[str]:
    """Return so many addresses of each kind."""
    library, chance = open_library(folder), random.Random(11)
    found = []
    for _ in range(count):
        number = library.columns.number(chance.randrange(len(library)))
        titles = re.findall(r"[A-Za-z]{4,}", library.study(number).title or "stroke trial")
        words = quote(" ".join(chance.sample(titles, min(2, len(titles)))))
        found += [
            f"/search?q={words}",
            f"/search?cond={words}&phase=3&status=RECRUITING",
            f"/studies/{number}",
            f"/api/v2/studies?query.term={words}",
            f"/api/v2/studies/{number}",
            f"/api/v2/studies?query.cond={words}&countTotal=true&pageSize=1",
        ]
    return found


def processes(server: int) -> list[str]:
    """Return the numbers of a server and its workers."""
    return [str(server), *Path(f"/proc/{server}/task/{server}/children").read_text().split()]


def used(server: int) -> float:
    """Return the seconds of processor time that a server and its workers have taken."""
    ticks = 0
    for process in processes(server):
        # What stands behind the name, which is in parentheses: the 14th and 15th field of all.
        ticks += sum(map(int, Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def memory(server: int) -> None:
    """Print what memory a server and each of its workers hold."""
    for process in processes(server):
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
        sizes = {name: int(size.split()[0]) / 1024 for name, size in (line.split(":") for line in lines)}
        print(
            f"process {process}: of its own {sizes['Private_Dirty']:.0f} MB, parts of files that it alone has looked at "
            f"{sizes['Private_Clean']:.0f} MB, share of all {sizes['Pss']:.0f} MB"
        )


def publish(library: Path, file: Path, wrk: subprocess.Popen[bytes], wait: float) -> None:
    """Load a file while *wrk* runs, a while after it began, and print which edition came of it."""
    try:
        wrk.wait(wait)
    except subprocess.TimeoutExpired:
        command = [sys.executable, "-c", "from equipoise.app.cli import main; main()", "load"]
        subprocess.run([*command, "--library", str(library), str(file)], check=True, stdout=subprocess.DEVNULL)
        when = "while requests ran" if wrk.poll() is None else "too late, after the last request: take more --seconds"
        print(f"edition {(library / 'CURRENT').read_text().strip()} was published {when}")


def main() -> None:
    """Run wrk and print what it measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", type=Path)
    parser.add_argument("address")
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--of-each", type=int, default=300, metavar="NUMBER", help="addresses of each of the six kinds")
    parser.add_argument("--publish", type=Path, metavar="FILE")
    parser.add_argument("--processes", type=int, metavar="NUMBER")
    given = parser.parse_args()
    before = 0.0
    if given.processes:
        memory(given.processes)
        before = used(given.processes)
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(SCRIPT.format(paths=", ".join(f'"{path}"' for path in paths(given.library, given.of_each))))
        script.flush()
        command = ["wrk", "-t1", f"-c{given.connections}", f"-d{given.seconds}s", "--timeout", "30s", "-s", script.name]
        with tempfile.TemporaryFile("w+") as said:
            with subprocess.Popen([*command, given.address], stdout=said) as wrk:
                if given.publish:
                    publish(given.library, given.publish, wrk, given.seconds / 4)
            said.seek(0)
            told = said.read()
        print(told, end="")
        if wrk.returncode:
            sys.exit(wrk.returncode)
    if given.processes:
        memory(given.processes)
        requests = int(re.findall(r"(\d+) requests;", told)[0])
        spent = used(given.processes) - before
        print(
            f"processor time of the server: {spent:.1f} s, {spent / max(1, requests) * 1000:.1f} ms a request; "
            f"two whole cores would do {2 * requests / spent:.0f} requests/s"
            if spent
            else "no time was taken"
        )


if __name__ == "__main__":
    main()
