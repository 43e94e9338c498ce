/*
 * A Mattermost server for tests, after what a real 5.37 was seen to do:
 *
 *   mattermost [--port N] [--cert FILE --key FILE] [--port-file FILE] [--clock-ms MS]
 *
 * Listens on 127.0.0.1, says "listening PORT", ends at SIGTERM, with its parent, or after half an
 * hour. One team "kizuki"; channels "general" and "office"; the bot kizuki and otherbot; hanako,
 * taro, john, admin; userN for whoever comes with user-N-token. GET /control/state tells what
 * happened; POST /control takes {"do":NAME,...}, answers {}, {"id":...} or {"error":...}:
 *
 *   drop_sockets user?           send_close user? code?        restart down_ms?
 *   forget_away                  refuse_upgrade status times? location? retry_after?
 *   deaf_zombie                  disable_bot  enable_bot       revoke_token  restore_token
 *   send_frame text|hex fragments? times?                      repeat_event times?
 *   repeat_hello                 double_events times           skip_seq n
 *   hold_events                  release_events order?="reverse"
 *   rate_limit per_second burst  (without per_second: off)     lose_answers percent seed
 *   http_fault kind path? method? times? after? status? body? content_type? retry_after? ms?
 *       kind: status html empty cut slow endless drop_before drop_after slow_after
 *   clear_faults                 reset_counters                advance_clock ms
 *   system_post channel user type? text?                       webhook_post channel user text name?
 *   raw_post channel user text type? props? root_id?           big_post channel user bytes text?
 *   max_post_size n              deactivate_user username      activate_user username
 *   remove_from_team             add_to_team                   kick channel user?
 *   add channel user?            make_channel name type members display_name?
 *   archive_channel channel      v6 on?
 *
 * A channel is an id, a name or "@name" (the bot's direct one); a user a name or an id, the bot
 * where it may be left out. times is 1 where left out; -1: until cleared.
 */
#include <getopt.h>
#include <libwebsockets.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/xalloc.h"
#include "tests/fake/http.h"
#include "tests/fake/posts.h"
#include "tests/fake/server.h"
#include "tests/fake/ws.h"

#define LIFE_US     ((lws_usec_t)30 * 60 * LWS_US_PER_SEC)
#define HEADER_MAX  16384
#define CONNECTIONS 8192
#define IDLE_S      120

struct options {
    int port;
    const char *cert;
    const char *key;
    const char *port_file;
    int64_t clock_ms; /* 0: real time */
};

struct program {
    struct server *server;
    int signals;
    bool ending;
    lws_sorted_usec_list_t life;
};

static int on_signal(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                     size_t len) {
    (void)user;
    (void)in;
    (void)len;
    struct program *p = lws_context_user(lws_get_context(wsi));
    struct signalfd_siginfo info;
    if (reason == LWS_CALLBACK_RAW_RX_FILE && read(p->signals, &info, sizeof(info)) > 0) {
        p->ending = true;
    }
    return 0;
}

static int on_traffic(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                      size_t len) {
    (void)user;
    struct program *p = lws_context_user(lws_get_context(wsi));
    struct server *sv = p->server;
    switch (reason) {
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
    case LWS_CALLBACK_ESTABLISHED:
    case LWS_CALLBACK_RECEIVE:
    case LWS_CALLBACK_SERVER_WRITEABLE:
    case LWS_CALLBACK_CLOSED:
        return ws_callback(sv, wsi, reason, in, len);
    case LWS_CALLBACK_WSI_DESTROY:
        ws_callback(sv, wsi, reason, in, len);
        return http_callback(sv, wsi, reason, in, len);
    default:
        return http_callback(sv, wsi, reason, in, len);
    }
}

static const struct lws_protocols protocols[] = {
    {"traffic", on_traffic, 0, 65536, 0, NULL, 0},
    {"signals", on_signal, 0, 0, 0, NULL, 0},
    {NULL, NULL, 0, 0, 0, NULL, 0},
};

/* The server pings after 60 s and gives up 100 s after the last pong. */
static const lws_retry_bo_t liveness = {
    .secs_since_valid_ping = 60,
    .secs_since_valid_hangup = 100,
};

static bool parse_options(int argc, char **argv, struct options *o) {
    static const struct option known[] = {
        {"port", required_argument, NULL, 'p'},     {"cert", required_argument, NULL, 'c'},
        {"key", required_argument, NULL, 'k'},      {"port-file", required_argument, NULL, 'f'},
        {"clock-ms", required_argument, NULL, 't'}, {NULL, 0, NULL, 0},
    };
    for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        switch (c) {
        case 'p':
            o->port = (int)strtol(optarg, NULL, 10);
            break;
        case 'c':
            o->cert = optarg;
            break;
        case 'k':
            o->key = optarg;
            break;
        case 'f':
            o->port_file = optarg;
            break;
        case 't':
            o->clock_ms = strtoll(optarg, NULL, 10);
            break;
        default:
            return false;
        }
    }
    return optind == argc && !o->cert == !o->key;
}

static int make_signalfd(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignore, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void on_end_of_life(lws_sorted_usec_list_t *life) {
    lws_container_of(life, struct program, life)->ending = true;
}

/* Whoever waits for the file never sees it half written. */
static bool write_port(const char *path, int port) {
    char part[4096];
    snprintf(part, sizeof(part), "%s.part", path);
    FILE *file = fopen(part, "we");
    if (!file) {
        return false;
    }
    bool good = fprintf(file, "%d\n", port) > 0;
    return fclose(file) == 0 && good && rename(part, path) == 0;
}

static bool listen_there(struct program *p, const struct options *o) {
    struct lws_context_creation_info info = {
        .port = o->port,
        .iface = "127.0.0.1",
        .protocols = protocols,
        .gid = -1,
        .uid = -1,
        .user = p,
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DISABLE_IPV6,
        .max_http_header_data = HEADER_MAX,
        .fd_limit_per_thread = CONNECTIONS,
        .keepalive_timeout = IDLE_S,
        .retry_and_idle_policy = &liveness,
        .alpn = "http/1.1",
    };
    if (o->cert) {
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        info.ssl_cert_filepath = o->cert;
        info.ssl_private_key_filepath = o->key;
    }
    p->server->lws = lws_create_context(&info);
    struct lws_vhost *vhost = p->server->lws ? lws_create_vhost(p->server->lws, &info) : NULL;
    lws_sock_file_fd_type fd = {.filefd = p->signals};
    if (!vhost ||
        !lws_adopt_descriptor_vhost(vhost, LWS_ADOPT_RAW_FILE_DESC, fd, "signals", NULL)) {
        return false;
    }
    int port = lws_get_vhost_listen_port(vhost);
    if (o->port_file && !write_port(o->port_file, port)) {
        return false;
    }
    printf("listening %d\n", port);
    fflush(stdout);
    return true;
}

static void end(struct program *p) {
    struct server *sv = p->server;
    lws_sul_cancel(&p->life);
    if (sv->lws) {
        http_drop_all(sv, NULL);
        lws_context_destroy(sv->lws);
    }
    for (size_t i = 0; i < sv->world.n_users; i++) {
        while (sv->world.users[i]->sessions) {
            session_forget(sv->world.users[i]->sessions);
        }
    }
    event_gate_free(&sv->gate);
    fault_clear(&sv->faults);
    posts_free(&sv->world);
    world_free(&sv->world);
    free(sv);
}

int main(int argc, char **argv) {
    struct options o = {0};
    if (!parse_options(argc, argv, &o)) {
        fprintf(stderr, "usage: mattermost [--port N] [--cert FILE --key FILE] [--port-file FILE] "
                        "[--clock-ms MS]\n");
        return 2;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < CONNECTIONS) {
        files.rlim_cur = files.rlim_max < CONNECTIONS ? files.rlim_max : CONNECTIONS;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    lws_set_log_level(LLL_ERR, NULL);
    if (o.clock_ms) {
        clock_shift_ms(o.clock_ms - clock_now_ms());
    }
    struct program p = {.server = xmalloc(sizeof(struct server)), .signals = make_signalfd()};
    memset(p.server, 0, sizeof(*p.server));
    world_init(&p.server->world);
    bool up = listen_there(&p, &o);
    if (up) {
        lws_sul_schedule(p.server->lws, 0, &p.life, on_end_of_life, LIFE_US);
        while (!p.ending && lws_service(p.server->lws, 0) >= 0) {
        }
    }
    end(&p);
    return up ? 0 : 1;
}
