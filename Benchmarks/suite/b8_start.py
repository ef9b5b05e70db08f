"""B8: how long the smallest tasks take, against Python doing nothing."""

from harness.bench import Line, median, require
from harness.process import PYTHON, run
from suite.b1_check_csv import MEBIBYTE, checked

TITLE = "--version, and check of 10 rows"
# Each takes milliseconds, so that more of them cost nothing.
RUNS_A_PAIR = 5


def measure(bench):
    file = bench.file(10)

    def version():
        usage = run([bench.binary, "--version"])
        require(usage.output.strip(), "no version")
        return usage

    usages = bench.alternate(
        pairs=bench.pairs * RUNS_A_PAIR, version=version, check=lambda: checked(bench, file),
        python=lambda: run([PYTHON, "-c", "pass"]))
    python = usages.pop("python")
    lines = []
    for name, usage in usages.items():
        what = "--version" if name == "version" else "check of 10 rows"
        wall, yardstick = median(usage, "wall"), median(python, "wall")
        lines.append(
            Line(f"B8.wall.{name}", f"{what}: wall, against python3 -c pass", f"{wall * 1e3:.1f} ms",
                 f"{yardstick * 1e3:.1f} ms", wall / yardstick))
        peak = median(usage, "peak") / MEBIBYTE
        lines.append(
            Line(f"B8.peak.{name}", f"{what}: peak memory", f"{peak:.1f} MiB",
                 f"{median(python, 'peak') / MEBIBYTE:.1f} MiB", peak, "MiB"))
    return lines
