"""B7: writing the reports of a finished run of 1,000,000 rows, against `gzip -1` of the same bytes."""

import glob
import gzip
import json
import os
import shutil

from harness import account, halfdone, process, servers
from harness.bench import Line, median, require

TITLE = "reports of a run of 1,000,000 rows"
ROWS = 1_000_000
# The last rows are really sent, so that the run ends as any other.
SENT = 1_000


def measure(bench):
    rows = bench.rows(ROWS)
    with servers.NotingServer() as server, bench.space() as space:
        halfdone.prepare(bench, server, space, rows, settled=max(0, rows - SENT))
        places = ["--config", os.path.join(space, "intentbatch.yaml"), "--state", os.path.join(space, "state")]
        process.run([bench.binary, "resume", *places], environment=account.ENVIRONMENT)
        [report] = glob.glob(os.path.join(space, "reports", "*"))
        plain = os.path.join(space, "plain")
        unpack(report, plain)
        with open(os.path.join(report, "summary.json")) as file:
            counts = json.load(file)["counts"]
        require(counts["applied"] == rows, f"the report counts {counts}, not {rows} applied rows")
        lines = sum(1 for _ in gzip.open(glob.glob(os.path.join(report, "*.results.csv.gz"))[0]))
        require(lines == rows + 1, f"{lines} lines of results")
        again = os.path.join(space, "again")

        def written():
            shutil.rmtree(again, ignore_errors=True)
            usage = process.run(
                [bench.binary, "report", os.path.basename(report), "--reports", again, *places])
            require(names(os.path.join(again, os.path.basename(report))) == names(report), "other files than before")
            return usage

        usages = bench.alternate(
            intentbatch=written,
            gzip=lambda: process.run(["/bin/sh", "-c", f"gzip -1 -c '{plain}' > '{plain}.gz'"]))
        size = os.path.getsize(plain) / 2**20
    ours, gzipped = usages["intentbatch"], usages["gzip"]
    return [
        Line("B7.cpu", f"CPU of all files, against gzip -1 of their {size:.0f} MiB", f"{median(ours, 'cpu'):.2f} s",
             f"{median(gzipped, 'cpu'):.2f} s", median(ours, "cpu") / median(gzipped, "cpu")),
        Line("B7.peak", "peak memory", f"{median(ours, 'peak') / 2**20:.1f} MiB", "", median(ours, "peak") / 2**20,
             "MiB"),
    ]


def names(report):
    return sorted(os.listdir(report))


def unpack(report, plain):
    """All files of the report as one, unpacked."""
    with open(plain, "wb") as all_files:
        for name in names(report):
            path = os.path.join(report, name)
            with (gzip.open if name.endswith(".gz") else open)(path, "rb") as file:
                shutil.copyfileobj(file, all_files)
