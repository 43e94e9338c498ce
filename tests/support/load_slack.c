#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/support/load_platform.h"

#define TEAM "T0LOAD001"
#define APP  "A0LOAD001"
#define BOT  "U0LOADBOT"

/* A time stamp like no other before it. */
static void next_ts(char out[32]) {
    static int64_t last_us;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    int64_t us = (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
    last_us = us > last_us ? us : last_us + 1;
    snprintf(out, 32, "%" PRId64 ".%06d", last_us / 1000000, (int)(last_us % 1000000));
}

static int say(int person, size_t nth, const char *line, char *out, size_t size) {
    char ts[32];
    next_ts(ts);
    return snprintf(
        out, size,
        "{\"envelope_id\":\"%08zx-0000-4000-8000-000000000000\",\"payload\":{\"token\":\"verify\","
        "\"team_id\":\"" TEAM "\",\"context_team_id\":\"" TEAM "\",\"context_enterprise_id\":null,"
        "\"api_app_id\":\"" APP "\",\"event\":{\"user\":\"U%09d\",\"type\":\"message\","
        "\"ts\":\"%s\",\"client_msg_id\":\"%08zx-0000-4000-9000-000000000000\",\"text\":\"%s\","
        "\"team\":\"" TEAM "\",\"blocks\":[{\"type\":\"rich_text\",\"block_id\":\"0zHI\","
        "\"elements\":[{\"type\":\"rich_text_section\",\"elements\":[{\"type\":\"text\","
        "\"text\":\"%s\"}]}]}],\"channel\":\"D%09d\",\"event_ts\":\"%s\",\"channel_type\":\"im\"},"
        "\"type\":\"event_callback\",\"event_id\":\"Ev%010zu\",\"event_time\":%.10s,"
        "\"authorizations\":[{\"enterprise_id\":null,\"team_id\":\"" TEAM "\",\"user_id\":\"" BOT
        "\",\"is_bot\":true,\"is_enterprise_install\":false}],\"is_ext_shared_channel\":false,"
        "\"event_context\":\"4-eyJldCI6Im1lc3NhZ2UiLCJ0aWQiOiJUMExPQUQwMDEiLCJhaWQiOiJBMExPQUQ"
        "wMDEiLCJjaWQiOiJEMDAwMDAwMDAxIn0\"},\"type\":\"events_api\","
        "\"accepts_response_payload\":false,\"retry_attempt\":0,\"retry_reason\":\"\"}",
        nth, person, ts, nth, line, line, person, ts, nth, ts);
}

static long hear(const char *text, char *answer, size_t size) {
    (void)size;
    *answer = '\0';
    return load_number(text, "\"envelope_id\":\"", 16);
}

static int person(const char *body) {
    return (int)load_number(body, "\"channel\":\"D", 10);
}

/* As Slack answers: with all that was posted. */
static int reply_posted(const struct load_request *r, char *out, size_t size) {
    char ts[32];
    next_ts(ts);
    return snprintf(out, size,
                    "{\"ok\":true,\"channel\":\"D%09d\",\"ts\":\"%s\",\"message\":{\"user\":\"" BOT
                    "\",\"type\":\"message\",\"ts\":\"%s\",\"bot_id\":\"B0LOAD001\",\"app_id\":"
                    "\"" APP "\",\"team\":\"" TEAM "\",\"said\":%s}}",
                    person(r->body), ts, ts, r->body);
}

static int reply_person(const struct load_request *r, char *out, size_t size) {
    return snprintf(out, size,
                    "{\"ok\":true,\"user\":{\"id\":\"U%09ld\",\"team_id\":\"" TEAM "\",\"name\":"
                    "\"u\",\"deleted\":false,\"real_name\":\"U\",\"tz\":\"Asia/Tokyo\","
                    "\"tz_offset\":32400,\"profile\":{\"real_name\":\"U\",\"team\":\"" TEAM
                    "\"},\"is_restricted\":false,\"is_ultra_restricted\":false,\"is_bot\":false,"
                    "\"locale\":\"ja-JP\"}}",
                    load_number(r->body, "user=U", 10));
}

static int reply(const struct load_request *r, char *out, size_t size) {
    if (strcmp(r->path, load_slack.post) == 0) {
        return reply_posted(r, out, size);
    }
    if (strcmp(r->path, "/api/users.info") == 0) {
        return reply_person(r, out, size);
    }
    if (strcmp(r->path, "/api/apps.connections.open") == 0) {
        return snprintf(out, size, "{\"ok\":true,\"url\":\"wss://localhost:%d/link/?ticket=1\"}",
                        r->port);
    }
    return snprintf(out, size,
                    "{\"ok\":true,\"url\":\"https://load.slack.com/\",\"team\":\"load\",\"user\":"
                    "\"kizuki\",\"team_id\":\"" TEAM "\",\"user_id\":\"" BOT
                    "\",\"bot_id\":\"B0LOAD001\",\"is_enterprise_install\":false,"
                    "\"messages\":[],\"has_more\":false}");
}

const struct load_platform load_slack = {
    .post = "/api/chat.postMessage",
    .post_status = 200,
    .hello = "{\"type\":\"hello\",\"num_connections\":1,\"debug_info\":{\"host\":\"load\","
             "\"build_number\":1,\"approximate_connection_time\":18060},"
             "\"connection_info\":{\"app_id\":\"" APP "\"}}",
    .acks = true,
    .say = say,
    .hear = hear,
    .person = person,
    .reply = reply,
};
