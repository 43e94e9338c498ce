#!/bin/sh
# Pictures in the terminal: bars as text, the drawing in --json, and --png, whose picture other
# programs can read; a clear message and a status of 1 where there is none.
set -eu
export LC_ALL=C.UTF-8
bin=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "$*"; cat "$work/out" "$work/err"; exit 1; }

drawing='{"title":"いまの段階と目標","value":"いま","before":"前回","goal":"目標",
 "unknown":"未回答","source":"出典: ハンドブック","max":4,"bars":[
 {"label":"リスクマネジメント","value":2,"before":1,"goal":3},{"label":"アクセス制御","value":4},
 {"label":"個人情報保護","goal":2},{"label":"内部不正の防止","value":1}]}'

owe() { # DRAWING: to somebody who is away
    rm -f "$work/k.db"
    echo hi | "$bin" chat --db "$work/k.db" >/dev/null
    sqlite3 "$work/k.db" "INSERT INTO outbox (ord, key, person_id, platform, workspace, recipient,
        channel, text, choices, question, due_ms, created_ms, drawing, picture_alt)
        SELECT (SELECT max(ord) + 1 FROM outbox), 'x', id, 'console', 'local', 'user1', '',
        '図です', '', '', 0, 1, '$1', '言い換え' FROM person"
}

chat() { # STATUS OPTION...
    expected=$1
    shift
    status=0
    "$bin" chat --db "$work/k.db" "$@" </dev/null >"$work/out" 2>"$work/err" || status=$?
    [ "$status" = "$expected" ] || fail "status $status"
}

owe "$drawing"
chat 0 --png "$work/p.png"
[ ! -s "$work/err" ] || fail "unexpected words"
grep -qxF 'リスクマネジメント  ██████████░░░░◇░░░░░ 2 (目標 3, 前回 1)' "$work/out" || fail "no bars"
grep -q '^個人情報保護  .* 未回答 (目標 2)$' "$work/out" || fail "what is not known"
[ "$(head -c 4 "$work/p.png" | tail -c 3)" = PNG ] || fail "no PNG"
[ ! -e "$work/p.png.new" ] || fail "a file is left"

# What is written can be read.
if command -v tesseract >/dev/null; then
    tesseract "$work/p.png" "$work/read" -l jpn --psm 6 2>"$work/err" || fail "tesseract"
    tr -d ' ' <"$work/read.txt" >"$work/out"
    found=$(grep -oE 'リスクマネジメント|アクセス制御|個人情報保護|内部不正の防止|段階と目標|ハンドブック' \
        "$work/out" | sort -u | wc -l)
    [ "$found" -ge 4 ] || fail "only $found of 6 texts are legible"
fi

owe "$drawing"
chat 0 --json
[ "$(sqlite3 :memory: "SELECT json_extract(x, '\$.attachments[0].bars[1].label') || ' ' ||
    json_extract(x, '\$.attachments[0].alt') FROM (SELECT '$(cat "$work/out")' AS x)")" = \
    'アクセス制御 言い換え' ] || fail "not in the JSON"

chat 1 --png "$work/none.png"
grep -q 'no reply came with a picture' "$work/err" || fail "not told"
owe "$drawing"
chat 1 --png "$work/missing/p.png"
grep -q 'cannot be written: No such file' "$work/err" || fail "not told where"
owe "$drawing"
echo '<?xml version="1.0"?><fontconfig></fontconfig>' >"$work/fonts.conf"
export FONTCONFIG_FILE="$work/fonts.conf"
chat 1 --png "$work/none.png"
grep -q 'install the Debian package fonts-' "$work/err" || fail "not told what is missing"
[ ! -e "$work/none.png" ] || fail "written all the same"
grep -q '図です' "$work/out" || fail "the text does not stand alone"
