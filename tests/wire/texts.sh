#!/bin/sh
# What leaves as text: in parts where a post has not room for it, without control characters, and
# calling nobody.
set -eu
bin=$1
. tests/support/wire-mm.sh

squeezed() { # standard input without what a cut may take away
    tr -d ' \n'
}

# The parts of an answer are what was owed, none too long, in the thread where it belongs.
parts() {
    serve
    control max_post_size '"n":300'
    start
    say hanako 話題 office
    root=$said
    say hanako K-011
    say hanako 役割7
    say hanako K-012
    say hanako '@kizuki K-013' office "$root"
    expect @hanako 'K-011 K-012'
    expect office K-013
    db "SELECT text FROM outbox WHERE channel <> '$(channel_id office)' ORDER BY ord" |
        squeezed >"$work/owed"
    texts @hanako | squeezed | cmp - "$work/owed" || fail "not what was owed"
    said_in @hanako 7 && said_in office 2 || fail "$(sent_in @hanako) and $(sent_in office) parts"
    longest=$(posts_of kizuki @hanako "max(length(json_extract(p.value, '\$.message')))")
    [ "$longest" -le 300 ] && [ "$longest" -gt 100 ] || fail "a part of $longest characters"
    posts_of kizuki office "json_extract(p.value, '\$.root_id')" | sort -u >"$work/roots"
    [ "$(cat "$work/roots")" = "$root" ] || fail "a part outside the thread"
}

fault() { # MEMBERS: of the second post from now on
    control http_fault "$(members method POST path /api/v4/posts),\"after\":1,$1"
}

# Broken off between two parts, the rest follows and nothing twice.
broken_off() {
    serve
    control max_post_size '"n":300'
    start
    say hanako K-012
    expect @hanako K-012
    for kind in html drop_before drop_after cut status; do
        fault "\"status\":200,$(members kind $kind body '{}')"
        before=$(state posts_by_bot)
        tell taro K-012
        await owes_nothing
        await counts posts_by_bot $((before + 2))
        await owes_nothing
    done
    # Killed in between, and the server remembers no attempts.
    fault '"kind":"slow_after","ms":3000'
    before=$(state posts_by_bot)
    tell taro K-012
    await counts posts_by_bot $((before + 2))
    kill -9 "$bot"
    wait "$bot" 2>/dev/null || :
    control restart
    start
    expect @taro 'K-012 K-012 K-012 K-012 K-012 K-012'
    db "SELECT text FROM outbox WHERE recipient = '$(id_of taro)' ORDER BY ord" |
        squeezed >"$work/owed"
    texts @taro | squeezed | cmp - "$work/owed" || fail "not what was owed"
}

# The choices of a question stand with its last part.
question() {
    serve
    control max_post_size '"n":200'
    start
    say hanako 診断
    say hanako 2
    say hanako ヘルプ
    await said_in @hanako 8
    await owes_nothing
    last=$(last_in @hanako)
    api hanako GET "/posts/$last/reactions" >"$work/marks"
    marks=$(pick "$work/marks" "SELECT group_concat(json_extract(r.value, '\$.emoji_name'))
        FROM d, json_each(j) r")
    [ "$marks" = one,two,three,four,five,white_check_mark ] || fail "reactions: $marks"
    react hanako "$last" one
    await sh -c "[ \"\$(sqlite3 '$work/k.db' 'SELECT count(*) FROM tick')\" = 1 ]"
    await owes_nothing
    texts @hanako | grep -q '✓ IT機器' || fail "the tick is not shown"
}

echoed() {
    serve
    start
    say hanako '検索 q\u001b[31mq\u0007\u007f\u0085\u202e @all @here @channel @kizuki ＠all'
    await said_in @hanako 2
    texts @hanako >"$work/texts"
    grep -q 'q.*31mq' "$work/texts" || fail "the words were not echoed"
    ! grep -qP '[\x{00}-\x{09}\x{0b}-\x{1f}\x{7f}-\x{9f}\x{202a}-\x{202e}]' "$work/texts" ||
        fail "control characters came back"
    ! grep -qiE '[@＠](all|here|channel)' "$work/texts" || fail "everybody was called: $(cat "$work/texts")"
    say hanako '@all @here @channel'
    say hanako '検索 `@all` **@here** @ALL @channel。'
    await said_in @hanako 4
    texts @hanako >"$work/texts"
    ! grep -qiE '[@＠](all|here|channel)' "$work/texts" || fail "everybody was called: $(cat "$work/texts")"
    say hanako 'K-012\u001b\u0001'
    expect @hanako K-012
}

long() {
    serve
    start
    say hanako "$(head -c 16383 /dev/zero | tr '\0' x)"
    await said_in @hanako 2
    texts @hanako | grep -q 長かったので || fail "no word about what was not read"
    say hanako "K-011 $(printf '%8300s' '')"
    say hanako "$(printf '%5400s' '' | sed 's/ /気/g')"
    await said_in @hanako 4
    say hanako K-012
    await answered @hanako 'K-011 K-012'
    ! texts @hanako | grep -q 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' ||
        fail "echoed in full"
}

together parts broken_off question echoed long
