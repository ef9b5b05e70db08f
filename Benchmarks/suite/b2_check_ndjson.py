"""B2: `check` of the same rows as NDJSON, against polars and DuckDB."""

from suite import b1_check_csv

TITLE = "check of 5,000,000 rows (NDJSON)"


def measure(bench):
    return b1_check_csv.compare(bench, bench.file(bench.rows(b1_check_csv.ROWS), "ndjson"), "B2")
