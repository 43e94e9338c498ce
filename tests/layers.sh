#!/bin/sh
# The floors: base <- content <- intents <- bot and base <- store <- bot. An include that points
# upwards or sideways fails, and so does a library header outside the folder that owns it.
set -u
export LC_ALL=C.UTF-8
cd "$(dirname "$0")/.." || exit 1
bad=0

may() { # FOLDER ALLOWED...: our own includes found in FOLDER must come from these folders
    folder=$1
    shift
    allowed=$(echo "$folder $*" | tr ' ' '|')
    found=$(grep -rnE '^#include "' "$folder" --include='*.[ch]' | grep -vE "\"($allowed)/")
    [ -z "$found" ] || { echo "$folder may include only: $folder $*"; echo "$found"; bad=1; }
}

only() { # HEADER FOLDER...: the library header may be included in these folders only
    header=$1
    shift
    allowed=$(echo "$*" | tr ' ' '|')
    found=$(grep -rnE "^#include <$header" base store content intents bot | grep -vE "^($allowed)/")
    [ -z "$found" ] || { echo "<$header> belongs to: $*"; echo "$found"; bad=1; }
}

may base
may store base
may content base
may intents base content
may bot base store content intents
may bot/net base
only sqlite3.h store
only utf8proc.h base
only confuse.h bot
only openssl/ base
only libwebsockets bot/net
only curl/ bot/net
only pango/ bot/paint
only cairo bot/paint

# An adapter is known to its own folder and to the commands that set it up.
for platform in mattermost slack; do
    found=$(grep -rnl "$platform" bot --include='*.[ch]' |
        grep -vE "^bot/($platform/|run\.c|check\.c|config\.[ch])")
    [ -z "$found" ] || { echo "knows the name $platform:"; echo "$found"; bad=1; }
done

# What would let a bad server through, or take the token elsewhere.
found=$(grep -rnE 'ALLOW_SELFSIGNED|ALLOW_INSECURE|SKIP_SERVER_CERT|ALLOW_EXPIRED|FOLLOWLOCATION' bot)
[ -z "$found" ] || { echo "weakens TLS or follows redirects:"; echo "$found"; bad=1; }
grep -q 'LCCSCF_HTTP_NO_FOLLOW_REDIRECT' bot/net/ws.c || { echo "the upgrade may be redirected"; bad=1; }

# Nothing below bot/ reads the clock, the environment or a platform's name.
found=$(grep -nE 'clock_now_ms|getenv|time\(NULL\)|slack|mattermost' intents/*.[ch] content/*.[ch])
[ -z "$found" ] || { echo "not pure:"; echo "$found"; bad=1; }

# Sentences people see live in the pack, not in code; few files hold words to be recognized.
found=$(grep -nP '"[^"]*[ぁ-んァ-ヶー]{4,}[^"]*"' bot/*.c bot/*/*.c store/*.c content/*.c intents/*.c |
    grep -vE '^intents/(answer|duration|meaning|numbers|understand)\.c:')
[ -z "$found" ] || { echo "a sentence in code:"; echo "$found"; bad=1; }

# Every message of the catalogue is said somewhere.
listed=$(grep -oP '^    X\(\K[A-Z0-9_]+' content/messages.h)
said=$(grep -ohE '\bMSG_[A-Z0-9_]+' -r intents bot --include='*.[ch]' | sed 's/^MSG_//' | sort -u)
found=$(echo "$listed" | grep -vxF "$said")
[ -n "$listed" ] && [ -z "$found" ] || { echo "never said:"; echo "$found"; bad=1; }

# No stylistic exceptions creep in unseen.
found=$(grep -nE 'TODO|FIXME|XXX' base/*.[ch] store/*.[ch] content/*.[ch] intents/*.[ch] \
    bot/*.[ch] bot/*/*.[ch])
[ -z "$found" ] || { echo "left open:"; echo "$found"; bad=1; }
exit $bad
