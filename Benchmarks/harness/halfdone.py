"""Runs that are partly done, without the hours that a million calls take.

A real run is started and stopped after its first calls. Then rows that wait are given the settlement and the attempt of
one that it settled, as if they had been sent one after the other. This knows the tables of the store
(Sources/SQLiteRunStore/Schema.swift); `require` finds out when it no longer does.
"""

import signal
import sqlite3

from harness import account, process
from harness.bench import require, say

# What a row asks for; all other columns are what became of it.
ASKED = {
    "run", "row", "account", "intent_id", "action", "line", "amount", "currency", "reason", "reference", "line_items",
    "external_data", "expires_at", "after_row", "same_action", "priority",
}


def prepare(bench, server, folder, rows, settled):
    """A stopped run of so many rows in the folder, of which at least so many are settled."""
    file = bench.file(rows, cancels_only=True)
    server.begin()
    command = account.write(folder, server.port, file.path)
    started = process.Started([bench.binary, *command], account.ENVIRONMENT)
    require(server.first.wait(900), f"no call came: {started.errors()}")
    started.signal(signal.SIGTERM)
    started.wait(120, codes=(5,))
    say(f"  settling {settled:,} of {rows:,} rows")
    store = sqlite3.connect(account.store(folder))
    with store:
        _settle(store, settled)
    store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()


def _settle(store, settled):
    [[run, template]] = store.execute("SELECT run, max(row) FROM instruction WHERE outcome = 'applied'")
    columns = [name for _, name, *_ in store.execute("PRAGMA table_info(instruction)") if name not in ASKED]
    copied = store.execute(
        f"""
        UPDATE instruction SET ({", ".join(columns)}) =
            (SELECT {", ".join(columns)} FROM instruction WHERE run = ?1 AND row = ?2)
        WHERE run = ?1 AND row <= ?3 AND outcome IS NULL
        """, (run, template, settled)).rowcount
    columns = [name for _, name, *_ in store.execute("PRAGMA table_info(attempt)")]
    values = [f"i.{name}" if name in ("row", "intent_id") else f"a.{name}" for name in columns]
    store.execute(
        f"""
        INSERT INTO attempt ({", ".join(columns)})
        SELECT {", ".join(values)} FROM instruction i, attempt a
        WHERE i.run = ?1 AND i.row <= ?3 AND a.run = ?1 AND a.row = ?2
            AND NOT EXISTS (SELECT 1 FROM attempt b WHERE b.run = i.run AND b.row = i.row)
        """, (run, template, settled))
    store.execute(
        "UPDATE outcome_sum SET row_count = row_count + ? WHERE run = ? AND outcome = 'applied'", (copied, run))
    store.execute("UPDATE run SET changes = changes + ? WHERE id = ?", (copied, run))
    [[rows, sums]] = store.execute(
        """
        SELECT (SELECT count(*) FROM instruction WHERE run = ?1 AND outcome IS NOT NULL),
            (SELECT sum(row_count) FROM outcome_sum WHERE run = ?1)
        """, (run,))
    require(settled <= rows == sums, f"{rows} rows are settled and {sums} are counted, of {settled}")
