"""Starts one program and reports what it used: run as `python3 -I -S launch.py REPORT COMMAND...`.

A process that is forked inherits the peak memory of the one that forked it (Linux counts the memory that `exec`
replaces). So the measured program is started from this small process, whose 10 MB hide nothing.
"""

import os
import sys
import time


def main():
    report, command = sys.argv[1], sys.argv[2:]
    start = time.perf_counter_ns()
    pid = os.posix_spawn(command[0], command, os.environ)
    with open(report + ".pid", "w") as file:
        file.write(str(pid))
    _, status, used = os.wait4(pid, 0)
    end = time.perf_counter_ns()
    code = os.waitstatus_to_exitcode(status)
    with open(report, "w") as file:
        file.write(f"{code} {(end - start) / 1e9} {used.ru_utime + used.ru_stime} {used.ru_maxrss * 1024}")


main()
