#!/usr/bin/env bash
# make demo: a rehearsal on this machine. Real HTTP against an embedded UseePay sandbox, no money.
# State and reports stay below .demo/ (ignored by git).
set -euo pipefail
cd "$(dirname "$0")/.."
bin="$(pwd)/${1:-.build/debug/intentbatch}"
demo="$(pwd)/.demo"
rows=600
rm -rf "$demo"
mkdir -p "$demo"

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
show() { printf '$ intentbatch %s\n' "$*"; "$bin" "$@"; }

say "1. A file with mistakes is refused as a whole: every problem with its row, line and column"
show check samples/mistakes.csv || echo "(exit code $?: file refused, nothing was sent)"

say "2. $rows cancellations and captures, and the intents they act on"
show sandbox generate --gateway useepay --rows "$rows" --seed 1 --out "$demo"
cat > "$demo/intentbatch.yaml" <<YAML
accounts:
  practice:
    gateway: useepay
    sandbox: { intents: intents-useepay.ndjson, faults: slow.json }
    timeout: 1s
YAML
# Each answer takes 30 ms, so that the kill meets calls in flight.
echo '{"seed": 1, "faults": [{"operation": "*", "every": 1, "do": "delay", "milliseconds": 30}]}' > "$demo/slow.json"
export INTENTBATCH_CONFIG="$demo/intentbatch.yaml" INTENTBATCH_STATE="$demo/state"

say "3. Run it, and kill -9 the process half way"
"$bin" run "$demo/instructions-useepay.csv" --reports "$demo/reports" &
pid=$!
ledger=""
for _ in $(seq 200); do
  sleep 0.1
  ledger=$(ls "$demo"/state/sandbox/*.ndjson 2>/dev/null | head -n 1 || true)
  [ -n "$ledger" ] && [ "$(grep -c '"kind":"effect"' "$ledger" || true)" -ge $((rows / 3)) ] && break
done
kill -9 "$pid"
wait "$pid" 2>/dev/null || true
echo "killed; the gateway's own ledger has $(grep -c '"kind":"effect"' "$ledger") effects"
show runs

say "4. Resume: what was sent and never answered is read back first (that takes a few seconds)"
show resume || echo "(exit code $?: some rows were rejected, as they should be)"

say "5. Judge the report by the gateway's own ledger and by what was expected of each row"
count() { tail -n +2 "$demo/expected-useepay.csv" | cut -d, -f4 | grep -cx "$1" || true; }
summary=$(ls "$demo"/reports/*/summary.json)
for outcome in applied already_applied rejected declined failed unconfirmed not_sent; do
  reported=$(grep -oE "\"$outcome\": *[0-9]+" "$summary" | head -n 1 | grep -oE '[0-9]+$')
  printf '%-16s expected %4s  reported %4s\n' "$outcome" "$(count $outcome)" "$reported"
  [ "$(count $outcome)" = "$reported" ] || { echo "the report differs from the expectation" >&2; exit 1; }
done
effects=$(grep -c '"kind":"effect"' "$ledger")
twice=$(grep '"kind":"effect"' "$ledger" | grep -oE '"intent_id":"[^"]*"' | sort | uniq -d | wc -l)
echo "ledger: $effects effects, $twice intents changed twice"
[ "$effects" = "$(count applied)" ] && [ "$twice" = 0 ]

say "6. The same file again is not run again"
show run "$demo/instructions-useepay.csv" || echo "(exit code $?: this input has already been run)"

say "The report"
ls -l "$demo"/reports/*/
zcat "$demo"/reports/*/instructions-useepay.results.csv.gz | sed -n 1,4p
