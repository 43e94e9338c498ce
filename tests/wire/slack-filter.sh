#!/bin/sh
# Who is answered in Slack, where, in which language, and how often: nobody but people of this
# workspace who talk to the bot, in their thread, and not for ever.
set -eu
bin=$1
. tests/support/wire-slack.sh

threads_in() { # CHANNEL: the root of each message of the bot
    echo $(posts_of kizuki "$1" "coalesce(json_extract(p.value, '\$.thread_ts'), '-')")
}

raw() { # NAME TEXT CHANNEL [MEMBERS]: as Slack writes it
    control say "$(members user "$1" text "$2" channel "$3"),\"raw\":true${4:+,$4}"
    said=$(controlled ts)
}

hear_all() { # an app that hears whatever is said in channels, other than ours
    control subscribe '"name":"message.channels"'
    control subscribe '"name":"message.groups"'
}

# Nothing of this is answered, and nothing of it is kept.
silence() {
    serve
    hear_all
    start
    say hanako K-001
    first=$said
    expect @hanako K-001
    # By machines, strangers and those who are gone.
    mention otherbot K-002 general
    say otherbot K-002
    mention stranger K-002 general
    say stranger K-002
    for subtype in bot_message channel_join channel_topic pinned_item reminder_add ekm_access_denied; do
        control say "$(members user hanako text K-002 subtype $subtype)"
        control mention "$(members user hanako text K-002 channel general subtype $subtype)"
    done
    # To others.
    for text in K-002 'kizuki K-002' '@kizuki K-002' '<!channel> K-002' '<!here> K-002' \
        '<@U0TARO001> K-002' '<@U0KIZUKI2> K-002' '<#C0OFFICE1> K-002' '&lt;@U0KIZUKI1&gt; K-002'; do
        raw hanako "$text" office
    done
    # What was said before, changed or gone.
    say hanako 'only a word' office
    control edit "$(members user hanako ts "$said" channel office text K-002)"
    control delete "$(members user hanako ts "$said" channel office)"
    control edit "$(members user hanako ts "$first" text K-002)"
    react hanako "$(last_in @hanako)" one
    react hanako "$(last_in @hanako)" thumbsup
    unreact hanako "$(last_in @hanako)" one
    control join '"user":"john","channel":"office"'
    say hanako K-003
    expect @hanako 'K-001 K-003'
    silent
    # Nor when all of it is read again.
    stop
    db "DELETE FROM channel_cursor WHERE channel = '*'"
    start
    say hanako K-004
    expect @hanako 'K-001 K-003 K-004'
    silent
    control delete "$(members user hanako ts "$first")"
    say hanako K-005
    expect @hanako 'K-001 K-003 K-004 K-005'
}

silent() {
    sent=$(sent_in general)$(sent_in office)$(sent_in @otherbot)$(sent_in @stranger)
    [ "$sent" = 0000 ] || fail "an answer where none was due: $sent"
    [ "$(rows person)" = 1 ] || fail "somebody is stored who did not talk to the bot"
    [ "$(rows outbox "kind = 'say'")" = $(($(codes @hanako | wc -w) + 1)) ] ||
        fail "more is owed than was asked for: $(db 'SELECT text FROM outbox')"
    [ "$(logged 'cannot be read')" = 0 ] || fail "something was not understood"
}

mentions() {
    serve
    start
    codes=
    for text in '<@U0KIZUKI1> %s' '<@U0KIZUKI1|kizuki> %s' '<@U0KIZUKI1>、%s' '<@U0KIZUKI1>: %s' \
        '%s <@U0KIZUKI1>' '%s、<@U0KIZUKI1>。' '<@U0KIZUKI1>さん %s' '<@U0TARO001> <@U0KIZUKI1> %s' \
        '(<@U0KIZUKI1>) %s' '<@U0KIZUKI1><@U0KIZUKI1> %s'; do
        code=K-$(printf %03d $((${codes:+$(echo $codes | wc -w)} + 1)))
        codes="$codes $code"
        raw hanako "$(printf "$text" "$code")" office
        expect office "${codes# }"
    done
    # In the direct conversation it may be said or not.
    raw hanako '<@U0KIZUKI1> K-020' @hanako
    expect @hanako K-020
}

threads() {
    serve
    start
    say hanako 話題 office
    root=$said
    mention hanako K-001 office "$root"
    expect office K-001
    mention taro K-002 office "$root"
    expect office 'K-001 K-002'
    say taro K-003 office "$root"
    mention hanako K-004 office
    expect office 'K-001 K-002 K-004'
    [ "$(threads_in office)" = "$root $root -" ] || fail "threads: $(threads_in office)"
    say hanako K-005
    direct=$said
    expect @hanako K-005
    say hanako K-006 @hanako "$direct"
    expect @hanako 'K-005 K-006'
    [ "$(threads_in @hanako)" = "- - $direct" ] || fail "direct threads: $(threads_in @hanako)"
}

# What is personal is said directly, whoever hears the question.
personal() {
    serve
    hear_all
    start
    mention hanako 診断 office
    await has run 1
    quiet
    [ "$(sent_in office)" = 1 ] || fail "personal things in a channel: $(texts office)"
    texts office | grep -q ダイレクトメッセージ || fail "no word about the direct message"
    [ "$(sent_in @hanako)" = 2 ] || fail "no question by direct message"
    say hanako 2 office
    mention taro K-003 office
    expect office K-003
    [ "$(rows answer)" = 0 ] || fail "an unmentioned message was an answer"
}

# The thread goes while its answer is on the way: the answer is given beside it.
lost_thread() {
    serve
    start
    say hanako 話題 office
    root=$said
    control http_fault '"kind":"slow","path":"/api/chat.postMessage","ms":2000'
    mention hanako K-001 office "$root"
    await took_all
    control delete "$(members user hanako ts "$root" channel office)"
    expect office K-001
    [ "$(threads_in office)" = - ] || fail "threads: $(threads_in office)"
}

gone() {
    serve
    start
    say taro K-001
    expect @taro K-001
    control http_fault '"kind":"html","path":"/api/chat.postMessage","times":-1'
    say taro K-002
    say hanako K-003
    await took_all
    control user_change '"user":"taro","deleted":true'
    await took_all
    stop
    control clear_faults
    start
    expect @hanako K-003
    end=$(db "SELECT state || ': ' || reason FROM outbox WHERE text LIKE '%K-002%'")
    case $end in
    'dead: chat.postMessage: channel_not_found' | "dead: the person's account is deactivated") ;;
    *) fail "$end" ;;
    esac
    answered @taro K-001 || fail "said to somebody who is gone"
    control user_change '"user":"taro","deleted":false'
    say taro K-004
    expect @taro 'K-001 K-004'
}

# Out of a channel: what is owed there is parked, and other places do not wait.
kicked() {
    serve
    start
    control http_fault '"kind":"html","path":"/api/chat.postMessage","times":-1'
    mention hanako K-001 office
    await logs 'a message waits'
    control leave '"channel":"office"'
    control clear_faults
    await owes_nothing
    end=$(db "SELECT state || ': ' || reason FROM outbox WHERE text LIKE '%K-001%'")
    [ "$end" = 'dead: chat.postMessage: channel_not_found' ] ||
        [ "$end" = 'dead: chat.postMessage: not_in_channel' ] || fail "$end"
    say hanako K-002
    expect @hanako K-002
    control join '"channel":"office"'
    mention hanako K-003 office
    expect office K-003
    control http_fault '"kind":"slow","path":"/api/chat.postMessage","ms":1500'
    mention hanako K-004 office
    await took_all
    control archive_channel '"channel":"office"'
    await owes_nothing
    end=$(db "SELECT state || ': ' || reason FROM outbox WHERE text LIKE '%K-004%'")
    [ "$end" = 'dead: chat.postMessage: is_archived' ] || fail "$end"
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
    await logs "too many answers in one conversation: muted.*D0HANAKO1"
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
    say taro K-018
    expect @taro 'K-009 K-018'
    await owes_nothing
    helped 3 || fail "a muted conversation cries for ever"
    # Nor when it is read back, which is no reason to be muted.
    control set '"lose_offline":true'
    stop
    for code in K-010 K-011 K-012 K-013 K-014 K-015 K-016 K-017; do
        say taro $code
    done
    start
    expect @taro 'K-009 K-018 K-010 K-011 K-012 K-013 K-014 K-015 K-016 K-017'
    expect @hanako 'K-001 K-002 K-003 K-004 K-005 K-006'
}

# ---- people ----

identity() { # NAME COLUMN
    db "SELECT i.$2 FROM identity i WHERE external_id = '$(found "$1" id)'"
}

speaks() { # NAME LANG: since a new answer
    say "$1" ヘルプ
    quiet
    case $2 in
    en) last_text @"$1" | grep -q 'What I can do' ;;
    ja) last_text @"$1" | grep -q 'できること' ;;
    esac || fail "$1: not in $2: $(last_text @"$1")"
}

guests() {
    serve
    start
    for name in guest visitor user7; do
        say $name K-001
        expect @$name K-001
    done
    mention guest K-002 general
    expect general K-002
}

languages() {
    serve
    start
    speaks hanako ja
    speaks john en
    [ "$(identity john tz)" = America/New_York ] || fail "time zone: $(identity john tz)"
    [ "$(identity hanako tz)" = Asia/Tokyo ] || fail "time zone: $(identity hanako tz)"
    control user_change '"user":"hanako","locale":"en-GB","zone":"Europe/London"'
    await took_all
    speaks hanako en
    [ "$(identity hanako tz)" = Europe/London ] || fail "time zone: $(identity hanako tz)"
    # What was chosen stays.
    say john 日本語
    quiet
    speaks john ja
    control user_change '"user":"john","locale":"en-GB","zone":"Europe/London"'
    await took_all
    speaks john ja
    [ "$(identity john tz)" = Europe/London ] || fail "time zone: $(identity john tz)"
    # A language nobody speaks here, and none at all.
    control user_change '"user":"hanako","locale":"tlh"'
    control user_change '"user":"hanako","locale":"","zone":""'
    await took_all
    speaks hanako en
    # After a restart, without asking anybody again.
    stop
    control http_fault '"kind":"html","path":"/api/users.info","times":-1'
    start
    speaks hanako en
    speaks john ja
    control clear_faults
}

# People who come, and who change, are not stored before they talk to the bot.
newcomers() {
    serve
    start
    control team_join '"name":"pia","locale":"en-US","zone":"Europe/Berlin"'
    control user_change '"user":"taro","locale":"en-US"'
    await took_all
    [ "$(rows person)" = 0 ] || fail "somebody is stored who did not talk to the bot"
    speaks pia en
    speaks taro en
    [ "$(identity pia tz)" = Europe/Berlin ] || fail "time zone: $(identity pia tz)"
    [ "$(logged '"level":"warning"')" = 0 ] || fail "something was not understood"
}

together silence mentions threads personal lost_thread gone kicked breaker guests languages newcomers
