#include "bot/slack/scopes.h"

#include "base/attr.h"

const struct slack_scope slack_scopes[] = {
    {"chat:write", "to answer", false},
    {"im:write", "to begin a conversation", false},
    {"im:read", "to find who wrote for the first time while it was away", false},
    {"im:history", "to hear what people write, and to read back what was missed", false},
    {"app_mentions:read", "to hear its name in channels", false},
    {"commands", "to hear /kizuki", false},
    {"users:read", "to know languages and time zones", false},
    {"reactions:read", "to take reactions as answers", false},
    {"files:write", "to send pictures of results", false},
    {"files:read", "to see that such a picture is ready", false},
    {"groups:history", "to see after a break whether a message is at the desk already", true},
    {"groups:read", "to see whether it is in the desk's channel", true},
};
const size_t slack_n_scopes = ARRAY_LEN(slack_scopes);

const struct slack_use slack_methods[] = {
    {"api.test", ""},
    {"apps.connections.open", SLACK_APP_SCOPE},
    {"auth.test", ""},
    {"bots.info", "users:read"},
    {"chat.postEphemeral", "chat:write"},
    {"chat.postMessage", "chat:write"},
    {"chat.update", "chat:write"},
    {"conversations.history", "im:history"},
    {"conversations.history", "groups:history"},
    {"conversations.info", "groups:read"},
    {"conversations.open", "im:write"},
    {"conversations.replies", "im:history"},
    {"files.completeUploadExternal", "files:write"},
    {"files.getUploadURLExternal", "files:write"},
    {"files.info", "files:read"},
    {"users.conversations", "im:read"},
    {"users.info", "users:read"},
    {"views.open", ""},
    {"views.publish", ""},
    {"views.update", ""},
};
const size_t slack_n_methods = ARRAY_LEN(slack_methods);

const struct slack_use slack_events[] = {
    {"app_home_opened", ""},
    {"app_mention", "app_mentions:read"},
    {"message.im", "im:history"},
    {"reaction_added", "reactions:read"},
    {"reaction_removed", "reactions:read"},
    {"team_join", "users:read"},
    {"user_change", "users:read"},
};
const size_t slack_n_events = ARRAY_LEN(slack_events);
