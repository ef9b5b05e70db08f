"""The machine that the figures come from, and how busy it was."""

import os
import platform


def description():
    """One line: processor, cores, memory, system."""
    processor = _field("/proc/cpuinfo", "model name") or platform.machine()
    memory = int((_field("/proc/meminfo", "MemTotal") or "0 kB").split()[0]) / 2**20
    return (
        f"{processor}, {os.cpu_count()} cores, {memory:.0f} GiB, {_system()}, Linux {platform.release().split('-')[0]}")


def load():
    """Processes that wanted to run, on average over the last minute."""
    return os.getloadavg()[0]


def _system():
    name = _field("/etc/os-release", "PRETTY_NAME", "=")
    return name.strip('"') if name else platform.system()


def _field(path, name, separator=":"):
    try:
        with open(path) as file:
            for line in file:
                key, _, value = line.partition(separator)
                if key.strip() == name:
                    return value.strip()
    except OSError:
        pass
    return None
