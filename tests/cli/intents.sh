#!/bin/sh
# "kizuki intents": what messages are taken for, and that this stays as good as it is.
set -eu
bin=$1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

fail() {
    echo "$1"
    exit 1
}

# FILE MEMBER OPERATOR NUMBER
figure() {
    value=$("$bin" intents eval "$1" --json | grep -o "\"$2\":[0-9.]*" | head -n 1)
    value=${value##*:}
    awk "BEGIN { exit !($value $3 $4) }" || fail "$1: $2 is $value, not $3 $4"
}

recall() { # FILE INTENT OPERATOR NUMBER
    value=$("$bin" intents eval "$1" --json |
        sed "s/.*\"$2\":{\"precision\":[0-9.]*,\"recall\":\([0-9.]*\).*/\1/")
    awk "BEGIN { exit !($value $3 $4) }" || fail "$1: recall of $2 is $value, not $3 $4"
}

precision() { # FILE INTENT OPERATOR NUMBER
    value=$("$bin" intents eval "$1" --json |
        sed "s/.*\"$2\":{\"precision\":\([0-9.]*\).*/\1/")
    awk "BEGIN { exit !($value $3 $4) }" || fail "$1: precision of $2 is $value, not $3 $4"
}

given=tests/data/utterances.tsv
more=tests/data/utterances_more.tsv
fresh=tests/data/utterances_fresh.tsv
figure $given accuracy '>=' 0.95
figure $given slots_exact '>=' 0.93
figure $given asked_back '<=' 0.08
figure $given wrong_unsure '>=' 0.6
recall $given none '>=' 0.8
recall $given incident_report '==' 1
precision $given incident_report '==' 1
figure $more accuracy '>=' 0.93
figure $more wrong_unsure '>=' 0.7
recall $more incident_report '>=' 0.98
precision $more incident_report '>=' 0.88
figure $more asked_back '<=' 0.14
# Written last, by somebody who had seen neither the examples nor the rules; nothing was tuned on it.
figure $fresh accuracy '>=' 0.95
figure $fresh slots_exact '>=' 0.95
figure $fresh asked_back '<=' 0.08
recall $fresh incident_report '>=' 0.98
precision $fresh incident_report '>=' 0.9

"$bin" intents eval $given >"$dir/lines"
grep -q '^182 lines: 9[0-9]' "$dir/lines" || fail "no summary"

"$bin" intents explain 'パソコンが ｳｲﾙｽ に感染したみたい' >"$dir/out"
grep -q '^compared as  ぱそこんが ういるす に感染したみたい' "$dir/out" || fail "not folded: $(cat "$dir/out")"
grep -q '^taken for    incident_report' "$dir/out" || fail "not noticed: $(cat "$dir/out")"
grep -q '^kind         malware' "$dir/out" || fail "no kind: $(cat "$dir/out")"
"$bin" intents explain '2番' --pending q1 | grep -q '^taken for    answer (a rule)' || fail "pending"

# What cannot be read is named by file and line.
printf 'lang\tutterance\tintent\tslots\nja\tこんにちは\tgreeting\t\n' >"$dir/bad.tsv"
if "$bin" intents eval "$dir/bad.tsv" 2>"$dir/err"; then
    fail "an unknown intent passed"
fi
grep -q 'bad.tsv: line 2: unknown intent "greeting"' "$dir/err" || fail "$(cat "$dir/err")"
printf 'lang\tutterance\tintent\tslots\nfr\tbonjour\tgreet\t\n' >"$dir/bad.tsv"
if "$bin" intents eval "$dir/bad.tsv" 2>"$dir/err"; then
    fail "an unknown language passed"
fi
grep -q 'line 2: the language must be ja or en' "$dir/err" || fail "$(cat "$dir/err")"
if "$bin" intents eval "$dir/none.tsv" 2>"$dir/err"; then
    fail "a missing file passed"
fi
grep -q none.tsv "$dir/err" || fail "$(cat "$dir/err")"
for bad in "" "explain" "explain a b" "eval" "guess x" "explain x --pending q99"; do
    rc=0
    # shellcheck disable=SC2086
    "$bin" intents $bad >/dev/null 2>&1 || rc=$?
    [ "$rc" = 2 ] || fail "\"intents $bad\": exit $rc"
done
