#!/usr/bin/env bash
# The share of the browser tests that `make test` runs; CTest reads 77 as skipped.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
skip() {
  echo "skipped: $1"
  exit 77
}
command -v node >/dev/null || skip "no node here (deploy/setup/install.sh web)"
[ -x "${CHROMIUM:-/usr/bin/chromium}" ] || skip "no chromium here (deploy/setup/install.sh web)"
[ -d "$here/node_modules/playwright-core" ] || skip "no playwright-core here (tests/web/install.sh)"
exec node "$here/run.mjs" --share "$@"
