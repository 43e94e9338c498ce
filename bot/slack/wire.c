#include "bot/slack/wire.h"

#include <math.h>
#include <string.h>

#define DIGITS         "0123456789"
#define CAPITALS       "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define SMALL          "abcdefghijklmnopqrstuvwxyz"
#define SECONDS_DIGITS 12 /* so that milliseconds fit by far */
#define SECONDS_MAX    INT64_C(999999999999)
#define WORD_MAX       512
#define ZONE_MAX       64
#define SLACKBOT       "USLACKBOT" /* speaks for Slack itself and is not called a bot */

/* ---- forms ---- */

static bool consists_of(const char *s, const char *set, size_t min, size_t max) {
    size_t n = strspn(s, set);
    return n >= min && n <= max && s[n] == '\0';
}

bool slack_is_id(const char *s) {
    return consists_of(s, CAPITALS DIGITS, 2, SLACK_ID_MAX);
}

bool slack_is_ts(const char *s) {
    size_t n = strspn(s, DIGITS);
    return n >= 1 && n <= SECONDS_DIGITS && s[n] == '.' &&
           consists_of(s + n + 1, DIGITS, 1, SLACK_TS_MAX - n - 1);
}

bool slack_ts_later(const char *a, const char *b) {
    size_t na = strcspn(a, ".");
    size_t nb = strcspn(b, ".");
    return na != nb ? na > nb : strcmp(a, b) > 0;
}

int64_t slack_ts_ms(const char *ts) {
    if (!slack_is_ts(ts)) {
        return 0;
    }
    int64_t ms = 0;
    for (; *ts != '.'; ts++) {
        ms = ms * 10 + (*ts - '0');
    }
    for (int i = 0; i < 3; i++) {
        ms = ms * 10 + (ts[1] != '\0' ? *++ts - '0' : 0);
    }
    return ms;
}

/* Ids without a known form, addresses: in one piece, harmless in headers, logs and JSON. */
static bool is_word(const char *s) {
    size_t n = 0;
    while (s[n] > ' ' && s[n] < 0x7f && s[n] != '"' && s[n] != '\\') {
        n++;
    }
    return s[n] == '\0' && n >= 1 && n <= WORD_MAX;
}

/* Names of time zones and languages; may stand in a file's name. */
static bool is_name(const char *s) {
    return consists_of(s, CAPITALS SMALL DIGITS "+-_/", 1, ZONE_MAX) && *s != '/';
}

static bool is_text(const char *s) {
    return *s != '\0';
}

/* ---- members ---- */

typedef bool form(const char *s);

/* A string of that form, "" where there is none. False for anything else. */
static bool take(struct arena *a, const cJSON *object, const char *key, form *has,
                 const char **ret) {
    const cJSON *v = json_member(object, key);
    *ret = cJSON_IsString(v) ? arena_strdup(a, v->valuestring) : "";
    return !v || cJSON_IsNull(v) || (cJSON_IsString(v) && (**ret == '\0' || has(*ret)));
}

static bool need(struct arena *a, const cJSON *object, const char *key, form *has,
                 const char **ret) {
    return take(a, object, key, has, ret) && **ret;
}

/* The same where nothing hangs on it: "" for anything else. */
static const char *maybe(struct arena *a, const cJSON *object, const char *key, form *has) {
    const char *s;
    return take(a, object, key, has, &s) ? s : "";
}

static int64_t number(const cJSON *object, const char *key, int64_t most) {
    const cJSON *v = json_member(object, key);
    bool fits = cJSON_IsNumber(v) && v->valuedouble >= 0 && v->valuedouble <= (double)most &&
                floor(v->valuedouble) == v->valuedouble;
    return fits ? (int64_t)v->valuedouble : 0;
}

/* Slash commands write it as a string. */
static bool is_true(const cJSON *object, const char *key) {
    const char *s = json_string(object, key);
    return cJSON_IsTrue(json_member(object, key)) || (s && strcmp(s, "true") == 0);
}

static bool is_there(const cJSON *object, const char *key) {
    const cJSON *v = json_member(object, key);
    return v && !cJSON_IsNull(v) && !cJSON_IsFalse(v) &&
           !(cJSON_IsString(v) && *v->valuestring == '\0');
}

/* The same thread for its replies only: Slack names it in its first message, too. */
static const char *thread_of(const char *thread, const char *ts) {
    return strcmp(thread, ts) == 0 ? "" : thread;
}

/* ---- messages ---- */

enum said { BY_PERSON, BY_MACHINE, OF_PAST, BY_SYSTEM };

static enum said who_says(const char *subtype) {
    static const struct {
        const char *subtype;
        enum said said;
    } known[] = {
        {"", BY_PERSON},
        {"file_share", BY_PERSON},
        {"thread_broadcast", BY_PERSON},
        {"me_message", BY_PERSON},
        {"bot_message", BY_MACHINE},
        {"slackbot_response", BY_MACHINE},
        {"message_changed", OF_PAST},
        {"message_deleted", OF_PAST},
        {"message_replied", OF_PAST},
        {"tombstone", OF_PAST},
    };
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(subtype, known[i].subtype) == 0) {
            return known[i].said;
        }
    }
    return BY_SYSTEM;
}

static enum slack_place place_of(const char *type, const char *channel) {
    if (strcmp(type, "mpim") == 0) {
        return SLACK_GROUP;
    }
    return strcmp(type, "im") == 0 || channel[0] == 'D' ? SLACK_IM : SLACK_CHANNEL;
}

/* The author's, who may be of another company; `team` alone is said of everybody. */
static bool take_author_team(struct arena *a, const cJSON *json, const char **ret) {
    static const char *const keys[] = {"user_team", "source_team", "team"};
    *ret = "";
    for (size_t i = 0; i < ARRAY_LEN(keys) && **ret == '\0'; i++) {
        if (!take(a, json, keys[i], slack_is_id, ret)) {
            return false;
        }
    }
    return true;
}

bool slack_message_read(struct arena *a, const cJSON *json, const char *channel,
                        struct slack_message *ret) {
    struct slack_message m = {.channel = arena_strdup(a, channel)};
    const char *subtype;
    const char *thread;
    if (!cJSON_IsObject(json) || !slack_is_id(channel) ||
        !need(a, json, "ts", slack_is_ts, &m.ts) ||
        !take(a, json, "thread_ts", slack_is_ts, &thread) ||
        !take(a, json, "subtype", is_text, &subtype) || !take(a, json, "text", is_text, &m.text) ||
        !take(a, json, "user", slack_is_id, &m.user) || !take_author_team(a, json, &m.user_team)) {
        return false;
    }
    enum said said = who_says(subtype);
    const cJSON *payload = json_member(json_member(json, "metadata"), "event_payload");
    m.thread = thread_of(thread, m.ts);
    m.key = maybe(a, payload, "key", is_text);
    m.place = place_of("", channel);
    m.automatic = said == BY_MACHINE || is_there(json, "bot_id") || is_there(json, "bot_profile") ||
                  strcmp(m.user, SLACKBOT) == 0;
    m.past = said == OF_PAST || is_true(json, "hidden");
    m.system = said == BY_SYSTEM;
    *ret = m;
    return *m.user || m.automatic || m.past || m.system;
}

static bool read_message(struct arena *a, const cJSON *event, struct slack_frame *f) {
    const char *channel = json_string(event, "channel");
    f->kind = SLACK_MESSAGE;
    if (!channel || !slack_message_read(a, event, channel, &f->message)) {
        return false;
    }
    f->message.place = place_of(maybe(a, event, "channel_type", is_text), channel);
    return true;
}

static bool read_mention(struct arena *a, const cJSON *event, struct slack_frame *f) {
    bool good = read_message(a, event, f);
    f->message.mention = good;
    return good;
}

/* ---- other events ---- */

static bool read_reaction(struct arena *a, const cJSON *event, struct slack_frame *f) {
    const cJSON *item = json_member(event, "item");
    const char *type = json_string(item, "type");
    const char *name = json_string(event, "type");
    if (!type || strcmp(type, "message") != 0) {
        f->kind = SLACK_OTHER; /* to a file */
        return type != NULL;
    }
    f->kind = SLACK_REACTION;
    f->reaction.added = name && strcmp(name, "reaction_added") == 0;
    return need(a, event, "user", slack_is_id, &f->reaction.user) &&
           need(a, event, "reaction", is_text, &f->reaction.name) &&
           need(a, item, "channel", slack_is_id, &f->reaction.channel) &&
           need(a, item, "ts", slack_is_ts, &f->reaction.ts) &&
           take(a, event, "event_ts", slack_is_ts, &f->reaction.event_ts);
}

bool slack_user_read(struct arena *a, const cJSON *json, struct slack_user *ret) {
    struct slack_user u = {.locale = maybe(a, json, "locale", is_name),
                           .tz = maybe(a, json, "tz", is_name),
                           .guest = is_true(json, "is_restricted") ||
                                    is_true(json, "is_ultra_restricted"),
                           .deactivated = is_true(json, "deleted")};
    if (!cJSON_IsObject(json) || !need(a, json, "id", slack_is_id, &u.id) ||
        !take(a, json, "team_id", slack_is_id, &u.team)) {
        return false;
    }
    u.bot =
        is_true(json, "is_bot") || is_true(json, "is_workflow_bot") || strcmp(u.id, SLACKBOT) == 0;
    *ret = u;
    return true;
}

static bool read_user(struct arena *a, const cJSON *event, struct slack_frame *f) {
    f->kind = SLACK_USER;
    return slack_user_read(a, json_member(event, "user"), &f->user);
}

static bool read_home(struct arena *a, const cJSON *event, struct slack_frame *f) {
    const char *tab = json_string(event, "tab");
    f->kind = tab && strcmp(tab, "home") == 0 ? SLACK_HOME : SLACK_OTHER;
    return need(a, event, "user", slack_is_id, &f->home.user) &&
           take(a, event, "channel", slack_is_id, &f->home.channel);
}

/*
 * Whose installation an event came to. What Slack says of the event itself names the author's
 * workspace in shared channels, or nothing at all.
 */
static bool take_event_team(struct arena *a, const cJSON *payload, struct slack_frame *f) {
    const cJSON *to = cJSON_GetArrayItem(json_member(payload, "authorizations"), 0);
    f->enterprise = is_true(to, "is_enterprise_install");
    return take(a, to, "team_id", slack_is_id, &f->team) &&
           (*f->team || take(a, payload, "context_team_id", slack_is_id, &f->team)) &&
           (*f->team || take(a, payload, "team_id", slack_is_id, &f->team));
}

static bool read_event(struct arena *a, const cJSON *payload, struct slack_frame *f) {
    static const struct {
        const char *type;
        bool (*read)(struct arena *a, const cJSON *event, struct slack_frame *f);
    } known[] = {
        {"message", read_message},         {"app_mention", read_mention},
        {"reaction_added", read_reaction}, {"reaction_removed", read_reaction},
        {"user_change", read_user},        {"team_join", read_user},
        {"app_home_opened", read_home},
    };
    const cJSON *event = json_member(payload, "event");
    const char *type = json_string(event, "type");
    if (!type || !take_event_team(a, payload, f)) {
        return false;
    }
    const char *ts = json_string(event, "event_ts");
    f->event_id = maybe(a, payload, "event_id", is_word);
    f->event_ms = ts ? slack_ts_ms(ts) : 0;
    if (f->event_ms == 0) {
        f->event_ms = number(payload, "event_time", SECONDS_MAX) * 1000;
    }
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(type, known[i].type) == 0) {
            return known[i].read(a, event, f);
        }
    }
    return true;
}

static bool read_events_api(struct arena *a, const cJSON *json, struct slack_frame *f) {
    const cJSON *payload = json_member(json, "payload");
    const char *type = json_string(payload, "type");
    f->retry = (int)number(json, "retry_attempt", 1000);
    if (type && strcmp(type, "app_rate_limited") == 0) {
        f->kind = SLACK_LIMITED; /* the one without an event inside */
        f->event_ms = number(payload, "minute_rate_limited", SECONDS_MAX) * 1000;
        return take(a, payload, "team_id", slack_is_id, &f->team);
    }
    return type && (strcmp(type, "event_callback") != 0 || read_event(a, payload, f));
}

/* ---- what people click and fill in ---- */

/* The value of an option, or the id that stands in its place. */
static const char *value_of(const cJSON *item) {
    return cJSON_IsString(item) ? item->valuestring : json_string(item, "value");
}

static bool add_value(struct arena *a, const cJSON *item, const char **values, size_t *n) {
    const char *s = value_of(item);
    if (s) {
        values[(*n)++] = arena_strdup(a, s);
    }
    return s != NULL;
}

/* All kinds of elements: each has one of these keys, which is null while nothing is chosen. */
static bool read_values(struct arena *a, const cJSON *input, struct slack_value *ret) {
    static const char *const one[] = {
        "value",         "selected_option",  "selected_date",        "selected_time",
        "selected_user", "selected_channel", "selected_conversation"};
    static const char *const several[] = {"selected_options", "selected_users", "selected_channels",
                                          "selected_conversations"};
    size_t room = ARRAY_LEN(one);
    for (size_t i = 0; i < ARRAY_LEN(several); i++) {
        room += (size_t)cJSON_GetArraySize(json_member(input, several[i]));
    }
    const char **values = arena_alloc(a, room * sizeof(*values));
    size_t n = 0;
    for (size_t i = 0; i < ARRAY_LEN(one); i++) {
        const cJSON *v = json_member(input, one[i]);
        if (v && !cJSON_IsNull(v) && !add_value(a, v, values, &n)) {
            return false;
        }
    }
    for (size_t i = 0; i < ARRAY_LEN(several); i++) {
        const cJSON *list = json_member(input, several[i]);
        const cJSON *v;
        if (list && !cJSON_IsNull(list) && !cJSON_IsArray(list)) {
            return false;
        }
        cJSON_ArrayForEach(v, list) {
            if (!add_value(a, v, values, &n)) {
                return false;
            }
        }
    }
    ret->values = values;
    ret->n = n;
    return cJSON_IsObject(input);
}

/* The inputs of one block, behind those that are in the list already. */
static bool add_block(struct arena *a, const cJSON *block, struct slack_value *list, size_t *n) {
    const cJSON *input;
    cJSON_ArrayForEach(input, block) {
        struct slack_value *v = &list[(*n)++];
        v->block = arena_strdup(a, block->string);
        v->action = input->string ? arena_strdup(a, input->string) : "";
        if (!cJSON_IsObject(block) || !read_values(a, input, v)) {
            return false;
        }
    }
    return cJSON_IsObject(block);
}

static bool is_object_or_none(const cJSON *v) {
    return !v || cJSON_IsNull(v) || cJSON_IsObject(v);
}

static bool read_state(struct arena *a, const cJSON *state, const struct slack_value **ret,
                       size_t *ret_n) {
    const cJSON *values = json_member(state, "values");
    const cJSON *block;
    size_t room = 0;
    size_t n = 0;
    cJSON_ArrayForEach(block, values) {
        room += (size_t)cJSON_GetArraySize(block);
    }
    struct slack_value *list = arena_alloc(a, room * sizeof(*list));
    cJSON_ArrayForEach(block, values) {
        if (!block->string || !add_block(a, block, list, &n)) {
            return false;
        }
    }
    *ret = list;
    *ret_n = n;
    return is_object_or_none(state) && is_object_or_none(values);
}

static bool read_done(struct arena *a, const cJSON *action, struct slack_click *c) {
    return need(a, action, "block_id", is_text, &c->done.block) &&
           need(a, action, "action_id", is_text, &c->done.action) &&
           take(a, action, "action_ts", slack_is_ts, &c->action_ts) &&
           read_values(a, action, &c->done);
}

/* Where the click was: on the home tab and in views there is neither channel nor message. */
static bool read_where(struct arena *a, const cJSON *payload, struct slack_click *c) {
    const cJSON *at = json_member(payload, "container");
    const cJSON *message = json_member(payload, "message");
    const char *thread;
    if (!take(a, json_member(payload, "channel"), "id", slack_is_id, &c->channel) ||
        !take(a, at, "message_ts", slack_is_ts, &c->ts) ||
        !take(a, at, "thread_ts", slack_is_ts, &thread) ||
        !take(a, json_member(payload, "view"), "id", slack_is_id, &c->view)) {
        return false;
    }
    bool good = (*c->channel || take(a, at, "channel_id", slack_is_id, &c->channel)) &&
                (*c->ts || take(a, message, "ts", slack_is_ts, &c->ts)) &&
                (*thread || take(a, message, "thread_ts", slack_is_ts, &thread)) &&
                (*c->view || take(a, at, "view_id", slack_is_id, &c->view));
    c->thread = thread_of(thread, c->ts);
    return good && (*c->view || (*c->channel && *c->ts));
}

static bool read_click(struct arena *a, const cJSON *payload, struct slack_frame *f) {
    struct slack_click *c = &f->click;
    const cJSON *user = json_member(payload, "user");
    const cJSON *state = json_member(payload, "state");
    const cJSON *actions = json_member(payload, "actions");
    const cJSON *action = cJSON_IsArray(actions) ? cJSON_GetArrayItem(actions, 0) : NULL;
    f->kind = SLACK_CLICK;
    if (!need(a, user, "id", slack_is_id, &c->user) ||
        !take(a, user, "team_id", slack_is_id, &c->user_team) || !read_where(a, payload, c) ||
        !read_done(a, action, c)) {
        return false;
    }
    c->trigger = maybe(a, payload, "trigger_id", is_word);
    c->response_url = maybe(a, payload, "response_url", is_word);
    f->event_ms = slack_ts_ms(c->action_ts);
    if (!state || cJSON_IsNull(state)) {
        state = json_member(json_member(payload, "view"), "state");
    }
    return read_state(a, state, &c->state, &c->n_state);
}

static bool read_submit(struct arena *a, const cJSON *payload, struct slack_frame *f) {
    struct slack_submit *s = &f->submit;
    const cJSON *user = json_member(payload, "user");
    const cJSON *view = json_member(payload, "view");
    f->kind = SLACK_SUBMIT;
    return need(a, user, "id", slack_is_id, &s->user) &&
           take(a, user, "team_id", slack_is_id, &s->user_team) &&
           need(a, view, "id", slack_is_id, &s->view) &&
           take(a, view, "callback_id", is_text, &s->callback) &&
           take(a, view, "hash", is_word, &s->hash) &&
           take(a, view, "private_metadata", is_text, &s->private) &&
           read_state(a, json_member(view, "state"), &s->state, &s->n_state);
}

static bool read_interactive(struct arena *a, const cJSON *json, struct slack_frame *f) {
    const cJSON *payload = json_member(json, "payload");
    const cJSON *view = json_member(payload, "view");
    const char *type = json_string(payload, "type");
    f->enterprise = is_true(payload, "is_enterprise_install");
    if (!type || !take(a, view, "app_installed_team_id", slack_is_id, &f->team) ||
        (!*f->team && !take(a, json_member(payload, "team"), "id", slack_is_id, &f->team))) {
        return false;
    }
    if (strcmp(type, "block_actions") == 0) {
        return read_click(a, payload, f);
    }
    return strcmp(type, "view_submission") != 0 || read_submit(a, payload, f);
}

static bool read_command(struct arena *a, const cJSON *json, struct slack_frame *f) {
    const cJSON *payload = json_member(json, "payload");
    struct slack_command *c = &f->command;
    f->kind = SLACK_COMMAND;
    f->enterprise = is_true(payload, "is_enterprise_install");
    c->channel_name = maybe(a, payload, "channel_name", is_text);
    c->trigger = maybe(a, payload, "trigger_id", is_word);
    c->response_url = maybe(a, payload, "response_url", is_word);
    return take(a, payload, "team_id", slack_is_id, &f->team) &&
           need(a, payload, "user_id", slack_is_id, &c->user) &&
           need(a, payload, "channel_id", slack_is_id, &c->channel) &&
           need(a, payload, "command", is_text, &c->command) &&
           take(a, payload, "text", is_text, &c->text);
}

/* ---- the socket's own ---- */

static bool read_hello(UNUSED struct arena *a, const cJSON *json, struct slack_frame *f) {
    const cJSON *debug = json_member(json, "debug_info");
    f->kind = SLACK_HELLO;
    f->connections = (int)number(json, "num_connections", 1000);
    f->life_s = number(debug, "approximate_connection_time", SECONDS_MAX);
    return true;
}

static bool read_disconnect(UNUSED struct arena *a, const cJSON *json, struct slack_frame *f) {
    static const char *const reasons[SLACK_REASON_OTHER] = {
        [SLACK_WARNING] = "warning",
        [SLACK_REFRESH] = "refresh_requested",
        [SLACK_LINK_DISABLED] = "link_disabled",
        [SLACK_TOO_MANY] = "too_many_websockets",
    };
    const char *reason = json_string(json, "reason");
    int why = 0;
    while (reason && why < SLACK_REASON_OTHER && strcmp(reason, reasons[why]) != 0) {
        why++;
    }
    f->kind = SLACK_DISCONNECT;
    f->why = reason ? (enum slack_reason)why : SLACK_REASON_OTHER;
    return true;
}

/* ---- frames ---- */

/*
 * The id to acknowledge in a text that is no JSON as a whole: the string under that key in the
 * outermost object, NULL for none.
 */
static const char *find_envelope(struct arena *a, const char *text, size_t n) {
    static const char key[] = "envelope_id";
    int depth = 0;
    bool named = false; /* the string before this one was that key */
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '{' || text[i] == '[') {
            depth++;
        } else if (text[i] == '}' || text[i] == ']') {
            depth--;
        }
        if (text[i] != '"') {
            named = named && strchr(" \t\r\n:", text[i]) && text[i];
            continue;
        }
        size_t start = ++i;
        while (i < n && text[i] != '"') {
            i += text[i] == '\\' ? 2 : 1;
        }
        if (named && i < n) {
            return arena_strndup(a, text + start, i - start);
        }
        named = depth == 1 && i - start == sizeof(key) - 1 && i < n &&
                memcmp(text + start, key, sizeof(key) - 1) == 0;
    }
    return NULL;
}

static bool read_frame(struct arena *a, const cJSON *json, struct slack_frame *f,
                       const char **why) {
    static const struct {
        const char *type;
        bool (*read)(struct arena *a, const cJSON *json, struct slack_frame *f);
        bool enveloped;
        const char *wrong;
    } known[] = {
        {"hello", read_hello, false, ""},
        {"disconnect", read_disconnect, false, ""},
        {"events_api", read_events_api, true, "an event with wrong or missing fields"},
        {"interactive", read_interactive, true, "an interaction with wrong or missing fields"},
        {"slash_commands", read_command, true, "a command with wrong or missing fields"},
    };
    const char *type = json_string(json, "type");
    *why = "a frame without a type";
    f->takes_payload = is_true(json, "accepts_response_payload");
    if (!type || !*type) {
        return false;
    }
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(type, known[i].type) == 0) {
            *why = *f->envelope || !known[i].enveloped ? known[i].wrong : "an envelope without id";
            return (*f->envelope || !known[i].enveloped) && known[i].read(a, json, f);
        }
    }
    return true;
}

bool slack_frame_read(struct arena *a, const char *text, size_t n, struct slack_frame *ret,
                      const char **why) {
    *ret = (struct slack_frame){.kind = SLACK_OTHER, .envelope = "", .team = "", .event_id = ""};
    struct json_error err = {.what = ""};
    cJSON *json = json_parse(text, n, SLACK_FRAME_MAX_BYTES, &err);
    if (json) {
        ret->envelope = maybe(a, json, "envelope_id", is_word);
    } else {
        const char *found = find_envelope(a, text, n);
        ret->envelope = found && is_word(found) ? found : "";
    }
    *why = err.what;
    bool good = json && read_frame(a, json, ret, why);
    cJSON_Delete(json);
    return good;
}
