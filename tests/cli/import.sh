#!/bin/sh
# Frameworks from files: counts, what is refused and that nothing changes then, a bot at work that
# has the new one with the next message, an import that was killed. With KIZUKI_NICE naming NIST's
# file, that one, too.
set -eu
export LC_ALL=C.UTF-8
bin=$1
work=$(mktemp -d)
bot=
trap '[ -z "$bot" ] || kill "$bot" 2>/dev/null || :; rm -rf "$work"' EXIT
fail() { echo "$*"; cat "$work/out" "$work/err"; exit 1; }

element() { printf '{"element_type":"%s","element_identifier":"%s","title":"%s","text":"%s"}' "$@"; }

nice_file() { # VERSION N: a made-up one with N tasks
    printf '{"documents":[{"name":"A made-up NICE Framework","version":"%s"}],"elements":[' "$1"
    element work_role PD-WRL-001 'Night Watch' 'Watches at night.'
    printf ','; element knowledge K0001 '' 'Knowledge of oil'
    printf ','; element skill S0001 '' 'Skill in lamps'
    i=0
    while [ $i -lt "$2" ]; do
        i=$((i + 1))
        printf ','; element task "T$(printf %04d $i)" '' "Light lamp $i"
    done
    printf '],"relationships":[{"source_element_identifier":"PD-WRL-001","dest_element_identifier":"T0001"}]}'
}

import() { # STATUS COMMAND FILE
    status=0
    "$bin" content "$2" "$3" --db "$work/k.db" >"$work/out" 2>"$work/err" || status=$?
    [ $status = "$1" ] || fail "status $status of: $*"
}

says() { grep -qF -e "$1" "$work/out" "$work/err" || fail "not said: $1"; }

has() { # SQL VALUE
    [ "$(sqlite3 "$work/k.db" "$1")" = "$2" ] || fail "$1: $(sqlite3 "$work/k.db" "$1")"
}

ask() { # TEXT
    echo "$1" | "$bin" chat --db "$work/k.db" >"$work/out" 2>"$work/err" || fail "status $?"
}

nice_file 2.1.0 250 >"$work/nice.json"
import 0 import-nice "$work/nice.json"
says 'nice.json: 250 tasks, 1 knowledge, 1 skills, 1 work roles, version 2.1.0'
ask K-001
ask t0007
says 'Light lamp 7'
says 'A made-up NICE Framework'
ask 'night watch'
says 'Light lamp 1'

# What is refused changes nothing.
before=$(sqlite3 "$work/k.db" "SELECT group_concat(id || state || version) FROM import_set")
nice_file 1.0.0 5 >"$work/old.json"
import 1 import-nice "$work/old.json"
says 'too old'
head -c 5000 "$work/nice.json" >"$work/cut.json"
import 1 import-nice "$work/cut.json"
says "cut.json: line 1, column"
truncate -s 200M "$work/huge.json"
import 1 import-nice "$work/huge.json"
says 'the file has 200 MiB'
rm "$work/huge.json"
import 1 import-nice "$work/none.json"
import 1 import-nice "$work"
says 'not a regular file'
import 1 import-nice content/pack/tks.json
printf 'role,kind,statement,nice\n0,task,x,\n' >"$work/bad.csv"
import 1 import-framework "$work/bad.csv"
says 'bad.csv: line 2, column role'
has "SELECT group_concat(id || state || version) FROM import_set" "$before"
has "SELECT count(*) FROM import_item" 253

# A sheet of the framework: the role has its statements.
printf 'role,kind,statement,nice\n7,task,灯りをともす,T0001\n7,skill,油を足す,\n' >"$work/sheet.csv"
import 0 import-framework "$work/sheet.csv"
says 'sheet.csv: 1 tasks, 0 knowledge, 1 skills'
ask 役割7
says 'タスク 1、知識 0、スキル 1'
ask 役割7のタスク
says '灯りをともす'
ask '検索 油'
says '油を足す'

# While the bot is at work, and again after that.
mkfifo "$work/in"
"$bin" chat --db "$work/k.db" <"$work/in" >"$work/talk" 2>&1 &
bot=$!
exec 3>"$work/in"
echo t0250 >&3
until grep -q 'Light lamp 250' "$work/talk"; do kill -0 "$bot" || fail "the bot is gone"; done
nice_file 2.2.0 300 >"$work/newer.json"
import 0 import-nice "$work/newer.json"
echo t0300 >&3
until grep -q 'Light lamp 300' "$work/talk"; do kill -0 "$bot" || fail "the bot is gone"; done
exec 3>&-
wait "$bot" || fail "the bot ended with $?"
bot=
has "SELECT group_concat(source || version, ' ') FROM (SELECT * FROM import_set ORDER BY source)" \
    'framework nice2.2.0'

# One that was killed in between: the old one stays, and the next one sweeps what is left.
sqlite3 "$work/k.db" "INSERT INTO import_set (id, source, name, version, file, imported_ms)
    VALUES (99, 'nice', 'x', '9', 'f', 0); INSERT INTO import_item VALUES (99, 0, 'task', 'T9999', '', 'half', '')"
ask t0300
says 'Light lamp 300'
ask t9999
! grep -q half "$work/out" || fail "half an import is shown"
import 0 import-nice "$work/nice.json"
has "SELECT count(*) FROM import_item WHERE text = 'half'" 0
has "SELECT count(*) FROM import_set" 2
has "PRAGMA integrity_check" ok

if [ -n "${KIZUKI_NICE-}" ]; then
    import 0 import-nice "$KIZUKI_NICE"
    says '946 tasks, 662 knowledge, 540 skills, 41 work roles'
fi
