#include "tests/fake/slack/shape.h"

#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "base/buf.h"
#include "base/xalloc.h"

#define TEXT_MAX ((size_t)1024 * 1024)

cJSON *shape_object(cJSON *parent, const char *name) {
    return cJSON_AddObjectToObject(parent, name);
}

cJSON *shape_array(cJSON *parent, const char *name) {
    return cJSON_AddArrayToObject(parent, name);
}

/* ---- people ---- */

static void add_profile(cJSON *user, const struct user *u, const struct shape_rights *may) {
    static const char *const empty[] = {"title", "phone", "skype"};
    static const int sizes[] = {24, 48, 72, 192, 512};
    cJSON *p = shape_object(user, "profile");
    for (size_t i = 0; i < ARRAY_LEN(empty); i++) {
        cJSON_AddStringToObject(p, empty[i], "");
    }
    cJSON_AddStringToObject(p, "real_name", u->real_name);
    cJSON_AddStringToObject(p, "real_name_normalized", u->real_name);
    cJSON_AddStringToObject(p, "display_name", u->name);
    cJSON_AddStringToObject(p, "display_name_normalized", u->name);
    cJSON_AddStringToObject(p, "status_text", "");
    cJSON_AddStringToObject(p, "status_emoji", "");
    cJSON_AddNumberToObject(p, "status_expiration", 0);
    char text[128];
    snprintf(text, sizeof(text), "g%.11s", u->id);
    cJSON_AddStringToObject(p, "avatar_hash", text);
    if (may->email && !*u->bot_id && strcmp(u->team_id, TEAM_ID) == 0) {
        snprintf(text, sizeof(text), "%s@example.test", u->name);
        cJSON_AddStringToObject(p, "email", text);
    }
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        char name[16];
        snprintf(name, sizeof(name), "image_%d", sizes[i]);
        snprintf(text, sizeof(text), "https://avatars.slack-edge.com/2026-01-01/%s_%d.png", u->id,
                 sizes[i]);
        cJSON_AddStringToObject(p, name, text);
    }
    cJSON_AddStringToObject(p, "status_text_canonical", "");
    cJSON_AddStringToObject(p, "team", u->team_id);
}

static void add_zone(cJSON *user, const struct user *u) {
    char label[64];
    if (*u->zone) {
        int offset = world_zone_offset(u->zone, label, sizeof(label));
        cJSON_AddStringToObject(user, "tz", u->zone);
        cJSON_AddStringToObject(user, "tz_label", label);
        cJSON_AddNumberToObject(user, "tz_offset", offset);
    }
}

cJSON *shape_user(const struct user *u, const struct shape_rights *may) {
    bool is_bot = *u->bot_id && strcmp(u->id, "USLACKBOT") != 0;
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "id", u->id);
    cJSON_AddStringToObject(o, "team_id", u->team_id);
    cJSON_AddStringToObject(o, "name", u->name);
    cJSON_AddBoolToObject(o, "deleted", u->deleted);
    if (!u->deleted) { /* of deactivated people little is left */
        cJSON_AddStringToObject(o, "color", "9f69e7");
        cJSON_AddStringToObject(o, "real_name", u->real_name);
        add_zone(o, u);
    }
    add_profile(o, u, may);
    if (!u->deleted) {
        cJSON_AddBoolToObject(o, "is_admin", false);
        cJSON_AddBoolToObject(o, "is_owner", false);
        cJSON_AddBoolToObject(o, "is_primary_owner", false);
        cJSON_AddBoolToObject(o, "is_restricted", u->is_restricted);
        cJSON_AddBoolToObject(o, "is_ultra_restricted", u->is_one_channel);
    }
    cJSON_AddBoolToObject(o, "is_bot", is_bot);
    if (strcmp(u->team_id, TEAM_ID) != 0) {
        cJSON_AddBoolToObject(o, "is_stranger", true);
    }
    cJSON_AddBoolToObject(o, "is_app_user", false);
    cJSON_AddNumberToObject(o, "updated", (double)u->updated);
    if (!u->deleted) {
        cJSON_AddBoolToObject(o, "is_email_confirmed", true);
        cJSON_AddStringToObject(o, "who_can_share_contact_card", "EVERYONE");
    }
    if (may->locale && !u->deleted) {
        cJSON_AddStringToObject(o, "locale", u->locale);
    }
    return o;
}

cJSON *shape_actor(const struct user *u) {
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "id", u->id);
    cJSON_AddStringToObject(o, "username", u->name);
    cJSON_AddStringToObject(o, "name", u->name);
    cJSON_AddStringToObject(o, "team_id", u->team_id);
    return o;
}

cJSON *shape_bot_profile(void) {
    static const int sizes[] = {36, 48, 72};
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "id", BOT_ID);
    cJSON_AddStringToObject(o, "app_id", APP_ID);
    cJSON_AddStringToObject(o, "name", "きづき");
    cJSON *icons = shape_object(o, "icons");
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        char name[16];
        char url[64];
        snprintf(name, sizeof(name), "image_%d", sizes[i]);
        snprintf(url, sizeof(url), "https://a.slack-edge.com/%d.png", sizes[i]);
        cJSON_AddStringToObject(icons, name, url);
    }
    cJSON_AddBoolToObject(o, "deleted", false);
    cJSON_AddNumberToObject(o, "updated", SINCE_S);
    cJSON_AddStringToObject(o, "team_id", TEAM_ID);
    return o;
}

/* ---- channels ---- */

static cJSON *shape_im(const struct world *w, const struct channel *c) {
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "id", c->id);
    cJSON_AddNumberToObject(o, "created", (double)c->created);
    cJSON_AddBoolToObject(o, "is_archived", c->archived);
    cJSON_AddBoolToObject(o, "is_im", true);
    cJSON_AddBoolToObject(o, "is_org_shared", false);
    cJSON_AddStringToObject(o, "context_team_id", TEAM_ID);
    cJSON_AddStringToObject(o, "user", world_im_user(w, c)->id);
    cJSON_AddBoolToObject(o, "is_user_deleted", world_im_user(w, c)->deleted);
    cJSON_AddBoolToObject(o, "is_open", !c->closed);
    cJSON_AddNumberToObject(o, "priority", 0);
    return o;
}

cJSON *shape_channel(const struct world *w, const struct channel *c) {
    if (c->place == PLACE_IM) {
        return shape_im(w, c);
    }
    static const char *const no[] = {"is_shared", "is_org_shared", "is_ext_shared",
                                     "is_pending_ext_shared"};
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "id", c->id);
    cJSON_AddStringToObject(o, "name", c->name);
    cJSON_AddBoolToObject(o, "is_channel", c->place == PLACE_CHANNEL);
    cJSON_AddBoolToObject(o, "is_group", c->place == PLACE_GROUP);
    cJSON_AddBoolToObject(o, "is_im", false);
    cJSON_AddBoolToObject(o, "is_mpim", c->place == PLACE_MPIM);
    cJSON_AddBoolToObject(o, "is_private", c->place != PLACE_CHANNEL);
    cJSON_AddNumberToObject(o, "created", (double)c->created);
    cJSON_AddBoolToObject(o, "is_archived", c->archived);
    cJSON_AddBoolToObject(o, "is_general", strcmp(c->name, "general") == 0);
    cJSON_AddNumberToObject(o, "unlinked", 0);
    cJSON_AddStringToObject(o, "name_normalized", c->name);
    for (size_t i = 0; i < ARRAY_LEN(no); i++) {
        cJSON_AddBoolToObject(o, no[i], false);
    }
    cJSON_AddStringToObject(o, "context_team_id", TEAM_ID);
    cJSON_AddNumberToObject(o, "updated", (double)c->created * 1000);
    cJSON_AddStringToObject(o, "creator", "U0HANAKO1");
    cJSON_AddBoolToObject(o, "is_member", world_is_member(c, w->bot));
    cJSON_AddNumberToObject(o, "num_members", (double)c->n_members);
    return o;
}

/* ---- texts ---- */

void shape_block_id(struct world *w, char out[8]) {
    char hex[6];
    world_make_hex(w, 5, hex);
    snprintf(out, 8, "%.5s", hex);
}

char *shape_escape(const char *text) {
    struct buf b;
    buf_init(&b, 6 * TEXT_MAX);
    for (; *text; text++) {
        if (*text == '&') {
            buf_adds(&b, "&amp;");
        } else if (*text == '<') {
            buf_adds(&b, "&lt;");
        } else if (*text == '>') {
            buf_adds(&b, "&gt;");
        } else {
            buf_add(&b, text, 1);
        }
    }
    char *escaped = xstrdup(buf_text(&b));
    buf_free(&b);
    return escaped;
}

static void add_text(cJSON *elements, const char *text, size_t n) {
    static const struct {
        const char *entity;
        const char *plain;
    } entities[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}};
    struct buf b;
    buf_init(&b, TEXT_MAX);
    for (size_t i = 0; i < n;) {
        size_t used = 0;
        for (size_t k = 0; k < ARRAY_LEN(entities) && text[i] == '&'; k++) {
            size_t len = strlen(entities[k].entity);
            if (n - i >= len && memcmp(text + i, entities[k].entity, len) == 0) {
                buf_adds(&b, entities[k].plain);
                used = len;
            }
        }
        if (!used) {
            buf_add(&b, text + i, 1);
            used = 1;
        }
        i += used;
    }
    if (b.len) {
        cJSON *e = cJSON_CreateObject();
        cJSON_AddStringToObject(e, "type", "text");
        cJSON_AddStringToObject(e, "text", b.p);
        cJSON_AddItemToArray(elements, e);
    }
    buf_free(&b);
}

/* The inside of <…>: a person, a channel, everybody, or a link. */
static void add_token(cJSON *elements, const char *token, size_t n) {
    static const struct {
        const char *start;
        const char *type;
        const char *key;
    } kinds[] = {
        {"@", "user", "user_id"}, {"#", "channel", "channel_id"}, {"!", "broadcast", "range"}};
    size_t end = 0;
    while (end < n && token[end] != '|') {
        end++;
    }
    cJSON *e = cJSON_CreateObject();
    char value[2048];
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
        if (n && *token == *kinds[i].start) {
            snprintf(value, sizeof(value), "%.*s", (int)end - 1, token + 1);
            cJSON_AddStringToObject(e, "type", kinds[i].type);
            cJSON_AddStringToObject(e, kinds[i].key, value);
        }
    }
    if (!e->child) {
        snprintf(value, sizeof(value), "%.*s", (int)end, token);
        cJSON_AddStringToObject(e, "type", "link");
        cJSON_AddStringToObject(e, "url", value);
        if (end < n) {
            snprintf(value, sizeof(value), "%.*s", (int)(n - end - 1), token + end + 1);
            cJSON_AddStringToObject(e, "text", value);
        }
    }
    cJSON_AddItemToArray(elements, e);
}

cJSON *shape_rich_text(struct world *w, const char *text) {
    char id[8];
    shape_block_id(w, id);
    cJSON *block = cJSON_CreateObject();
    cJSON_AddStringToObject(block, "type", "rich_text");
    cJSON_AddStringToObject(block, "block_id", id);
    cJSON *section = cJSON_CreateObject();
    cJSON_AddItemToArray(shape_array(block, "elements"), section);
    cJSON_AddStringToObject(section, "type", "rich_text_section");
    cJSON *elements = shape_array(section, "elements");
    while (*text) {
        size_t plain = strcspn(text, "<");
        const char *end = strchr(text, '>');
        if (plain == 0 && end) {
            add_token(elements, text + 1, (size_t)(end - text) - 1);
            text = end + 1;
            continue;
        }
        plain += plain == 0;
        add_text(elements, text, plain);
        text += plain;
    }
    return block;
}
