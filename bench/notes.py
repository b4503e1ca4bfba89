"""Let a hundred people write notes at once, and count what was kept.

    python bench/notes.py LIBRARY [--people 100] [--seconds 30] [--workers 2]

A server of its own is started, with a desk of its own. Each person saves a note, waits half a second to one and a half,
and saves the next: many times as often as anybody types. `wrk` (Debian's package of that name) measures each save. At the
end every note that was answered for must be on the desk, no request may have failed, and p99 must be 400 ms at most: the
exit status says whether all of this holds. The load of the machine is printed: others at work on it count, too.
"""

from __future__ import annotations

import argparse
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import closing
from pathlib import Path

from equipoise.intake.opening import open_library

LIMIT = 400  # ms
SCRIPT = """
local studies = {{ {studies} }}
math.randomseed(7)
local place = "&version=ab12&part=about&exact=warm+tea&prefix=is+&suffix=.&start=7&end=15"
local headers = {{ ["content-type"] = "application/x-www-form-urlencoded", ["sec-fetch-site"] = "same-origin",
                   ["accept"] = "application/json" }}
local count = 0
function delay() return math.random({least}, {most}) end
function request()
  count = count + 1
  local text = "text=Note+" .. count .. "+" .. string.rep("ask+about+tea+", math.random(1, 40)) .. "&tags=ask,tea"
  return wrk.format("POST", "/studies/" .. studies[math.random(#studies)] .. "/notes", headers, text .. place)
end
local failed = 0
function response(status) if status ~= 200 then failed = failed + 1 end end
function done(summary, latency)
  io.write(string.format("saved %d, refused %d, broken %d, p50 %.0f, p90 %.0f, p99 %.0f, max %.0f ms\\n",
    summary.requests, summary.errors.status,
    summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(90) / 1000, latency:percentile(99) / 1000, latency.max / 1000))
end
"""


def start(library: Path, desk: Path, workers: int) -> tuple[subprocess.Popen[str], str]:
    """Start a server, and return it with its address once it answers."""
    code = "from equipoise.app.cli import main; main()"
    command = [sys.executable, "-c", code, "serve", "--library", str(library), "--port", "8300"]
    server = subprocess.Popen(
        [*command, "--workers", str(workers)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"EQUIPOISE_DESK": str(desk)},
    )
    assert server.stdout is not None
    address = next(found[0] for line in server.stdout if (found := re.search(r"http://[\d.]+:\d+", line)))
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return server, address
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the server does not answer")


def main() -> None:
    """Run the writers and judge what they met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library", type=Path)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--pause", type=int, nargs=2, default=(500, 1500), metavar=("LEAST", "MOST"), help="in ms")
    given = parser.parse_args()
    library = open_library(given.library)
    studies = ", ".join(f'"{library.columns.number(row)}"' for row in range(min(len(library), 200)))
    with tempfile.TemporaryDirectory() as place:
        script, desk = Path(place) / "notes.lua", Path(place) / "desk"
        script.write_text(SCRIPT.format(studies=studies, least=given.pause[0], most=given.pause[1]))
        server, address = start(given.library, desk, given.workers)
        try:
            command = ["wrk", "-t1", f"-c{given.people}", f"-d{given.seconds}s", "--timeout", "30s", "-s", str(script)]
            said = subprocess.run([*command, address], capture_output=True, text=True, check=True).stdout
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
        with closing(sqlite3.connect(desk / "desk.sqlite")) as connection:
            [kept] = connection.execute("SELECT count(*) FROM notes").fetchone()
    line = said.strip().splitlines()[-1]
    load = os.getloadavg()[0]
    print(
        f"{line}; on the desk {kept}; {given.people} people, {given.seconds} s, {given.workers} workers; load {load:.1f}"
    )
    figures = {name: int(value) for name, value in re.findall(r"(saved|refused|broken|p99) (\d+)", line)}
    # What was under way when the time was up may have been kept and not answered.
    whole = figures["saved"] <= kept <= figures["saved"] + given.people
    sys.exit(0 if whole and not figures["refused"] + figures["broken"] and figures["p99"] <= LIMIT else 1)


if __name__ == "__main__":
    main()
