#include "tests/support/load.h"

#include <errno.h>
#include <libwebsockets.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/attr.h"

#define LIMIT_MS  120000.0
#define BODY_MAX  16384
#define ID_FORMAT "%c%025d"
#define BOT_ID    "b0000000000000000000000000"
#define CREATE_MS 1795396903459.0

/* What the people say: questions that get one post without choices. */
static const char *const lines[] = {"トリアージとは", "K-006", "SIEMとは",      "フィッシングとは",
                                    "監査とは",       "T-009", "what is triage"};

struct load {
    struct load_setup setup;
    struct load_result result;
    struct lws_context *context;
    struct lws *bot; /* its websocket */
    bool greeted;    /* hello was sent */
    char reply[512]; /* to what the bot sent over the websocket */
    double sent_ms[LOAD_PEOPLE_MAX];
    int queue[LOAD_PEOPLE_MAX]; /* people with something to say */
    size_t n_queue;
    size_t sent;
    size_t answered;
    double begin_ms;
    long long seq;
    int posts;
};

struct request {
    bool post; /* to /posts */
    bool users;
    size_t n;
    char path[96];
    char body[BODY_MAX];
};

static struct load load;

/* ---- people ---- */

static void speak(int person) {
    load.queue[load.n_queue++] = person;
    if (load.bot) {
        lws_callback_on_writable(load.bot);
    }
}

static int write_text(struct lws *wsi, char *text, size_t n) {
    return lws_write(wsi, (unsigned char *)text, n, LWS_WRITE_TEXT) < (int)n ? -1 : 0;
}

static int send_message(struct lws *wsi, int person) {
    static char frame[LWS_PRE + 4096];
    char *text = frame + LWS_PRE;
    const char *line = load.sent < (size_t)load.setup.people
                           ? "こんにちは"
                           : lines[(load.sent + (size_t)person) % ARRAY_LEN(lines)];
    int n = snprintf(
        text, sizeof(frame) - LWS_PRE,
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
        "null,\"user_id\":\"\",\"channel_id\":\"" ID_FORMAT "\",\"team_id\":\"\"},\"seq\":%lld}\n",
        load.sent, CREATE_MS, CREATE_MS, 'u', person, 'c', person, line, 'c', person, ++load.seq);
    load.sent++;
    load.sent_ms[person] = report_now_ms();
    return write_text(wsi, text, (size_t)n);
}

static void answered(int person) {
    double now = report_now_ms();
    load.answered++;
    size_t warm = load.setup.warm_up;
    if (load.answered == warm) {
        load.begin_ms = now;
    }
    if (load.answered > warm && load.result.latency.n < load.setup.messages) {
        load.result.latency.ms[load.result.latency.n++] = now - load.sent_ms[person];
    }
    if (load.answered == warm + load.setup.messages) {
        load.result.seconds = (now - load.begin_ms) / 1e3;
        load.result.done = true;
        lws_cancel_service(load.context);
    }
    if (load.sent < warm + load.setup.messages) {
        speak(person);
    }
}

/* ---- the websocket ---- */

static int send_next(struct lws *wsi) {
    static char frame[LWS_PRE + 1024];
    if (!load.greeted) {
        load.greeted = true;
        load.result.hello_ms = report_now_ms();
        int n = snprintf(frame + LWS_PRE, sizeof(frame) - LWS_PRE,
                         "{\"event\":\"hello\",\"data\":{\"connection_id\":\"" BOT_ID "\","
                         "\"server_version\":\"5.37.0\"},\"broadcast\":{},\"seq\":0}\n");
        lws_callback_on_writable(wsi);
        return write_text(wsi, frame + LWS_PRE, (size_t)n);
    }
    if (*load.reply) {
        int n = snprintf(frame + LWS_PRE, sizeof(frame) - LWS_PRE, "%s", load.reply);
        *load.reply = '\0';
        lws_callback_on_writable(wsi);
        return write_text(wsi, frame + LWS_PRE, (size_t)n);
    }
    while (load.n_queue > 0 && !lws_send_pipe_choked(wsi)) {
        int person = load.queue[0];
        memmove(load.queue, load.queue + 1, --load.n_queue * sizeof(load.queue[0]));
        if (send_message(wsi, person) != 0) {
            return -1;
        }
    }
    if (load.n_queue > 0) {
        lws_callback_on_writable(wsi);
    }
    return 0;
}

/* The bot only sends pings; the first one says that it listens. */
static void take_ping(const char *text, size_t n) {
    long long seq = 0;
    char copy[128];
    snprintf(copy, sizeof(copy), "%.*s", (int)n, text);
    const char *at = strstr(copy, "\"seq\":");
    seq = at ? strtoll(at + 6, NULL, 10) : 0;
    snprintf(load.reply, sizeof(load.reply),
             "{\"status\":\"OK\",\"seq_reply\":%lld,\"data\":{\"text\":\"pong\"}}\n", seq);
    lws_callback_on_writable(load.bot);
}

/* ---- REST ---- */

static int person_of(const char *body, const char *key) {
    const char *at = strstr(body, key);
    return at ? (int)strtol(at + strlen(key) + 1, NULL, 10) : -1;
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

static int body_for(const struct request *r, char *out, size_t size) {
    if (r->users) {
        return list_users(r->body, out, size);
    }
    if (r->post) {
        return snprintf(out, size, "{\"id\":\"r%025d\",\"create_at\":1,\"message\":\"\"}",
                        ++load.posts);
    }
    if (strstr(r->path, "/config/client")) {
        return snprintf(out, size, "{\"MaxPostSize\":\"16383\"}");
    }
    if (strstr(r->path, "/users/me/channels")) {
        return snprintf(out, size, "[]");
    }
    return snprintf(out, size, "{\"id\":\"" BOT_ID "\",\"username\":\"bot\",\"is_bot\":true}");
}

static int respond(struct lws *wsi, const struct request *r) {
    static char body[LWS_PRE + 16384];
    static unsigned char head[LWS_PRE + 1024];
    unsigned char *p = head + LWS_PRE;
    unsigned char *end = head + sizeof(head) - 1;
    int n = body_for(r, body + LWS_PRE, sizeof(body) - LWS_PRE);
    if (lws_add_http_common_headers(wsi, r->post ? 201 : 200, "application/json", (lws_filepos_t)n,
                                    &p, end) ||
        lws_finalize_write_http_header(wsi, head + LWS_PRE, &p, end) ||
        lws_write(wsi, (unsigned char *)body + LWS_PRE, (size_t)n, LWS_WRITE_HTTP_FINAL) < n) {
        return -1;
    }
    return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static void take_post(const struct request *r) {
    int person = r->post ? person_of(r->body, "\"channel_id\":\"") : -1;
    if (person >= 0 && person < load.setup.people) {
        answered(person);
    }
}

static int begin_request(struct lws *wsi, struct request *r, const char *path) {
    memset(r, 0, offsetof(struct request, body));
    snprintf(r->path, sizeof(r->path), "%s", path);
    r->post = strcmp(path, "/api/v4/posts") == 0;
    r->users = strcmp(path, "/api/v4/users/ids") == 0;
    r->body[0] = '\0';
    return lws_hdr_total_length(wsi, WSI_TOKEN_POST_URI) > 0 ? 0 : respond(wsi, r);
}

static int callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                    size_t len) {
    struct request *r = user;
    switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
        load.bot = wsi;
        lws_callback_on_writable(wsi);
        return 0;
    case LWS_CALLBACK_CLOSED:
        load.bot = NULL;
        return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return send_next(wsi);
    case LWS_CALLBACK_RECEIVE:
        take_ping(in, len);
        return 0;
    case LWS_CALLBACK_HTTP:
        return begin_request(wsi, r, in);
    case LWS_CALLBACK_HTTP_BODY:
        if (r->n + len < sizeof(r->body)) {
            memcpy(r->body + r->n, in, len);
            r->n += len;
            r->body[r->n] = '\0';
        }
        return 0;
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        take_post(r);
        return respond(wsi, r);
    default:
        return lws_callback_http_dummy(wsi, reason, user, in, len);
    }
}

/* ---- the process ---- */

static const struct lws_protocols protocols[] = {
    {.name = "load",
     .callback = callback,
     .per_session_data_size = sizeof(struct request),
     .rx_buffer_size = 65536},
    {.name = NULL},
};

static void look_at_clock(lws_sorted_usec_list_t *sul) {
    lws_sul_schedule(load.context, 0, sul, look_at_clock, 100 * LWS_US_PER_MS);
    lws_cancel_service(load.context);
}

void load_serve(const struct load_setup *setup, int out, int in) {
    load = (struct load){.setup = *setup};
    lws_set_log_level(0, NULL);
    struct lws_context_creation_info info = {
        .port = 0,
        .iface = "127.0.0.1",
        .protocols = protocols,
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
        .ssl_cert_filepath = setup->cert,
        .ssl_private_key_filepath = setup->key,
        .gid = -1,
        .uid = -1,
    };
    load.context = lws_create_context(&info);
    struct lws_vhost *vhost = load.context ? lws_create_vhost(load.context, &info) : NULL;
    int port = vhost ? lws_get_vhost_listen_port(vhost) : -1;
    if (write(out, &port, sizeof(port)) != (ssize_t)sizeof(port) || port <= 0) {
        return;
    }
    lws_sorted_usec_list_t clock = {0};
    look_at_clock(&clock);
    for (int i = 0; i < setup->people; i++) {
        speak(i);
    }
    double limit = report_now_ms() + LIMIT_MS;
    while (!load.result.done && report_now_ms() < limit && lws_service(load.context, 0) >= 0) {
    }
    const char *p = (const char *)&load.result;
    for (size_t left = sizeof(load.result); left > 0;) {
        ssize_t n = write(out, p, left);
        if (n <= 0) {
            return;
        }
        p += n;
        left -= (size_t)n;
    }
    /* The bot goes on being served until the one who measures it has seen enough. */
    struct pollfd closed = {.fd = in, .events = POLLIN};
    while (poll(&closed, 1, 0) == 0 && lws_service(load.context, 0) >= 0) {
    }
    lws_context_destroy(load.context);
}
