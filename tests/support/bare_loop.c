#include "tests/support/bare_loop.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "base/attr.h"
#include "bot/mattermost/wire.h"
#include "bot/net/http.h"
#include "bot/net/ws.h"
#include "bot/slack/wire.h"

#define TEXT_BYTES 600 /* as many as a usual answer */

static struct bare_loop {
    struct loop *loop;
    struct http *http;
    struct ws *ws;
    char post[96]; /* where to */
    char text[TEXT_BYTES + 1];
} bare;

static void on_posted(UNUSED void *ctx, UNUSED const struct http_reply *reply) {
}

static void post(const char *channel_key, const char *channel, const char *text_key) {
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, channel_key, channel);
    cJSON_AddStringToObject(json, text_key, bare.text);
    char *body = cJSON_PrintUnformatted(json);
    struct http_request request = {.method = "POST",
                                   .url = bare.post,
                                   .bearer = "token",
                                   .body = body,
                                   .max_bytes = 65536,
                                   .timeout_ms = 15000};
    http_start(bare.http, &request, on_posted, NULL);
    cJSON_free(body);
    cJSON_Delete(json);
}

static void on_mattermost(UNUSED void *ctx, const char *text, size_t n) {
    struct arena a = {0};
    struct mm_frame frame;
    const char *why;
    if (mm_frame_read(&a, text, n, &frame, &why) && frame.kind == MM_FRAME_POSTED) {
        post("channel_id", frame.post.channel, "message");
    }
    arena_free(&a);
}

static void acknowledge(const char *envelope) {
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "envelope_id", envelope);
    char *text = cJSON_PrintUnformatted(json);
    ws_send(bare.ws, text);
    cJSON_free(text);
    cJSON_Delete(json);
}

static void on_slack(UNUSED void *ctx, const char *text, size_t n) {
    struct arena a = {0};
    struct slack_frame frame;
    const char *why;
    if (slack_frame_read(&a, text, n, &frame, &why) && frame.kind == SLACK_MESSAGE) {
        acknowledge(frame.envelope);
        post("channel", frame.message.channel, "text");
    }
    arena_free(&a);
}

static void on_open(UNUSED void *ctx) {
}

static void on_end(UNUSED void *ctx, UNUSED const struct ws_end *end) {
    loop_stop(bare.loop);
}

int bare_loop_run(const struct load_platform *platform, const char *ca_file, int port) {
    bool slack = platform == &load_slack;
    char error[256];
    char url[64];
    struct loop_setup setup = {.ca_file = ca_file, .proxy = ""};
    bare.loop = loop_create(&setup, error);
    if (!bare.loop) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    bare.http = http_create(bare.loop);
    snprintf(bare.post, sizeof(bare.post), "https://localhost:%d%s", port, platform->post);
    snprintf(url, sizeof(url), "wss://localhost:%d/websocket", port);
    memset(bare.text, 'x', TEXT_BYTES);
    struct ws_setup ws = {.url = url,
                          .bearer = "token",
                          .max_bytes = (size_t)1024 * 1024,
                          .on_open = on_open,
                          .on_text = slack ? on_slack : on_mattermost,
                          .on_end = on_end};
    bare.ws = ws_open(bare.loop, bare.http, &ws);
    loop_run(bare.loop);
    return 0;
}
