#!/usr/bin/env bash
# The full figures of the issues, on the release programs, printed last. Takes about half an hour on two cores.
# Usage: tests/accept/accept.sh   (called by `make accept`, which has built both presets)
set -uo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
bin="$root/build/release/bin"
export PLEIADE_SOURCE="$root" OMP_THREAD_LIMIT=1
report=$(mktemp)
failed=0

part() { # name, command...
  echo "== $1"
  local name=$1
  shift
  if "$@" 2>&1 | tee -a "$report"; then :; fi
  [ "${PIPESTATUS[0]}" -eq 0 ] || { failed=1; echo "FAIL  $name" >>"$report"; }
}

fresh_run() {
  local folder
  folder=$(mktemp -d)
  PLEIADE_SAMPLE_PLIS=40 "$root/deploy/setup/run.sh" "$folder/home" --exit-when-idle
  local code=$?
  echo "make run --exit-when-idle: exit $code"
  "$bin/pleiade" verify --home "$folder/home"
  local verified=$?
  rm -rf "$folder"
  if [ $code -eq 0 ] && [ $verified -eq 0 ]; then echo "ok    run, then verify"; else echo "FAIL  run ($code), verify ($verified)"; return 1; fi
}

real_forms() {
  PLEIADE_FULL=1 ctest --test-dir "$root/build/dev" -R '^(golden_forms|decoder)$' --output-on-failure
}

part "sample mail until idle" fresh_run
part "real forms, every rendering; formats and qualities of images" real_forms
part "300 plis of the test half" "$bin/pleiade-accept" mail --bin "$bin" --plis 300 --seed 3
part "200 kills" "$bin/pleiade-accept" kills --bin "$bin" --plis 300 --kills 200
part "two keyers settle what is doubtful" "$bin/pleiade-accept" keying --bin "$bin" --plis 100 --seed 5
part "the chain over an S3 store" "$bin/pleiade-accept" s3 --bin "$bin" --plis 60 --seed 6
part "every hostile file" "$bin/pleiade-accept" hostile --bin "$bin"

echo
echo "==== figures"
grep -hE '^(ok|FAIL) |tests passed|SKIPPED' "$report"
rm -f "$report"
exit $failed
