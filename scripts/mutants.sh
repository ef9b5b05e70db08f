#!/usr/bin/env bash
# mutants.sh SIMULATION: plants each bug in turn and lets seeds run until an invariant catches it.
# First the same seeds without a bug: a catch means something only when nothing else is caught.
set -uo pipefail
simulation=$1
seeds=${MUTANT_SEEDS:-100000}
sound=${SOUND_SEEDS:-20000}

if ! "$simulation" --seeds "$sound" >/dev/null; then
  echo "without a planted bug a seed fails too; see: make sim" >&2
  exit 1
fi
echo "no bug planted: $sound seeds hold"
mutants=$("$simulation" --list mutants) || exit 1
planted=0
caught=0
printf '%-28s %-7s %8s  %s\n' mutant caught seed "by the invariant"
for mutant in $mutants; do
  planted=$((planted + 1))
  output=$("$simulation" --mutant "$mutant" --seeds "$seeds" 2>&1)
  status=$?
  found=$(sed -nE 's/^seed ([0-9]+) violates "([^"]*)".*/\1 \2/p' <<<"$output" | head -1)
  if [ "$status" = 1 ] && [ -n "$found" ]; then
    caught=$((caught + 1))
    printf '%-28s %-7s %8s  %s\n' "$mutant" yes "${found%% *}" "${found#* }"
  elif [ "$status" != 0 ]; then
    caught=$((caught + 1))
    printf '%-28s %-7s %8s  %s\n' "$mutant" yes - "a trap of the machine's own"
  else
    printf '%-28s %-7s %8s  %s\n' "$mutant" NO - "not in $seeds seeds"
  fi
done
echo "caught $caught of $planted"
[ "$caught" = "$planted" ]
