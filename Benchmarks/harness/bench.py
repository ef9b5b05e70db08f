"""What each benchmark gets: programs, files, sizes, and the alternating runs."""

import contextlib
import os
import statistics
import sys
import tempfile
from dataclasses import dataclass

from harness import files, process
from harness.peers import Peers


@dataclass
class Line:
    """One comparison of the table."""

    key: str  # of its threshold in thresholds.json
    what: str
    ours: str
    yardstick: str
    value: float  # what is held against the threshold
    unit: str = "×"


class Bench:
    def __init__(self, binary, bare_client, folder, peers_folder, pairs, scale):
        self.binary = os.path.abspath(binary)
        self.bare_client = os.path.abspath(bare_client) if bare_client else None
        self.folder = folder
        self.pairs = pairs
        self.scale = scale
        self.peers = Peers(peers_folder)

    def rows(self, count):
        """So many rows at full size."""
        return max(10, round(count * self.scale))

    def file(self, rows, form="csv", **choices):
        say(f"  file of {rows:,} rows ({form})")
        return files.make(self.folder, rows, form, **choices)

    @contextlib.contextmanager
    def space(self):
        """A folder that is gone afterwards."""
        with tempfile.TemporaryDirectory(prefix="space-", dir=self.folder) as folder:
            yield folder

    def alternate(self, pairs=None, **programs):
        """Runs the programs in turn, so that all of them meet the same moments of the machine.

        Each is a function that returns a `Usage`. Returns their usages by name.
        """
        usages = {name: [] for name in programs}
        for pair in range(pairs or self.pairs):
            for name, program in programs.items():
                usage = program()
                usages[name].append(usage)
                say(f"  {pair + 1}. {name}: CPU {usage.cpu:.2f} s, wall {usage.wall:.2f} s, "
                    f"peak {usage.peak / 2**20:.0f} MiB")
        return usages


def median(usages, field):
    return statistics.median(getattr(usage, field) for usage in usages)


def require(condition, message):
    """Both programs did the same work, or nothing may be said of them."""
    if not condition:
        raise process.BenchmarkError(message)


def say(text):
    print(text, file=sys.stderr, flush=True)
