#!/bin/sh
# --json prints one object a reply with exactly the promised members; other output stays away.
set -eu
bin=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "$*"; cat "$work/out"; exit 1; }

printf '診断\n2\n:react 1\n:channel general\n役割7\n' |
    "$bin" chat --db :memory: --json --as tester >"$work/out" 2>"$work/err"
[ ! -s "$work/err" ] || fail "unexpected: $(cat "$work/err")"
[ "$(wc -l <"$work/out")" = 5 ] || fail "expected five replies"
sqlite3 :memory: >"$work/keys" <<SQL
.mode list
CREATE TABLE o(line TEXT);
.separator "\001"
.import "$work/out" o
SELECT (SELECT group_concat(key) FROM json_each(line)), json_extract(line,'\$.to'),
       json_extract(line,'\$.channel'), json_array_length(line,'\$.choices'),
       json_array_length(line,'\$.attachments'),
       coalesce(json_extract(line,'\$.choices[0].ticked'),'-') FROM o;
SQL
tr '\001' ' ' <"$work/keys" >"$work/got"
cat >"$work/expected" <<'X'
to,channel,text,choices,attachments tester direct 0 0 -
to,channel,text,choices,attachments tester direct 2 0 0
to,channel,text,choices,attachments tester direct 5 0 0
to,channel,text,choices,attachments tester direct 5 0 1
to,channel,text,choices,attachments tester general 0 0 -
X
diff -u "$work/expected" "$work/got" || fail "members differ"
