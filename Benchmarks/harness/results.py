"""Thresholds, the table, and Benchmarks/RESULTS.md.

Every benchmark's newest figures are kept in results.json beside it, so that one of them can be measured again alone.
"""

import json
import os
from dataclasses import asdict

from harness.bench import Line

FOLDER = os.path.dirname(os.path.dirname(__file__))


def thresholds():
    with open(os.path.join(FOLDER, "thresholds.json")) as file:
        return json.load(file)


def is_met(line, targets):
    """None for what is only shown."""
    target = targets.get(line.key)
    if target is None:
        return None
    return line.value <= target["at_most"] if "at_most" in target else line.value >= target["at_least"]


def table(title, lines, targets):
    rows = [f"### {title}", "", "| | intentbatch | yardstick | ratio | target | |", "|---|---|---|---|---|---|"]
    for line in lines:
        met = is_met(line, targets)
        verdict = {None: "", True: "met", False: "**missed**"}[met]
        rows.append(
            f"| {line.what} | {line.ours} | {line.yardstick} | {_value(line)} | {_target(line, targets)} | {verdict} |")
    return "\n".join(rows)


def keep(identifier, title, lines, facts):
    """Notes the newest figures of one benchmark and writes the page anew."""
    path = os.path.join(FOLDER, "results.json")
    kept = {}
    if os.path.exists(path):
        with open(path) as file:
            kept = json.load(file)
    kept[identifier] = {"title": title, "facts": facts, "lines": [asdict(line) for line in lines]}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(dict(sorted(kept.items())), file, indent=1, ensure_ascii=False)
        file.write("\n")
    targets = thresholds()
    parts = [
        "# Results\n\nWritten by `make bench` ([docs/performance.md](../docs/performance.md) says how they are measured "
        "and what they mean): medians of alternating runs on one machine, CPU is user and system time of the whole "
        "process. Trust the ratios; seconds differ from machine to machine and from hour to hour."]
    for name, entry in sorted(kept.items()):
        lines = [Line(**line) for line in entry["lines"]]
        parts.append(table(f"{name}: {entry['title']}", lines, targets) + "\n\n" + entry["facts"])
    with open(os.path.join(FOLDER, "RESULTS.md"), "w", encoding="utf-8") as file:
        file.write("\n\n".join(parts) + "\n")


def _value(line):
    if line.unit in ("×", "s"):
        return f"{line.value:.2f} {line.unit}"
    if line.unit == "%":
        return f"{line.value:.1f} %"
    return f"{line.value:.1f} {line.unit}" if line.unit else f"{line.value:.0f}"


def _target(line, targets):
    target = targets.get(line.key)
    if target is None:
        return "shown"
    [(kind, bound)] = target.items()
    return f"{'≤' if kind == 'at_most' else '≥'} {bound}{' ' + line.unit if line.unit else ''}"
