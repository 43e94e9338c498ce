#include "tests/support/load.h"

#include <libwebsockets.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/attr.h"
#include "tests/support/load_platform.h"

#define LIMIT_MS  120000.0
#define BODY_MAX  16384
#define REPLY_MAX (BODY_MAX + 1024)
#define NOBODY    (-1)

/* What the people say: questions that get one post without choices. */
static const char *const lines[] = {"トリアージとは", "K-006", "SIEMとは",      "フィッシングとは",
                                    "監査とは",       "T-009", "what is triage"};

/* What a person said and still waits for, oldest first: numbers of messages, or NOBODY. */
struct person {
    long oldest;
    long newest;
};

struct load {
    struct load_setup setup;
    const struct load_platform *platform;
    struct load_result result;
    struct lws_context *context;
    int port;
    struct lws *bot;  /* its websocket */
    bool greeted;     /* hello was sent */
    char answer[512]; /* to what the bot sent over the websocket */
    struct person people[LOAD_PEOPLE_MAX];
    int speakers[LOAD_MESSAGES_MAX]; /* of all messages: those sent, then those who wait to speak */
    size_t n_waiting;
    double sent_ms[LOAD_MESSAGES_MAX];
    long behind[LOAD_MESSAGES_MAX]; /* the person's next message */
    size_t sent;
    size_t answered;
    size_t acked;
    double begin_ms;
    double begin_cpu_s;
    double clock_ms; /* by the clock: the first message's time */
    lws_sorted_usec_list_t tick;
};

struct request {
    bool post;
    size_t n;
    char path[96];
    char body[BODY_MAX];
};

static struct load load;

long load_number(const char *text, const char *key, int base) {
    const char *at = strstr(text, key);
    char *end;
    long n = at ? strtol(at + strlen(key), &end, base) : -1;
    return at && end > at + strlen(key) ? n : -1;
}

static double cpu_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t all_messages(void) {
    return load.setup.warm_up + load.setup.messages;
}

/* ---- people ---- */

static void speak(int person) {
    if (load.sent + load.n_waiting < all_messages()) {
        load.speakers[load.sent + load.n_waiting++] = person;
    }
    if (load.bot) {
        lws_callback_on_writable(load.bot);
    }
}

static void on_tick(lws_sorted_usec_list_t *sul) {
    double due = (report_now_ms() - load.clock_ms) * load.setup.per_second / 1e3;
    while (load.sent + load.n_waiting < all_messages() &&
           load.sent + load.n_waiting <= (size_t)due) {
        speak((int)((load.sent + load.n_waiting) % (size_t)load.setup.people));
    }
    lws_sul_schedule(load.context, 0, sul, on_tick, LWS_US_PER_MS);
    lws_cancel_service(load.context); /* else the next tick waits for something to happen */
}

static int write_text(struct lws *wsi, char *text, size_t n) {
    return lws_write(wsi, (unsigned char *)text, n, LWS_WRITE_TEXT) < (int)n ? -1 : 0;
}

static int say_next(struct lws *wsi) {
    static char frame[LWS_PRE + 4096];
    size_t nth = load.sent++;
    int who = load.speakers[nth];
    struct person *p = &load.people[who];
    load.n_waiting--;
    load.behind[nth] = NOBODY;
    if (p->oldest == NOBODY) {
        p->oldest = (long)nth;
    } else {
        load.behind[p->newest] = (long)nth;
    }
    p->newest = (long)nth;
    const char *line = nth < (size_t)load.setup.people
                           ? "こんにちは"
                           : lines[(nth + (size_t)who) % ARRAY_LEN(lines)];
    int n = load.platform->say(who, nth, line, frame + LWS_PRE, sizeof(frame) - LWS_PRE);
    load.sent_ms[nth] = report_now_ms();
    if (load.setup.per_second > 0 && nth >= load.setup.warm_up) {
        double late = load.sent_ms[nth] - load.clock_ms - (double)nth * 1e3 / load.setup.per_second;
        load.result.late_ms = late > load.result.late_ms ? late : load.result.late_ms;
    }
    return write_text(wsi, frame + LWS_PRE, (size_t)n);
}

static void keep(struct samples *s, long nth, double now_ms) {
    if ((size_t)nth >= load.setup.warm_up && s->n < load.setup.messages) {
        s->ms[s->n++] = now_ms - load.sent_ms[nth];
    }
}

static void look_whether_done(double now_ms) {
    size_t all = all_messages();
    if (load.answered < all || (load.platform->acks && load.acked < all)) {
        return;
    }
    load.result.seconds = (now_ms - load.begin_ms) / 1e3;
    load.result.cpu_s = cpu_s() - load.begin_cpu_s;
    load.result.done = true;
    lws_cancel_service(load.context);
}

static void answered(int who) {
    struct person *p = &load.people[who];
    double now = report_now_ms();
    if (p->oldest == NOBODY) {
        return; /* more than one answer */
    }
    keep(&load.result.latency, p->oldest, now);
    p->oldest = load.behind[p->oldest];
    load.answered++;
    if (load.answered == load.setup.warm_up) {
        load.begin_ms = now;
        load.begin_cpu_s = cpu_s();
    }
    if (load.setup.per_second == 0) {
        speak(who);
    }
    look_whether_done(now);
}

static void acked(long nth) {
    double now = report_now_ms();
    if (nth >= 0 && (size_t)nth < load.sent) {
        keep(&load.result.acks, nth, now);
        load.acked++;
        look_whether_done(now);
    }
}

/* ---- the websocket ---- */

static void begin(void) {
    load.greeted = true;
    load.result.hello_ms = report_now_ms();
    load.clock_ms = load.result.hello_ms;
    if (load.setup.per_second > 0) {
        on_tick(&load.tick);
        return;
    }
    for (int i = 0; i < load.setup.people; i++) {
        speak(i);
    }
}

static int send_next(struct lws *wsi) {
    static char frame[LWS_PRE + 1024];
    if (!load.greeted) {
        snprintf(load.answer, sizeof(load.answer), "%s", load.platform->hello);
        begin();
    }
    if (*load.answer) {
        int n = snprintf(frame + LWS_PRE, sizeof(frame) - LWS_PRE, "%s", load.answer);
        *load.answer = '\0';
        lws_callback_on_writable(wsi);
        return write_text(wsi, frame + LWS_PRE, (size_t)n);
    }
    while (load.n_waiting > 0 && !lws_send_pipe_choked(wsi)) {
        if (say_next(wsi) != 0) {
            return -1;
        }
    }
    if (load.n_waiting > 0) {
        lws_callback_on_writable(wsi);
    }
    return 0;
}

static void hear(const char *text, size_t n) {
    char copy[512];
    snprintf(copy, sizeof(copy), "%.*s", (int)n, text);
    acked(load.platform->hear(copy, load.answer, sizeof(load.answer)));
    if (*load.answer) {
        lws_callback_on_writable(load.bot);
    }
}

/* ---- HTTP ---- */

static int respond(struct lws *wsi, const struct request *r) {
    static char body[LWS_PRE + REPLY_MAX];
    static unsigned char head[LWS_PRE + 1024];
    struct load_request request = {.path = r->path, .body = r->body, .port = load.port};
    unsigned status = r->post ? (unsigned)load.platform->post_status : 200;
    unsigned char *p = head + LWS_PRE;
    unsigned char *end = head + sizeof(head) - 1;
    int n = load.platform->reply(&request, body + LWS_PRE, REPLY_MAX);
    if (n >= REPLY_MAX ||
        lws_add_http_common_headers(wsi, status, "application/json", (lws_filepos_t)n, &p, end) ||
        lws_finalize_write_http_header(wsi, head + LWS_PRE, &p, end) ||
        lws_write(wsi, (unsigned char *)body + LWS_PRE, (size_t)n, LWS_WRITE_HTTP_FINAL) < n) {
        return -1;
    }
    return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static void take_post(const struct request *r) {
    int who = r->post ? load.platform->person(r->body) : NOBODY;
    if (who >= 0 && who < load.setup.people) {
        answered(who);
    }
}

static int begin_request(struct lws *wsi, struct request *r, const char *path) {
    memset(r, 0, offsetof(struct request, body));
    snprintf(r->path, sizeof(r->path), "%s", path);
    r->post = strcmp(path, load.platform->post) == 0;
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
        hear(in, len);
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

static bool listen_for_bot(void) {
    lws_set_log_level(0, NULL);
    struct lws_context_creation_info info = {
        .port = 0,
        .iface = "127.0.0.1",
        .protocols = protocols,
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT,
        .ssl_cert_filepath = load.setup.cert,
        .ssl_private_key_filepath = load.setup.key,
        .gid = -1,
        .uid = -1,
        .pt_serv_buf_size = REPLY_MAX,
    };
    load.context = lws_create_context(&info);
    struct lws_vhost *vhost = load.context ? lws_create_vhost(load.context, &info) : NULL;
    load.port = vhost ? lws_get_vhost_listen_port(vhost) : -1;
    return load.port > 0;
}

static bool tell(int out, const void *what, size_t n) {
    for (const char *p = what; n > 0;) {
        ssize_t wrote = write(out, p, n);
        if (wrote <= 0) {
            return false;
        }
        p += wrote;
        n -= (size_t)wrote;
    }
    return true;
}

void load_serve(const struct load_setup *setup, int out, int in) {
    load.setup = *setup;
    load.platform = setup->platform;
    for (int i = 0; i < LOAD_PEOPLE_MAX; i++) {
        load.people[i] = (struct person){NOBODY, NOBODY};
    }
    bool good = all_messages() <= LOAD_MESSAGES_MAX && listen_for_bot();
    if (!tell(out, &load.port, sizeof(load.port)) || !good) {
        return;
    }
    lws_sorted_usec_list_t clock = {0};
    look_at_clock(&clock);
    double limit = report_now_ms() + LIMIT_MS;
    while (!load.result.done && report_now_ms() < limit && lws_service(load.context, 0) >= 0) {
    }
    lws_sul_cancel(&load.tick);
    if (!tell(out, &load.result, sizeof(load.result))) {
        return;
    }
    /* The bot goes on being served until the one who measures it has seen enough. */
    struct pollfd closed = {.fd = in, .events = POLLIN};
    while (poll(&closed, 1, 0) == 0 && lws_service(load.context, 0) >= 0) {
    }
    lws_context_destroy(load.context);
}
