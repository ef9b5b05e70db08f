"""B6: how long a run that is half done takes from its start to its first call, with 1,000,000 and 10,000,000 rows."""

import os
import signal
import statistics
import time

from harness import account, halfdone, process, servers
from harness.bench import Line, require, say

TITLE = "resume of a run at 50 %"
SIZES = [1_000_000, 10_000_000]


def measure(bench):
    with servers.NotingServer() as server, bench.space() as space:
        folders = {}
        for size in SIZES:
            rows = bench.rows(size)
            folders[rows] = os.path.join(space, str(rows))
            os.mkdir(folders[rows])
            halfdone.prepare(bench, server, folders[rows], rows, settled=rows // 2)
        times = {rows: [] for rows in folders}
        for pair in range(bench.pairs):
            for rows, folder in folders.items():
                times[rows].append(first_call(bench, server, folder))
                say(f"  {pair + 1}. {rows:,} rows: {times[rows][-1]:.3f} s to the first call")
    small, large = (statistics.median(measured) for measured in times.values())
    small_rows, large_rows = times
    return [
        Line("B6.wall", f"start to first call, {large_rows:,} rows", f"{large:.3f} s", "itself", large, "s"),
        Line("B6.growth", f"the same against {small_rows:,} rows", f"{large:.3f} s", f"{small:.3f} s", large / small),
    ]


def first_call(bench, server, folder):
    server.begin()
    start = time.monotonic()
    started = process.Started(
        [bench.binary, "resume", "--config", os.path.join(folder, "intentbatch.yaml"), "--state",
         os.path.join(folder, "state")], account.ENVIRONMENT)
    require(server.first.wait(120), f"no call came: {started.errors()}")
    wall = server.arrivals[0] - start
    started.signal(signal.SIGTERM)
    started.wait(60, codes=(5,))
    return wall
