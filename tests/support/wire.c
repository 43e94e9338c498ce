#include "tests/support/wire.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/xalloc.h"
#include "tests/support/wire_platform.h"

#define REPLY_MAX      ((size_t)64 * 1024 * 1024)
#define CALL_TIMEOUT_S 10L
#define POLL_MS        2
#define REPEAT_MS      25 /* before a client asks again */
#define CONFIG_MAX     ((size_t)4096)

struct wire {
    const char *kizuki;
    const char *fake;
    char dir[64];
    char db[96];
    char log[96];
    char config[96];
    char url[64];
    pid_t server;
    int server_says; /* its standard output */
    pid_t bot;       /* 0: not running */
    off_t log_from;  /* where the log of this life of the bot begins */
    const struct wire_platform *platform;
    char bot_id[WIRE_ID_LEN + 1]; /* as a user */
    CURL *curl;
};

/* ---- failing ---- */

void wire_fail(const struct wire *w, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    fputs("FAIL ", stdout);
    vprintf(fmt, args);
    va_end(args);
    printf(" (log and database: %s)\n", w->dir);
    fflush(NULL);
    _exit(1); /* what was begun ends with us */
}

/* ---- time ---- */

int64_t wire_now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void wire_pause_ms(int64_t ms) {
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    while (nanosleep(&t, &t) != 0 && errno == EINTR) {
    }
}

/* ---- processes ---- */

/* Descriptors of -1 become /dev/null. */
static pid_t begin_process(const struct wire *w, const char *const argv[], const int fds[3]) {
    fflush(NULL);
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid < 0) {
        wire_fail(w, "fork: %s", strerrordesc_np(errno));
    }
    if (pid > 0) {
        return pid;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int i = 0; i < 3; i++) {
        dup2(fds[i] >= 0 ? fds[i] : null, i);
    }
    if (getppid() == parent) {
        execv(argv[0], (char *const *)argv);
        perror(argv[0]);
    }
    _exit(127);
}

/* The wait status; a process that takes too long is killed and fails the test. */
static int end_process(const struct wire *w, pid_t pid, const char *name) {
    int status;
    for (int64_t until = wire_now_ms() + WIRE_WAIT_MS; waitpid(pid, &status, WNOHANG) == 0;) {
        if (wire_now_ms() > until) {
            wire_fail(w, "%s does not end", name);
        }
        wire_pause_ms(POLL_MS);
    }
    return status;
}

int wire_execute(const struct wire *w, const char *const argv[], const char *input) {
    char path[96];
    snprintf(path, sizeof(path), "%s/input", w->dir);
    int in = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t n = strlen(input);
    if (in < 0 || write(in, input, n) != (ssize_t)n || lseek(in, 0, SEEK_SET) != 0) {
        wire_fail(w, "%s: %s", path, strerrordesc_np(errno));
    }
    pid_t pid = begin_process(w, argv, (const int[3]){in, -1, STDERR_FILENO});
    close(in);
    return end_process(w, pid, argv[0]);
}

/* ---- the server as a process ---- */

static int read_port(const struct wire *w) {
    char line[64] = "";
    size_t n = 0;
    int64_t until = wire_now_ms() + WIRE_WAIT_MS;
    while (n + 1 < sizeof(line) && !strchr(line, '\n')) {
        struct pollfd says = {.fd = w->server_says, .events = POLLIN};
        int64_t left = until - wire_now_ms();
        if (left <= 0 || poll(&says, 1, (int)left) <= 0) {
            wire_fail(w, "the server does not say its port");
        }
        ssize_t got = read(w->server_says, line + n, sizeof(line) - 1 - n);
        if (got <= 0) {
            wire_fail(w, "the server ended at once");
        }
        n += (size_t)got;
        line[n] = '\0';
    }
    int port = strncmp(line, "listening ", 10) == 0 ? (int)strtol(line + 10, NULL, 10) : 0;
    if (port <= 0) {
        wire_fail(w, "the server says \"%s\"", line);
    }
    return port;
}

static void start_server(struct wire *w) {
    int fds[2];
    if (pipe2(fds, O_CLOEXEC) != 0) {
        wire_fail(w, "pipe: %s", strerrordesc_np(errno));
    }
    const char *argv[8] = {w->fake, "--port", "0"};
    for (size_t i = 0; w->platform->options[i]; i++) {
        argv[3 + i] = w->platform->options[i];
    }
    w->server = begin_process(w, argv, (const int[3]){-1, fds[1], STDERR_FILENO});
    close(fds[1]);
    w->server_says = fds[0];
    snprintf(w->url, sizeof(w->url), "http://127.0.0.1:%d", read_port(w));
}

void wire_write_file(const struct wire *w, const char *name, const char *text) {
    char path[128];
    snprintf(path, sizeof(path), "%s/%s", w->dir, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t n = strlen(text);
    if (fd < 0 || write(fd, text, n) != (ssize_t)n || close(fd) != 0) {
        wire_fail(w, "%s: %s", path, strerrordesc_np(errno));
    }
}

static const struct wire_platform *find_platform(const struct wire *w) {
    static const struct wire_platform *const known[] = {&wire_mattermost, &wire_slack};
    const char *slash = strrchr(w->fake, '/');
    const char *name = slash ? slash + 1 : w->fake;
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        if (strcmp(known[i]->name, name) == 0) {
            return known[i];
        }
    }
    wire_fail(w, "%s is the server of no platform", w->fake);
}

struct wire *wire_create(const char *kizuki, const char *fake) {
    const char *tmp = getenv("TMPDIR");
    struct wire *w = xmalloc(sizeof(*w));
    *w = (struct wire){.kizuki = kizuki, .fake = fake};
    int n = snprintf(w->dir, sizeof(w->dir), "%s/kizuki-wire.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (n >= (int)sizeof(w->dir) || !mkdtemp(w->dir)) {
        wire_fail(w, "a temporary directory: %s", strerrordesc_np(errno));
    }
    snprintf(w->db, sizeof(w->db), "%s/kizuki.db", w->dir);
    snprintf(w->log, sizeof(w->log), "%s/log", w->dir);
    snprintf(w->config, sizeof(w->config), "%s/config", w->dir);
    w->platform = find_platform(w);
    start_server(w);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    w->curl = curl_easy_init();
    w->platform->begin(w);
    wire_configure(w, "");
    return w;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw) {
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

void wire_destroy(struct wire *w) {
    if (w->bot) {
        wire_bot_stop(w);
    }
    kill(w->server, SIGTERM);
    int status = end_process(w, w->server, "the server");
    if (status != 0) {
        wire_fail(w, "the server ended with wait status %d", status);
    }
    close(w->server_says);
    curl_easy_cleanup(w->curl);
    nftw(w->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    free(w);
}

const char *wire_dir(const struct wire *w) {
    return w->dir;
}

const char *wire_db(const struct wire *w) {
    return w->db;
}

const char *wire_url(const struct wire *w) {
    return w->url;
}

const struct wire_platform *wire_platform(const struct wire *w) {
    return w->platform;
}

const char *wire_bot(const struct wire *w) {
    return w->bot_id;
}

void wire_note_bot(struct wire *w, const char *id) {
    snprintf(w->bot_id, sizeof(w->bot_id), "%s", id);
}

const char *wire_platform_name(const struct wire *w) {
    return w->platform->name;
}

bool wire_has_cards(const struct wire *w) {
    return w->platform->cards;
}

/* ---- the bot ---- */

void wire_configure(struct wire *w, const char *lines) {
    struct buf text;
    buf_init(&text, CONFIG_MAX);
    buf_addf(&text, "database = \"%s\"\nlog_level = \"debug\"\nlog_format = \"json\"\n%s\n", w->db,
             lines);
    buf_addf(&text, "%s fake {\n    max_answers_a_minute = 1000000\n", w->platform->name);
    w->platform->configure(w, &text);
    buf_adds(&text, "}\n");
    if (text.overflow) {
        wire_fail(w, "the configuration is too long");
    }
    wire_write_file(w, "config", buf_text(&text));
    buf_free(&text);
}

void wire_bot_start(struct wire *w) {
    int log = open(w->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0 || (w->log_from = lseek(log, 0, SEEK_END)) < 0) {
        wire_fail(w, "%s: %s", w->log, strerrordesc_np(errno));
    }
    const char *argv[] = {w->kizuki, "run", "-c", w->config, NULL};
    w->bot = begin_process(w, argv, (const int[3]){-1, log, log});
    close(log);
}

void wire_bot_stop(struct wire *w) {
    kill(w->bot, SIGTERM);
    int status = end_process(w, w->bot, "the bot");
    w->bot = 0;
    if (status != 0) {
        wire_fail(w, "the bot ended with wait status %d after SIGTERM", status);
    }
}

void wire_bot_kill(struct wire *w) {
    kill(w->bot, SIGKILL);
    int status = end_process(w, w->bot, "the bot");
    w->bot = 0;
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
        wire_fail(w, "the bot had ended by itself, with wait status %d", status);
    }
}

void wire_bot_reload(struct wire *w) {
    size_t before = wire_logged(w, "reloaded");
    kill(w->bot, SIGHUP);
    wire_await_log(w, "reloaded", before + 1);
    if (wire_logged(w, "not reloaded") > 0) {
        wire_fail(w, "the bot does not take the new configuration");
    }
}

bool wire_bot_runs(const struct wire *w) {
    return w->bot != 0;
}

size_t wire_logged(const struct wire *w, const char *words) {
    FILE *f = fopen(w->log, "re");
    size_t n = 0;
    char *line = NULL;
    size_t cap = 0;
    if (f && fseeko(f, w->log_from, SEEK_SET) == 0) {
        for (ssize_t len; (len = getline(&line, &cap, f)) > 0 && line[len - 1] == '\n';) {
            n += strstr(line, words) != NULL;
        }
    }
    free(line);
    if (f) {
        fclose(f);
    }
    return n;
}

/* ---- waiting ---- */

static void check_alive(struct wire *w) {
    int status;
    if (w->bot && waitpid(w->bot, &status, WNOHANG) == w->bot) {
        w->bot = 0;
        wire_fail(w, "the bot ended by itself, with wait status %d", status);
    }
}

bool wire_await(struct wire *w, wire_condition holds, void *ctx) {
    for (int64_t until = wire_now_ms() + WIRE_WAIT_MS; !holds(w, ctx);) {
        check_alive(w);
        if (wire_now_ms() > until) {
            return false;
        }
        wire_pause_ms(POLL_MS);
    }
    return true;
}

struct awaited_words {
    const char *words;
    size_t times;
};

static bool words_are_there(struct wire *w, void *ctx) {
    const struct awaited_words *a = ctx;
    return wire_logged(w, a->words) >= a->times;
}

void wire_await_log(struct wire *w, const char *words, size_t times) {
    if (!wire_await(w, words_are_there, &(struct awaited_words){words, times})) {
        wire_fail(w, "the bot's log never says \"%s\"", words);
    }
}

/* ---- REST ---- */

static size_t take_reply(char *bytes, size_t size, size_t n, void *reply) {
    buf_add(reply, bytes, size * n);
    return size * n;
}

/* The status, 0 where no reply came. */
static long call_once(struct wire *w, const char *token, const char *method, const char *url,
                      const char *body, struct buf *reply) {
    char bearer[64];
    long status = 0;
    snprintf(bearer, sizeof(bearer), "Authorization: Bearer %s", token);
    struct curl_slist *headers = curl_slist_append(NULL, bearer);
    headers = curl_slist_append(headers, "Content-Type: application/json");
    headers = curl_slist_append(headers, "Expect:");
    curl_easy_reset(w->curl); /* connections stay */
    curl_easy_setopt(w->curl, CURLOPT_URL, url);
    curl_easy_setopt(w->curl, CURLOPT_PROXY, "");
    curl_easy_setopt(w->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(w->curl, CURLOPT_TIMEOUT, CALL_TIMEOUT_S);
    curl_easy_setopt(w->curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(w->curl, CURLOPT_WRITEFUNCTION, take_reply);
    curl_easy_setopt(w->curl, CURLOPT_WRITEDATA, reply);
    if (body) {
        curl_easy_setopt(w->curl, CURLOPT_POSTFIELDS, body);
    }
    curl_easy_setopt(w->curl, CURLOPT_CUSTOMREQUEST, method);
    if (curl_easy_perform(w->curl) == CURLE_OK) {
        curl_easy_getinfo(w->curl, CURLINFO_RESPONSE_CODE, &status);
    }
    curl_slist_free_all(headers);
    return status;
}

cJSON *wire_request(struct wire *w, const char *token, const char *method, const char *path,
                    cJSON *body) {
    char url[512];
    char *text = body ? cJSON_PrintUnformatted(body) : NULL;
    struct buf reply;
    long status;
    snprintf(url, sizeof(url), "%s%s", w->url, path);
    buf_init(&reply, REPLY_MAX);
    int64_t until = wire_now_ms() + WIRE_WAIT_MS;
    while ((status = call_once(w, token, method, url, text, &reply)) == 0 &&
           wire_now_ms() < until) {
        buf_clear(&reply);
        wire_pause_ms(REPEAT_MS);
    }
    struct json_error err;
    cJSON *json = json_parse(buf_text(&reply), reply.len, REPLY_MAX, &err);
    if (status < 200 || status >= 300 || !json) {
        wire_fail(w, "%s %s: HTTP %ld: %.300s", method, path, status, buf_text(&reply));
    }
    buf_free(&reply);
    cJSON_free(text);
    cJSON_Delete(body);
    return json;
}

/* ---- the server for tests ---- */

cJSON *wire_order(struct wire *w, cJSON *order) {
    return wire_request(w, "", "POST", "/control", order);
}

void wire_control(struct wire *w, const char *json) {
    cJSON *order = cJSON_Parse(json);
    if (!order) {
        wire_fail(w, "no JSON: %s", json);
    }
    cJSON_Delete(wire_order(w, order));
}

cJSON *wire_look(struct wire *w, const char *path) {
    char whole[256];
    snprintf(whole, sizeof(whole), "/control%s", path);
    return wire_request(w, "", "GET", whole, NULL);
}

int64_t wire_state(struct wire *w, const char *name) {
    cJSON *state = wire_look(w, "/state");
    const cJSON *value = json_member(state, name);
    if (!cJSON_IsNumber(value)) {
        wire_fail(w, "the server's state has no number \"%s\"", name);
    }
    int64_t n = (int64_t)value->valuedouble;
    cJSON_Delete(state);
    return n;
}

int64_t wire_reads(struct wire *w) {
    cJSON *state = wire_look(w, "/state");
    const cJSON *value = json_member(json_member(state, w->platform->counted), w->platform->reads);
    int64_t n = cJSON_IsNumber(value) ? (int64_t)value->valuedouble : 0;
    cJSON_Delete(state);
    return n;
}

size_t wire_mishaps(const struct wire *w) {
    return w->platform->n_mishaps;
}

const char *wire_mishap(struct wire *w, size_t number) {
    const struct wire_mishap *m = &w->platform->mishaps[number];
    wire_control(w, m->order);
    return m->name;
}

void wire_double(struct wire *w) {
    wire_control(w, w->platform->doubling);
}

void wire_lose_track(struct wire *w) {
    for (size_t i = 0; w->platform->breaking[i]; i++) {
        wire_control(w, w->platform->breaking[i]);
    }
}

void wire_check_server(struct wire *w) {
    if (wire_state(w, "duplicates") != 0) {
        wire_fail(w, "a post was made twice");
    }
    for (size_t i = 0; w->platform->never[i]; i++) {
        if (wire_state(w, w->platform->never[i]) != 0) {
            wire_fail(w, "the server counts \"%s\"", w->platform->never[i]);
        }
    }
}
