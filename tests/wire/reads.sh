#!/bin/sh
# What a server, or a proxy before it, may answer when the bot asks who it is, where it is, what it
# missed and who people are: each question is asked again, and what was missed is answered once.
set -eu
bin=$1
. tests/support/wire-mm.sh

fault() { # PATH: of GET, or of POST where the path says so
    case $1 in
    /users/ids | /channels/direct | /posts/ids/reactions) method=POST ;;
    *) method=GET ;;
    esac
    control http_fault "$(members kind $kind method $method path "/api/v4$1")${more:+,$more}"
}

# With the bot away: in a known channel, in a new one, and by somebody who is to be asked for there.
miss() {
    serve
    start
    say hanako 診断
    await said_in @hanako 2
    await owes_nothing
    stop
    tell hanako K-001
    tell user1 K-002
    tell john '@kizuki start' general
}

answer_all() {
    expect @hanako K-001
    expect @user1 K-002
    await said_in general 1
    await said_in @john 2
    expect @hanako K-001
    [ "$(rows inbox)" = 4 ] || fail "$(rows inbox) rows in the inbox"
    [ "$(rows outbox "state <> 'sent'")" = 0 ] || fail "not all was sent"
}

# Every question gets a senseless answer once. What is reported: the places, as the log names them.
once() { # PLACES KIND [MEMBERS]
    places=$1
    kind=$2
    more=${3-}
    miss
    fault /users/me
    fault /config/client
    fault /users/me/teams
    fault "/users/me/teams/$(known team api admin GET /teams/name/kizuki)/channels"
    fault "/channels/$(channel_id @hanako)/posts"
    fault /posts/ids/reactions
    fault /users/ids
    fault /channels/direct
    launch
    for place in connected $places; do
        await logs "\"level\":\"warning\".*$place"
    done
    answer_all
}

lists='listing.teams listing.a.team'
others='reading.reactions people.could.not'

html() { once "$lists $others reading.a.channel" html; }
empty() { once "$lists $others" empty; } # of history a smaller page is asked for
cut() { once "$lists $others reading.a.channel" cut; }
internal() {
    once "$lists $others reading.a.channel" status \
        '"status":500,"body":"{\"id\":\"api.some\",\"message\":\"x\",\"status_code\":500}"'
}
object() { once "$lists reading.a.channel" status '"status":200,"body":"{}"'; }
null() { once "$lists reading.a.channel" status '"status":200,"body":"null"'; }
number() { once "$lists reading.a.channel" status '"status":200,"body":"[7]"'; }
endless() { once "$lists $others" endless; } # the same
drop_before() { once "" drop_before; } # reading may be repeated silently
drop_after() { once "" drop_after; }

# Later than anybody waits.
slow() {
    miss
    kind=slow
    more='"ms":17000'
    fault /users/ids
    fault "/channels/$(channel_id @hanako)/posts"
    launch
    await logs 'cannot be read.*reading a channel'
    answer_all
}

# "Not yours": left aside, and read when it is ours again.
foreign() { # STATUS
    miss
    kind=status
    more="\"status\":$1,\"body\":\"{}\",\"times\":-1"
    fault "/channels/$(channel_id @hanako)/posts"
    launch
    await answered @user1 K-002
    await logs '"caught up"' 2
    control clear_faults
    control drop_sockets
    answer_all
}

status_403() { foreign 403; }
status_404() { foreign 404; }

# All of the channels may be refused.
no_list() {
    miss
    kind=status
    more='"status":403,"body":"{}"'
    fault /users/me/teams
    launch
    await logs 'cannot be read.*listing teams'
    answer_all
}

# A newer server lists all channels at once.
new_server() {
    serve
    control v6
    start
    stop
    tell hanako K-001
    kind=html
    more=
    fault /users/me/channels
    launch
    await logs 'cannot be read.*listing channels'
    expect @hanako K-001
    [ "$(requests 'GET /users/*/teams')" = 0 ] || fail "asked team by team"
}

# A bot that hides that it is one is known by its account, also where the account could not be read.
other_bot() {
    serve
    start
    kind=status
    codes=
    for body in '{}' 'null' '<html>'; do
        stop
        more="\"status\":200,\"body\":\"$body\",\"times\":2"
        fault /users/ids
        tell otherbot '@kizuki K-001' general
        tell hanako K-002
        start
        codes="$codes K-002"
        expect @hanako "${codes# }"
        said_in general 0 || fail "$body: another bot was answered"
    done
}

together html empty cut endless drop_before drop_after internal object null number slow status_403 status_404 \
    no_list new_server other_bot
