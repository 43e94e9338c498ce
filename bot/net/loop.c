#include "bot/net/loop.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/xalloc.h"
#include "bot/net/private.h"

#define RX_BUFFER_BYTES     65536 /* most messages arrive in one piece */
#define HEADER_BYTES        16384 /* proxies add long headers */
#define DESCRIPTORS_MAX     256
#define ROUNDS_MAX          64 /* of one turn */
#define IDLE_MAX_US         (3600 * LWS_US_PER_SEC)
#define PROTOCOL_WEBSOCKET  "kizuki-ws"
#define PROTOCOL_DESCRIPTOR "kizuki-fd"

struct watch {
    struct loop *loop;
    void (*fn)(void *ctx);
    void *ctx;
};

struct loop_timer {
    lws_sorted_usec_list_t sul; /* first: the callback gets its address */
    struct loop *loop;
    void (*fn)(void *ctx);
    void *ctx;
};

/* libwebsockets has one place for its log, so this is the one loop that gets it. */
static struct loop *logging;

static void take_log(int level, const char *line) {
    size_t n = strcspn(line, "\n");
    if (logging && (level & LLL_ERR)) {
        snprintf(logging->last_error, sizeof(logging->last_error), "%.*s", (int)n, line);
    }
}

static int descriptor_callback(struct lws *wsi, enum lws_callback_reasons reason, UNUSED void *user,
                               UNUSED void *in, UNUSED size_t len) {
    struct watch *w = lws_get_opaque_user_data(wsi);
    if (reason == LWS_CALLBACK_RAW_RX_FILE && w) {
        w->loop->active = true;
        w->fn(w->ctx);
    }
    if (reason == LWS_CALLBACK_RAW_CLOSE_FILE) {
        lws_set_opaque_user_data(wsi, NULL);
        free(w);
    }
    return 0;
}

static const struct lws_protocols protocols[] = {
    {.name = PROTOCOL_WEBSOCKET, .callback = ws_callback, .rx_buffer_size = RX_BUFFER_BYTES},
    {.name = PROTOCOL_DESCRIPTOR, .callback = descriptor_callback},
    {.name = NULL},
};

static struct lws_vhost *create_vhost(struct loop *l, const char *name, const char *proxy) {
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .protocols = protocols,
        .vhost_name = name,
        .client_ssl_ca_filepath = l->setup.ca_file,
        /* Without the first a vhost cannot speak TLS at all. */
        .options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_DISABLE_OS_CA_CERTS,
    };
    struct lws_vhost *vhost = lws_create_vhost(l->context, &info);
    if (vhost && *proxy) {
        const char *address = strncmp(proxy, "http://", 7) == 0 ? proxy + 7 : proxy;
        return lws_set_proxy(vhost, address) == 0 ? vhost : NULL;
    }
    return vhost;
}

static bool ca_file_readable(const char *path, char error[256]) {
    FILE *f = fopen(path, "re");
    char line[128];
    bool found = false;
    while (f && !found && fgets(line, sizeof(line), f)) {
        found = strncmp(line, "-----BEGIN ", 11) == 0;
    }
    if (!found) {
        snprintf(error, 256, "key 'ca_file': %s in %.180s",
                 f ? "no certificate" : "nothing to read", path);
    }
    if (f) {
        fclose(f);
    }
    return found;
}

struct loop *loop_create(const struct loop_setup *setup, char error[256]) {
    if (!ca_file_readable(setup->ca_file, error)) {
        return NULL;
    }
    struct loop *l = xmalloc(sizeof(*l));
    *l = (struct loop){.setup.ca_file = xstrdup(setup->ca_file),
                       .setup.proxy = xstrdup(setup->proxy)};
    logging = l;
    lws_set_log_level(LLL_ERR | LLL_WARN, take_log);
    unsetenv("http_proxy"); /* libwebsockets would take it, also for wss, whatever no_proxy says */
    struct lws_context_creation_info info = {
        .port = CONTEXT_PORT_NO_LISTEN,
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT |
                   LWS_SERVER_OPTION_VALIDATE_UTF8,
        .gid = -1,
        .uid = -1,
        .fd_limit_per_thread = DESCRIPTORS_MAX,
        .max_http_header_data = HEADER_BYTES,
        .pt_serv_buf_size = HEADER_BYTES,
    };
    l->context = lws_create_context(&info);
    if (l->context) {
        l->direct = create_vhost(l, "direct", "");
        l->proxied = *setup->proxy ? create_vhost(l, "proxied", setup->proxy) : NULL;
    }
    if (!l->direct || (*setup->proxy && !l->proxied)) {
        snprintf(error, 256, "the network cannot be set up: %.200s", l->last_error);
        loop_destroy(l);
        return NULL;
    }
    return l;
}

void loop_destroy(struct loop *l) {
    if (!l) {
        return;
    }
    if (l->context) {
        lws_context_destroy(l->context);
    }
    logging = NULL;
    free((char *)l->setup.ca_file);
    free((char *)l->setup.proxy);
    free(l);
}

bool loop_has_proxy(const struct loop *l) {
    return l->proxied != NULL;
}

void loop_run(struct loop *l) {
    l->stop = false;
    while (!l->stop && lws_service(l->context, 0) >= 0) {
        /* TLS hands over one record at a time: what came with it belongs to the same turn. */
        l->active = true;
        for (int i = 0; l->active && i < ROUNDS_MAX; i++) {
            l->active = false;
            (void)lws_service(l->context, -1);
        }
        if (l->turn_end) {
            l->turn_end(l->turn_ctx);
        }
    }
}

void loop_stop(struct loop *l) {
    l->stop = true;
    lws_cancel_service(l->context);
}

void loop_on_turn_end(struct loop *l, void (*fn)(void *ctx), void *ctx) {
    l->turn_end = fn;
    l->turn_ctx = ctx;
}

bool loop_watch(struct loop *l, int fd, void (*fn)(void *ctx), void *ctx) {
    struct watch *w = xmalloc(sizeof(*w));
    *w = (struct watch){l, fn, ctx};
    lws_adopt_desc_t info = {.vh = l->direct,
                             .type = LWS_ADOPT_RAW_FILE_DESC,
                             .fd = {.filefd = fd},
                             .vh_prot_name = PROTOCOL_DESCRIPTOR,
                             .opaque = w};
    if (!lws_adopt_descriptor_vhost_via_info(&info)) {
        free(w);
        return false;
    }
    return true;
}

/* ---- timers ---- */

static void fire(lws_sorted_usec_list_t *sul) {
    struct loop_timer *t = lws_container_of(sul, struct loop_timer, sul);
    struct loop *l = t->loop;
    l->active = true;
    t->fn(t->ctx);
    lws_cancel_service(l->context); /* else it goes on to wait before the turn ends */
}

struct loop_timer *loop_timer_create(struct loop *l, void (*fn)(void *ctx), void *ctx) {
    struct loop_timer *t = xmalloc(sizeof(*t));
    *t = (struct loop_timer){.loop = l, .fn = fn, .ctx = ctx};
    return t;
}

void loop_timer_destroy(struct loop_timer *t) {
    if (t) {
        loop_timer_clear(t);
        free(t);
    }
}

void loop_timer_set(struct loop_timer *t, int64_t ms) {
    int64_t us = ms > 0 ? ms * (int64_t)LWS_US_PER_MS : 1;
    lws_sul_schedule(t->loop->context, 0, &t->sul, fire, us < IDLE_MAX_US ? us : IDLE_MAX_US);
}

void loop_timer_clear(struct loop_timer *t) {
    lws_sul_schedule(t->loop->context, 0, &t->sul, fire, LWS_SET_TIMER_USEC_CANCEL);
}

int64_t loop_now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t loop_random(int64_t below) {
    uint32_t r = 0;
    if (below <= 0 || getrandom(&r, sizeof(r), 0) != (ssize_t)sizeof(r)) {
        return 0;
    }
    return (int64_t)(((uint64_t)r * (uint64_t)below) >> 32);
}
