"""Runs a program to its end and says what it used."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

LAUNCHER = os.path.join(os.path.dirname(__file__), "launch.py")
PYTHON = os.path.realpath(sys.executable)


class BenchmarkError(Exception):
    """A program failed, or two programs did not do the same work."""


@dataclass
class Usage:
    """What one process used, from its start to its end."""

    code: int
    wall: float  # seconds
    cpu: float  # seconds, user and system
    peak: int  # bytes of resident memory at most
    output: str = ""
    errors: str = ""


class Started:
    """A measured program that is running. `wait` ends it when its time is up."""

    def __init__(self, command, environment=None, directory=None):
        self.command = [str(part) for part in command]
        self._folder = tempfile.TemporaryDirectory(prefix="intentbatch-bench-")
        self._report = os.path.join(self._folder.name, "report")
        self._output = open(os.path.join(self._folder.name, "output"), "w+")
        self._errors = open(os.path.join(self._folder.name, "errors"), "w+")
        self._launcher = subprocess.Popen(
            [PYTHON, "-I", "-S", LAUNCHER, self._report, *self.command],
            stdin=subprocess.DEVNULL, stdout=self._output, stderr=self._errors, cwd=directory,
            env={**os.environ, **(environment or {})})

    def pid(self):
        """Of the measured program itself."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError, ValueError):
                with open(self._report + ".pid") as file:
                    return int(file.read())
            time.sleep(0.001)
        raise BenchmarkError(f"{self.command[0]} did not start")

    def signal(self, number):
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid(), number)

    def errors(self):
        """What it wrote to stderr so far."""
        with open(self._errors.name) as file:
            return file.read()

    def is_over(self):
        return self._launcher.poll() is not None

    def wait(self, seconds=900, codes=(0,)):
        """Its usage. Raises when it ended with another code, or had to be ended."""
        try:
            self._launcher.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            self._launcher.wait()
            raise BenchmarkError(f"{' '.join(self.command)} took more than {seconds} s") from None
        with open(self._report) as file:
            code, wall, cpu, peak = file.read().split()
        texts = []
        for file in (self._output, self._errors):
            file.seek(0)
            texts.append(file.read())
            file.close()
        usage = Usage(int(code), float(wall), float(cpu), int(peak), *texts)
        self._folder.cleanup()
        if usage.code not in codes:
            tail = (usage.errors or usage.output)[-2000:]
            raise BenchmarkError(f"{' '.join(self.command)} ended with {usage.code}:\n{tail}")
        return usage


def run(command, seconds=900, codes=(0,), environment=None, directory=None):
    return Started(command, environment, directory).wait(seconds, codes)
