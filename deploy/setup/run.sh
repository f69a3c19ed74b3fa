#!/usr/bin/env bash
# Starts Pléiade on this machine and, when its store is empty, feeds it some invented mail and makes demonstration accounts
# (their password is printed once).
# Usage: deploy/setup/run.sh HOME [arguments of `pleiade up`]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
bin="$root/build/release/bin"
home=$1
shift

plis=${PLEIADE_SAMPLE_PLIS:-40}
if [ ! -e "$home/ledger" ] && [ "$plis" -gt 0 ]; then
  mkdir -p "$home/inbox" "$home/sample"
  echo "drawing $plis invented plis..."
  "$bin/pleiade-mail" --out "$home/sample" --plis "$plis" --seed 2026 --half test --defects on \
    --beneficiaries "$home/sample/beneficiaries.csv" >/dev/null
  # Before the mail, as a platform has its caisses' register before their mail.
  "$bin/pleiade" beneficiaries import "$home/sample/beneficiaries.csv" --home "$home"
  for lot in "$home"/sample/*/; do
    [ -f "$lot/lot.json" ] && mv "$lot" "$home/inbox/"
  done
fi
exec "$bin/pleiade" up --home "$home" --demo "$@"
