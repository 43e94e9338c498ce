#!/bin/sh
# A person is asked on by the questionnaire they began with, as it is stored. One that cannot be
# read any more ends that person's run and nothing else.
set -eu
bin=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
db=$work/k.db
fail() { echo "$*"; cat "$work/out" "$work/err"; exit 1; }
chat() { # LINES [OPTION]...
    lines=$1
    shift
    printf '%b' "$lines" | "$bin" chat --db "$db" "$@" >"$work/out" 2>"$work/err" || fail "status $?"
}
says() { grep -q -- "$1" "$work/out" || fail "lacks: $1"; }
is() { [ "$(sqlite3 "$db" "$1")" = "$2" ] || fail "$1 gives $(sqlite3 "$db" "$1")"; }

# Written by a program that prints JSON otherwise: the stored text is what its hash names.
chat '診断\n2\n'
sqlite3 "$db" 'SELECT body FROM form_version' | sed 's/^{"/{ "/; s/非IT部門/むかしの言葉/g' | tr -d '\n' >"$work/body"
hash=$(sha256sum <"$work/body" | cut -d' ' -f1)
sqlite3 "$db" "INSERT INTO form_version SELECT '$hash', form_id, CAST(readfile('$work/body') AS TEXT),
               created_ms FROM form_version; UPDATE run SET form_hash = '$hash'"
chat '確認\n戻る\n'
says 'むかしの言葉'
[ ! -s "$work/err" ] || fail "unexpected: $(cat "$work/err")"

# Somebody has a result; then their questionnaire is damaged, that of others is not.
sqlite3 "$db" "INSERT INTO result (person_id, seq, persona, by_hand, created_ms)
               SELECT id, 1, (SELECT json_extract(body, '\$.outcomes[0]') FROM form_version), 1, 1 FROM person"
chat '診断\n' --as other
cp "$db" "$work/before.db"
for damage in "body = body || ' '" "body = '{'" "body = ''"; do
    cp "$work/before.db" "$db"
    sqlite3 "$db" "UPDATE form_version SET $damage WHERE hash = '$hash'"
    chat 'ありがとう\n私の結果\n:as other\n1\n:as user1\n診断\n1\n'
    says 'どういたしまして'
    [ "$(grep -c '1/4' "$work/out")" = 1 ] || fail "$damage: no new run"
    ! grep -q '保存できません' "$work/out" || fail "$damage: a message was refused"
    [ "$(grep -c 'stored questionnaire' "$work/err")" = 1 ] || fail "$damage: not logged once"
    is "SELECT state FROM run WHERE form_hash = '$hash'" left
    is "SELECT count(*) FROM run WHERE state = 'open'" 2
    is "SELECT count(*) FROM result" 1
done
