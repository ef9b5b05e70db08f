"""B3: whether memory stays flat and CPU grows with the rows alone, from 10,000 to 10,000,000."""

from harness.bench import Line, median
from suite.b1_check_csv import MEBIBYTE, checked

TITLE = "check from 10,000 to 10,000,000 rows (CSV)"
SIZES = [10_000, 100_000, 1_000_000, 10_000_000]


def measure(bench):
    files = {f"{rows:,} rows": bench.file(bench.rows(rows)) for rows in SIZES}
    usages = bench.alternate(**{name: lambda file=file: checked(bench, file) for name, file in files.items()})
    peaks = {name: median(usages[name], "peak") / MEBIBYTE for name in files}
    # What a row costs past the start of the process, which takes as long for any file.
    start = median(usages[next(iter(files))], "cpu")
    first = next(iter(files.values())).rows
    costs = {
        name: (median(usages[name], "cpu") - start) / (file.rows - first) * 1e6
        for name, file in list(files.items())[1:]
    }
    whole = {name: median(usages[name], "cpu") / file.rows * 1e6 for name, file in list(files.items())[1:]}
    smallest, *_, largest = peaks
    return [
        Line("B3.peak", "peak memory, largest file against smallest", f"{peaks[largest]:.1f} MiB",
             ", ".join(f"{name}: {peak:.1f}" for name, peak in list(peaks.items())[:-1]),
             peaks[largest] / peaks[smallest]),
        Line("B3.cpu", "CPU of each further row, dearest size against cheapest",
             ", ".join(f"{name}: {cost:.3f} µs" for name, cost in costs.items()), "itself",
             max(costs.values()) / min(costs.values())),
        Line("B3.cpu.whole", "the same with the start of the process",
             ", ".join(f"{name}: {cost:.3f} µs" for name, cost in whole.items()), "itself",
             max(whole.values()) / min(whole.values())),
    ]
