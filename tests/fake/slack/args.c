/* Arguments as they come: in the query, as a form, as JSON. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/xalloc.h"
#include "tests/fake/common/order.h"
#include "tests/fake/slack/web.h"

/* In place; "+" is a space in forms and queries alike. */
static void decode(char *s) {
    char *out = s;
    for (; *s; s++) {
        int high = *s == '%' ? order_hex_digit(s[1]) : -1;
        int low = high >= 0 ? order_hex_digit(s[2]) : -1;
        if (low >= 0) {
            *out++ = (char)(high * 16 + low);
            s += 2;
        } else {
            *out++ = (char)(*s == '+' ? ' ' : *s);
        }
    }
    *out = '\0';
}

static void add_pairs(cJSON *args, const char *text) {
    char *copy = xstrdup(text);
    char *rest = copy;
    for (char *pair; (pair = strsep(&rest, "&")) != NULL;) {
        char *value = strchr(pair, '=');
        if (!value || value == pair) {
            continue;
        }
        *value++ = '\0';
        decode(pair);
        decode(value);
        cJSON_DeleteItemFromObjectCaseSensitive(args, pair);
        cJSON_AddStringToObject(args, pair, value);
    }
    free(copy);
}

cJSON *args_read(const struct call *c, bool reads_json) {
    static const char json_type[] = "application/json";
    cJSON *args = cJSON_CreateObject();
    add_pairs(args, c->query);
    if (c->body.len == 0) {
        return args;
    }
    if (strncmp(c->type, json_type, sizeof(json_type) - 1) != 0) {
        add_pairs(args, buf_text(&c->body));
        return args;
    }
    if (!reads_json) {
        return args; /* these methods do not see it */
    }
    struct json_error err;
    cJSON *body = json_parse(buf_text(&c->body), c->body.len, BODY_MAX_BYTES, &err);
    if (!cJSON_IsObject(body)) {
        cJSON_Delete(body);
        cJSON_Delete(args);
        return NULL;
    }
    cJSON_Delete(args);
    return body;
}
