#include "tests/fake/common/program.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/clock.h"

#define LIFE_US     ((lws_usec_t)30 * 60 * LWS_US_PER_SEC)
#define HEADER_MAX  16384
#define CONNECTIONS 8192
#define IDLE_S      120

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
    struct net *net = p->net;
    switch (reason) {
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
    case LWS_CALLBACK_ESTABLISHED:
    case LWS_CALLBACK_RECEIVE:
    case LWS_CALLBACK_RECEIVE_PONG:
    case LWS_CALLBACK_SERVER_WRITEABLE:
    case LWS_CALLBACK_CLOSED:
        return net->ops->socket(net->server, wsi, reason, in, len);
    case LWS_CALLBACK_WSI_DESTROY:
        net->ops->socket(net->server, wsi, reason, in, len);
        return http_callback(net, wsi, reason, in, len);
    default:
        return http_callback(net, wsi, reason, in, len);
    }
}

static const struct lws_protocols protocols[] = {
    {"traffic", on_traffic, 0, 65536, 0, NULL, 0},
    {"signals", on_signal, 0, 0, 0, NULL, 0},
    {NULL, NULL, 0, 0, 0, NULL, 0},
};

static bool parse_options(struct program *o, int argc, char **argv, int64_t *ret_clock_ms) {
    static const struct option known[] = {
        {"port", required_argument, NULL, 'p'},
        {"cert", required_argument, NULL, 'c'},
        {"key", required_argument, NULL, 'k'},
        {"port-file", required_argument, NULL, 'f'},
        {"clock-ms", required_argument, NULL, 't'},
        {"manifest", required_argument, NULL, 'm'},
        {NULL, 0, NULL, 0},
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
            *ret_clock_ms = strtoll(optarg, NULL, 10);
            break;
        case 'm':
            o->manifest = optarg;
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

static bool listen_there(struct program *p) {
    struct lws_context_creation_info info = {
        .port = p->port,
        .iface = "127.0.0.1",
        .protocols = protocols,
        .gid = -1,
        .uid = -1,
        .user = p,
        .options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_DISABLE_IPV6,
        .max_http_header_data = HEADER_MAX,
        .fd_limit_per_thread = CONNECTIONS,
        .keepalive_timeout = IDLE_S,
        .retry_and_idle_policy = p->liveness,
        .alpn = "http/1.1",
    };
    p->net->tls = p->cert != NULL;
    if (p->cert) {
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        info.ssl_cert_filepath = p->cert;
        info.ssl_private_key_filepath = p->key;
    }
    p->net->lws = lws_create_context(&info);
    struct lws_vhost *vhost = p->net->lws ? lws_create_vhost(p->net->lws, &info) : NULL;
    lws_sock_file_fd_type fd = {.filefd = p->signals};
    if (!vhost ||
        !lws_adopt_descriptor_vhost(vhost, LWS_ADOPT_RAW_FILE_DESC, fd, "signals", NULL)) {
        return false;
    }
    int port = lws_get_vhost_listen_port(vhost);
    if (p->port_file && !write_port(p->port_file, port)) {
        return false;
    }
    printf("listening %d\n", port);
    fflush(stdout);
    return true;
}

static void allow_connections(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < CONNECTIONS) {
        files.rlim_cur = files.rlim_max < CONNECTIONS ? files.rlim_max : CONNECTIONS;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

bool program_begin(struct program *p, int argc, char **argv) {
    int64_t clock_ms = 0;
    if (!parse_options(p, argc, argv, &clock_ms)) {
        fprintf(stderr,
                "usage: %s [--port N] [--cert FILE --key FILE] [--port-file FILE] "
                "[--clock-ms MS] [--manifest FILE]\n",
                p->name);
        return false;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    allow_connections();
    lws_set_log_level(LLL_ERR, NULL);
    if (clock_ms) {
        clock_shift_ms(clock_ms - clock_now_ms());
    }
    p->signals = make_signalfd();
    return true;
}

int program_serve(struct program *p) {
    struct net *net = p->net;
    bool up = listen_there(p);
    if (up) {
        lws_sul_schedule(net->lws, 0, &p->life, on_end_of_life, LIFE_US);
        while (!p->ending && lws_service(net->lws, 0) >= 0) {
        }
    }
    lws_sul_cancel(&p->life);
    net->ops->stop(net->server);
    if (net->lws) {
        http_drop_all(net, NULL);
        lws_context_destroy(net->lws);
    }
    return up ? 0 : 1;
}
