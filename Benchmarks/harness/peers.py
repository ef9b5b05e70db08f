"""The programs that intentbatch is compared with: found, or installed."""

import os
import shutil
import subprocess
import sys

from harness.process import PYTHON, BenchmarkError

PEERS = os.path.join(os.path.dirname(os.path.dirname(__file__)), "peers")


class Peers:
    """- folder: where the private environment of Python packages is kept between benchmarks."""

    def __init__(self, folder):
        self._environment = os.path.join(folder, "venv")

    def script(self, name, package):
        """The command that runs a script of `peers/` with the package it needs."""
        python = os.path.join(self._environment, "bin", "python")
        if not os.path.exists(python):
            self._call([PYTHON, "-m", "venv", self._environment], "the package python3-venv may be missing")
        if subprocess.run([python, "-c", f"import {package}"], stderr=subprocess.DEVNULL).returncode:
            self._call([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package])
        return [python, os.path.join(PEERS, name)]

    def program(self, name):
        """The path of a program that apt has under its own name."""
        path = self._find(name)
        if path:
            return path
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", name]
        if os.geteuid() != 0 or not shutil.which("apt-get"):
            raise BenchmarkError(f"{name} is missing; run: sudo {' '.join(install)}")
        subprocess.run(["apt-get", "update", "-qq"], stdout=sys.stderr)
        self._call(install)
        path = self._find(name)
        if not path:
            raise BenchmarkError(f"{name} was installed and is not found")
        return path

    def version(self, package):
        """Of a Python package that `script` installed."""
        python = os.path.join(self._environment, "bin", "python")
        code = f"import importlib.metadata as m; print(m.version('{package}'))"
        return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()

    @staticmethod
    def _find(name):
        return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")

    @staticmethod
    def _call(command, hint=""):
        print(f"installing: {' '.join(command)}", file=sys.stderr)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        if subprocess.run(command, stdout=sys.stderr, env=environment).returncode:
            raise BenchmarkError(f"{' '.join(command)} failed{'; ' + hint if hint else ''}")
