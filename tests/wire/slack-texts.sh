#!/bin/sh
# What leaves as text: in parts where a message has not room for it, without control characters, and
# calling nobody. What comes in: escaped, long, with files, with emoji.
set -eu
export LC_ALL=C.UTF-8
bin=$1
. tests/support/wire-slack.sh

owe() { # KEY TEXT: a message to hanako
    db "INSERT INTO outbox (ord, key, person_id, platform, workspace, recipient, channel, text,
        choices, question, due_ms, created_ms)
        SELECT (SELECT max(ord) + 1 FROM outbox), '$1', person_id, platform, workspace, recipient, '',
        '$2', '', '', 0, strftime('%s', 'now') * 1000 FROM outbox ORDER BY ord LIMIT 1"
}

squeezed() { # standard input without what a cut may take away
    tr -d ' \n'
}

lines() { # N: numbered lines of eighty characters
    for i in $(seq "$1"); do
        printf '%04d 気づきは%0.s' "$i" $(seq 6)
        echo
    done
}

begin() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
}

# The parts of a long text are what was owed, in order.
parts() {
    begin
    stop
    lines 300 >"$work/owed"
    owe long "$(cat "$work/owed")"
    start
    await has outbox 3
    await owes_nothing
    n=$(sent_in @hanako)
    [ "$n" -gt 5 ] || fail "only $n messages"
    texts @hanako | grep '^[0-9]* 気づき' | squeezed >"$work/said"
    squeezed <"$work/owed" | cmp - "$work/said" || fail "not what was owed"
    longest=$(posts_of kizuki @hanako "length(json_extract(p.value, '\$.text'))" | sort -n | tail -n 1)
    [ "$longest" -le 4000 ] || fail "a part of $longest characters"
    say hanako K-002
    expect @hanako 'K-001 K-002'
}

beginnings() { # of long messages, heard so far
    texts @hanako | grep -c '^0001 気づき' || :
}

begun() { # NUMBER
    [ "$(beginnings)" = "$1" ]
}

# Broken off between two parts, the rest follows and nothing twice.
broken_off() {
    begin
    for kind in html drop_before drop_after cut status kill; do
        stop
        lines 90 >"$work/owed"
        owe $kind "$(cat "$work/owed")"
        before=$(beginnings)
        members="\"status\":200,$(members kind $kind body '{}')"
        [ $kind != kill ] || members='"kind":"slow_after","ms":60000'
        control http_fault "\"path\":\"/api/chat.postMessage\",\"after\":1,$members"
        posts=$(state posts_by_bot)
        start
        if [ $kind = kill ]; then
            await counts posts_by_bot $((posts + 2))
            kill -9 "$bot"
            wait "$bot" 2>/dev/null || :
            control restart
            start
        fi
        await owes_nothing
        await begun $((before + 1))
        texts @hanako | grep '^[0-9]* 気づき' | tail -n 90 | squeezed >"$work/said"
        squeezed <"$work/owed" | cmp - "$work/said" || fail "$kind: not what was owed"
    done
}

# Nothing a person writes becomes live when the bot repeats it: neither in texts nor in blocks.
inert() { # in what was sent so far
    http "$url/control/sent" >"$work/sent"
    ! grep -qE '<[!@#]|<https?:|<mailto:' "$work/sent" || fail "something is live: $(grep -oE '.{20}<[!@#h].{40}' "$work/sent")"
}

echoed() {
    begin
    say hanako '検索 <!channel> <!here> <@U0>'
    say hanako '検索 <http://a.example|b>'
    say hanako '検索 a & &lt;b&gt; <c>'
    await said_in @hanako 5
    texts @hanako | grep -q '＜！channel＞ ＜！here＞ ＜＠U0＞' || fail "not repeated: $(texts @hanako)"
    texts @hanako | grep -q 'a ＆ ＆lt;b＆gt; ＜c＞' || fail "not as written: $(texts @hanako)"
    inert
    # As Slack itself writes it when somebody means it.
    for text in '検索 <!channel> x1' '検索 <!here|here> x2' '検索 <@U0TARO001> x3' '検索 <@U0TARO001|taro> x4' \
        '検索 <#C0GENERAL|general> x5' '検索 <http://a.example|b> x6' '検索 <!subteam^S01|@all> x7' \
        '検索 <mailto:a@b.example|a> x8' '検索 <!date^1^{date}|soon> x9'; do
        control say "$(members user hanako text "$text"),\"raw\":true"
    done
    await said_in @hanako 14
    texts @hanako | grep -q 'x9' || fail "not repeated"
    inert
    say hanako '検索 q\u001b[31mq\u0007\u007f\u0085\u202e'
    say hanako '検索 *a* _b_ ~c~ `d` ```e``` > f\n> g\n- h'
    await said_in @hanako 16
    ! texts @hanako | grep -qP '[\x{00}-\x{09}\x{0b}-\x{1f}\x{7f}-\x{9f}\x{202a}-\x{202e}]' ||
        fail "control characters came back"
    ! texts @hanako | grep 見つかりません | grep -qE '[*_~`]' || fail "somebody's marks are live: $(texts @hanako | tail -n 8)"
    inert
    say hanako 'K-012\u001b\u0001'
    expect @hanako 'K-001 K-012'
}

# A name that would call everybody.
names() {
    serve
    start
    control user_change '"user":"taro","real_name":"<!channel> @here"'
    say taro 'こんにちは'
    await said_in @taro 1
    quiet
    control open_home '"user":"taro"'
    await counts home.taro 1
    inert
}

long() {
    begin
    say hanako "$(repeat 40000 x)"
    await said_in @hanako 3
    texts @hanako | grep -q 長かったので || fail "no word about what was not read"
    say hanako "$(printf '%9000s' '' | sed 's/ /気/g')"
    await said_in @hanako 4
    control say "$(members user hanako text "$(repeat 9000 '&')")"
    await said_in @hanako 5
    say hanako K-002
    expect @hanako 'K-001 K-002'
    ! texts @hanako | grep -q "$(repeat 200 x)" || fail "echoed in full"
}

# With a file, as an emoji, with words around.
spellings() {
    begin
    control say "$(members user hanako text K-002 file report.pdf content secret)"
    say hanako ' K-003 '
    say hanako 'Ｋ－００４'
    expect @hanako 'K-001 K-002 K-003 K-004'
    say hanako 診断
    quiet
    say hanako ':two:'
    quiet
    has answer 1 || fail "the emoji is no answer"
    # A file without a word says nothing; the conversation goes on.
    control say "$(members user hanako text '' file report.pdf content secret)"
    say hanako K-005
    expect @hanako 'K-001 K-002 K-003 K-004 K-005'
}

# Neither tokens nor tickets nor what anybody says are in the log.
discreet() {
    begin
    control set '"retry_ms":[200,500,1000]'
    say hanako '検索 ないしょ'
    say hanako 診断
    quiet
    slash hanako '検索 ないしょ' office
    control open_home '"user":"hanako"'
    control http_fault '"kind":"html","path":"/api/chat.postMessage","times":2'
    control http_fault '"kind":"status","status":500,"path":"/commands/","body":"ないしょ"'
    control drop_sockets
    say hanako '検索 ないしょ'
    slash hanako '検索 ないしょ' office || :
    quiet
    ! grep -q 'ないしょ\|花子\|hanako\|@U\|trigger\|診断' "$work/log" || fail "the log tells: $(grep 'ないしょ\|花子\|hanako' "$work/log")"
}

together parts broken_off echoed names long spellings discreet
