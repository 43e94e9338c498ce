/* Painting beside everything else: who waits for it and who does not, and children that go wrong.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "bot/command.h"
#include "bot/paint/drawing_json.h"
#include "bot/painter.h"
#include "bot/sender.h"
#include "tests/support/drawings.h"
#include "tests/support/store_fixture.h"

#define NOW_MS      INT64_C(1795399200000)
#define CA_FILE     "/etc/ssl/certs/ca-certificates.crt"
#define PATIENCE_MS 20000
#define LIMIT_MS    300
#define HANGS       "took too long"
#define INHERITED   77 /* a descriptor that a child is not to get */

static struct loop *loop;
static struct loop_timer *guard;
static struct loop_timer *glance;
static struct painter *painter;
static struct sender *sender;
static const char *drawing;
static FILE *log_file;
static char program[128];
static int gate; /* a line lets one child go on */

/* ---- the loop, until something is so ---- */

static bool (*awaited)(void);
static bool in_time;

static void on_guard(UNUSED void *ctx) {
    in_time = false;
    loop_stop(loop);
}

static void on_glance(UNUSED void *ctx) {
    if (awaited()) {
        loop_stop(loop);
    } else {
        loop_timer_set(glance, 5); /* what a child does wakes no loop */
    }
}

static void await(bool (*so)(void)) {
    in_time = true;
    awaited = so;
    loop_timer_set(guard, PATIENCE_MS);
    loop_timer_set(glance, 0);
    loop_run(loop);
    loop_timer_clear(guard);
    loop_timer_clear(glance);
    assert_true(in_time);
}

/* ---- children ---- */

static const char *path_of(const char *name) {
    return arena_printf(&arena, "%s/%s", dir, name);
}

static size_t files(const char *pattern) {
    glob_t found;
    size_t n = glob(path_of(pattern), 0, NULL, &found) == 0 ? found.gl_pathc : 0;
    globfree(&found);
    return n;
}

static const char *content(const char *name) {
    static char text[65536];
    FILE *f = fopen(path_of(name), "re");
    assert_non_null(f);
    text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
    fclose(f);
    return text;
}

/* Children are this script from now on, in the test's folder; NULL: the test itself. */
static void play_within(const char *script, int64_t limit_ms) {
    struct painter_setup setup = {
        .loop = loop, .program = script ? program : NULL, .limit_ms = limit_ms};
    if (script) {
        FILE *f = fopen(program, "we");
        assert_non_null(f);
        fprintf(f, "#!/bin/sh\ncd %s || exit 1\n: >began.$$\n%s\n", dir, script);
        fclose(f);
        chmod(program, 0700);
    }
    painter_destroy(painter);
    painter = painter_create(&setup);
}

static void play(const char *script) {
    play_within(script, PATIENCE_MS);
}

#define WAIT_AND_SHOW "read line <gate; cat sample"

static void let_go(size_t n) {
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(write(gate, "\n", 1), 1);
    }
}

/* ---- what comes of it ---- */

static size_t n_done;
static size_t n_pictures;
static int64_t order[16];

static void on_done(UNUSED void *ctx, int64_t id, const void *png, size_t n) {
    assert_int_equal(png != NULL, n > 0);
    assert_true(!png || memcmp(png, "\x89PNG", 4) == 0);
    n_pictures += png != NULL;
    order[n_done++] = id;
}

static size_t n_awaited;

static bool all_done(void) {
    return n_done >= n_awaited;
}

static bool two_began(void) {
    return files("began.*") >= 2;
}

static void paint(int64_t id) {
    painter_paint(painter, drawing, on_done, NULL, id);
}

static void await_done(size_t n) {
    n_awaited = n;
    await(all_done);
    assert_int_equal(n_done, n);
}

/* Neither running nor a zombie. */
static void assert_no_child(void) {
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

/* ---- before and after ---- */

static int begin(void **state) {
    char error[256];
    const char *why;
    clock_freeze_at_ms(NOW_MS);
    if (open_store(state) != 0) {
        return -1;
    }
    loop = loop_create(&(struct loop_setup){.ca_file = CA_FILE, .proxy = ""}, error);
    if (!loop) {
        return -1;
    }
    guard = loop_timer_create(loop, on_guard, NULL);
    glance = loop_timer_create(loop, on_glance, NULL);
    struct drawing d = drawing_of(3);
    drawing = drawing_json_write(&arena, &d, &why);
    snprintf(program, sizeof(program), "%s/program", dir);
    n_done = 0;
    n_pictures = 0;
    log_file = fopen(path_of("log"), "we+");
    log_setup(log_file, LOG_WARN, LOG_HUMAN);
    FILE *f = fopen(path_of("sample"), "we");
    fputs("\x89PNG\r\n\x1a\nnot much of a pictureIEND\xae\x42\x60\x82", f);
    fclose(f);
    if (mkfifo(path_of("gate"), 0600) != 0) {
        return -1;
    }
    gate = open(path_of("gate"), O_RDWR | O_CLOEXEC);
    return gate < 0 ? -1 : 0;
}

static int end(void **state) {
    if (sender) {
        sender_paint_with(sender, NULL);
    }
    painter_destroy(painter);
    painter = NULL;
    sender_destroy(sender);
    sender = NULL;
    loop_timer_destroy(guard);
    loop_timer_destroy(glance);
    loop_destroy(loop);
    close(gate);
    log_setup(stderr, LOG_WARN, LOG_AUTO);
    fclose(log_file);
    assert_no_child();
    return drop_dir(state);
}

/* ---- the painter ---- */

static void test_paints(UNUSED void **state) {
    play(NULL);
    for (int64_t i = 0; i < 5; i++) {
        paint(i);
    }
    await_done(5);
    assert_int_equal(n_pictures, 5);
    assert_string_equal(content("log"), "");
}

static void test_children_that_fail(UNUSED void **state) {
    static const struct {
        const char *script;
        const char *said;
    } cases[] = {
        {"exit 1", "painting failed"},
        {"exit 0", "no whole picture"},
        {"head -c 20 sample", "no whole picture"},
        {"echo some text", "no whole picture"},
        {"cat sample; exit 10", "no drawing"},
        {"kill -SEGV $$", "painting crashed"},
        {"exec cat /dev/zero", "too big"},
        {"exec sleep 60", HANGS},
        {"cat sample; exec sleep 60", HANGS},
        {"exec >&-; exec sleep 60", HANGS},
        {"trap '' TERM HUP INT; while :; do :; done", HANGS},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        n_done = 0;
        play_within(cases[i].script, strcmp(cases[i].said, HANGS) == 0 ? LIMIT_MS : PATIENCE_MS);
        paint(1);
        await_done(1);
        assert_int_equal(n_pictures, 0);
        if (!strstr(content("log"), cases[i].said)) {
            fail_msg("%s: %s", cases[i].script, content("log"));
        }
        assert_int_equal(ftruncate(fileno(log_file), 0), 0);
        rewind(log_file);
        assert_no_child();
    }
    n_done = 0;
    play("");
    unlink(program);
    paint(1);
    paint(2);
    await_done(2);
    assert_non_null(strstr(content("log"), "cannot be started"));
}

/* What a package would mend is said once, with its name. */
static void test_says_once_what_is_missing(UNUSED void **state) {
    static const struct {
        const char *script;
        const char *package;
    } cases[] = {{"exit 11", "libpangocairo-1.0-0"}, {"exit 12", "fonts-ipaexfont-gothic"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        n_done = 0;
        play(cases[i].script);
        for (int64_t k = 0; k < 4; k++) {
            paint(k);
        }
        await_done(4);
        const char *log = content("log");
        const char *first = strstr(log, cases[i].package);
        assert_non_null(first);
        assert_null(strstr(first + 1, cases[i].package));
    }
}

static void test_two_at_a_time(UNUSED void **state) {
    play(WAIT_AND_SHOW);
    for (int64_t i = 0; i < 5; i++) {
        paint(i);
    }
    await(two_began);
    let_go(1);
    await_done(1);
    assert_true(files("began.*") <= 3);
    let_go(4);
    await_done(5);
    assert_int_equal(n_pictures, 5);
    assert_int_equal(files("began.*"), 5);
    assert_true(order[0] <= 1); /* in turn, as far as two at once can be */
}

/* Nothing but its three descriptors, and no secrets of the environment. */
static void test_inherits_nothing(UNUSED void **state) {
    assert_int_equal(dup2(STDERR_FILENO, INHERITED), INHERITED);
    setenv("SLACK_BOT_TOKEN", "xoxb-secret", 1);
    setenv("FONTCONFIG_PATH", "/etc/fonts", 1);
    play("env >env; ls /proc/$$/fd >fds; cat >input; cat sample");
    paint(1);
    await_done(1);
    close(INHERITED);
    unsetenv("SLACK_BOT_TOKEN");
    unsetenv("FONTCONFIG_PATH");
    assert_int_equal(n_pictures, 1);
    assert_null(strstr(content("env"), "xoxb"));
    assert_non_null(strstr(content("env"), "FONTCONFIG_PATH"));
    assert_null(strstr(content("fds"), "77"));
    assert_string_equal(content("input"), drawing);
}

/* Ended amid everything: nobody is told, and no child is left (see end). */
static void test_ends_amid(UNUSED void **state) {
    play(WAIT_AND_SHOW);
    for (int64_t i = 0; i < 4; i++) {
        paint(i);
    }
    await(two_began);
    painter_destroy(painter);
    painter = NULL;
    assert_int_equal(n_done, 0);
    assert_no_child();
}

/* ---- messages ---- */

static char handed[2048];

static enum sent take(UNUSED void *ctx, const struct store_out *row, UNUSED bool doubtful) {
    size_t n = strlen(handed);
    snprintf(handed + n, sizeof(handed) - n, "%s%s%s(%s%s%s)", n > 0 ? " " : "", row->key,
             row->picture ? "+" : "", row->text, *row->picture_alt ? "|" : "", row->picture_alt);
    return SENT_UNDER_WAY;
}

static void owe(const char *key, const char *recipient, const char *text, bool drawn) {
    struct store_out row = {.key = key,
                            .person_id = person("U1"),
                            .platform = "p",
                            .workspace = "w",
                            .recipient = recipient,
                            .channel = "",
                            .text = text,
                            .choices = "",
                            .question = "",
                            .picture_alt = drawn ? "alt" : "",
                            .drawing = drawn ? drawing : ""};
    if (*key == 'w') {
        row.kind = STORE_WHISPER;
    }
    EQ(store_outbox_add(s, &row, NOW_MS), 0);
}

static void serve(void) {
    static const struct outlet outlet = {.platform = "p", .workspace = "w", .send = take};
    sender = sender_create(s, &outlet, STORE_TALK);
    sender_paint_with(sender, painter);
    handed[0] = '\0';
}

static const char *wanted;

static bool is_handed(void) {
    return strcmp(handed, wanted) == 0;
}

static void expect(const char *what) {
    wanted = what;
    if (!is_handed()) {
        await(is_handed);
    }
    handed[0] = '\0';
}

static bool three_began(void) {
    return files("began.*") >= 3;
}

static void test_only_its_own_conversation_waits(UNUSED void **state) {
    play(WAIT_AND_SHOW);
    owe("a1", "A", "t", true);
    owe("a2", "A", "t", false);
    owe("a3", "A", "t", true);
    owe("b1", "B", "t", false);
    owe("b2", "B", "t", false);
    serve();
    EQ(sender_deliver(sender), 0);
    SAME(handed, "b1(t)");
    handed[0] = '\0';
    sender_done(sender, 4, SENT_OK, "");
    SAME(handed, "b2(t)");
    handed[0] = '\0';
    EQ(sender_deliver(sender), 0);
    SAME(handed, ""); /* they are at hand */
    let_go(1);
    expect("a1+(t|alt)");
    sender_done(sender, 1, SENT_OK, "");
    expect("a2(t)");
    SAME(handed, "");
    sender_done(sender, 2, SENT_OK, "");
    let_go(1);
    expect("a3+(t|alt)");
    HAS("SELECT count(*) FROM outbox WHERE picture IS NOT NULL", 0); /* painted anew if need be */
}

static bool one_hangs(void) {
    return files("first") == 1;
}

/* A child that hangs keeps one conversation waiting, others with pictures go on beside it. */
static void test_beside_one_that_hangs(UNUSED void **state) {
    play("if mkdir first; then exec sleep 60; fi; cat sample");
    owe("a1", "A", "t", true);
    serve();
    EQ(sender_deliver(sender), 0);
    await(one_hangs);
    owe("b1", "B", "t", true);
    owe("c1", "C", "t", true);
    EQ(sender_deliver(sender), 0);
    expect("b1+(t|alt) c1+(t|alt)");
    assert_true(three_began());
}

/* What its picture would have said is said, once. */
static void test_words_instead(UNUSED void **state) {
    play("exit 1");
    owe("a1", "A", "t", true);
    owe("w1", "C", "t", true);
    serve();
    EQ(sender_deliver(sender), 0);
    expect("w1(t\nalt) a1(t\nalt)");
    owe("b1", "B", "all, alt and more", true);
    EQ(sender_deliver(sender), 0);
    expect("b1(all, alt and more)");
    assert_int_equal(files("began.*"), 2); /* none is painted for one person's eyes */
}

/* Without a painter the outlet gets the drawing. */
static void test_no_painter(UNUSED void **state) {
    owe("a1", "A", "t", true);
    serve();
    EQ(sender_deliver(sender), 0);
    SAME(handed, "a1(t|alt)");
}

/* The test is its own child, as the bot is. */
int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "paint") == 0) {
        return command_paint(argc - 1, argv + 1);
    }
    signal(SIGPIPE, SIG_IGN);
#define WITH_PAINTER(f) cmocka_unit_test_setup_teardown(f, begin, end)
    const struct CMUnitTest tests[] = {
        WITH_PAINTER(test_paints),
        WITH_PAINTER(test_children_that_fail),
        WITH_PAINTER(test_says_once_what_is_missing),
        WITH_PAINTER(test_two_at_a_time),
        WITH_PAINTER(test_inherits_nothing),
        WITH_PAINTER(test_ends_amid),
        WITH_PAINTER(test_only_its_own_conversation_waits),
        WITH_PAINTER(test_beside_one_that_hangs),
        WITH_PAINTER(test_words_instead),
        WITH_PAINTER(test_no_painter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
