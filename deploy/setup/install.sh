#!/usr/bin/env bash
# Installs the Debian packages named in the lists given as arguments (build, test), and only the missing ones.
# Usage: deploy/setup/install.sh build [test] [web]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

wanted=()
for list in "$@"; do
  file="$here/packages-$list.txt"
  [ -f "$file" ] || { echo "install.sh: no list $file" >&2; exit 64; }
  while read -r package; do
    case "$package" in ''|'#'*) ;; *) wanted+=("$package") ;; esac
  done <"$file"
done

missing=()
for package in "${wanted[@]}"; do
  state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "install.sh: run as root, or install sudo; missing: ${missing[*]}" >&2; exit 69; }
  as_root=(sudo)
fi
echo "installing ${#missing[@]} Debian packages: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
