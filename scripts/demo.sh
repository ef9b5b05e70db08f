#!/usr/bin/env bash
# make demo: a rehearsal on this machine. Real HTTP against embedded UseePay and Mangopay sandboxes, no money.
# State and reports stay below .demo/ (ignored by git).
set -euo pipefail
cd "$(dirname "$0")/.."
bin="$(pwd)/${1:-.build/debug/intentbatch}"
root="$(pwd)/.demo"
rows=600
rm -rf "$root"

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
show() { printf '$ intentbatch %s\n' "${*//$root/.demo}"; "$bin" "$@"; }

rehearse() {
  gateway=$1
  demo="$root/$gateway"
  mkdir -p "$demo"
  instructions="$demo/instructions-$gateway.csv"

  say "$gateway 1. $rows cancellations and captures, and the intents they act on"
  show sandbox generate --gateway "$gateway" --rows "$rows" --seed 1 --out "$demo"
  cat > "$demo/intentbatch.yaml" <<YAML
accounts:
  practice:
    gateway: $gateway
    sandbox: { intents: intents-$gateway.ndjson, faults: slow.json }
    timeout: 1s
YAML
  # Each answer takes 30 ms, so that the kill meets calls in flight.
  echo '{"seed": 1, "faults": [{"operation": "*", "every": 1, "do": "delay", "milliseconds": 30}]}' > "$demo/slow.json"
  export INTENTBATCH_CONFIG="$demo/intentbatch.yaml" INTENTBATCH_STATE="$demo/state"

  say "$gateway 2. Run it, and kill -9 the process half way"
  "$bin" run "$instructions" --reports "$demo/reports" --log-level warning &
  pid=$!
  ledger=""
  for _ in $(seq 600); do
    sleep 0.05
    ledger=$(ls "$demo"/state/sandbox/*.ndjson 2>/dev/null | head -n 1 || true)
    [ -n "$ledger" ] && [ "$(grep -c '"kind":"effect"' "$ledger" || true)" -ge $((rows / 3)) ] && break
  done
  kill -9 "$pid"
  wait "$pid" 2>/dev/null || true
  echo "killed; the gateway's own ledger has $(grep -c '"kind":"effect"' "$ledger") effects"
  show runs

  say "$gateway 3. Resume: what was sent and never answered is found out first (that takes a few seconds)"
  show resume --log-level warning | grep -vE '^  (cancel|capture) ' || true

  say "$gateway 4. Judge the report by the gateway's own ledger and by what was expected of each row"
  summary=$(ls "$demo"/reports/*/summary.json)
  for outcome in applied already_applied rejected declined failed unconfirmed not_sent; do
    expected=$(tail -n +2 "$demo/expected-$gateway.csv" | cut -d, -f4 | grep -cx "$outcome" || true)
    reported=$(grep -oE "\"$outcome\": *[0-9]+" "$summary" | head -n 1 | grep -oE '[0-9]+$')
    printf '%-16s expected %4s  reported %4s\n' "$outcome" "$expected" "$reported"
    [ "$expected" = "$reported" ] || { echo "the report differs from the expectation" >&2; exit 1; }
    [ "$outcome" = applied ] && applied=$reported
  done
  effects=$(grep -c '"kind":"effect"' "$ledger")
  echo "effects in the gateway's ledger: $effects, rows reported as applied: $applied"
  [ "$effects" = "$applied" ]
}

say "0. A file with mistakes is refused as a whole: every problem with its row, line and column"
show check samples/mistakes.csv || echo "(exit code $?: file refused, nothing was sent)"

rehearse useepay
rehearse mangopay

say "The same file again is not run again"
show run "$instructions" --log-level warning || echo "(exit code $?: this input has already been run)"

say "A report"
ls -l "$demo"/reports/*/
zcat "$demo"/reports/*/instructions-mangopay.results.csv.gz | sed -n 1,3p
