#!/bin/sh
# Tokens Slack refuses and rights the app does not have: nothing is tried until there is another
# token, the log says what to do, what is owed is kept, and SIGHUP brings new tokens.
set -eu
bin=$1
. tests/support/wire-slack.sh

reload() {
    n=$(logged 'configuration reloaded')
    kill -HUP "$bot"
    await logs 'configuration reloaded' $((n + 1))
}

# Nothing is asked for, whatever happens.
silent() {
    control reset_counters
    control say '"user":"taro","text":"K-009"'
    since=$(date +%s)
    await over $((since + 4))
    [ "$(asked_for)" = 0 ] || fail "asked with a token that is refused: $(state requests)"
}

refusal='"level":"error".*Slack refuses a token.*what is owed is kept.*SIGHUP'

# Refused from the start: who we are, or where to connect to.
bad_start() { # WHICH LOGGED CODE
    serve
    control token_error "$(members token "$1" error "$3")"
    launch
    await logs "$refusal.*\"token\":\"$2.*\"why\":\"$3\""
    silent
    reload # with the same tokens, which may have been mended at Slack's: asked once
    await logs "$refusal" 2
    silent
    control token_error "$(members token "$1")"
    secret "$work/app" "$app_token" # as written anew
    stop
    start
    say hanako K-001
    expect @hanako K-001
    [ "$(logged "$refusal")" = 2 ] || fail "the alarm came more than once a start"
}

bot_invalid() { bad_start bot 'bot (xoxb-)' invalid_auth; }
bot_revoked() { bad_start bot 'bot (xoxb-)' token_revoked; }
bot_gone() { bad_start bot 'bot (xoxb-)' account_inactive; }
app_invalid() { bad_start app 'app (xapp-)' invalid_auth; }
app_revoked() { bad_start app 'app (xapp-)' token_revoked; }

# One in the other's place is seen before anything is sent, or told by Slack.
other_token() {
    serve
    configure
    secret "$work/app" xapp-1-other
    secret "$work/token" xoxb-other
    launch
    await logs "$refusal.*\"token\":\"bot (xoxb-)\".*invalid_auth"
    silent
    # The bot's is right now, and the app's is found to be wrong.
    secret "$work/token" "$bot_token"
    reload
    await logs "$refusal.*\"token\":\"app (xapp-)\".*invalid_auth"
    silent
    secret "$work/app" "$app_token"
    reload
    await logs '"connected"'
    say hanako K-001
    expect @hanako K-001
}

# It ends while the bot is at work; what is owed is said with the next one.
ended() { # CODE
    serve
    start
    say hanako K-001
    expect @hanako K-001
    control token_error "$(members token bot error "$1")"
    say hanako K-002
    await logs "$refusal.*$1"
    await counted sockets 0
    silent
    ! owes_nothing || fail "nothing is kept"
    control token_error '"token":"bot"'
    secret "$work/token" "$bot_token-2"
    reload
    await logs "$refusal.*invalid_auth"
    secret "$work/token" "$bot_token"
    reload
    expect @hanako 'K-001 K-002'
    expect @taro K-009
    say hanako K-003
    expect @hanako 'K-001 K-002 K-003'
}

ended_expired() { ended token_expired; }
ended_revoked() { ended token_revoked; }

# The app's ends: the socket goes on, and the replacement cannot be opened.
app_ended() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    control token_error '"token":"app","error":"token_revoked"'
    say hanako K-002
    expect @hanako 'K-001 K-002'
    control drop_sockets
    await logs "$refusal.*\"token\":\"app (xapp-)\""
    say hanako K-003
    control token_error '"token":"app"'
    secret "$work/app" "$app_token-2"
    reload
    await logs "$refusal" 2
    secret "$work/app" "$app_token"
    reload
    expect @hanako 'K-001 K-002 K-003'
}

# Faulty files change nothing.
faulty_files() {
    serve
    start
    chmod 644 "$work/token"
    kill -HUP "$bot"
    await logs 'configuration not reloaded'
    chmod 600 "$work/token"
    secret "$work/app" "$bot_token"
    kill -HUP "$bot"
    await logs 'configuration not reloaded' 2
    say hanako K-001
    expect @hanako K-001
    [ "$(logged '"connected"')" = 1 ] || fail "$(logged '"connected"') connections"
}

missing_connections() {
    serve
    control http_fault '"kind":"status","status":200,"path":"/api/apps.connections.open","times":-1,
        "body":"{\"ok\":false,\"error\":\"missing_scope\",\"needed\":\"connections:write\"}"'
    launch
    await logs "$refusal.*\"token\":\"app (xapp-)\".*connections:write"
    silent
    control clear_faults
}

# A right the app does not have yet: told, kept, and done when it has it.
missing_scope() { # SCOPE
    serve
    control missing_scope "$(members name "$1")"
    start
    say hanako K-001
    await logs "\"level\":\"error\".*the app may not do that; what is owed is kept.*$1"
    ! owes_nothing || fail "nothing is kept"
    control grant_scope "$(members name "$1")"
    expect @hanako K-001
}

missing_chat_write() { missing_scope chat:write; }

# Without it nobody's language is known, which is no reason to be silent.
missing_users_read() {
    serve
    control missing_scope '"name":"users:read"'
    start
    say john K-001
    expect @john K-001
    logs 'nothing is known of somebody who writes.*users:read' || fail "no word of it"
}

# What was missed cannot be read: said, and live messages are answered.
missing_history() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    stop
    control missing_scope '"name":"im:history"'
    start
    logs 'a conversation cannot be read back.*im:history' || fail "no word of it"
    say taro K-002
    expect @taro K-002
    # With the right it is found, also after another connection without it.
    stop
    control say '"user":"hanako","text":"K-003"'
    start
    control disconnect
    await logs '"replaced"'
    stop
    control grant_scope '"name":"im:history"'
    start
    expect @hanako 'K-001 K-003'
}

enterprise() {
    serve
    control set '"enterprise":true'
    launch
    await logs '"level":"error".*installed for a whole organisation'
    silent
    [ "$(logged '"connected"')" = 0 ] || fail "connected"
}

# The tokens of another workspace: its people are not those of the database.
other_workspace() {
    serve
    start
    say hanako K-001
    expect @hanako K-001
    stop
    db "UPDATE channel_cursor SET message = 'T0ELSE001' WHERE channel = 'team'"
    launch
    await logs '"level":"error".*the token is of another workspace than before'
    silent
    db "UPDATE channel_cursor SET message = 'T0KIZUKI1' WHERE channel = 'team'"
    stop
    start
    expect @taro K-009
    say hanako K-002
    expect @hanako 'K-001 K-002'
}

together bot_invalid bot_revoked bot_gone app_invalid app_revoked other_token ended_expired \
    ended_revoked app_ended faulty_files missing_connections missing_chat_write missing_users_read \
    missing_history enterprise other_workspace
