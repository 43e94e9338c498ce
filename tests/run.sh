#!/bin/sh
# Runs every test against the binaries that `make check` has built and prints one closing line.
# Each step is a program that exits 0 when it passed, within five minutes; its output is shown only
# when it fails.
# usage: tests/run.sh [NAME...]   (all steps, or those whose name contains one of the words)
set -u
self=$(readlink -f "$0")
cd "$(dirname "$self")/.." || exit 1
bin=build/asan/kizuki
fake=build/asan/tests/fake/mattermost
slack=build/asan/tests/fake/slack/slack
out=build/test-output
mkdir -p "$out"
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1
export LC_ALL=C.UTF-8
unset XDG_DATA_HOME

step() {
    name=$1
    shift
    if [ -n "$wanted" ]; then
        hit=
        for word in $wanted; do
            case $name in *"$word"*) hit=1 ;; esac
        done
        [ -n "$hit" ] || return 0
    fi
    log=$out/$(echo "$name" | tr '/ ' '__').log
    status=0
    timeout -k 10 300 "$@" >"$log" 2>&1 || status=$?
    if [ "$status" = 0 ]; then
        echo "ok      $name" | tee -a "$out/results"
    else
        echo "FAILED  $name" | tee -a "$out/results"
        tail -60 "$log"
        [ "$status" != 124 ] || echo "it was stopped after 300 s"
    fi
}

# Two at a time, each by this script itself: what needs little of the machine, or mostly waits.
if [ "${1-}" = --step ]; then
    shift
    step "$@"
    exit 0
fi

wanted=$*
export wanted
: >"$out/results"
{
    echo layers tests/layers.sh
    for t in tests/unit/test_*.c tests/faults/test_*.c; do
        echo "${t%.c} build/asan/${t%.c}"
    done
    for g in tests/golden/*.txt; do
        echo "golden/$(basename "$g" .txt) tests/golden/run.sh $bin $g"
    done
    for s in tests/cli/*.sh; do
        echo "cli/$(basename "$s" .sh) $s $bin"
    done
    for s in tests/wire/*.sh; do
        echo "wire/$(basename "$s" .sh) $s $bin"
    done
    echo "wire/golden build/asan/tests/wire/test_golden_wire $bin $fake"
    echo "wire/golden-slack build/asan/tests/wire/test_golden_wire $bin $slack"
    echo "wire/golden-clicks build/asan/tests/wire/test_golden_wire $bin $slack --clicks"
    echo "fuzz/understand build/asan/tests/fuzz/understand 20000"
} | xargs -P 2 -L 1 "$self" --step
step kill build/asan/tests/kill/test_kill "$bin" "${KILLS:-20}"
step wire/kill build/asan/tests/wire/test_kill_wire "$bin" "$fake" "${KILLS:-20}"
step wire/kill-slack build/asan/tests/wire/test_kill_wire "$bin" "$slack" "${KILLS:-20}"
passed=$(grep -c '^ok' "$out/results")
failed=$(grep -c '^FAILED' "$out/results")
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
