#!/bin/sh
# Slack's own software against the tests' Slack: apps on Bolt, which say whether it is like Slack, and
# Slack's types, which say whether what Kizuki sent in a long conversation is what Slack takes.
# Skipped, with the reason, where node or what it needs is not to be had.
# usage: tests/official/run.sh KIZUKI_BINARY SLACK_BINARY
set -u
cd "$(dirname "$0")/../.." || exit 1
kizuki=$1
slack=$2
dir=build/official
export NO_PROXY=127.0.0.1 no_proxy=127.0.0.1

skip() {
    echo "skipped: $*"
    exit 0
}

command -v node >/dev/null && command -v npm >/dev/null || skip "node or npm is not installed"
version=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
[ "$version" -ge 18 ] || skip "node is older than 18"
mkdir -p "$dir" && cp tests/official/package.json tests/official/*.js "$dir/" || exit 1
if ! cmp -s "$dir/package.json" "$dir/installed"; then
    (cd "$dir" && npm install --no-package-lock --ignore-scripts --no-audit --no-fund \
        --loglevel=error) >"$dir/npm.log" 2>&1 || skip "npm: $(tail -n 1 "$dir/npm.log")"
    cp "$dir/package.json" "$dir/installed"
fi

failed=0
for client in bolt4 bolt5; do
    if [ "$client" = bolt5 ] && [ "$version" -lt 20 ]; then
        echo "skipped: bolt5 needs node 20"
    else
        SENT=$dir/sent-$client.json node "$dir/bolt.js" "$client" "$slack" || failed=1
    fi
done
[ "$failed" = 0 ] && node "$dir/talk.js" "$kizuki" "$slack" "$dir/sent-kizuki.json" &&
    node "$dir/types.js" "$dir"/sent-*.json && echo "done"
