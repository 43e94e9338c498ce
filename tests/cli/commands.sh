#!/bin/sh
# The command line itself: help, versions, wrong options, configuration and content checks.
set -eu
bin=$1
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill $pid 2>/dev/null || true; rm -rf "$work"' EXIT
fail() { echo "$*"; cat "$work/out" "$work/err"; exit 1; }
. tests/support/await.sh
unset https_proxy HTTPS_PROXY
status() { # EXPECTED ARGS...: runs without input
    expected=$1
    shift
    set +e
    "$bin" "$@" >"$work/out" 2>"$work/err" </dev/null
    got=$?
    set -e
    [ $got = "$expected" ] || fail "kizuki $*: status $got, expected $expected"
}
says() { grep -q -- "$1" "$work/out" "$work/err" || fail "lacks: $1"; }

status 0 --help && says 'Usage: kizuki COMMAND'
status 0 run --help && says 'SIGHUP'
status 0 chat --help && says ':advance 6d'
status 0 check-config --help && says '--online'
status 0 content check --help && says 'Usage'
status 0 version && says 'kizuki [0-9]'
status 2
status 2 nonsense && says 'unknown command'
status 2 chat --lang fr && says 'ja or en'
status 2 chat --at yesterday && says '2026-11-23T09:00'
status 2 chat --as 'two words' && says 'without spaces'
status 2 chat extra && says 'does not take'
status 2 content lint
status 0 chat --db :memory:

status 0 content check && says 'no faults (13 roles, 92 '
cp -r content/pack "$work/pack"
status 0 content check "$work/pack"
sed -i '0,/"K-003"/s//"K-999"/' "$work/pack/personas.json"
status 1 content check "$work/pack" && says "personas.json: \$.personas\[0\].items\[.*\].tks: unknown id \"K-999\""
cp content/pack/personas.json "$work/pack/"
sed -i '0,/"S-018"/s//"S-999"/' "$work/pack/exams.json"
status 1 content check "$work/pack" && says "exams.json: \$.exams\[1\].rows\[0\].entries\[1\].tks: unknown id \"S-999\""
rm "$work/pack/exams.json"
status 1 content check "$work/pack" && says 'exams.json: file: the file is missing'
cp content/pack/exams.json "$work/pack/"
echo '{ "thanks": ' >"$work/pack/messages.json"
status 1 content check "$work/pack" && says 'messages.json: line 2, column 1'
status 1 content check "$work/nowhere" && says 'the file is missing'

status 0 check-config --config config.example && says 'no errors'
printf 'languag = "ja"\n' >"$work/config"
status 2 check-config --config "$work/config" && says "config:1: key 'languag'"
status 2 run --config "$work/config" && says 'languag'
printf 'mattermost acme {\n url = "https://chat.example"\n token_file = "%s/token"\n}\n' "$work" >"$work/config"
echo planted-secret >"$work/token"
chmod 644 "$work/token"
status 2 check-config --config "$work/config" && says "chmod 600 $work/token"
chmod 600 "$work/token"
status 0 check-config --config "$work/config"

# run keeps trying a server that is not there, and ends when told to. A file of authorities that
# does not exist, and a proxy that is spoken to in TLS, can never work.
printf 'database = "%s/away.db"\nproxy = "none"\n' "$work" >"$work/away"
printf 'mattermost acme { url = "http://127.0.0.1:9" token_file = "%s/token" }\n' "$work" >>"$work/away"
"$bin" run --config "$work/away" >"$work/out" 2>"$work/err" </dev/null &
pid=$!
twice() { [ "$(grep -c 'not connected' "$work/err")" -ge 2 ]; }
await twice
says '"workspace":"acme"' && says 'again_in_ms'
kill -TERM $pid
got=0
wait $pid || got=$?
[ $got = 0 ] || fail "SIGTERM: status $got"
pid=
says '"event":"stopped","status":"0"'
! grep -q planted-secret "$work/out" "$work/err" || fail "a secret was printed"
echo "ca_file = \"$work/nowhere.pem\"" >>"$work/away"
status 2 run --config "$work/away" && says "key 'ca_file': .*nowhere.pem"
status 2 check-config --config "$work/away" && says "key 'ca_file'"
sed -i '/^ca_file\|^proxy/d' "$work/away"
HTTPS_PROXY=https://proxy.example.com:3128
export HTTPS_PROXY
status 2 run --config "$work/away" && says 'http://HOST:PORT'
status 2 check-config --config "$work/away" && says 'http://HOST:PORT'
unset HTTPS_PROXY
echo 'proxy = "https://proxy.example.com:3128"' >>"$work/away"
status 2 run --config "$work/away" && says "key 'proxy'"
! grep -rq planted-secret "$work/out" "$work/err" || fail "a secret was printed"

# A newcomer: no configuration, the database where XDG says.
mkdir -p "$work/home"
abs=$(realpath "$bin")
(cd "$work/home" && printf '診断\n' | HOME="$work/home" "$abs" run >"$work/out" 2>"$work/err")
says '1/4'
[ "$(stat -c %a "$work/home/.local/share/kizuki/kizuki.db")" = 600 ] || fail "mode of the database"

# What people write never reaches the log, at any level.
printf 'log_level = "debug"\nlog_format = "json"\ndatabase = "%s/l.db"\n' "$work" >"$work/config"
printf '診断\nplanted-marker-7\n検索 planted-marker-8\n2\n' | "$bin" run --config "$work/config" >"$work/out" 2>"$work/err"
grep -q '"level":"debug"' "$work/err" || fail "no debug log"
! grep -q 'planted-marker' "$work/err" || fail "message text in the log"
