#include "tests/support/pair.h"

#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/attr.h"
#include "tests/support/bare_loop.h"
#include "tests/support/load_platform.h"

/* ---- the place ---- */

/* As the command of that name; quietly. */
static bool openssl(char *const argv[]) {
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    bool ok = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) == 0;
    posix_spawn_file_actions_destroy(&actions);
    return ok && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool pair_prepare(struct pair_setup *s) {
    if (!mkdtemp(s->dir)) {
        perror(s->dir);
        return false;
    }
    snprintf(s->cert, sizeof(s->cert), "%s/cert.pem", s->dir);
    snprintf(s->key, sizeof(s->key), "%s/key.pem", s->dir);
    char *argv[] = {"openssl",
                    "req",
                    "-x509",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:prime256v1",
                    "-nodes",
                    "-days",
                    "1",
                    "-subj",
                    "/CN=localhost",
                    "-addext",
                    "subjectAltName=DNS:localhost",
                    "-keyout",
                    s->key,
                    "-out",
                    s->cert,
                    NULL};
    if (!openssl(argv)) {
        fputs("openssl made no certificate\n", stderr);
        return false;
    }
    return true;
}

static int remove_one(const char *path, UNUSED const struct stat *st, UNUSED int kind,
                      UNUSED struct FTW *ftw) {
    return remove(path);
}

void pair_clean_up(const struct pair_setup *s) {
    nftw(s->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static bool write_file(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t n = strlen(text);
    bool ok = fd >= 0 && write(fd, text, n) == (ssize_t)n;
    if (fd >= 0) {
        close(fd);
    }
    return ok;
}

/* ---- processes ---- */

static bool read_all(int fd, void *to, size_t n) {
    char *p = to;
    while (n > 0) {
        ssize_t got = read(fd, p, n);
        if (got <= 0) {
            return false;
        }
        p += got;
        n -= (size_t)got;
    }
    return true;
}

static bool start_server(const struct pair_setup *s, const struct load_setup *wanted,
                         struct pair *p) {
    struct load_setup setup = *wanted;
    setup.platform = s->platform;
    setup.cert = s->cert;
    setup.key = s->key;
    int out[2];
    int in[2];
    if (pipe2(out, O_CLOEXEC) != 0 || pipe2(in, O_CLOEXEC) != 0) {
        return false;
    }
    p->server = fork();
    if (p->server == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        close(in[1]);
        load_serve(&setup, out[1], in[0]);
        _exit(0);
    }
    close(out[1]);
    close(in[0]);
    p->from_server = out[0];
    p->to_server = in[1];
    return p->server > 0 && read_all(p->from_server, &p->port, sizeof(p->port)) && p->port > 0;
}

/* Where the bot finds the server, and its tokens. */
static bool write_config(const struct pair_setup *s, const struct pair *p, int nth,
                         const char *path) {
    char at[PATH_MAX];
    char token[128];
    char app_token[128];
    char config[2048];
    snprintf(token, sizeof(token), "%s/token", s->dir);
    snprintf(app_token, sizeof(app_token), "%s/app", s->dir);
    bool slack = s->platform == &load_slack;
    int n = -1;
    if (getcwd(at, sizeof(at))) {
        n = snprintf(config, sizeof(config),
                     "database = \"%s/%s/wire%d.db\"\nlog_level = \"error\"\nca_file = \"%s/%s\"\n",
                     at, s->dir, nth, at, s->cert);
    }
    if (n > 0 && n < (int)sizeof(config)) {
        n += slack ? snprintf(config + n, sizeof(config) - (size_t)n,
                              "slack load { api_url = \"https://localhost:%d/api\""
                              " bot_token_file = \"%s/%s\" app_token_file = \"%s/%s\""
                              " max_answers_a_minute = 1000000 }\n",
                              p->port, at, token, at, app_token)
                   : snprintf(config + n, sizeof(config) - (size_t)n,
                              "mattermost load { url = \"https://localhost:%d\""
                              " token_file = \"%s/%s\" max_answers_a_minute = 1000000 }\n",
                              p->port, at, token);
    }
    return n > 0 && n < (int)sizeof(config) && write_file(path, config) &&
           write_file(token, slack ? "xoxb-load\n" : "token\n") &&
           write_file(app_token, "xapp-load\n");
}

static bool start_client(const struct pair_setup *s, enum pair_who who, int nth, struct pair *p) {
    char path[128];
    snprintf(path, sizeof(path), "%s/config", s->dir);
    if (who == PAIR_BOT && !write_config(s, p, nth, path)) {
        return false;
    }
    p->started_ms = report_now_ms();
    p->client = fork();
    if (p->client == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (who == PAIR_BARE) {
            _exit(bare_loop_run(s->platform, s->cert, p->port));
        }
        execl(s->binary, s->binary, "run", "--config", path, (char *)NULL);
        perror(s->binary);
        _exit(127);
    }
    return p->client > 0;
}

bool pair_measure(const struct pair_setup *s, const struct load_setup *load, enum pair_who who,
                  int nth, struct pair *p) {
    *p = (struct pair){.server = -1, .client = -1, .to_server = -1, .from_server = -1};
    bool ok = start_server(s, load, p) && start_client(s, who, nth, p) &&
              read_all(p->from_server, &p->result, sizeof(p->result)) && p->result.done;
    if (!ok) {
        fprintf(stderr, "%s could not be measured\n",
                who == PAIR_BARE ? "the loop without state" : "the bot");
    }
    return ok;
}

void pair_end(struct pair *p) {
    if (p->client > 0) {
        kill(p->client, SIGKILL);
        waitpid(p->client, NULL, 0);
    }
    if (p->server > 0) {
        close(p->to_server);
        waitpid(p->server, NULL, 0);
        close(p->from_server);
    }
}

/* ---- what is known of the measured one ---- */

long pair_status(const struct pair *p, const char *key) {
    char path[64];
    char line[256];
    long value = -1;
    snprintf(path, sizeof(path), "/proc/%d/status", (int)p->client);
    FILE *f = fopen(path, "re");
    while (f && fgets(line, sizeof(line), f)) {
        if (strncmp(line, key, strlen(key)) == 0) {
            value = strtol(line + strlen(key) + 1, NULL, 10);
        }
    }
    if (f) {
        fclose(f);
    }
    return value;
}

double pair_cpu_s(const struct pair *p) {
    clockid_t clock;
    struct timespec t = {0};
    if (clock_getcpuclockid(p->client, &clock) != 0 || clock_gettime(clock, &t) != 0) {
        return 0;
    }
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
