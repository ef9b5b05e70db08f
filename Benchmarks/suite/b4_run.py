"""B4: a run of whole cancels with durable attempts, 64 in flight, against nginx that answers each with a proving body.

Yardsticks: AsyncHTTPClient alone (the floor of the library that intentbatch uses), a Python script with the same
attempt-before-send durability, and wrk (what the server can give; shown only).
"""

import os
import re
import statistics

from harness import account, process, servers
from harness.bench import Line, median, require
from suite.b1_check_csv import per_row

TITLE = "run of 100,000 whole cancels, 64 in flight"
ROWS = 100_000
# Its rate does not depend on the number of rows; fewer keep the benchmark short.
PYTHON_ROWS = 20_000
CONCURRENCY = 64
WRK_SECONDS = 3


def measure(bench):
    file = bench.file(bench.rows(ROWS), cancels_only=True)
    short = bench.file(bench.rows(PYTHON_ROWS), cancels_only=True)
    python = bench.peers.script("cancel_aiohttp.py", "aiohttp")
    wrk = bench.peers.program("wrk")
    rates = []
    with bench.space() as space, servers.nginx(bench.peers.program("nginx"), space) as port:
        url = f"http://127.0.0.1:{port}"

        def measured_wrk():
            usage = process.run(
                [wrk, "-t", 1, "-c", CONCURRENCY, "-d", f"{WRK_SECONDS}s", "-s",
                 os.path.join(os.path.dirname(python[1]), "cancel.lua"), url])
            rates.append(float(re.search(r"Requests/sec: *([\d.]+)", usage.output)[1]))
            return usage

        usages = bench.alternate(
            intentbatch=lambda: cancelled(bench, file, port),
            bare=lambda: counted(file, [bench.bare_client, url, file.path, CONCURRENCY]),
            python=lambda: counted_in_python(bench, python, url, short), wrk=measured_wrk)
    ours, bare, python = usages["intentbatch"], usages["bare"], usages["python"]
    rate, python_rate = file.rows / median(ours, "wall"), short.rows / median(python, "wall")
    bare_rate = file.rows / median(bare, "wall")
    version = bench.peers.version("aiohttp")
    return [
        Line("B4.cpu.bare", "CPU per row, against AsyncHTTPClient alone", per_row(ours, "cpu", file.rows),
             per_row(bare, "cpu", file.rows), median(ours, "cpu") / median(bare, "cpu")),
        Line("B4.rate.python", f"rows/s, against aiohttp {version} with sqlite3", f"{rate:,.0f}", f"{python_rate:,.0f}",
             rate / python_rate),
        Line("B4.cpu.python", "CPU per row, against the same", per_row(ours, "cpu", file.rows),
             per_row(python, "cpu", short.rows),
             (median(ours, "cpu") / file.rows) / (median(python, "cpu") / short.rows)),
        Line("B4.rate.bare", "rows/s, against AsyncHTTPClient alone", f"{rate:,.0f}", f"{bare_rate:,.0f}",
             rate / bare_rate),
        Line("B4.rate.wrk", "rows/s, against wrk (the server's ceiling)", f"{rate:,.0f}",
             f"{statistics.median(rates):,.0f}", rate / statistics.median(rates)),
        Line("B4.peak", "peak memory", f"{median(ours, 'peak') / 2**20:.1f} MiB",
             f"bare {median(bare, 'peak') / 2**20:.1f} MiB", median(ours, "peak") / 2**20, "MiB"),
    ]


def cancelled(bench, file, port):
    with bench.space() as space:
        command = account.write(space, port, file.path, concurrency=CONCURRENCY)
        usage = process.run([bench.binary, *command], environment=account.ENVIRONMENT)
        applied = account.summary(space)["counts"]["applied"]
        require(applied == file.rows, f"intentbatch applied {applied} rows of {file.rows}")
        return usage


def counted(file, command):
    usage = process.run(command)
    require(usage.output.strip() == str(file.rows), f"{command[0]} made {usage.output} calls, not {file.rows}")
    return usage


def counted_in_python(bench, script, url, file):
    with bench.space() as space:
        return counted(file, [*script, url, file.path, os.path.join(space, "store.sqlite"), CONCURRENCY])
