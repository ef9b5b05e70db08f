"""B5: how much of an allowed rate is used, when each answer takes 200 ms; and that it is never exceeded."""

import itertools

from harness import account, process, servers
from harness.bench import Line, require, say

import statistics

TITLE = "500 calls/s allowed, answers after 200 ms"
RATE = 500
SECONDS = 12
DELAY = 0.2
# How far apart two calls may move between our start of them and their arrival (contract, P5).
TOLERANCE = 0.05


def measure(bench):
    # The first second is left out: there the connections are opened.
    seconds = max(3, round(SECONDS * bench.scale))
    file = bench.file(RATE * (seconds + 2), cancels_only=True)
    shares, violations = [], 0
    with servers.NotingServer(delay=DELAY) as server:
        for pair in range(bench.pairs):
            with bench.space() as space:
                server.begin()
                command = account.write(
                    space, server.port, file.path, concurrency=4 * round(RATE * DELAY), limits=f"{RATE}/1s")
                process.run([bench.binary, *command], environment=account.ENVIRONMENT)
                applied = account.summary(space)["counts"]["applied"]
            require(applied == file.rows, f"intentbatch applied {applied} rows of {file.rows}")
            arrivals = sorted(server.arrivals)
            start = arrivals[0] + 1
            in_time = sum(start <= moment < start + seconds for moment in arrivals)
            shares.append(in_time / (RATE * seconds))
            violations += exceeded(arrivals)
            say(f"  {pair + 1}. {in_time} calls in {seconds} s, {shares[-1]:.2%}; {violations} violations")
    share = statistics.median(shares)
    return [
        Line("B5.share", f"calls in {seconds} s, against the arithmetic limit", f"{share * RATE:.1f}/s", f"{RATE}/s",
             share * 100, "%"),
        Line("B5.violations", f"calls that came more than {TOLERANCE * 1e3:.0f} ms too early at the server",
             str(violations), "0", violations, ""),
    ]


def exceeded(arrivals):
    """Calls with as many before them within a second, less the tolerance, as a second allows."""
    return sum(
        later - earlier < 1 - TOLERANCE for earlier, later in zip(arrivals, itertools.islice(arrivals, RATE, None)))
