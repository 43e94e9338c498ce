#!/bin/sh
# The terminal chat at its edges: closed or unreadable descriptors, strange names, signals in the
# middle of much input, and messages about the simulation that stay out of the conversation.
set -eu
bin=$1
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null; rm -rf "$work"' EXIT
fail() { echo "$*"; tail -n 20 "$work/out" "$work/err"; exit 1; }
. tests/support/await.sh
status() { # EXPECTED GOT WHAT
    [ "$2" = "$1" ] || fail "$3: status $2, expected $1"
}
: >"$work/out"
: >"$work/err"

# Nobody can read a closed standard output: nothing is written elsewhere, and the reply stays owed.
got=0
printf 'ありがとう\n' | "$bin" chat --db "$work/y.db" >&- 2>"$work/err" || got=$?
status 1 $got 'standard output closed'
grep -qx '[0-9]*' "$work/y.db.lock" || fail "written into the lock file"
[ "$(wc -l <"$work/y.db.lock")" = 1 ] || fail "written into the lock file"
[ "$(sqlite3 "$work/y.db" 'PRAGMA integrity_check')" = ok ] || fail "integrity"
"$bin" chat --db "$work/y.db" <&- >"$work/out" 2>&- || fail "standard input closed: status $?"
echo ':advance 1m' | "$bin" chat --db "$work/y.db" >>"$work/out" 2>"$work/err"
grep -q 'どういたしまして' "$work/out" || fail "what was owed is lost"

# Input that cannot be read is an error, not its end.
got=0
"$bin" chat --db "$work/k.db" </ >"$work/out" 2>"$work/err" || got=$?
status 1 $got 'a folder as input'
grep -q 'input cannot be read: Is a directory' "$work/err" || fail "no word about the input"

# Names are what the bot would take for them.
for name in "$(printf 'a\001')" "$(printf 'a\nb')" "$(printf '\377')" "$(printf 'a\342\200\256')" '' \
    "$(printf '%065d' 0)"; do
    got=0
    "$bin" chat --db :memory: --as "$name" </dev/null >"$work/out" 2>"$work/err" || got=$?
    status 2 $got "--as '$name'"
    grep -q -- '--as needs a name' "$work/err" || fail "no word about the name"
done
"$bin" chat --db :memory: --as 花子 </dev/null >"$work/out" 2>"$work/err" || fail "--as 花子"

# What is wrong with the simulation is said beside the conversation.
cp -r content/pack "$work/pack"
mkfifo "$work/in"
"$bin" chat --db :memory: --json --content "$work/pack" <"$work/in" >"$work/out" 2>"$work/err" &
pid=$!
exec 3>"$work/in"
echo ':react 1' >&3
await grep -q 'no question has been shown to this person since the start' "$work/err"
echo '{' >"$work/pack/messages.json"
echo ':reload' >&3
await grep -q ':reload: the old settings stay' "$work/err"
# The last question of 64 people is remembered.
i=0
while [ $i -lt 65 ]; do
    printf ':as p%s\n診断\n' $i >&3
    i=$((i + 1))
done
printf ':as p1\n:react 1\n:as p0\n:react 2\n:as p1\nありがとう\n' >&3
exec 3>&-
wait $pid || fail "status $?"
pid=
! grep -q 'old settings' "$work/out" || fail "a word about the simulation in the conversation"
[ "$(grep -c 'no question has been shown' "$work/err")" = 2 ] || fail "p0 should be forgotten, p1 not"
grep -q '"to":"p1".*2/' "$work/out" || fail "the reaction of p1"
! grep -q '"to":"p0".*2/' "$work/out" || fail "the reaction of p0"

# What cannot be clicked is said beside the conversation; forms work without anything to click.
printf '%s\n' :again :home ':word 1' ':select 1' :sheet :submit ':submit settings lang' '診断' \
    ':select 1,x' ':react x' ':word 1' ':home 1' ':submit settings lang=xx' ':again' |
    "$bin" chat --db :memory: --at 2026-11-23 >"$work/out" 2>"$work/err" || fail "status $?"
cut -c1-60 "$work/err" >"$work/said"
cat >"$work/expected" <<'X'
kizuki: :again: nothing has been clicked yet
kizuki: :home: pages are shown with --cards
kizuki: there is no such word to click; words are shown with
kizuki: :select: no question has been shown to this person s
kizuki: :sheet: give the name of a form
kizuki: :submit: give a form and its fields: NAME FIELD=TEXT
kizuki: :submit: give a form and its fields: NAME FIELD=TEXT
kizuki: :select: give numbers like 1,3 or "none"
kizuki: :react: give a number or "ok"
kizuki: there is no such word to click; words are shown with
kizuki: there is no such word to click; words are shown with
X
diff -u "$work/expected" "$work/said" || fail "what was said of directives"
[ "$(grep -c '^\[at lang\]' "$work/out")" = 2 ] || fail "a form handed in twice"

# With cards each message says where it stands.
printf '%s\n' :home '診断' 2 ':channel general' '役割7' |
    "$bin" chat --db :memory: --json --cards >"$work/out" 2>"$work/err" || fail "status $?"
sed 's/.*"channel":"\([a-z]*\)".*/\1/' "$work/out" | tr '\n' ' ' >"$work/said"
[ "$(cat "$work/said")" = 'home direct direct home direct settled home general ' ] ||
    fail "places: $(cat "$work/said")"

# A signal ends it after the turn at hand, however much was read already.
i=0
while [ $i -lt 4000 ]; do
    echo ありがとう
    i=$((i + 1))
done >"$work/many"
for signal in TERM INT; do
    "$bin" chat --db "$work/$signal.db" <"$work/many" >"$work/out" 2>"$work/err" &
    pid=$!
    await grep -q 'どういたしまして' "$work/out"
    kill -$signal $pid
    wait $pid || fail "$signal: status $?"
    pid=
    turns=$(sqlite3 "$work/$signal.db" 'SELECT count(*) FROM inbox')
    [ "$turns" -lt 4000 ] || fail "$signal: everything was answered first"
    [ "$(grep -c 'どういたしまして' "$work/out")" = "$turns" ] || fail "$signal: a turn without its reply"
done
