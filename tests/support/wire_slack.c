/* Slack for tests over the wire: people act through the orders of the server for tests. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "bot/slack/blocks.h"
#include "tests/support/slack_shown.h"
#include "tests/support/wire_platform.h"

#define BOT_TOKEN "xoxb-000000000000-000000000000-kizuki\n"
#define APP_TOKEN "xapp-1-A0KIZUKI1-000000000000-kizuki\n"
#define BOT_USER  "U0KIZUKI1"

static void begin(struct wire *w) {
    wire_write_file(w, "bot_token", BOT_TOKEN);
    wire_write_file(w, "app_token", APP_TOKEN);
    wire_note_bot(w, BOT_USER);
    wire_control(w, "{\"do\":\"set\",\"retry_ms\":[0,500,2000]}");
}

static void configure(const struct wire *w, struct buf *out) {
    buf_addf(out,
             "    api_url = \"%s/api\"\n    app_token_file = \"%s/app_token\"\n"
             "    bot_token_file = \"%s/bot_token\"\n",
             wire_url(w), wire_dir(w), wire_dir(w));
}

/* ---- people ---- */

/* An order that begins with what it is and who gives it. */
static cJSON *order_of(const char *what, const struct wire_person *p) {
    cJSON *order = cJSON_CreateObject();
    cJSON_AddStringToObject(order, "do", what);
    cJSON_AddStringToObject(order, "user", p->name);
    return order;
}

static void meet(struct wire *w, struct wire_person *p) {
    cJSON *found = wire_order(w, order_of("find_user", p));
    wire_copy_id(w, found, "id", p->id);
    cJSON_Delete(found);
}

static void set_locale(struct wire *w, const struct wire_person *p, const char *locale) {
    bool english = strcmp(locale, "en") == 0;
    cJSON *order = order_of("user_change", p);
    cJSON_AddStringToObject(order, "locale", *locale == '\0' ? "" : english ? "en-US" : "ja-JP");
    cJSON_Delete(wire_order(w, order));
}

static void direct(struct wire *w, struct wire_person *p) {
    cJSON *found = wire_order(w, order_of("find_user", p));
    wire_copy_id(w, found, "channel", p->direct);
    cJSON_Delete(found);
}

static void find_channel(struct wire *w, const char *name, char ret_id[WIRE_ID_LEN + 1]) {
    static const char *const known[][2] = {{"general", "C0GENERAL"}, {"office", "C0OFFICE1"}};
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(known[i][0], name) == 0) {
            snprintf(ret_id, WIRE_ID_LEN + 1, "%s", known[i][1]);
            return;
        }
    }
    wire_fail(w, "there is no channel %s", name);
}

static void say(struct wire *w, struct wire_person *p, const char *channel, const char *text,
                char ret_id[WIRE_ID_LEN + 1]) {
    cJSON *order = order_of(strcmp(channel, p->direct) == 0 ? "say" : "mention", p);
    cJSON_AddStringToObject(order, "channel", channel);
    cJSON_AddStringToObject(order, "text", text);
    cJSON *said = wire_order(w, order);
    char ts[WIRE_ID_LEN + 1];
    wire_copy_id(w, said, "ts", ts);
    snprintf(ret_id, WIRE_ID_LEN + 1, "%.24s/%.20s", ts, channel);
    p->acted_ms = wire_wall_ms();
    cJSON_Delete(said);
}

/* Of a post's id: channel and time stamp. */
static void add_post(const struct wire *w, cJSON *order, const char *post) {
    const char *slash = strchr(post, '/');
    if (!slash) {
        wire_fail(w, "no post of Slack: %s", post);
    }
    char channel[WIRE_ID_LEN + 1];
    snprintf(channel, sizeof(channel), "%.*s", (int)(slash - post), post);
    cJSON_AddStringToObject(order, "channel", channel);
    cJSON_AddStringToObject(order, "ts", slash + 1);
}

static void react(struct wire *w, struct wire_person *p, const char *post, const char *emoji,
                  bool on) {
    cJSON *order = order_of(on ? "react" : "unreact", p);
    add_post(w, order, post);
    cJSON_AddStringToObject(order, "emoji", emoji);
    cJSON_Delete(wire_order(w, order));
    p->acted_ms = wire_wall_ms();
}

/* ---- clicks ---- */

static bool offers(struct wire *w, const struct wire_person *p, const char *post,
                   const char *offer) {
    struct wire_posts posts;
    bool there = false;
    char word[64];
    snprintf(word, sizeof(word), " %s ", offer);
    wire_read_posts(w, p, p->direct, &posts);
    for (size_t i = 0; i < posts.n; i++) {
        if (strcmp(posts.list[i].id, post) == 0) {
            char all[2048];
            snprintf(all, sizeof(all), " %s", posts.list[i].offers);
            there = strstr(all, word) != NULL;
        }
    }
    wire_free_posts(&posts);
    return there;
}

static bool click(struct wire *w, struct wire_person *p, const char *post, const char *offer,
                  int times, char ret_token[WIRE_ID_LEN + 1]) {
    if (!offers(w, p, post, offer)) {
        return false;
    }
    cJSON *order = order_of("click", p);
    add_post(w, order, post);
    bool number = offer[strspn(offer, "0123456789")] == '\0';
    bool ok = strcmp(offer, SHOWN_CLOSE) == 0;
    cJSON_AddStringToObject(order, number ? "value" : "action", ok ? "close" : offer);
    cJSON_AddNumberToObject(order, "times", times);
    cJSON *clicked = wire_order(w, order);
    const char *envelope = json_string(clicked, "envelope");
    snprintf(ret_token, WIRE_ID_LEN + 1, "%s", *envelope ? envelope : "no-socket");
    cJSON_Delete(clicked);
    p->acted_ms = wire_wall_ms();
    return true;
}

static void open_home(struct wire *w, struct wire_person *p) {
    cJSON_Delete(wire_order(w, order_of("open_home", p)));
}

static bool home(struct wire *w, const struct wire_person *p, struct buf *out) {
    char path[96];
    struct arena a = {0};
    snprintf(path, sizeof(path), "/home?user=%s", p->name);
    cJSON *page = wire_look(w, path);
    bool there = cJSON_IsObject(page);
    if (there && out) {
        buf_addf(out, "%s\n%s\n", shown_sections(&a, page), shown_offers(&a, page));
    }
    cJSON_Delete(page);
    arena_free(&a);
    return there;
}

static enum wire_fate fate(struct wire *w, const char *token) {
    char path[WIRE_ID_LEN + 32];
    snprintf(path, sizeof(path), "/envelope?id=%s", token);
    cJSON *envelope = wire_look(w, path);
    const char *state = json_string(envelope, "state");
    enum wire_fate f = strcmp(state, "acked") == 0       ? WIRE_ARRIVED
                       : strcmp(state, "under_way") == 0 ? WIRE_UNDER_WAY
                                                         : WIRE_LOST;
    cJSON_Delete(envelope);
    return f;
}

/* ---- posts ---- */

static void take_message(const struct wire *w, const cJSON *m, const char *channel,
                         struct wire_posts *posts) {
    const char *user = json_string(m, "user");
    const char *ts = json_string(m, "ts");
    const char *thread = json_string(m, "thread_ts");
    bool other = !user || strcmp(user, BOT_USER) != 0 || json_member(m, "only") ||
                 cJSON_IsTrue(json_member(m, "deleted"));
    if (other || !ts) {
        return;
    }
    struct arena a = {0};
    const char *wrong = NULL;
    const char *offered = shown_offers(&a, m);
    const char *text = shown_text(&a, m, &wrong);
    if (wrong) {
        wire_fail(w, "a message does not show all it says: %s\n%s", wrong, text);
    }
    wire_add_post(posts, arena_printf(&a, "%s/%s", channel, ts), text,
                  thread && strcmp(thread, ts) != 0 ? thread : "", offered);
    arena_free(&a);
}

static void read_posts(struct wire *w, const struct wire_person *reader, const char *channel,
                       struct wire_posts *ret) {
    (void)reader; /* all in a channel see the same of the bot */
    char path[96];
    snprintf(path, sizeof(path), "/messages?channel=%s", channel);
    cJSON *list = wire_look(w, path);
    const cJSON *m;
    cJSON_ArrayForEach(m, list) {
        take_message(w, m, channel, ret);
    }
    cJSON_Delete(list);
}

static size_t expect(struct arena *a, const struct wire_row *row, const char **parts,
                     const char **ret_offers) {
    size_t n = slack_split(a, row->text, parts);
    if (row->settled) {
        const char *rest = shown_without_choices(a, parts[n - 1], row->choices);
        parts[n - 1] =
            arena_printf(a, "%s%s%s", rest, *rest && *row->settled ? "\n" : "", row->settled);
    }
    for (size_t i = 0; i < n; i++) {
        parts[i] = shown_plain(a, parts[i], false);
    }
    *ret_offers = row->settled ? "" : shown_expected(a, row->choices, row->controls, row->question);
    return n;
}

static const char *const options[] = {"--manifest", "bot/slack/manifest.yaml", NULL};
static const char *const breaking[] = {"{\"do\":\"drop_sockets\"}", NULL};
static const char *const never[] = {"unknown",    "bad_blocks",      "bad_ack_payloads",
                                    "bad_frames", "acked_elsewhere", NULL};
static const struct wire_mishap mishaps[] = {
    {"restart", "{\"do\":\"restart\",\"down_ms\":100}"},
    {"lost change", "{\"do\":\"http_fault\",\"kind\":\"drop_after\",\"method\":\"POST\","
                    "\"path\":\"/chat.update\",\"times\":1}"},
    {"drop", "{\"do\":\"drop_sockets\"}"},
    {"drop", "{\"do\":\"drop_sockets\"}"},
    {"replacement", "{\"do\":\"disconnect\",\"reason\":\"warning\"}"},
    {"doubled envelope", "{\"do\":\"double_envelopes\",\"times\":2}"},
    {"copy of a message", "{\"do\":\"copies\",\"n\":3,\"times\":1}"},
};

const struct wire_platform wire_slack = {
    .name = "slack",
    .cards = true,
    .options = options,
    .mishaps = mishaps,
    .n_mishaps = ARRAY_LEN(mishaps),
    .doubling = "{\"do\":\"copies\",\"n\":2,\"times\":1}",
    .breaking = breaking,
    .never = never,
    .counted = "requests",
    .reads = "conversations.history",
    .begin = begin,
    .configure = configure,
    .meet = meet,
    .set_locale = set_locale,
    .channel = find_channel,
    .direct = direct,
    .say = say,
    .react = react,
    .click = click,
    .fate = fate,
    .open_home = open_home,
    .home = home,
    .read_posts = read_posts,
    .expect = expect,
};
