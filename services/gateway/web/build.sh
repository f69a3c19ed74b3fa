#!/usr/bin/env bash
# Builds the web application: build.sh FOLDER (the bundle, each file beside its .gz twin).
# build.sh --npm ARGUMENTS runs npm alone, for those who need it elsewhere.
# Needs Node.js 18 or later. Packages are those of package-lock.json; they are installed once, beside it, by npm, or by npm's
# own archive where npm is missing (Debian's package npm pulls 408 others). Once they are there, no network is used.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
npm_version=10.9.4  # the last that Node.js 18 runs
npm_sha512=3a7506f37e85c1ba1021baad79f0cd9724748131f321fc117c4dc3ba235ec01be7327584a41d15117c01945560aa9373220628fcc1e1dddd877a5fe9b336a900

fail() {
  echo "web application: $1" >&2
  exit 69
}

command -v node >/dev/null || fail "Node.js is missing: run deploy/setup/install.sh build, or install Debian's package nodejs"
major=$(node -p 'process.versions.node.split(".")[0]')
[ "$major" -ge 18 ] || fail "Node.js 18 or later is needed, this one is $(node --version)"

# Prints the command that runs npm; fetches it when there is none.
find_npm() {
  if command -v npm >/dev/null; then
    echo npm
    return
  fi
  local folder="${XDG_CACHE_HOME:-$HOME/.cache}/pleiade/npm-$npm_version"
  if [ ! -f "$folder/.whole" ]; then
    local registry=${NPM_CONFIG_REGISTRY:-https://registry.npmjs.org}
    mkdir -p "$folder"
    curl -fsSL --retry 2 "${registry%/}/npm/-/npm-$npm_version.tgz" -o "$folder/npm.tgz" ||
      fail "npm cannot be fetched from $registry: give this machine access to a registry (NPM_CONFIG_REGISTRY), or install npm"
    echo "$npm_sha512  $folder/npm.tgz" | sha512sum --check --status ||
      fail "the npm archive of $registry has not the expected digest; it is not used"
    tar -xzf "$folder/npm.tgz" -C "$folder" --strip-components=1
    rm "$folder/npm.tgz"
    touch "$folder/.whole"
  fi
  echo "node $folder/bin/npm-cli.js"
}

if [ "$1" = --npm ]; then
  shift
  exec $(find_npm) "$@"
fi
mkdir -p "$1"
output=$(cd "$1" && pwd)
cd "$here"
exec 9<package-lock.json
flock 9  # two build folders may ask at the same time
lock=$(sha256sum package-lock.json | cut -d' ' -f1)
if [ "$(cat node_modules/.installed 2>/dev/null)" != "$lock" ]; then
  npm=$(find_npm)
  # --ignore-scripts: nothing of a package runs before the build asks for it.
  $npm ci --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error ||
    fail "its packages cannot be installed: give this machine access to an npm registry (NPM_CONFIG_REGISTRY)"
  echo "$lock" >node_modules/.installed
fi

# svelte and rollup speak of colours and of progress; only what goes wrong is of interest.
log=$(mktemp)
trap 'rm -f "$log"' EXIT
node node_modules/vite/bin/vite.js build --outDir "$output" --logLevel warn >"$log" 2>&1 || {
  cat "$log" >&2
  fail "the build failed, see above"
}
cat "$log" >&2
find "$output" -type f ! -name '*.gz' -exec gzip -9nkf {} +
