"""B9: taking 1,000,000 rows into the store, against `sqlite3 .import` of the same file.

The import is what a run does before its first call, without the claim and the check: both are measured in the same
pair by `check`, which is the same check, and their time is taken off.
"""

import os
import signal
import sqlite3
import time

from harness import account, process, servers
from harness.bench import Line, median, require
from suite.b1_check_csv import checked

TITLE = "import of 1,000,000 rows into the store"
ROWS = 1_000_000

# The keys and indexes that intentbatch keeps of a row's own cells.
TABLE = """
CREATE TABLE instruction (action TEXT, intent_id TEXT, amount TEXT, currency TEXT, reason TEXT, reference TEXT,
    customer TEXT);
CREATE INDEX instruction_intent ON instruction (intent_id);
CREATE INDEX instruction_reference ON instruction (reference) WHERE reference IS NOT NULL;
"""


def measure(bench):
    file = bench.file(bench.rows(ROWS), cancels_only=True)
    program = bench.peers.program("sqlite3")
    with servers.NotingServer() as server:
        usages = bench.alternate(
            run=lambda: imported(bench, file, server), check=lambda: checked(bench, file),
            plain=lambda: sqlite_import(bench, program, file, ""),
            indexed=lambda: sqlite_import(bench, program, file, TABLE))
    whole, check = median(usages["run"], "wall"), median(usages["check"], "wall")
    ours = whole - check
    lines = []
    for name, what in (("plain", "into a table without keys"), ("indexed", "with indexes on intent and reference")):
        theirs = median(usages[name], "wall")
        lines.append(
            Line(f"B9.wall.{name}", f"wall, against sqlite3 .import {what}", f"{ours:.2f} s", f"{theirs:.2f} s",
                 ours / theirs))
    cpu = median(usages["run"], "cpu") - median(usages["check"], "cpu")
    lines.append(
        Line("B9.cpu", "CPU, against the same without keys", f"{cpu:.2f} s",
             f"{median(usages['plain'], 'cpu'):.2f} s", cpu / median(usages["plain"], "cpu")))
    return lines


def imported(bench, file, server):
    """A run from its start to the moment when its rows are in the store and its first call arrives."""
    with bench.space() as space:
        server.begin()
        command = account.write(space, server.port, file.path)
        started = process.Started([bench.binary, *command], account.ENVIRONMENT)
        pid = started.pid()
        began = time.monotonic()
        require(server.first.wait(600), "no call came")
        wall = time.monotonic() - began
        cpu = cpu_so_far(pid)
        started.signal(signal.SIGTERM)
        usage = started.wait(60, codes=(5,))
        with sqlite3.connect(account.store(space)) as store:
            [rows] = store.execute("SELECT count(*) FROM instruction").fetchone()
        require(rows == file.rows, f"{rows} rows were imported")
        usage.wall, usage.cpu = wall, cpu
        return usage


def cpu_so_far(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def sqlite_import(bench, program, file, table):
    with bench.space() as space:
        store = os.path.join(space, "store.sqlite")
        skip = "--skip 1 " if table else ""
        # As durable as the store when it is done.
        commands = [
            "PRAGMA journal_mode = WAL;", "PRAGMA synchronous = FULL;", table,
            f".import --csv {skip}{file.path} instruction"]
        usage = process.run([program, store, *(text for text in commands if text)])
        with sqlite3.connect(store) as database:
            [rows] = database.execute("SELECT count(*) FROM instruction").fetchone()
        require(rows == file.rows, f"sqlite3 imported {rows} rows")
        return usage
