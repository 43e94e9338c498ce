/*
 * Measurements of pictures: bench_paint KIZUKI_BINARY, from the project's root. How long the
 * picture of 15 bars takes, with the start of the process that paints it, and whether others'
 * messages wait meanwhile: from when one is owed, in a database in memory, until it is handed over.
 * Prints a table and writes build/bench_paint.json.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "bot/paint/drawing_json.h"
#include "bot/painter.h"
#include "bot/sender.h"
#include "tests/support/drawings.h"
#include "tests/support/report.h"

#define CA_FILE  "/etc/ssl/certs/ca-certificates.crt"
#define PICTURES 200
#define MESSAGES 1000
#define EVERY_MS 5
#define BARS     15

#define PICTURE_MS 150.0
#define EXTRA_MS   2.0

struct bench {
    struct report report;
    struct loop *loop;
    struct painter *painter;
    struct store *store;
    struct sender *sender;
    struct loop_timer *next;
    struct arena arena;
    const char *drawing;
    const char *person;
    double begun_ms;
    struct samples *times;
    size_t n_owed;
    size_t n_drawn;
    size_t n_painted;
    bool paints; /* beside the messages, two at a time */
    bool failed;
};

static struct bench b;

static void stop(bool failed) {
    b.failed = b.failed || failed;
    loop_stop(b.loop);
}

/* ---- one picture after the other ---- */

static void paint_one(void);

static void on_picture(UNUSED void *ctx, UNUSED int64_t id, const void *png, UNUSED size_t n) {
    b.times->ms[b.times->n++] = report_now_ms() - b.begun_ms;
    if (!png || b.times->n == PICTURES) {
        stop(!png);
    } else {
        paint_one();
    }
}

static void paint_one(void) {
    b.begun_ms = report_now_ms();
    painter_paint(b.painter, b.drawing, on_picture, NULL, 0);
}

static void bench_pictures(void) {
    static struct samples times;
    b.times = &times;
    paint_one();
    loop_run(b.loop);
    struct figures f = report_figures(&times);
    report_row(&b.report, "picture of 15 bars, with its process", f, times.n);
    report_target(&b.report, f.v[P99], PICTURE_MS, "picture p99 %.1f ms <= %.0f ms", f.v[P99],
                  PICTURE_MS);
}

/* ---- messages beside pictures ---- */

static enum sent take(UNUSED void *ctx, const struct store_out *row, UNUSED bool doubtful) {
    b.n_painted += row->picture != NULL;
    if (!*row->drawing) {
        b.times->ms[b.times->n++] = report_now_ms() - b.begun_ms;
    }
    return SENT_OK;
}

static bool owe(bool drawn) {
    char key[32];
    char recipient[32];
    snprintf(key, sizeof(key), "k%zu", ++b.n_owed);
    snprintf(recipient, sizeof(recipient), "r%zu", b.n_owed); /* a conversation of its own */
    struct store_out row = {.key = key,
                            .person_id = b.person,
                            .platform = "bench",
                            .workspace = "local",
                            .recipient = recipient,
                            .channel = "",
                            .text = "text",
                            .choices = "",
                            .question = "",
                            .drawing = drawn ? b.drawing : ""};
    return store_outbox_add(b.store, &row, 1) == 0;
}

static bool write_notes(void) {
    if (store_begin(b.store) != 0 || sender_write_notes(b.sender, 1) != 0 ||
        store_commit(b.store) != 0) {
        return false;
    }
    sender_forget_notes(b.sender);
    return true;
}

/* Timers that are late are the loop's: measured from when this one should have come. */
static void on_next(UNUSED void *ctx) {
    bool good = true;
    if (b.paints && b.n_drawn - b.n_painted < 2) {
        b.n_drawn++;
        good = owe(true);
    }
    good = good && owe(false) && sender_deliver(b.sender) == 0 && write_notes();
    if (!good || b.times->n >= MESSAGES) {
        stop(!good);
        return;
    }
    b.begun_ms = report_now_ms() + EVERY_MS;
    loop_timer_set(b.next, EVERY_MS);
}

static struct figures messages(bool paints, struct samples *times) {
    b.times = times;
    b.paints = paints;
    b.begun_ms = report_now_ms();
    loop_timer_set(b.next, 0);
    loop_run(b.loop);
    return report_figures(times);
}

static void bench_messages(void) {
    static struct samples without;
    static struct samples with;
    struct figures f = messages(false, &without);
    struct figures g = messages(true, &with);
    report_row(&b.report, "message due to handed over, no picture", f, without.n);
    report_row(&b.report, "the same while pictures are painted", g, with.n);
    report_number(&b.report, "pictures painted meanwhile", "", (double)b.n_painted, 1);
    report_target(&b.report, g.v[P50], f.v[P50] + EXTRA_MS,
                  "others' messages, p50 %.2f ms <= %.2f ms + %.0f ms", g.v[P50], f.v[P50],
                  EXTRA_MS);
    b.failed = b.failed || b.n_painted == 0;
}

/* ---- up and down ---- */

static bool begin(const char *binary) {
    static const struct outlet outlet = {.platform = "bench", .workspace = "local", .send = take};
    char error[256];
    const char *why;
    struct store_person p;
    struct drawing d = drawing_of(BARS);
    b.drawing = drawing_json_write(&b.arena, &d, &why);
    b.loop = loop_create(&(struct loop_setup){.ca_file = CA_FILE, .proxy = ""}, error);
    if (!b.loop || !b.drawing || store_open(":memory:", &b.store) != 0 ||
        store_person_get(b.store, &b.arena, "bench", "local", "u", "ja", 1, &p) != 0) {
        return false;
    }
    b.person = p.id;
    b.painter = painter_create(&(struct painter_setup){.loop = b.loop, .program = binary});
    b.sender = sender_create(b.store, &outlet, STORE_TALK);
    sender_paint_with(b.sender, b.painter);
    b.next = loop_timer_create(b.loop, on_next, NULL);
    return true;
}

static void end(void) {
    loop_timer_destroy(b.next);
    sender_paint_with(b.sender, NULL);
    painter_destroy(b.painter);
    sender_destroy(b.sender);
    store_close(b.store);
    loop_destroy(b.loop);
    arena_free(&b.arena);
}

int main(int argc, char **argv) {
    if (argc != 2) {
        fputs("Usage: bench_paint KIZUKI_BINARY (in the project's root)\n", stderr);
        return 2;
    }
    if (!begin(argv[1])) {
        fputs("bench_paint: cannot be set up\n", stderr);
        return 1;
    }
    report_machine(&b.report);
    bench_pictures();
    if (!b.failed) {
        bench_messages();
    }
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    report_number(&b.report, "peak memory of a painting process", "MB",
                  (double)usage.ru_maxrss / 1024, PICTURES);
    if (b.failed) {
        fputs("bench_paint: not everything could be run; the log says why\n", stderr);
    }
    bool ok = report_print(&b.report, "build/bench_paint.json") && !b.failed;
    end();
    return ok ? 0 : 1;
}
