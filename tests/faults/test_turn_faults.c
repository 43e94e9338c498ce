/*
 * Failure at step n of a turn with many events: several people, a reaction, a repeated event and a
 * cursor are committed together while the n-th call of SQLite fails once. Either all of a turn is
 * kept or nothing; after the same turn is taken again everything is there once.
 */
/* LDFLAGS: @tests/support/sqlite_faults.flags */
#include <errno.h>
#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/clock.h"
#include "base/log.h"
#include "bot/engine.h"
#include "tests/support/sqlite_faults.h"

#define START_MS   INT64_C(1795400000000)
#define TRIES_MAX  3
#define MIN_POINTS 100
#define STRIDE     5 /* FAULTS=all: every call */
#define PEOPLE     4

static char dir[64];
static char db[96];
static struct store *store;
static struct engine *engine;
static size_t n_handed;
static FILE *nowhere;

static enum sent take_row(UNUSED void *ctx, UNUSED const struct store_out *row,
                          UNUSED bool doubtful) {
    n_handed++;
    return SENT_OK;
}

static int64_t ask(const char *sql) {
    sqlite3 *raw;
    sqlite3_stmt *st = NULL;
    bool armed = fault.armed;
    fault.armed = false;
    assert_int_equal(sqlite3_open(db, &raw), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(raw, sql, -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    sqlite3_close(raw);
    fault.armed = armed;
    return n;
}

static struct event message(int person, const char *id, const char *text) {
    static const char *const people[PEOPLE] = {"a", "b", "c", "d"};
    return (struct event){.kind = EVENT_MESSAGE,
                          .platform = "test",
                          .workspace = "local",
                          .user = people[person],
                          .id = id,
                          .place = PLACE_DIRECT,
                          .text = text,
                          .at_ms = clock_now_ms()};
}

/* 0, or the first error; an event of before is none. */
static int take_all(const struct event *events, size_t n, const char *cursor) {
    for (size_t i = 0; i < n; i++) {
        int rc = engine_take(engine, &events[i]);
        if (rc != 0 && rc != -EEXIST && rc != -ENOENT) {
            return rc;
        }
    }
    struct store_cursor c = {.channel = "c", .message = cursor, .message_ms = START_MS};
    int rc = engine_take_cursor(engine, "test", "local", &c);
    return rc == 0 ? engine_commit(engine) : rc;
}

/* The same turn until it is kept; in between nothing of it is. */
static void turn(const struct event *events, size_t n, const char *cursor) {
    int64_t before = ask("SELECT count(*) FROM inbox");
    for (int tries = 1;; tries++) {
        int rc = take_all(events, n, cursor);
        if (rc == 0) {
            return;
        }
        /* What fails behind the commit, or says so only, leaves the whole turn. */
        int64_t now = ask("SELECT count(*) FROM inbox");
        bool whole = now > before && ask("SELECT count(*) FROM channel_cursor") == 1;
        assert_true(now == before || whole);
        assert_true(tries < TRIES_MAX);
        assert_int_equal(rc, fault.err);
    }
}

static void converse(void) {
    clock_freeze_at_ms(START_MS);
    n_handed = 0;
    struct faults faults = {.n = 0};
    assert_int_equal(store_open(db, &store), 0);
    struct engine_setup setup = {.store = store, .lang = LANG_JA, .site = {{{"", ""}}, {{"", ""}}}};
    engine = engine_create(&setup, &faults);
    faults_free(&faults);
    assert_non_null(engine);
    struct outlet outlet = {
        .platform = "test", .workspace = "local", .cards = true, .send = take_row};
    assert_int_equal(engine_attach(engine, &outlet), 0);
    bool armed = fault.target > 0;
    fault.armed = true;
    const struct event first[] = {message(0, "m1", "診断"), message(1, "m2", "診断"),
                                  message(2, "m3", "トリアージとは"), message(0, "m1", "診断"),
                                  message(3, "m4", "help")};
    turn(first, sizeof(first) / sizeof(first[0]), "m4");
    /* The question's message gets its id only now, as with a platform. */
    int rc = engine_settle(engine);
    assert_true(rc == 0 || (armed && rc == fault.err));
    rc = engine_settle(engine);
    assert_true(rc == 0 || (armed && rc == fault.err));
    struct event tick = message(0, "", "");
    tick.kind = EVENT_TICK;
    tick.choice = 2;
    tick.shown = "no-such-message";
    tick.mark = "two";
    struct event home = message(2, "h1", "");
    home.kind = EVENT_HOME;
    home.channel = "D2";
    struct event account = message(3, "u1", "");
    account.kind = EVENT_ACCOUNT;
    account.locale = "en";
    account.tz = "Asia/Tokyo";
    struct event stranger = account;
    stranger.user = "nobody";
    stranger.id = "u2";
    const struct event second[] = {
        tick, message(0, "m5", "2"), message(1, "m6", "1"), home, account, stranger};
    turn(second, sizeof(second) / sizeof(second[0]), "m6");
    rc = engine_deliver(engine);
    rc = rc == 0 ? engine_settle(engine) : engine_deliver(engine);
    assert_true(rc == 0 || armed);
    assert_int_equal(engine_settle(engine), 0);
    fault.armed = false;
    engine_destroy(engine);
    store_close(store);
}

static void must_be_whole(size_t expected_rows) {
    assert_int_equal(
        ask("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'"), 1);
    assert_int_equal(ask("SELECT count(*) FROM inbox"), 8);
    assert_int_equal(ask("SELECT count(*) FROM outbox"), expected_rows);
    assert_int_equal(ask("SELECT count(*) FROM outbox WHERE state <> 'sent'"), 0);
    assert_int_equal(ask("SELECT count(*) FROM person"), PEOPLE);
    assert_int_equal(ask("SELECT count(*) FROM answer"), 2);
    assert_int_equal(ask("SELECT count(*) FROM tick"), 0);
    assert_int_equal(ask("SELECT count(*) FROM outbox WHERE kind = 'settle'"), 2);
    assert_int_equal(ask("SELECT count(*) FROM outbox WHERE kind = 'home'"), 1);
    assert_int_equal(ask("SELECT count(*) FROM identity WHERE home <> '' AND channel = 'D2'"), 1);
    assert_int_equal(ask("SELECT count(*) FROM identity WHERE tz = 'Asia/Tokyo'"), 1);
    assert_int_equal(ask("SELECT count(*) FROM channel_cursor WHERE message = 'm6'"), 1);
}

static int remove_one(const char *path, UNUSED const struct stat *st, UNUSED int kind,
                      UNUSED struct FTW *ftw) {
    return remove(path);
}

static void clean(void) {
    nftw(dir, remove_one, 4, FTW_DEPTH | FTW_PHYS);
    assert_int_equal(mkdir(dir, 0700), 0);
}

static void test_every_call_fails_once(UNUSED void **state) {
    sqlite_fault_arm(0, 0, false);
    fault.armed = false;
    converse();
    int points = fault.calls;
    size_t rows = (size_t)ask("SELECT count(*) FROM outbox");
    must_be_whole(rows);
    assert_int_equal(n_handed, rows);
    int stride = getenv("FAULTS") ? 1 : STRIDE;
    for (int n = 1; n <= points; n += stride) {
        for (int after = 0; after < 2; after++) {
            clean();
            sqlite_fault_arm(n, n, after == 1);
            fault.armed = false;
            converse();
            assert_non_null(fault.fired);
            must_be_whole(rows);
            assert_true(n_handed == rows);
        }
    }
    print_message("turns: %d fault points, every %dth in two ways\n", points, stride);
    assert_true(points >= MIN_POINTS);
}

static int make_dir(UNUSED void **state) {
    const char *tmp = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    nowhere = fopen("/dev/null", "we");
    snprintf(dir, sizeof(dir), "%s/kizuki-turn-XXXXXX", tmp);
    snprintf(db, sizeof(db), "%s", "");
    if (!nowhere || !mkdtemp(dir)) {
        return -1;
    }
    snprintf(db, sizeof(db), "%s/k.db", dir);
    log_setup(nowhere, LOG_ERR, LOG_JSON);
    return 0;
}

static int drop_dir(UNUSED void **state) {
    log_setup(stderr, LOG_ERR, LOG_JSON);
    fclose(nowhere);
    return nftw(dir, remove_one, 4, FTW_DEPTH | FTW_PHYS);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_call_fails_once, make_dir, drop_dir)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
