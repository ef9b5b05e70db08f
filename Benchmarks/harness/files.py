"""Instruction files for the benchmarks: the same seed and size give the same bytes.

Half of the rows cancel, half capture an amount in one of four currencies (0, 2, 2 and 3 decimals). Ids have 19 digits
and grow, as UseePay's do. Each file has its control totals beside it, so that `intentbatch check` verifies the sums.
"""

import json
import os
import random
from dataclasses import dataclass

CURRENCIES = [("EUR", 2), ("USD", 2), ("JPY", 0), ("KWD", 3)]
REASONS = ["", "", "", "Order cancelled", "Out of stock", '"Doppelt, storniert"']
CUSTOMERS = [
    "Maria Gonzalez", "Nordwind Handels GmbH", "Åsa Öberg", "Tanaka Shoten", '"Smith, Jones & Co"',
    "Hotel du Lac", "Farah Al-Sabah", "Kwik Parts Ltd",
]
FIRST_ID = 1_012_411_211_459_019_141
BLOCK = 20_000


@dataclass
class InstructionFile:
    path: str
    rows: int
    bytes: int
    # "capture:EUR" → [rows, minor units], as the generator added them up; "cancel:" has no amounts.
    sums: dict


def make(folder, rows, form="csv", seed=1, cancels_only=False):
    """The file of that shape in the folder, made if it is not there."""
    kind = "cancels" if cancels_only else "mixed"
    path = os.path.join(folder, f"{kind}-{rows}.{form}")
    facts = path + ".facts.json"
    if not os.path.exists(facts):
        sums = _write(path, rows, form, seed, cancels_only)
        if not cancels_only:
            _write_totals(path, rows, sums)
        with open(facts, "w") as file:
            json.dump(sums, file)
    with open(facts) as file:
        return InstructionFile(path, rows, os.path.getsize(path), json.load(file))


def _write(path, rows, form, seed, cancels_only):
    draw = random.Random(seed)
    bits = draw.getrandbits
    identifier = FIRST_ID
    sums = {"cancel:": [0, 0], **{f"capture:{code}": [0, 0] for code, _ in CURRENCIES}}
    line = _csv_line if form == "csv" else _ndjson_line
    with open(path, "w", encoding="utf-8", newline="") as file:
        if form == "csv":
            file.write("action,intent_id,amount,currency,reason,reference,customer\n")
        for start in range(0, rows, BLOCK):
            lines = []
            for number in range(start + 1, min(start + BLOCK, rows) + 1):
                identifier += 1 + bits(38)
                drawn = bits(30)
                customer = CUSTOMERS[drawn & 7]
                if cancels_only or drawn & 8:
                    sums["cancel:"][0] += 1
                    reason = "" if cancels_only else REASONS[(drawn >> 4) % 6]
                    lines.append(line("cancel", identifier, "", "", reason, number, customer))
                    continue
                code, digits = CURRENCIES[(drawn >> 4) & 3]
                minor = 1 + (drawn >> 6) % 2_000_000
                amount = f"{minor // 10 ** digits}.{minor % 10 ** digits:0{digits}}" if digits else str(minor)
                total = sums[f"capture:{code}"]
                total[0] += 1
                total[1] += minor
                lines.append(line("capture", identifier, amount, code, "", number, customer))
            file.write("".join(lines))
    return sums


def _csv_line(action, identifier, amount, currency, reason, number, customer):
    return f"{action},{identifier},{amount},{currency},{reason},ORDER-2026-{number:08},{customer}\n"


def _ndjson_line(action, identifier, amount, currency, reason, number, customer):
    text = f'{{"action":"{action}","intent_id":"{identifier}"'
    if amount:
        text += f',"amount":{amount},"currency":"{currency}"'
    if reason:
        text += f',"reason":"{reason.strip(chr(34))}"'
    return text + f',"reference":"ORDER-2026-{number:08}","customer":"{customer.strip(chr(34))}"}}\n'


def _write_totals(path, rows, sums):
    digits = dict(CURRENCIES)
    listed = []
    for key, (count, minor) in sums.items():
        action, code = key.split(":")
        if code and count:
            places = digits[code]
            text = f"{minor // 10 ** places}.{minor % 10 ** places:0{places}}" if places else str(minor)
            listed.append({"action": action, "currency": code, "rows": count, "sum": text})
    with open(path + ".totals.json", "w") as file:
        json.dump({"rows": rows, "sums": listed}, file)
