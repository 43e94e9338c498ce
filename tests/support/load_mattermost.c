#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/load_platform.h"

#define ID_FORMAT "%c%025d"
#define BOT_ID    "b0000000000000000000000000"
#define CREATE_MS 1795396903459.0

static int say(int person, size_t nth, const char *line, char *out, size_t size) {
    return snprintf(
        out, size,
        "{\"event\":\"posted\",\"data\":{\"channel_display_name\":\"@u\",\"channel_name\":\"x__y\","
        "\"channel_type\":\"D\",\"mentions\":\"[\\\"" BOT_ID "\\\"]\",\"post\":\"{\\\"id\\\":\\\""
        "p%025zu\\\",\\\"create_at\\\":%.0f,\\\"update_at\\\":%.0f,\\\"edit_at\\\":0,\\\"delete_at"
        "\\\":0,\\\"is_pinned\\\":false,\\\"user_id\\\":\\\"" ID_FORMAT "\\\",\\\"channel_id\\\":"
        "\\\"" ID_FORMAT "\\\",\\\"root_id\\\":\\\"\\\",\\\"parent_id\\\":\\\"\\\","
        "\\\"original_id\\\":\\\"\\\",\\\"message\\\":\\\"%s\\\",\\\"type\\\":\\\"\\\","
        "\\\"props\\\""
        ":{},\\\"hashtags\\\":\\\"\\\",\\\"pending_post_id\\\":\\\"\\\",\\\"metadata\\\":{}}\","
        "\"sender_name\":\"@u\",\"set_online\":true,\"team_id\":\"\"},\"broadcast\":{\"omit_"
        "users\":"
        "null,\"user_id\":\"\",\"channel_id\":\"" ID_FORMAT "\",\"team_id\":\"\"},\"seq\":%zu}\n",
        nth, CREATE_MS, CREATE_MS, 'u', person, 'c', person, line, 'c', person, nth + 1);
}

/* The bot only sends pings; the first one says that it listens. */
static long hear(const char *text, char *answer, size_t size) {
    long seq = load_number(text, "\"seq\":", 10);
    snprintf(answer, size, "{\"status\":\"OK\",\"seq_reply\":%ld,\"data\":{\"text\":\"pong\"}}\n",
             seq < 0 ? 0 : seq);
    return -1;
}

static int person(const char *body) {
    return (int)load_number(body, "\"channel_id\":\"c", 10);
}

/* The people asked for: none is a bot. */
static int list_users(const char *body, char *out, size_t size) {
    int n = snprintf(out, size, "[");
    for (const char *p = strchr(body, 'u'); p && n < (int)size - 128; p = strchr(p + 26, 'u')) {
        n += snprintf(out + n, size - (size_t)n, "%s{\"id\":\"%.26s\",\"username\":\"x\"}",
                      n > 1 ? "," : "", p);
    }
    return n + snprintf(out + n, size - (size_t)n, "]");
}

static int reply(const struct load_request *r, char *out, size_t size) {
    static int posts;
    if (strcmp(r->path, "/api/v4/users/ids") == 0) {
        return list_users(r->body, out, size);
    }
    if (strcmp(r->path, load_mattermost.post) == 0) {
        return snprintf(out, size, "{\"id\":\"r%025d\",\"create_at\":1,\"message\":\"\"}", ++posts);
    }
    if (strstr(r->path, "/config/client")) {
        return snprintf(out, size, "{\"MaxPostSize\":\"16383\"}");
    }
    if (strstr(r->path, "/users/me/channels")) {
        return snprintf(out, size, "[]");
    }
    return snprintf(out, size, "{\"id\":\"" BOT_ID "\",\"username\":\"bot\",\"is_bot\":true}");
}

const struct load_platform load_mattermost = {
    .post = "/api/v4/posts",
    .post_status = 201,
    .hello = "{\"event\":\"hello\",\"data\":{\"connection_id\":\"" BOT_ID "\","
             "\"server_version\":\"5.37.0\"},\"broadcast\":{},\"seq\":0}\n",
    .say = say,
    .hear = hear,
    .person = person,
    .reply = reply,
};
