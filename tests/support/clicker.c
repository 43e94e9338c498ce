#include "tests/support/clicker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "tests/support/wire_platform.h"

#define NERVOUS_EACH 3
#define NERVOUS_MS   3200
#define NUMBERS_MAX  31

/* ---- what there is to click ---- */

/* The person's newest message of the bot, and whether it asks something. */
static bool newest_card(const struct clicker *c, char ret_id[WIRE_ID_LEN + 1]) {
    static const char id[] = "SELECT remote_id FROM outbox WHERE recipient = ?1 AND kind = 'say'"
                             " AND remote_id <> '' ORDER BY ord DESC LIMIT 1";
    static const char asks[] = "SELECT question <> '' FROM outbox WHERE remote_id = ?1"
                               " AND kind = 'say'";
    wire_text(wire_db(c->w), id, (const char *[]){c->p->id, NULL}, ret_id, WIRE_ID_LEN + 1);
    return wire_int(wire_db(c->w), asks, (const char *[]){ret_id, NULL}) == 1;
}

/* The post with the newest question; what is ticked there is what it began with. */
static void look_at_question(struct clicker *c) {
    static const char sql[] =
        "SELECT sum(1 << json_extract(c.value, '$.number')) FROM outbox AS o,"
        " json_each(iif(o.choices = '', '[]', o.choices)) AS c WHERE o.remote_id = ?1"
        " AND json_extract(c.value, '$.ticked')";
    static const char id[] = "SELECT remote_id FROM outbox WHERE recipient = ?1 AND kind = 'say'"
                             " AND remote_id <> '' AND question <> '' ORDER BY ord DESC LIMIT 1";
    char post[WIRE_ID_LEN + 1];
    wire_text(wire_db(c->w), id, (const char *[]){c->p->id, NULL}, post, sizeof(post));
    if (strcmp(post, c->card) == 0) {
        return;
    }
    snprintf(c->card, sizeof(c->card), "%s", post);
    c->ticked = (unsigned)wire_int(wire_db(c->w), sql, (const char *[]){post, NULL});
}

/* Whether that question takes several answers; a review is closed, too, but takes one. */
static bool takes_several(const struct clicker *c) {
    static const char sql[] = "SELECT json_extract(controls, '$.close') IS NOT NULL FROM outbox"
                              " WHERE remote_id = ?1 AND kind = 'say' AND controls <> ''";
    return wire_int(wire_db(c->w), sql, (const char *[]){c->card, NULL}) == 1;
}

/* ---- waiting ---- */

struct awaited {
    const struct clicker *c;
    int64_t events;
};

static int64_t count_events(const struct clicker *c) {
    return wire_int(wire_db(c->w), "SELECT count(*) FROM inbox", NULL);
}

static bool all_answered(struct wire *w, void *ctx) {
    const struct awaited *a = ctx;
    return count_events(a->c) >= a->events && wire_settled(w);
}

static void await_events(const struct clicker *c, int64_t events) {
    if (!wire_await(c->w, all_answered, &(struct awaited){c, events})) {
        wire_fail(c->w, "a click of %s is not answered", c->p->name);
    }
}

/* ---- clicks ---- */

static bool is_turn(struct clicker *c) {
    bool twice = c->nervous && ++c->n_clicks % NERVOUS_EACH == 0;
    c->n_double += twice;
    return twice;
}

static bool click(struct clicker *c, const char *post, const char *offer, bool twice) {
    int64_t before = count_events(c);
    char token[WIRE_ID_LEN + 1];
    int times = twice ? 2 : 1;
    if (!*post || !wire_click(c->w, c->p, post, offer, times, token)) {
        return false;
    }
    await_events(c, before + times);
    return true;
}

/* Ticks are changed once: twice would be back again. */
static bool tick_all(struct clicker *c, unsigned wanted) {
    for (int i = 1; i <= NUMBERS_MAX; i++) {
        char number[8];
        snprintf(number, sizeof(number), "%d", i);
        bool change = ((wanted ^ c->ticked) & (1u << i)) != 0;
        if (change && click(c, c->card, number, false)) {
            c->ticked ^= 1u << i;
        }
    }
    return true;
}

static void ask_of(const struct clicker *c, char *ret, size_t size) {
    static const char sql[] = "SELECT question FROM outbox WHERE remote_id = ?1 AND kind = 'say'";
    wire_text(wire_db(c->w), sql, (const char *[]){c->card, NULL}, ret, size);
}

/* Asked again, as for "none of these" together with others, they leave what they ticked last. */
static bool close_question(struct clicker *c) {
    char before[128];
    char after[128];
    ask_of(c, before, sizeof(before));
    if (!click(c, c->card, "ok", is_turn(c))) {
        return false;
    }
    look_at_question(c);
    ask_of(c, after, sizeof(after));
    if (strcmp(before, after) == 0 && c->last != 0) {
        return tick_all(c, c->last) && click(c, c->card, "ok", false);
    }
    return true;
}

bool clicker_tick(struct clicker *c, const char *what, bool on) {
    look_at_question(c);
    if (!takes_several(c)) {
        return click(c, c->card, what, is_turn(c));
    }
    if (strcmp(what, "ok") == 0) {
        return close_question(c);
    }
    c->last = 1u << (strtol(what, NULL, 10) & 31);
    return tick_all(c, on ? c->ticked | c->last : c->ticked & ~c->last);
}

/* The bits of "1と3" or "１、3"; 0 for a text that is more than numbers. */
static unsigned numbers_in(const char *text) {
    static const char *const digits[] = {"０", "１", "２", "３", "４",
                                         "５", "６", "７", "８", "９"};
    static const char *const between[] = {" ", "　", ",", "、", "，", "と", "・"};
    unsigned bits = 0;
    int number = -1;
    while (*text) {
        size_t n = *text >= '0' && *text <= '9';
        int digit = n ? *text - '0' : 0;
        for (int i = 0; n == 0 && i < 10; i++) {
            bool same = strncmp(text, digits[i], strlen(digits[i])) == 0;
            digit = same ? i : digit;
            n = same ? strlen(digits[i]) : 0;
        }
        bool counts = n > 0;
        for (size_t i = 0; n == 0 && i < ARRAY_LEN(between); i++) {
            n = strncmp(text, between[i], strlen(between[i])) == 0 ? strlen(between[i]) : 0;
        }
        if (n == 0 || (counts && number > NUMBERS_MAX)) {
            return 0;
        }
        bits |= !counts && number > 0 && number <= NUMBERS_MAX ? 1u << number : 0;
        number = counts ? (number < 0 ? 0 : number) * 10 + digit : -1;
        text += n;
    }
    return bits | (number > 0 && number <= NUMBERS_MAX ? 1u << number : 0);
}

/* The word of the newest message that stands for this text, 0 for none. */
static int64_t word_for(const struct clicker *c, const char *post, const char *text) {
    static const char sql[] =
        "SELECT w.key + 1 FROM outbox AS o, json_each(o.controls, '$.words') AS w WHERE"
        " o.remote_id = ?1 AND o.kind = 'say' AND o.controls <> ''"
        " AND json_extract(w.value, '$.text') = ?2 AND json_extract(w.value, '$.sheet') = ''";
    int64_t n = wire_int(wire_db(c->w), sql, (const char *[]){post, text, NULL});
    return n > 0 ? n : 0;
}

/* The same word under the same question again within moments counts as one click. */
static bool is_too_soon(struct clicker *c, const char *post, const char *text) {
    static const char sql[] = "SELECT question || ' ' || ?2 FROM outbox WHERE remote_id = ?1"
                              " AND kind = 'say'";
    char word[sizeof(c->word)];
    wire_text(wire_db(c->w), sql, (const char *[]){post, text, NULL}, word, sizeof(word));
    int64_t now = wire_now_ms();
    bool soon = strcmp(word, c->word) == 0 && now - c->word_ms < NERVOUS_MS;
    memcpy(c->word, word, sizeof(word));
    c->word_ms = now;
    return soon;
}

bool clicker_say(struct clicker *c, const char *text) {
    char post[WIRE_ID_LEN + 1];
    bool asks = newest_card(c, post);
    int64_t word = word_for(c, post, text);
    if (word > 0) {
        char offer[32];
        if (is_too_soon(c, post, text)) {
            return false;
        }
        snprintf(offer, sizeof(offer), "word:%lld", (long long)word);
        return click(c, post, offer, is_turn(c));
    }
    unsigned bits = numbers_in(text);
    if (!asks || bits == 0) {
        return false;
    }
    look_at_question(c);
    if (takes_several(c)) {
        return tick_all(c, bits) && click(c, c->card, "ok", is_turn(c));
    }
    char number[8];
    snprintf(number, sizeof(number), "%d", __builtin_ctz(bits));
    return (bits & (bits - 1)) == 0 && click(c, c->card, number, is_turn(c));
}

bool clicker_select(struct clicker *c, const char *numbers) {
    look_at_question(c);
    return tick_all(c, strcmp(numbers, "none") == 0 ? 0 : numbers_in(numbers));
}

/* ---- the page of one's own, forms ---- */

static cJSON *order_of(const struct clicker *c, const char *what) {
    cJSON *order = cJSON_CreateObject();
    cJSON_AddStringToObject(order, "do", what);
    cJSON_AddStringToObject(order, "user", c->p->name);
    return order;
}

/* The form that is open for the person; NULL for none. To be freed. */
static cJSON *open_form(const struct clicker *c, const char *name) {
    cJSON *views = wire_look(c->w, "/views");
    cJSON *found = NULL;
    char callback[96];
    snprintf(callback, sizeof(callback), "f:%s", name);
    cJSON *v;
    cJSON_ArrayForEach(v, views) {
        const char *id = json_string(v, "callback_id");
        bool own = strcmp(json_string(v, "user"), c->p->name) == 0;
        if (own && cJSON_IsTrue(json_member(v, "on_top")) && id && strcmp(id, callback) == 0) {
            found = cJSON_Duplicate(v, true);
        }
    }
    cJSON_Delete(views);
    return found;
}

struct form {
    const struct clicker *c;
    const char *name;
    cJSON *view;
};

static bool is_open(struct wire *w, void *ctx) {
    (void)w;
    struct form *f = ctx;
    cJSON_Delete(f->view);
    f->view = open_form(f->c, f->name);
    return f->view != NULL;
}

static bool is_taken(struct wire *w, void *ctx) {
    struct form *f = ctx;
    if (!is_open(w, ctx)) {
        return wire_settled(w);
    }
    return cJSON_IsObject(json_member(f->view, "errors"));
}

/* The sheet's name in the newest message that has a button for it. */
static bool find_sheet(const struct clicker *c, const char *name, char *ret_post, char *ret_offer) {
    static const char from[] = " FROM outbox AS o, json_each(o.controls, '$.words') AS w WHERE"
                               " o.recipient = ?1 AND o.kind = 'say' AND o.remote_id <> ''"
                               " AND o.controls <> '' AND json_extract(w.value, '$.sheet') = ?2"
                               " ORDER BY o.ord DESC LIMIT 1";
    char sql[512];
    const char *params[] = {c->p->id, name, NULL};
    snprintf(sql, sizeof(sql), "SELECT o.remote_id%s", from);
    wire_text(wire_db(c->w), sql, params, ret_post, WIRE_ID_LEN + 1);
    snprintf(sql, sizeof(sql), "SELECT 'sheet:' || (w.key + 1)%s", from);
    wire_text(wire_db(c->w), sql, params, ret_offer, WIRE_ID_LEN + 1);
    return *ret_post != '\0';
}

static bool open_sheet(struct clicker *c, const char *name) {
    char post[WIRE_ID_LEN + 1];
    char offer[WIRE_ID_LEN + 1];
    struct form f = {.c = c, .name = name};
    if (!find_sheet(c, name, post, offer) || !click(c, post, offer, false)) {
        return false;
    }
    if (!wire_await(c->w, is_open, &f)) {
        wire_fail(c->w, "the form %s does not open", name);
    }
    cJSON_Delete(f.view);
    return true;
}

/* What the line says of that field, NULL for nothing; malloc'd. */
static char *field_in(const char *fields, const char *name) {
    size_t n = strlen(name);
    for (const char *at = fields; *at;) {
        size_t len = strcspn(at, "|");
        if (len > n && strncmp(at, name, n) == 0 && at[n] == '=') {
            return strndup(at + n + 1, len - n - 1);
        }
        at += len + (at[len] == '|');
    }
    return NULL;
}

static bool has_option(const cJSON *element, const char *value) {
    const cJSON *o;
    cJSON_ArrayForEach(o, json_member(element, "options")) {
        if (strcmp(json_string(o, "value"), value) == 0) {
            return true;
        }
    }
    return false;
}

/* False where Slack would not let it be handed in. */
static bool fill_in(const cJSON *block, const char *fields, cJSON *values) {
    const char *id = json_string(block, "block_id");
    const cJSON *element = json_member(block, "element");
    if (!element) {
        return true;
    }
    char *given = field_in(fields, id + strlen("f:"));
    bool optional = cJSON_IsTrue(json_member(block, "optional"));
    char value[4096];
    bool choice = json_member(element, "options") != NULL;
    snprintf(value, sizeof(value), "%s%s", choice ? "f:" : "", given ? given : "");
    bool possible = given ? !choice || has_option(element, value) : optional;
    if (given) {
        cJSON_AddStringToObject(values, id, value);
    }
    free(given);
    return possible;
}

static bool submit(struct clicker *c, const char *line) {
    char name[64];
    size_t n = strcspn(line, " ");
    snprintf(name, sizeof(name), "%.*s", (int)n, line);
    const char *fields = line + n + strspn(line + n, " ");
    struct form f = {.c = c, .name = name, .view = open_form(c, name)};
    if (!f.view && !open_sheet(c, name)) {
        return false;
    }
    (void)is_open(c->w, &f);
    cJSON *values = cJSON_CreateObject();
    bool possible = true;
    const cJSON *block;
    cJSON_ArrayForEach(block, json_member(f.view, "blocks")) {
        possible = fill_in(block, fields, values) && possible;
    }
    if (possible) {
        cJSON *order = order_of(c, "submit");
        cJSON_AddItemToObject(order, "values", values);
        cJSON_Delete(wire_order(c->w, order));
        if (!wire_await(c->w, is_taken, &f)) {
            wire_fail(c->w, "the form %s is not taken", name);
        }
    } else {
        cJSON_Delete(values);
    }
    cJSON_Delete(f.view);
    return possible;
}

static bool home(struct clicker *c, const char *number, bool twice) {
    int64_t before = count_events(c);
    cJSON *order = order_of(c, *number ? "press_home" : "open_home");
    if (*number) {
        static const char sql[] =
            "SELECT iif(json_extract(w.value, '$.sheet') = '', 'word:', 'sheet:') || (w.key + 1)"
            " FROM (SELECT controls FROM outbox WHERE recipient = ?1 AND kind = 'home'"
            " ORDER BY ord DESC LIMIT 1) AS o, json_each(o.controls, '$.words') AS w"
            " WHERE w.key + 1 = CAST(?2 AS INTEGER)";
        char action[WIRE_ID_LEN + 1];
        wire_text(wire_db(c->w), sql, (const char *[]){c->p->id, number, NULL}, action,
                  sizeof(action));
        if (!*action) {
            cJSON_Delete(order);
            return false;
        }
        cJSON_AddStringToObject(order, "action", action);
        cJSON_AddBoolToObject(order, "double", twice);
    }
    cJSON_Delete(wire_order(c->w, order));
    await_events(c, before + (*number && twice ? 2 : 1));
    return true;
}

static bool word(struct clicker *c, const char *number, bool twice) {
    static const char sql[] =
        "SELECT iif(json_extract(w.value, '$.sheet') = '', 'word:', 'sheet:') || (w.key + 1)"
        " FROM outbox AS o, json_each(o.controls, '$.words') AS w WHERE o.remote_id = ?1"
        " AND o.kind = 'say' AND w.key + 1 = CAST(?2 AS INTEGER)";
    char post[WIRE_ID_LEN + 1];
    char action[WIRE_ID_LEN + 1];
    (void)newest_card(c, post);
    wire_text(wire_db(c->w), sql, (const char *[]){post, number, NULL}, action, sizeof(action));
    return *action && click(c, post, action, twice);
}

bool clicker_do(struct clicker *c, const char *line, bool twice) {
    const char *rest = line + strcspn(line, " ");
    rest += strspn(rest, " ");
    switch (*line) {
    case 'w':
        return word(c, rest, twice);
    case 'h':
        return home(c, rest, twice);
    default:
        return line[1] == 'h' ? open_sheet(c, rest) : submit(c, rest);
    }
}
