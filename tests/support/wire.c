#include "tests/support/wire.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
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

#define BOT_TOKEN      "bot-token-0000000000000000"
#define REPLY_MAX      ((size_t)64 * 1024 * 1024)
#define CALL_TIMEOUT_S 10L
#define POLL_MS        2
#define REPEAT_MS      25 /* before a client asks again */
#define COPY_MAX       ((size_t)1024 * 1024 * 1024)

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
    char bot_id[WIRE_ID_LEN + 1];
    CURL *curl;
    uint64_t n_said;
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
    const char *argv[] = {w->fake, "--port", "0", NULL};
    w->server = begin_process(w, argv, (const int[3]){-1, fds[1], STDERR_FILENO});
    close(fds[1]);
    w->server_says = fds[0];
    snprintf(w->url, sizeof(w->url), "http://127.0.0.1:%d", read_port(w));
}

static void write_file(const struct wire *w, const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    size_t n = strlen(text);
    if (fd < 0 || write(fd, text, n) != (ssize_t)n || close(fd) != 0) {
        wire_fail(w, "%s: %s", path, strerrordesc_np(errno));
    }
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
    char token[96];
    snprintf(token, sizeof(token), "%s/token", w->dir);
    write_file(w, token, BOT_TOKEN "\n");
    start_server(w);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    w->curl = curl_easy_init();
    wire_configure(w, "");
    struct wire_person bot;
    wire_person(w, BOT_TOKEN, &bot);
    memcpy(w->bot_id, bot.id, sizeof(w->bot_id));
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

const char *wire_bot_id(const struct wire *w) {
    return w->bot_id;
}

/* ---- the bot ---- */

void wire_configure(struct wire *w, const char *lines) {
    char text[1024];
    int n = snprintf(text, sizeof(text),
                     "database = \"%s\"\nlog_level = \"debug\"\nlog_format = \"json\"\n%s\n"
                     "mattermost fake {\n    url = \"%s\"\n    token_file = \"%s/token\"\n"
                     "    max_answers_a_minute = 1000000\n}\n",
                     w->db, lines, w->url, w->dir);
    if (n >= (int)sizeof(text)) {
        wire_fail(w, "the configuration is too long");
    }
    write_file(w, w->config, text);
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

/* Takes the body. */
static cJSON *call_url(struct wire *w, const char *token, const char *method, const char *path,
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

cJSON *wire_call(struct wire *w, const char *token, const char *method, const char *path,
                 cJSON *body) {
    char whole[400];
    snprintf(whole, sizeof(whole), "/api/v4%s", path);
    return call_url(w, token, method, whole, body);
}

void wire_control(struct wire *w, const char *json) {
    cJSON *body = cJSON_Parse(json);
    if (!body) {
        wire_fail(w, "no JSON: %s", json);
    }
    cJSON_Delete(call_url(w, "", "POST", "/control", body));
}

int64_t wire_state(struct wire *w, const char *name) {
    cJSON *state = call_url(w, "", "GET", "/control/state", NULL);
    const cJSON *value = json_member(state, name);
    if (!cJSON_IsNumber(value)) {
        wire_fail(w, "the server's state has no number \"%s\"", name);
    }
    int64_t n = (int64_t)value->valuedouble;
    cJSON_Delete(state);
    return n;
}

int64_t wire_bot_requests(struct wire *w, const char *route) {
    cJSON *state = call_url(w, "", "GET", "/control/state", NULL);
    const cJSON *value = json_member(json_member(state, "bot_requests"), route);
    int64_t n = cJSON_IsNumber(value) ? (int64_t)value->valuedouble : 0;
    cJSON_Delete(state);
    return n;
}

/* ---- people ---- */

static void copy_id(const struct wire *w, const cJSON *json, char ret[WIRE_ID_LEN + 1]) {
    const char *id = json_string(json, "id");
    if (!id || strlen(id) != WIRE_ID_LEN) {
        wire_fail(w, "a reply without an id");
    }
    memcpy(ret, id, WIRE_ID_LEN + 1);
}

void wire_person(struct wire *w, const char *token, struct wire_person *ret) {
    *ret = (struct wire_person){.acted_ms = 0};
    snprintf(ret->token, sizeof(ret->token), "%s", token);
    cJSON *me = wire_call(w, token, "GET", "/users/me", NULL);
    copy_id(w, me, ret->id);
    cJSON_Delete(me);
}

void wire_set_locale(struct wire *w, const struct wire_person *p, const char *locale) {
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "locale", locale);
    cJSON_Delete(wire_call(w, p->token, "PUT", "/users/me/patch", body));
}

void wire_direct(struct wire *w, struct wire_person *p) {
    if (*p->direct) {
        return;
    }
    const char *ids[] = {p->id, w->bot_id};
    cJSON *channel =
        wire_call(w, p->token, "POST", "/channels/direct", cJSON_CreateStringArray(ids, 2));
    copy_id(w, channel, p->direct);
    cJSON_Delete(channel);
}

void wire_channel(struct wire *w, const char *name, char ret_id[WIRE_ID_LEN + 1]) {
    char path[160];
    snprintf(path, sizeof(path), "/teams/name/kizuki/channels/name/%s", name);
    cJSON *channel = wire_call(w, BOT_TOKEN, "GET", path, NULL);
    copy_id(w, channel, ret_id);
    cJSON_Delete(channel);
}

static int64_t wall_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Nobody does two things in one millisecond, and what they did has an order. */
static void await_next_ms(const struct wire_person *p) {
    while (wall_ms() <= p->acted_ms) {
        wire_pause_ms(1);
    }
}

static void note_time(struct wire_person *p, const cJSON *made) {
    const cJSON *at = json_member(made, "create_at");
    p->acted_ms = cJSON_IsNumber(at) ? (int64_t)at->valuedouble : wall_ms();
}

void wire_say(struct wire *w, struct wire_person *p, const char *channel, const char *text,
              char ret_id[WIRE_ID_LEN + 1]) {
    await_next_ms(p);
    char pending[64];
    snprintf(pending, sizeof(pending), "%s:%llu", p->id, (unsigned long long)++w->n_said);
    cJSON *body = cJSON_CreateObject();
    cJSON_AddStringToObject(body, "channel_id", channel);
    cJSON_AddStringToObject(body, "message", text);
    cJSON_AddStringToObject(body, "pending_post_id", pending);
    cJSON *post = wire_call(w, p->token, "POST", "/posts", body);
    copy_id(w, post, ret_id);
    note_time(p, post);
    cJSON_Delete(post);
}

void wire_react(struct wire *w, struct wire_person *p, const char *post, const char *emoji,
                bool on) {
    await_next_ms(p);
    char path[160];
    cJSON *body = NULL;
    if (on) {
        snprintf(path, sizeof(path), "/reactions");
        body = cJSON_CreateObject();
        cJSON_AddStringToObject(body, "user_id", p->id);
        cJSON_AddStringToObject(body, "post_id", post);
        cJSON_AddStringToObject(body, "emoji_name", emoji);
    } else {
        snprintf(path, sizeof(path), "/users/me/posts/%s/reactions/%s", post, emoji);
    }
    cJSON *made = wire_call(w, p->token, on ? "POST" : "DELETE", path, body);
    note_time(p, made);
    cJSON_Delete(made);
}

/* ---- the bot's database ---- */

/* Opened for every question: a connection that stays would change what a start finds. */
static bool first_row(const char *path, const char *sql, const char *const *params, int64_t *n,
                      char *text, size_t size) {
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL);
    if (rc == SQLITE_OK) {
        sqlite3_busy_timeout(db, 2000);
        rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    }
    for (int i = 0; rc == SQLITE_OK && params && params[i]; i++) {
        rc = sqlite3_bind_text(st, i + 1, params[i], -1, SQLITE_STATIC);
    }
    rc = rc == SQLITE_OK ? sqlite3_step(st) : rc;
    bool row = rc == SQLITE_ROW;
    if (row && n) {
        *n = sqlite3_column_int64(st, 0);
    } else if (row) {
        const char *value = (const char *)sqlite3_column_text(st, 0);
        snprintf(text, size, "%s", value ? value : "");
    }
    sqlite3_finalize(st);
    sqlite3_close(db);
    return row;
}

int64_t wire_int(const char *db, const char *sql, const char *const *params) {
    int64_t n = -1;
    first_row(db, sql, params, &n, NULL, 0);
    return n;
}

void wire_text(const char *db, const char *sql, const char *const *params, char *ret, size_t size) {
    *ret = '\0';
    first_row(db, sql, params, NULL, ret, size);
}

bool wire_settled(const struct wire *w) {
    return wire_int(w->db, "SELECT count(*) = 0 FROM outbox WHERE state = 'pending'", NULL) == 1;
}

static void copy_file(const struct wire *w, const char *from, const char *to) {
    int in = open(from, O_RDONLY | O_CLOEXEC);
    int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t n = 1;
    while (in >= 0 && out >= 0 && n > 0) {
        n = copy_file_range(in, NULL, out, NULL, COPY_MAX, 0);
    }
    if (out < 0 || n < 0) {
        wire_fail(w, "copying %s: %s", from, strerrordesc_np(errno));
    }
    close(in); /* -1 where there is none, which does no harm */
    close(out);
}

void wire_copy_db(const struct wire *w, const char *path) {
    char from[128];
    char to[128];
    snprintf(from, sizeof(from), "%s-wal", w->db);
    snprintf(to, sizeof(to), "%s-wal", path);
    copy_file(w, w->db, path);
    copy_file(w, from, to);
    snprintf(to, sizeof(to), "%s-shm", path);
    unlink(to); /* of the last copy */
}
