#!/bin/sh
# Who is answered, where, and how often: nobody but people who talk to the bot, in their thread, and
# not for ever.
set -eu
bin=$1
. tests/support/wire-mm.sh

threads_in() { # CHANNEL: the root of each post of the bot
    echo $(posts_of kizuki "$1" "coalesce(nullif(json_extract(p.value, '\$.root_id'), ''), '-')")
}

raw() { # CHANNEL USER TEXT MEMBERS
    control raw_post "\"channel\":\"$(channel_id "$1")\",\"user\":\"$2\",\"text\":\"$3\",$4"
}

# Nothing of this is answered, and nothing of it is kept.
silence() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    first=$said
    # By machines.
    api otherbot GET /users/me >/dev/null
    say otherbot '@kizuki K-002' general
    say otherbot 'K-002'
    control webhook_post "$(members channel general user hanako text '@kizuki K-002')"
    control webhook_post "$(members channel @hanako user hanako text K-002 name Kizuki)"
    for prop in from_bot from_webhook from_plugin from_oauth_app; do
        raw @hanako hanako K-002 "\"props\":{\"$prop\":\"true\"}"
    done
    for type in system_generic system_join_channel system_add_to_channel custom_zoom me; do
        raw @hanako hanako K-002 "\"type\":\"$type\""
    done
    control system_post "$(members channel office user hanako type system_x text '@kizuki K-002')"
    # To others.
    for text in 'K-002' 'kizuki K-002' '@all K-002' '@channel K-002' '@here K-002' '@kizukix K-002' \
        '@kizuki2 K-002' 'x@kizuki K-002' '@hanako K-002' '@taro @john K-002' '@ kizuki K-002'; do
        say hanako "$text" office
    done
    # What was said before, changed or gone, once the new direct channel's posts have been read: who
    # reads a post between its change and its end may answer it.
    await logs 'caught up' 2
    say hanako 'only a word' office
    api hanako PUT "/posts/$said/patch" '{"message":"@kizuki K-002"}' >/dev/null
    api hanako DELETE "/posts/$said" >/dev/null
    api hanako PUT "/posts/$first/patch" '{"message":"K-002"}' >/dev/null
    api hanako POST "/posts/$first/pin" >/dev/null
    last=$(last_in @hanako)
    for emoji in one thumbsup white_check_mark; do
        react hanako "$last" $emoji
    done
    unreact hanako "$last" one
    say hanako K-003
    expect @hanako 'K-001 K-003'
    silent
    # Nor when all of it is read again.
    stop
    db 'DELETE FROM channel_cursor'
    start
    say hanako K-004
    expect @hanako 'K-001 K-003 K-004'
    silent
    api hanako DELETE "/posts/$first" >/dev/null
    say hanako K-005
    expect @hanako 'K-001 K-003 K-004 K-005'
}

silent() {
    sent=$(sent_in general)$(sent_in office)$(sent_in @otherbot)
    [ "$sent" = 000 ] || fail "an answer where none was due"
    [ "$(rows inbox)" = "$(codes @hanako | wc -w)" ] || fail "$(rows inbox) rows in the inbox"
    [ "$(rows outbox)" = $(($(rows inbox) + 1)) ] || fail "more is owed than was asked for"
    [ "$(logged 'cannot be read')" = 0 ] || fail "something was not understood"
    [ "$(rows person)" = 1 ] || fail "somebody is stored who did not talk to the bot"
}

mentions() {
    serve
    start
    codes=
    for text in '@kizuki %s' '@Kizuki %s' '@kizuki、%s' '@kizuki: %s' '%s @kizuki' '%s、@kizuki。' \
        '＠kizuki %s' '@kizukiさん %s' '@taro @kizuki %s' '(@kizuki) %s'; do
        code=K-$(printf %03d $((${codes:+$(echo $codes | wc -w)} + 1)))
        codes="$codes $code"
        say hanako "$(printf "$text" "$code")" office
        expect office "${codes# }"
    done
}

group() {
    serve
    group=$(known group api hanako POST /channels/group "[\"$(id_of taro)\",\"$(id_of kizuki)\"]")
    start
    say hanako K-001 "$group"
    say taro '@kizuki K-002' "$group"
    expect "$group" K-002
    say hanako '@kizuki 診断' "$group"
    await owes_nothing
    await has run 1
    await owes_nothing
    [ "$(sent_in "$group")" = 2 ] || fail "personal things in a group"
    texts "$group" | grep -q 'ダイレクトメッセージ' || fail "no word about the direct message"
    [ "$(sent_in @hanako)" = 2 ] || fail "no question by direct message"
    say hanako 2 "$group"
    say taro '@kizuki K-003' "$group"
    expect "$group" 'K-002 K-003'
    [ "$(rows answer)" = 0 ] || fail "an unmentioned message was an answer"
}

threads() {
    serve
    start
    say hanako 話題 office
    root=$said
    say hanako '@kizuki K-001' office "$root"
    expect office K-001
    say taro '@kizuki K-002' office "$root"
    expect office 'K-001 K-002'
    say taro K-003 office "$root"
    say hanako '@kizuki K-004' office
    expect office 'K-001 K-002 K-004'
    [ "$(threads_in office)" = "$root $root -" ] || fail "threads: $(threads_in office)"
    say hanako K-005
    direct=$said
    expect @hanako K-005
    say hanako K-006 @hanako "$direct"
    expect @hanako 'K-005 K-006'
    [ "$(threads_in @hanako)" = "- - $direct" ] || fail "direct threads: $(threads_in @hanako)"
}

# The thread goes while its answer is on the way: the answer is given beside it.
lost_thread() {
    serve
    start
    say hanako 話題 office
    root=$said
    control http_fault '"kind":"slow","method":"POST","path":"/api/v4/posts","ms":2000,"after":1'
    say hanako '@kizuki K-001' office "$root"
    await logs 'event handled'
    api hanako DELETE "/posts/$root" >/dev/null
    expect office K-001
    [ "$(threads_in office)" = - ] || fail "threads: $(threads_in office)"
    say hanako '@kizuki K-002' office
    expect office 'K-001 K-002'
}

gone() {
    serve
    start
    say taro K-001
    expect @taro K-001
    control http_fault '"kind":"html","method":"POST","path":"/api/v4/posts","times":-1'
    tell taro K-002
    tell hanako K-003
    await logs 'event handled' 3
    stop
    control deactivate_user '"username":"taro"'
    control clear_faults
    start
    expect @hanako K-003
    end=$(db "SELECT state || ': ' || reason FROM outbox WHERE text LIKE '%K-002%'")
    [ "$end" = "dead: the person's account is deactivated" ] || fail "$end"
    answered @taro K-001 || fail "said to somebody who is gone"
    control activate_user '"username":"taro"'
    say taro K-004
    expect @taro 'K-001 K-004'
}

# Out of a channel: what is owed there is parked, and other places do not wait.
kicked() {
    serve
    start
    control http_fault '"kind":"html","method":"POST","path":"/api/v4/posts","times":-1'
    tell hanako '@kizuki K-001' office
    await logs 'a message waits'
    control kick '"channel":"office"'
    control clear_faults
    await owes_nothing
    [ "$(db "SELECT state FROM outbox WHERE text LIKE '%K-001%'")" = dead ] || fail "not parked"
    say hanako K-002
    expect @hanako K-002
    control add '"channel":"office"'
    say hanako '@kizuki K-003' office
    expect office K-003
    control archive_channel '"channel":"office"'
    say hanako K-004
    expect @hanako 'K-002 K-004'
}

helped() { # NUMBER: so many answers to hanako's cries
    [ "$(texts @hanako | grep -c '知らせてくれてありがとうございます')" = "$1" ]
}

breaker() {
    serve
    configure
    sed -i 's/max_answers_a_minute = 1000/max_answers_a_minute = 5/' "$work/config"
    start
    for code in K-001 K-002 K-003 K-004 K-005; do
        say hanako $code
    done
    expect @hanako 'K-001 K-002 K-003 K-004 K-005'
    [ "$(logged 'muted')" = 0 ] || fail "muted too early"
    say hanako K-006
    await logs "too many answers in one conversation: muted.*$(channel_id @hanako)"
    say hanako K-007
    say hanako K-008
    say taro K-009
    expect @taro K-009
    expect @hanako 'K-001 K-002 K-003 K-004 K-005 K-006'
    [ "$(logged 'muted')" = 1 ] || fail "said more than once"
    # A cry for help is heard all the same, but not for ever.
    for i in 1 2 3 4 5; do
        say hanako 'やばい、リンク踏んだかも'
    done
    await helped 3
    say taro K-010
    expect @taro 'K-009 K-010'
    await owes_nothing
    helped 3 || fail "a muted conversation cries for ever"
    [ "$(rows inbox)" = 11 ] || fail "what was muted is kept"
}

together silence mentions group threads lost_thread gone kicked breaker
