"""B1: `check` of a clean CSV file, all rules on, against polars and DuckDB."""

from harness.bench import Line, median, require
from harness.files import CURRENCIES
from harness.process import run

import json

TITLE = "check of 5,000,000 rows (CSV)"
ROWS = 5_000_000
MEBIBYTE = 2**20


def measure(bench):
    return compare(bench, bench.file(bench.rows(ROWS)), "B1")


def compare(bench, file, key):
    polars = bench.peers.script("check_polars.py", "polars")
    duckdb = bench.peers.script("check_duckdb.py", "duckdb")
    with bench.space() as space:
        usages = bench.alternate(
            intentbatch=lambda: checked(bench, file),
            polars=lambda: added_up(file, [*polars, file.path]),
            duckdb=lambda: added_up(file, [*duckdb, file.path, space]))
    ours, polars, duckdb = usages["intentbatch"], usages["polars"], usages["duckdb"]
    peak = median(ours, "peak") / MEBIBYTE
    lines = [
        Line(f"{key}.cpu.{name}", f"CPU per row, against {title}", per_row(ours, "cpu", file.rows),
             per_row(usage, "cpu", file.rows), median(ours, "cpu") / median(usage, "cpu"))
        for name, title, usage in (("polars", f"polars {bench.peers.version('polars')}", polars),
                                   ("duckdb", f"DuckDB {bench.peers.version('duckdb')}", duckdb))
    ]
    lines += [
        Line(f"{key}.wall.{name}", f"wall per row, against {name} (all cores)",
             per_row(ours, "wall", file.rows), per_row(usage, "wall", file.rows),
             median(ours, "wall") / median(usage, "wall"))
        for name, usage in (("polars", polars), ("DuckDB", duckdb))
    ]
    lines.append(
        Line(f"{key}.peak", "peak memory", f"{peak:.1f} MiB",
             f"polars {median(polars, 'peak') / MEBIBYTE:.0f} MiB, DuckDB {median(duckdb, 'peak') / MEBIBYTE:.0f} MiB",
             peak, "MiB"))
    return lines


def per_row(usages, field, rows):
    return f"{median(usages, field) / rows * 1e6:.3f} µs"


def checked(bench, file):
    """The control totals beside the file make it compare rows and sums with the generator's own."""
    usage = run([bench.binary, "check", file.path, "--output", "json"])
    found = json.loads(usage.output)["files"][0]
    require(
        found["rows"] == file.rows and found["errors"] == 0 and found["warnings"] == 0,
        f"intentbatch found {found['rows']} rows, {found['errors']} errors, {found['warnings']} warnings")
    return usage


def added_up(file, command):
    usage = run(command)
    found = json.loads(usage.output)
    digits = dict(CURRENCIES)
    sums = {}
    for group, (rows, minor) in file.sums.items():
        code = group.split(":")[1]
        sums[group] = [rows, minor * 10 ** (3 - digits[code]) if code else 0]
    found["sums"] = {group: sum for group, sum in found["sums"].items() if sum[0]}
    sums = {group: sum for group, sum in sums.items() if sum[0]}
    expected = {"rows": file.rows, "bad": 0, "duplicates": 0, "sums": sums}
    require(found == expected, f"{command[1]} found {found}, not {expected}")
    return usage
