#!/usr/bin/env bash
# Installs what drives the browser, once per lock file, beside it. Without a registry the browser tests are skipped, and say so.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
lock=$(sha256sum "$here/package-lock.json" | cut -d' ' -f1)
[ "$(cat "$here/node_modules/.installed" 2>/dev/null)" = "$lock" ] && exit 0
"$here/../../services/gateway/web/build.sh" --npm ci --silent --ignore-scripts --no-audit --no-fund --prefix "$here" || {
  echo "tests/web: its packages cannot be installed: the browser tests are skipped" >&2
  exit 0
}
echo "$lock" >"$here/node_modules/.installed"
