#!/usr/bin/env python3
"""make bench: measures intentbatch and its yardsticks in the same run, alternating (docs/performance.md)."""

import argparse
import datetime
import importlib
import os
import sys
import tempfile
import time

from harness import machine, results
from harness.bench import Bench, say
from harness.process import BenchmarkError

SUITE = {
    "B1": "b1_check_csv", "B2": "b2_check_ndjson", "B3": "b3_check_sizes", "B4": "b4_run", "B5": "b5_rate",
    "B6": "b6_resume", "B7": "b7_reports", "B8": "b8_start", "B9": "b9_import",
}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, help="the release of intentbatch")
    parser.add_argument("--bare-client", help="the release of BareClient, for B4")
    parser.add_argument("--peers", required=True, help="where the Python packages of the yardsticks are kept")
    parser.add_argument("--only", default="", help="such as B1,B4; all of them otherwise")
    parser.add_argument("--pairs", type=int, default=5, help="how often each program runs")
    parser.add_argument("--scale", type=float, default=1, help="less than 1 for smaller files; nothing is written then")
    parser.add_argument("--check", action="store_true", help="end with 1 when a threshold is missed")
    return parser.parse_args()


def main():
    options = arguments()
    chosen = [name for name in options.only.upper().replace(",", " ").split()] or list(SUITE)
    if unknown := set(chosen) - set(SUITE):
        sys.exit(f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(SUITE)}")
    if options.pairs < 1 or options.scale <= 0:
        sys.exit("at least one pair, and a scale above 0")
    targets = results.thresholds()
    print(f"machine: {machine.description()}")
    missed = failed = 0
    with tempfile.TemporaryDirectory(prefix="intentbatch-bench-") as folder:
        bench = Bench(
            options.binary, options.bare_client, folder, options.peers, options.pairs, options.scale)
        for name in chosen:
            suite = importlib.import_module(f"suite.{SUITE[name]}")
            say(f"{name}: {suite.TITLE}")
            start, load = time.monotonic(), machine.load()
            try:
                lines = suite.measure(bench)
            except BenchmarkError as error:
                failed += 1
                print(f"### {name}: {suite.TITLE}\n\nfailed: {error}\n", flush=True)
                continue
            print(results.table(f"{name}: {suite.TITLE}", lines, targets), end="\n\n", flush=True)
            missed += sum(results.is_met(line, targets) is False for line in lines)
            if options.scale == 1:
                facts = (
                    f"{datetime.date.today()}, {options.pairs} pairs in {time.monotonic() - start:.0f} s, load "
                    f"{load:.1f} at the start and {machine.load():.1f} at the end; {machine.description()}.")
                results.keep(name, suite.TITLE, lines, facts)
    print(f"{missed} thresholds missed" + (f", {failed} benchmarks failed" if failed else ""))
    sys.exit(1 if failed or (options.check and missed) else 0)


if __name__ == "__main__":
    main()
