#!/usr/bin/env bash
# Fuzzes each target of Fuzz/ with libFuzzer for so many seconds: scripts/fuzz.sh SECONDS [TARGET...]
# Seeds are the corpora of the tests and the samples; what is found new is kept in .build-fuzz/corpus.
# A crash leaves its input in .build-fuzz/crashes and ends with an error; replay it: .build-fuzz/TARGET FILE
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift || true
targets=${*:-csv ndjson gzip json answers}
out=.build-fuzz
mkdir -p $out/crashes
flags=(-O -wmo -parse-as-library -enable-testing -package-name intentbatch -swift-version 6
  -enable-upcoming-feature ExistentialAny -enable-upcoming-feature MemberImportVisibility
  -sanitize=fuzzer,address -I $out -I Sources/CZlib)

objects=()
for room in Instructions JSON Pacing Gzip InstructionFiles; do
  objects+=($out/$room.o)
  [ -z "$(find Sources/$room -name '*.swift' -newer $out/$room.o 2>&1)" ] && continue
  echo "compiling $room"
  swiftc "${flags[@]}" -enable-upcoming-feature InternalImportsByDefault -module-name $room \
    -emit-module -emit-module-path $out/$room.swiftmodule -c -o $out/$room.o $(find Sources/$room -name '*.swift')
done

seed() {
  mkdir -p $out/corpus/$1
  case $1 in
    csv) cp samples/*.csv Tests/InstructionFilesTests/Corpus/csv-spectrum/csvs/*.csv $out/corpus/csv ;;
    ndjson) cp samples/*.ndjson $out/corpus/ndjson ;;
    gzip) for file in samples/*.csv; do gzip -c "$file" > $out/corpus/gzip/$(basename "$file").gz; done ;;
    json) cp Tests/JSONTests/Corpus/JSONTestSuite/test_parsing/*.json $out/corpus/json ;;
    answers) split -l 1 -d --additional-suffix=.json samples/intents-useepay.ndjson $out/corpus/answers/useepay-
      split -l 1 -d --additional-suffix=.json samples/intents-mangopay.ndjson $out/corpus/answers/mangopay- ;;
  esac
}

# The decoders of the gateways' answers need none of what the rest of their room needs.
sources() {
  echo Fuzz/Fuzz.swift Fuzz/$1.swift
  [ $1 != answers ] || echo Sources/Gateways/UseePay/UseePayIntent.swift Sources/Gateways/Mangopay/Mangopay{Intent,Fields,StoredResponse,Envelope}.swift \
    Sources/Gateways/HTTP/{UnreadableBody,HTTPDate}.swift
}

for target in $targets; do
  seed $target
  swiftc "${flags[@]}" -module-name Fuzz_$target -o $out/$target $(sources $target) "${objects[@]}" -lz \
    2>&1 | grep -v "Cannot export local symbol" || true
  log=$out/$target.log
  status=0
  $out/$target -max_total_time="$seconds" -use_value_profile=1 -timeout=20 -rss_limit_mb=2048 -max_len=4096 \
    -print_final_stats=1 -artifact_prefix=$out/crashes/$target- $out/corpus/$target > $log 2>&1 || status=$?
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' $log)
  echo "$target: ${executions:-0} executions in $seconds s, $(ls $out/corpus/$target | wc -l) inputs kept, exit $status"
  [ $status = 0 ] || { tail -n 30 $log; exit $status; }
done
