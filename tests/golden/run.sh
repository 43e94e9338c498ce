#!/bin/sh
# Plays one transcript against the real binary and compares. The transcript is what a terminal
# would show: "> " is the person, "< " and the indented lines are the bot. Lines of this script:
#   # text           a comment, at the top or after a restart
#   ! args ARGS      options for the bot (first line), e.g. --lang en
#   ! restart ARGS   end the process in an orderly way and start it again on the same database
#   ! edit-pack SED  from now on PACK in ARGS is a copy of the content with SED run over its
#                    questionnaire
# After ":crash" the process is started again too. "run.sh BINARY FILE --write" rewrites FILE.
set -eu
bin=$1
file=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
args=
: >"$work/actual"
: >"$work/input"
: >"$work/errors"

fail() { echo "$file: $*"; cat "$work/errors"; exit 1; }

play() { # STATUS: the lines collected so far, by one process that is to end with STATUS
    [ -s "$work/input" ] || return 0
    status=0
    # shellcheck disable=SC2086
    "$bin" chat --db "$work/kizuki.db" --echo --at 2026-11-23T09:00 \
        $(echo "$args" | sed "s|PACK|$work/pack|") \
        <"$work/input" >>"$work/actual" 2>>"$work/errors" || status=$?
    [ "$status" = "$1" ] || fail "the process ended with status $status, not $1"
    : >"$work/input"
}

while IFS= read -r line; do
    case $line in
    '> :crash') echo ':crash' >>"$work/input"; play 137 ;; # as kill -9
    '> '*) printf '%s\n' "${line#> }" >>"$work/input" ;;
    '! '*)
        play 0
        echo "$line" >>"$work/actual"
        case $line in
        '! edit-pack '*)
            rm -rf "$work/pack"
            cp -r content/pack "$work/pack"
            sed -i "${line#! edit-pack }" "$work/pack/questionnaire.json"
            ! cmp -s content/pack/questionnaire.json "$work/pack/questionnaire.json" ||
                fail "edit-pack changes nothing: ${line#! edit-pack }"
            ;;
        '! restart'*) args=${line#! restart} ;;
        '! args'*) args=${line#! args} ;;
        esac
        ;;
    '#'*) [ -s "$work/input" ] || echo "$line" >>"$work/actual" ;;
    esac
done <"$file"
play 0
grep -q "^> " "$work/actual" && grep -q "^< " "$work/actual" ||
    fail "nobody speaks in this transcript"
if [ "${3:-}" = --write ]; then
    cp "$work/actual" "$file"
    cat "$work/errors" >&2
    exit 0
fi
sed -i "/^Killed/d" "$work/errors" # the shell says so after :crash
cat "$work/errors"
[ ! -s "$work/errors" ] || exit 1
diff -u "$file" "$work/actual"
