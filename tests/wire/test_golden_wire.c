/*
 * Plays the golden conversations over the wire, against the real binary and a Mattermost double,
 * and compares with what the terminal leaves for the same lines: answers, sessions, results, every
 * reply in order; and what people see must be what is stored as said. Then twenty people at once.
 * Usage: test_golden_wire KIZUKI_BINARY FAKE_BINARY [TRANSCRIPT...]
 */
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/xalloc.h"
#include "bot/emoji.h"
#include "tests/support/wire.h"
#include "tests/support/wire_story.h"

#define LINES_MAX  512
#define PEOPLE_MAX 8
#define NAMED_MAX  16
#define CROWD      20
#define DUMP_MAX   ((size_t)4 * 1024 * 1024)
#define SKIPPED    77 /* the exit status of a child */
#define MUST_SKIP  16 /* transcripts that move the clock or click what is not shown here */
#define CAUGHT_UP  "\"caught up\""
#define CLOCK      "2026-11-23T09:00"

struct transcript {
    const char *path;
    char *lines[LINES_MAX]; /* "> ..." and "! ..." only */
    size_t n;
    char *text;
};

struct talker {
    char name[64];
    struct wire_person person;
};

/* A message that has a name because it will come again. */
struct named {
    const char *name;
    char post[WIRE_ID_LEN + 1];
};

struct play {
    struct wire *w;
    const struct transcript *script;
    size_t at; /* the line being played */
    const char *args;
    struct talker people[PEOPLE_MAX];
    size_t n_people;
    struct talker *now;
    char channel[WIRE_ID_LEN + 1]; /* "": direct */
    const char *next_name;         /* of ":id" */
    struct named named[NAMED_MAX];
    size_t n_named;
    int64_t n_said;
    int64_t n_edits; /* posts that had to change in place */
};

static const char *kizuki;
static const char *fake;

/* ---- transcripts ---- */

static bool read_transcript(const char *path, struct transcript *t) {
    *t = (struct transcript){.path = path};
    FILE *f = fopen(path, "re");
    size_t cap = 0;
    ssize_t n = f ? getdelim(&t->text, &cap, '\0', f) : -1;
    if (f) {
        fclose(f);
    }
    char *save = NULL;
    for (char *line = n > 0 ? strtok_r(t->text, "\n", &save) : NULL; line;
         line = strtok_r(NULL, "\n", &save)) {
        if ((line[0] == '>' || line[0] == '!') && line[1] == ' ' && t->n < LINES_MAX) {
            t->lines[t->n++] = line;
        }
    }
    return t->n > 0 && t->n < LINES_MAX;
}

static bool begins(const char *line, const char *with) {
    return strncmp(line, with, strlen(with)) == 0;
}

static bool has_line(const struct transcript *t, const char *beginning) {
    for (size_t i = 0; i < t->n; i++) {
        if (begins(t->lines[i], beginning)) {
            return true;
        }
    }
    return false;
}

/* ---- the terminal ---- */

struct terminal {
    const struct wire *w;
    const char *db;
    const char *args;
    struct buf input;
};

/* Plays the lines so far in a process of its own, as tests/golden/run.sh does. */
static void play_lines(struct terminal *t, bool crash) {
    if (t->input.len == 0) {
        return;
    }
    char pack[96];
    char args[256];
    const char *argv[16] = {kizuki, "chat", "--db", t->db, "--at", CLOCK};
    size_t n = 6;
    char *save = NULL;
    snprintf(pack, sizeof(pack), "%s/pack", wire_dir(t->w));
    snprintf(args, sizeof(args), "%s", t->args);
    for (char *word = strtok_r(args, " ", &save); word && n < 15;
         word = strtok_r(NULL, " ", &save)) {
        argv[n++] = strcmp(word, "PACK") == 0 ? pack : word;
    }
    int status = wire_execute(t->w, argv, buf_text(&t->input));
    if (crash ? !WIFSIGNALED(status) : status != 0) {
        wire_fail(t->w, "the terminal ended with wait status %d", status);
    }
    buf_clear(&t->input);
}

static void edit_pack(const struct wire *w, const char *sed) {
    static const char script[] = "rm -rf \"$1/pack\" && cp -r content/pack \"$1/pack\" && "
                                 "sed -i \"$2\" \"$1/pack/questionnaire.json\" && "
                                 "! cmp -s content/pack/questionnaire.json "
                                 "\"$1/pack/questionnaire.json\"";
    const char *argv[] = {"/bin/sh", "-c", script, "sh", wire_dir(w), sed, NULL};
    if (wire_execute(w, argv, "") != 0) {
        wire_fail(w, "edit-pack changes nothing: %s", sed);
    }
}

static void play_terminal(const struct wire *w, const struct transcript *script, const char *db) {
    struct terminal t = {.w = w, .db = db, .args = ""};
    buf_init(&t.input, DUMP_MAX);
    for (size_t i = 0; i < script->n; i++) {
        const char *line = script->lines[i];
        if (line[0] == '>') {
            buf_addf(&t.input, "%s\n", line + 2);
        }
        if (strcmp(line, "> :crash") == 0 || line[0] == '!') {
            play_lines(&t, line[0] == '>');
        }
        if (begins(line, "! edit-pack ")) {
            edit_pack(w, line + strlen("! edit-pack "));
        } else if (begins(line, "! restart")) {
            t.args = line + strlen("! restart");
        } else if (begins(line, "! args")) {
            t.args = line + strlen("! args");
        }
    }
    play_lines(&t, false);
    buf_free(&t.input);
}

/* ---- people on the wire ---- */

static bool is_english(const struct play *p) {
    return strstr(p->args, "--lang en") != NULL;
}

/* Two are known to the server, others made on the fly; their language comes from the platform. */
static struct talker *talker(struct play *p, const char *name) {
    for (size_t i = 0; i < p->n_people; i++) {
        if (strcmp(p->people[i].name, name) == 0) {
            return &p->people[i];
        }
    }
    if (p->n_people == PEOPLE_MAX) {
        wire_fail(p->w, "more than %d people", PEOPLE_MAX);
    }
    struct talker *t = &p->people[p->n_people++];
    snprintf(t->name, sizeof(t->name), "%s", name);
    char token[32];
    bool first = strcmp(name, "user1") == 0;
    bool second = strcmp(name, "user2") == 0;
    const char *known = first ? (is_english(p) ? "john-token" : "hanako-token") : "taro-token";
    snprintf(token, sizeof(token), "user-%zu-token", p->n_people);
    wire_person(p->w, first || second ? known : token, &t->person);
    if (is_english(p)) {
        wire_set_locale(p->w, &t->person, "en");
    }
    return t;
}

/* ---- waiting for the end of a turn ---- */

struct awaited {
    const char *sql; /* becomes more than `above` */
    const char *params[4];
    int64_t above;
};

static bool is_answered(struct wire *w, void *ctx) {
    const struct awaited *a = ctx;
    return wire_int(wire_db(w), a->sql, a->params) > a->above && wire_settled(w);
}

static void await_answer(const struct play *p, struct awaited *a) {
    if (!wire_await(p->w, is_answered, a)) {
        wire_fail(p->w, "line \"%s\" is not answered", p->script->lines[p->at]);
    }
}

static void await_post(const struct play *p, const char *post) {
    await_answer(p, &(struct awaited){.sql = "SELECT count(*) FROM inbox WHERE event_id = ?1",
                                      .params = {post}});
}

/* ---- what people do ---- */

static bool comes_again(const struct play *p, const char *name) {
    for (size_t i = p->at; i < p->script->n; i++) {
        const char *line = p->script->lines[i];
        if (begins(line, "> :id ") && strcmp(line + 6, name) == 0) {
            return true;
        }
    }
    return false;
}

/* The bot reads everything of the last minute again. */
static void redeliver(const struct play *p) {
    size_t before = wire_logged(p->w, CAUGHT_UP);
    int64_t reads = wire_bot_requests(p->w, "GET /channels/*/posts");
    wire_control(p->w, "{\"do\":\"drop_sockets\"}");
    wire_control(p->w, "{\"do\":\"forget_away\"}");
    wire_await_log(p->w, CAUGHT_UP, before + 1);
    if (wire_bot_requests(p->w, "GET /channels/*/posts") <= reads) {
        wire_fail(p->w, "nothing was delivered again");
    }
}

static const struct named *find_named(const struct play *p, const char *name) {
    for (size_t i = 0; i < p->n_named; i++) {
        if (strcmp(p->named[i].name, name) == 0) {
            return &p->named[i];
        }
    }
    return NULL;
}

static void say(struct play *p, const char *text) {
    struct wire_person *person = &p->now->person;
    const char *name = p->next_name;
    char addressed[1024];
    char post[WIRE_ID_LEN + 1];
    p->next_name = NULL;
    if (name && find_named(p, name)) {
        redeliver(p);
        return;
    }
    if (name && comes_again(p, name)) {
        wire_control(p->w, "{\"do\":\"double_events\",\"times\":1}");
    }
    if (*p->channel) {
        snprintf(addressed, sizeof(addressed), "@kizuki %s", text);
        wire_say(p->w, person, p->channel, addressed, post);
    } else {
        wire_direct(p->w, person);
        wire_say(p->w, person, person->direct, text, post);
    }
    if (name && p->n_named < NAMED_MAX) {
        struct named *n = &p->named[p->n_named++];
        n->name = name;
        memcpy(n->post, post, sizeof(post));
    }
    p->n_said++;
    await_post(p, post);
}

/* Whether choice `number` of that post's newest row is ticked, -1 where there is no such choice. */
static int64_t ticked(const struct play *p, const char *post, const char *number) {
    static const char sql[] =
        "SELECT json_extract(c.value, '$.ticked') FROM (SELECT choices FROM outbox"
        " WHERE remote_id = ?1 OR replaces = ?1 ORDER BY ord DESC LIMIT 1) AS o,"
        " json_each(iif(o.choices = '', '[]', o.choices)) AS c"
        " WHERE json_extract(c.value, '$.number') = CAST(?2 AS INTEGER)";
    return wire_int(wire_db(p->w), sql, (const char *[]){post, number, NULL});
}

static void react(struct play *p, const char *what, bool on) {
    static const char several[] = "SELECT closes FROM outbox WHERE remote_id = ?1";
    struct wire_person *person = &p->now->person;
    char post[WIRE_ID_LEN + 1];
    story_question(p->w, person, post);
    bool ok = strcmp(what, "ok") == 0;
    const char *emoji = ok ? EMOJI_CLOSE : emoji_of((int)strtol(what, NULL, 10));
    if (!*post || !emoji) {
        wire_fail(p->w, "no post to react to with \"%s\"", what);
    }
    struct awaited a = {.sql = "SELECT changes FROM tick WHERE message = ?1 AND external_id = ?2"
                               " AND mark = ?3",
                        .params = {post, person->id, emoji}};
    a.above = wire_int(wire_db(p->w), a.sql, a.params);
    int64_t edits =
        wire_int(wire_db(p->w), "SELECT count(*) FROM outbox WHERE replaces <> ''", NULL);
    bool is_edit = !ok && wire_int(wire_db(p->w), several, (const char *[]){post, NULL}) == 1 &&
                   ticked(p, post, what) == !on;
    wire_react(p->w, person, post, emoji, on);
    await_answer(p, &a);
    /* A tick of the open question shows in its post; anything else needs words of its own. */
    is_edit = is_edit && ticked(p, post, what) == on;
    p->n_edits += is_edit;
    if (wire_int(wire_db(p->w), "SELECT count(*) FROM outbox WHERE replaces <> ''", NULL) !=
        edits + is_edit) {
        wire_fail(p->w, "\"%s\": %s", p->script->lines[p->at],
                  is_edit ? "a new post instead of an edit" : "an edit nobody expects");
    }
}

/* ---- the bot's life ---- */

static void check_log(const struct play *p) {
    if (wire_logged(p->w, "\"level\":\"error\"") > 0) {
        wire_fail(p->w, "the bot logs an error");
    }
}

static void take_args(struct play *p, const char *args) {
    char lines[256] = "";
    p->args = args;
    if (strstr(args, "--content PACK")) {
        snprintf(lines, sizeof(lines), "content_dir = \"%s/pack\"", wire_dir(p->w));
    } else if (*args && !is_english(p)) {
        wire_fail(p->w, "unknown options: %s", args);
    }
    wire_configure(p->w, lines);
}

static void restart(struct play *p, const char *args) {
    check_log(p);
    wire_bot_stop(p->w);
    take_args(p, args);
    wire_bot_start(p->w);
}

static void obey(struct play *p, const char *line) {
    if (begins(line, ":as ")) {
        p->now = talker(p, line + 4);
    } else if (strcmp(line, ":channel direct") == 0) {
        p->channel[0] = '\0';
    } else if (begins(line, ":channel ")) {
        wire_channel(p->w, line + 9, p->channel);
    } else if (begins(line, ":id ")) {
        p->next_name = line + 4;
    } else if (begins(line, ":react ") || begins(line, ":unreact ")) {
        react(p, strchr(line, ' ') + 1, line[1] == 'r');
    } else if (strcmp(line, ":reload") == 0) {
        wire_bot_reload(p->w);
    } else if (strcmp(line, ":crash") == 0) {
        wire_bot_kill(p->w);
        wire_bot_start(p->w);
    } else {
        wire_fail(p->w, "unknown directive %s", line);
    }
}

static void play_line(struct play *p, const char *line) {
    if (begins(line, "> :")) {
        obey(p, line + 2);
    } else if (line[0] == '>') {
        say(p, line + 2);
    } else if (begins(line, "! edit-pack ")) {
        edit_pack(p->w, line + strlen("! edit-pack "));
    } else if (begins(line, "! restart")) {
        restart(p, line + strlen("! restart"));
    } else if (!begins(line, "! args")) {
        wire_fail(p->w, "unknown line %s", line);
    }
}

/* ---- one transcript ---- */

static void compare(const struct wire *w, const char *terminal_db, const char *external_id,
                    const char *name) {
    struct buf expected;
    struct buf found;
    buf_init(&expected, DUMP_MAX);
    buf_init(&found, DUMP_MAX);
    if (!story_dump(terminal_db, NULL, &expected) || expected.len == 0 ||
        !story_dump(wire_db(w), external_id, &found)) {
        wire_fail(w, "%s: a database cannot be read", name);
    }
    const char *difference = story_difference(buf_text(&expected), buf_text(&found));
    if (difference) {
        wire_fail(w, "%s: not what the terminal leaves:%s", name, difference);
    }
    buf_free(&expected);
    buf_free(&found);
}

static void check_what_people_see(struct play *p) {
    char general[WIRE_ID_LEN + 1];
    wire_channel(p->w, "general", general);
    int64_t n = (int64_t)story_check_posts(p->w, &p->people[0].person, general, NULL, true);
    for (size_t i = 0; i < p->n_people; i++) {
        struct wire_person *person = &p->people[i].person;
        wire_direct(p->w, person);
        n += (int64_t)story_check_posts(p->w, person, person->direct, person->id, true);
    }
    if (n != wire_state(p->w, "posts_by_bot") || wire_state(p->w, "duplicates") != 0) {
        wire_fail(p->w, "the bot posted more than %lld times", (long long)n);
    }
    if (wire_state(p->w, "unknown_routes") != 0) {
        wire_fail(p->w, "the bot asks for what no server has");
    }
    if (wire_int(wire_db(p->w), "SELECT count(*) FROM inbox", NULL) != p->n_said) {
        wire_fail(p->w, "the inbox does not hold every message once");
    }
}

static int play_transcript(const char *path) {
    static struct transcript script;
    char terminal_db[96];
    if (!read_transcript(path, &script)) {
        printf("FAIL %s cannot be read\n", path);
        return 1;
    }
    if (has_line(&script, "> :advance") || has_line(&script, "! args --cards")) {
        return SKIPPED;
    }
    struct play p = {.w = wire_create(kizuki, fake), .script = &script, .args = ""};
    snprintf(terminal_db, sizeof(terminal_db), "%s/terminal.db", wire_dir(p.w));
    play_terminal(p.w, &script, terminal_db);
    if (begins(script.lines[0], "! args")) {
        take_args(&p, script.lines[0] + strlen("! args"));
    }
    wire_bot_start(p.w);
    wire_await_log(p.w, CAUGHT_UP, 1); /* mentions from before are not answered */
    p.now = talker(&p, "user1");
    for (p.at = 0; p.at < script.n; p.at++) {
        play_line(&p, script.lines[p.at]);
    }
    check_log(&p);
    wire_bot_stop(p.w);
    story_check_whole(p.w);
    compare(p.w, terminal_db, NULL, path);
    check_what_people_see(&p);
    printf("%lld messages, %zu people, %lld edits", (long long)p.n_said, p.n_people,
           (long long)p.n_edits);
    wire_destroy(p.w);
    free(script.text);
    return 0;
}

/* ---- twenty people at once ---- */

struct crowd {
    struct transcript scripts[CROWD];
    struct wire_person people[CROWD];
    size_t n;
    int64_t n_said;
};

static bool all_answered(struct wire *w, void *ctx) {
    const struct crowd *c = ctx;
    return wire_int(wire_db(w), "SELECT count(*) FROM inbox", NULL) == c->n_said && wire_settled(w);
}

static void gather(struct crowd *c, const glob_t *files) {
    for (size_t i = 0; i < files->gl_pathc && c->n < CROWD; i++) {
        struct transcript *t = &c->scripts[c->n];
        if (read_transcript(files->gl_pathv[i], t) && !has_line(t, "> :") && !has_line(t, "! ")) {
            c->n++;
        } else {
            free(t->text);
        }
    }
}

/* Nobody waits for an answer, and once the content is read again in between. */
static void all_talk(struct wire *w, struct crowd *c) {
    char post[WIRE_ID_LEN + 1];
    for (size_t line = 0, spoke = 1; spoke > 0; line++) {
        spoke = 0;
        for (size_t i = 0; i < c->n; i++) {
            if (line < c->scripts[i].n) {
                wire_say(w, &c->people[i], c->people[i].direct, c->scripts[i].lines[line] + 2,
                         post);
                spoke++;
            }
        }
        c->n_said += (int64_t)spoke;
        if (line == 3) {
            wire_bot_reload(w);
        }
    }
}

static int play_crowd(const glob_t *files) {
    static struct crowd c;
    gather(&c, files);
    struct wire *w = wire_create(kizuki, fake);
    if (c.n < CROWD) {
        wire_fail(w, "only %zu transcripts for %d people", c.n, CROWD);
    }
    wire_bot_start(w);
    for (size_t i = 0; i < c.n; i++) {
        char token[32];
        snprintf(token, sizeof(token), "user-%zu-token", i + 1);
        wire_person(w, token, &c.people[i]);
        wire_direct(w, &c.people[i]);
    }
    wire_await_log(w, CAUGHT_UP, 1);
    int64_t begin = wire_now_ms();
    all_talk(w, &c);
    if (!wire_await(w, all_answered, &c)) {
        wire_fail(w, "not everybody is answered");
    }
    int64_t took = wire_now_ms() - begin;
    wire_bot_stop(w);
    story_check_whole(w);
    for (size_t i = 0; i < c.n; i++) {
        char db[96];
        snprintf(db, sizeof(db), "%s/%zu.db", wire_dir(w), i);
        play_terminal(w, &c.scripts[i], db);
        compare(w, db, c.people[i].id, c.scripts[i].path);
        story_check_posts(w, &c.people[i], c.people[i].direct, c.people[i].id, true);
        free(c.scripts[i].text);
    }
    if (wire_state(w, "duplicates") != 0) {
        wire_fail(w, "a post was made twice");
    }
    printf("%lld messages in %lld ms", (long long)c.n_said, (long long)took);
    wire_destroy(w);
    return 0;
}

/* ---- all of it ---- */

/* In a process of its own, so that a failure is one failure. */
static int in_child(const char *path, const glob_t *files) {
    int64_t begin = wire_now_ms();
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        exit(path ? play_transcript(path) : play_crowd(files));
    }
    int status = 1;
    waitpid(pid, &status, 0);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    printf("%s  %s (%lld ms)\n",
           code == 0         ? ""
           : code == SKIPPED ? "skipped: moves a running bot's clock, or clicks what is not shown"
                             : "FAILED",
           path ? path : "twenty people at once", (long long)(wire_now_ms() - begin));
    return code;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        fputs("Usage: test_golden_wire KIZUKI_BINARY FAKE_BINARY [TRANSCRIPT...]\n", stderr);
        return 2;
    }
    kizuki = argv[1];
    fake = argv[2];
    glob_t files = {.gl_pathc = 0};
    if (glob("tests/golden/*.txt", 0, NULL, &files) != 0) {
        fputs("no transcripts\n", stderr);
        return 2;
    }
    size_t passed = 0;
    size_t failed = 0;
    size_t skipped = 0;
    size_t n = argc > 3 ? (size_t)argc - 3 : files.gl_pathc;
    for (size_t i = 0; i <= n; i++) {
        const char *path = i == n ? NULL : argc > 3 ? argv[i + 3] : files.gl_pathv[i];
        int code = i < n || argc == 3 ? in_child(path, &files) : SKIPPED;
        *(code == 0 ? &passed : code == SKIPPED ? &skipped : &failed) += 1;
    }
    if (argc == 3 && skipped != MUST_SKIP) {
        printf("FAIL %zu transcripts skipped, not %d\n", skipped, MUST_SKIP);
        failed++;
    }
    globfree(&files);
    printf("%zu passed, %zu skipped, %zu failed\n", passed, skipped, failed);
    return failed > 0 || passed == 0;
}
