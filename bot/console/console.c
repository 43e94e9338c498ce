#include "bot/console/console.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "bot/console/bars.h"
#include "bot/console/directive.h"
#include "bot/console/look.h"
#include "bot/owed.h"
#include "bot/paint/child.h"

#define PLATFORM       "console"
#define WORKSPACE      "local"
#define DESK           "desk"
#define LINE_MAX_BYTES ((size_t)1024 * 1024)
#define READ_BYTES     65536
#define POLL_MAX_MS    60000 /* wall-clock jumps and sleep are noticed within a minute */
#define RETRY_FIRST_MS ((int64_t)1000)
#define RETRY_MAX_MS   ((int64_t)60 * 1000)

struct console {
    struct console_options options;
    struct simulation sim;
    struct arena arena;
    bool tty;
    char run[17]; /* makes event ids unique across processes */
    unsigned long line_number;
    struct buf input;
    bool overlong;         /* the line being read is beyond the limit and cut */
    bool damaged;          /* the database cannot be used any more */
    bool unheard;          /* nobody reads the output any more */
    bool deaf;             /* the input cannot be read */
    bool pictured;         /* the file of the options was written … */
    const char *unpainted; /* … or not, and why: NULL for nothing */
    /* While it runs: */
    struct engine *engine;
    struct store *store;
    const struct console_reload *reload;
    int signals;
    int64_t next_ms;  /* when due work is to be looked for */
    int64_t pause_ms; /* after a failure to write down what was done, 0 for none … */
    int64_t retry_ms; /* … and when to try again, by real_ms() */
};

struct console *console_create(const struct console_options *options) {
    struct console *c = xmalloc(sizeof(*c));
    *c = (struct console){.options = *options, .tty = isatty(STDOUT_FILENO) != 0};
    unsigned char seed[8] = {0};
    if (getrandom(seed, sizeof(seed), 0) != (ssize_t)sizeof(seed)) {
        log_warn("no random numbers for event ids");
    }
    for (size_t i = 0; i < sizeof(seed); i++) {
        snprintf(c->run + 2 * i, 3, "%02x", seed[i]);
    }
    simulation_init(&c->sim, options->user);
    c->sim.cards = options->cards;
    buf_init(&c->input, LINE_MAX_BYTES + READ_BYTES + 1);
    return c;
}

void console_destroy(struct console *c) {
    if (c) {
        buf_free(&c->input);
        simulation_free(&c->sim);
        arena_free(&c->arena);
        free(c);
    }
}

/* ---- replies ---- */

/* **bold** becomes bold on a terminal and plain text elsewhere. */
static void print_text(const struct console *c, const char *text, const char *indent) {
    bool bold = false;
    for (const char *p = text; *p; p++) {
        if (p[0] == '*' && p[1] == '*') {
            bold = !bold;
            if (c->tty) {
                fputs(bold ? "\033[1m" : "\033[0m", stdout);
            }
            p++;
        } else if (*p == '\n') {
            printf("\n%s", p[1] == '\n' ? "" : indent);
        } else {
            fputc(*p, stdout);
        }
    }
    fputs(c->tty && bold ? "\033[0m\n" : "\n", stdout);
}

static const char *desk(UNUSED const void *console) {
    return DESK;
}

/* Where else than in a conversation it is shown; the row's channel is a lane then. */
static const char *other_place(const struct store_out *row) {
    return owed_is_for_desk(row)       ? DESK
           : row->kind == STORE_HOME   ? "home"
           : row->kind == STORE_SETTLE ? "settled"
                                       : "";
}

static bool has_drawing(const struct store_out *row) {
    return row->drawing && *row->drawing;
}

static bool has_file(const struct store_out *row) {
    return row->file_name && *row->file_name && row->picture;
}

/* Line by line as it is, but for the ends of lines. */
static void print_file(const struct store_out *row, const char *indent) {
    const char *text = row->picture;
    bool begins = true;
    printf("%s[%s]", indent, row->file_name);
    for (size_t i = 0; i < row->picture_len; i++) {
        if (begins) {
            printf("\n%s", indent);
        }
        begins = text[i] == '\n';
        if (text[i] != '\r' && text[i] != '\n') {
            putchar(text[i]);
        }
    }
    putchar('\n');
}

static void print_plain(struct console *c, const struct store_out *row) {
    const char *indent = c->options.echo ? "  " : "";
    const char *other = other_place(row);
    if (c->options.echo) {
        fputs("< ", stdout);
    }
    if (*row->channel && *other == '\0') {
        printf("[#%s] ", row->channel);
    } else if (strcmp(row->recipient, c->options.user) != 0 && !owed_is_for_desk(row)) {
        printf("[%s] ", row->recipient);
    }
    if (*other) {
        printf("[%s] ", other);
    }
    print_text(c, row->text, indent);
    const char *bars = has_drawing(row) ? bars_of(&c->arena, row->drawing) : "";
    if (*bars) {
        fputs(indent, stdout);
        print_text(c, bars, indent);
    }
    if (has_file(row)) {
        print_file(row, indent);
    }
    const char *words = *row->controls ? look_words(&c->arena, row->controls) : "";
    if (*words) {
        printf("%s%s\n", indent, words);
    }
    if (!c->options.echo) {
        fputs("\n", stdout);
    }
}

static void print_json(struct arena *arena, const struct store_out *row) {
    cJSON *o = cJSON_CreateObject();
    const char *other = other_place(row);
    cJSON_AddStringToObject(o, "to", owed_is_for_desk(row) ? DESK : row->recipient);
    cJSON_AddStringToObject(o, "channel", *other ? other : *row->channel ? row->channel : "direct");
    cJSON_AddStringToObject(o, "text", row->text);
    cJSON *choices = *row->choices ? cJSON_Parse(row->choices) : NULL;
    cJSON_AddItemToObject(o, "choices", choices ? choices : cJSON_CreateArray());
    cJSON *attachments = cJSON_AddArrayToObject(o, "attachments");
    if (has_file(row)) {
        cJSON *file = cJSON_CreateObject();
        cJSON_AddStringToObject(file, "name", row->file_name);
        cJSON_AddStringToObject(file, "text", arena_strndup(arena, row->picture, row->picture_len));
        cJSON_AddItemToArray(attachments, file);
    }
    cJSON *drawing = has_drawing(row) ? cJSON_Parse(row->drawing) : NULL;
    if (drawing) {
        cJSON_AddStringToObject(drawing, "alt", row->picture_alt);
        cJSON_AddItemToArray(attachments, drawing);
    }
    char *line = cJSON_PrintUnformatted(o);
    cJSON_Delete(o);
    if (!line) {
        xalloc_die();
    }
    puts(line);
    cJSON_free(line);
}

static void print(struct console *c, const struct store_out *row) {
    struct store_out shown = *row;
    if (owed_is_for_desk(row)) {
        shown.text = arena_printf(&c->arena, "%s %s", row->recipient, row->text);
    }
    if (c->options.json) {
        print_json(&c->arena, &shown);
    } else {
        print_plain(c, &shown);
    }
}

/* ---- pictures ---- */

/* Whole or not at all: what was there stays until the new one is written. */
static const char *write_file(struct console *c, const char *path, const struct buf *png) {
    const char *fresh = arena_printf(&c->arena, "%s.new", path);
    FILE *f = fopen(fresh, "we");
    bool good = f && fwrite(png->p, 1, png->len, f) == png->len;
    good = f && fclose(f) == 0 && good && rename(fresh, path) == 0;
    const char *why = good ? NULL : strerrordesc_np(errno);
    if (!good && f) {
        (void)unlink(fresh);
    }
    return why;
}

static void save_picture(struct console *c, const char *json) {
    struct buf png;
    const char *why = paint_now(json, &png);
    why = why ? why : write_file(c, c->options.png, &png);
    buf_free(&png);
    c->unpainted = why;
    c->pictured = c->pictured || !why;
    if (why) {
        fprintf(stderr, "kizuki: --png: %s cannot be written: %s\n", c->options.png, why);
    }
}

/* False after saying that nothing was painted, or not the last one. */
static bool is_pictured(const struct console *c) {
    if (c->options.png && !c->pictured && !c->unpainted) {
        fprintf(stderr, "kizuki: --png: %s is not written: no reply came with a picture\n",
                c->options.png);
    }
    return !c->options.png || (c->pictured && !c->unpainted);
}

/* ---- replies, handed over ---- */

static enum sent show(void *console, const struct store_out *row, UNUSED bool doubtful) {
    struct console *c = console;
    print(c, row);
    if (!owed_is_for_desk(row)) {
        simulation_saw(&c->sim, row);
    }
    if (c->options.png && has_drawing(row)) {
        save_picture(c, row->drawing);
    }
    /* A reader that has gone away must not count as having been told. */
    c->unheard = c->unheard || fflush(stdout) != 0;
    return c->unheard ? SENT_RETRY : SENT_OK;
}

/* ---- one line ---- */

static void tell(struct console *c, const char *text) {
    if (c->options.json) {
        struct store_out row = {
            .recipient = c->sim.user, .channel = "", .text = text, .choices = "", .controls = ""};
        print_json(&c->arena, &row);
    } else {
        printf("%s%s\n", c->options.echo ? "< " : "", text);
    }
    fflush(stdout);
}

/* The form asked for, or what is wrong in the one handed in. */
static void show_taken(struct console *c) {
    const struct engine_taken *taken = engine_taken(c->engine);
    const char *text = taken->sheet ? look_sheet(&c->arena, taken->sheet)
                                    : look_errors(&c->arena, taken->errors, taken->n_errors);
    if (*text) {
        struct store_out row = {
            .recipient = c->sim.user, .channel = "", .text = text, .choices = "", .controls = ""};
        print(c, &row);
    }
}

/* False to end: the database is damaged and nothing can be kept any more, or nobody listens. */
static bool handle_event(struct console *c, struct event *e) {
    e->platform = PLATFORM;
    e->workspace = WORKSPACE;
    e->user = c->sim.user;
    e->place = *c->sim.channel ? PLACE_CHANNEL : PLACE_DIRECT;
    e->channel = c->sim.channel;
    e->at_ms = clock_now_ms();
    if (*c->sim.next_id) {
        e->id = arena_strdup(&c->arena, c->sim.next_id);
        c->sim.next_id[0] = '\0';
    } else {
        e->id = arena_printf(&c->arena, "%s-%lu", c->run, c->line_number);
    }
    int rc = engine_event(c->engine, e);
    if (rc == 0) {
        c->retry_ms = 0; /* the database takes changes: no need to wait any longer */
        show_taken(c);
    } else if (rc != -EEXIST) {
        (void)engine_alarm(c->engine, e); /* printed at once: nothing is under way */
        tell(c, engine_message(c->engine, MSG_NOT_SAVED));
    }
    c->damaged = rc == -EBADMSG;
    if (!c->damaged && engine_deliver(c->engine) != 0) {
        log_error("replies could not be read", "why", store_message(c->store));
    }
    return !c->damaged && !c->unheard;
}

static void do_due_work(struct console *c) {
    if (engine_work(c->engine, &c->next_ms) != 0 || engine_deliver(c->engine) != 0) {
        log_error("due work failed", "why", store_message(c->store));
    }
}

static bool reload(struct console *c) {
    return c->reload && c->reload->reload(c->reload->ctx, c->engine);
}

/* False to end. */
static bool handle_line(struct console *c, const char *line, size_t n) {
    arena_reset(&c->arena);
    c->line_number++;
    /* Only what is read as a message is cleaned in full; the echo of a flood is clipped. */
    const char *text = text_clean(&c->arena, line, n, LINE_MAX_BYTES, NULL);
    if (c->options.echo) {
        printf("> %s\n", text_clip(&c->arena, text, 200));
        fflush(stdout);
    }
    if (*text == '\0') {
        return true;
    }
    struct event e = {.kind = EVENT_MESSAGE, .text = text, .question = ""};
    if (*text != ':') {
        return handle_event(c, &e);
    }
    const char *why = "";
    switch (simulation_directive(&c->sim, text, &e, &why)) {
    case DIRECTIVE_DONE:
        break;
    case DIRECTIVE_EVENT:
        return handle_event(c, &e);
    case DIRECTIVE_CLOCK:
        do_due_work(c);
        return !c->unheard;
    case DIRECTIVE_RELOAD:
        if (!reload(c)) {
            fputs("kizuki: :reload: the old settings stay\n", stderr);
        }
        break;
    case DIRECTIVE_CRASH:
        /* A person waits before the next line, and an idle process has settled by then. */
        if (engine_settle(c->engine) == 0) {
            raise(SIGKILL);
        }
        break;
    case DIRECTIVE_QUIT:
        return false;
    case DIRECTIVE_BAD:
        fprintf(stderr, "kizuki: %s\n", why);
        break;
    }
    return true;
}

/* False to end. */
static bool handle_signals(struct console *c) {
    struct signalfd_siginfo si;
    while (read(c->signals, &si, sizeof(si)) == (ssize_t)sizeof(si)) {
        if (si.ssi_signo != SIGHUP) {
            return false;
        }
        (void)reload(c); /* it says itself what is wrong */
    }
    return true;
}

/*
 * Takes whole lines off the input, as long as no signal says otherwise; false to end. What is
 * beyond the limit of a line is dropped.
 */
static bool take_lines(struct console *c, bool at_end) {
    bool go_on = true;
    size_t used = 0;
    while (go_on && handle_signals(c)) {
        const char *start = buf_text(&c->input) + used;
        size_t left = c->input.len - used;
        const char *nl = memchr(start, '\n', left);
        size_t n = nl ? (size_t)(nl - start) : left;
        bool too_long = !nl && n >= LINE_MAX_BYTES;
        if (!nl && !too_long && !(at_end && n > 0)) {
            buf_drop_front(&c->input, used);
            return true;
        }
        if (!c->overlong) {
            size_t shown = n > 0 && start[n - 1] == '\r' ? n - 1 : n;
            go_on = handle_line(c, start, shown);
        }
        c->overlong = too_long;
        used += n + (nl ? 1 : 0);
    }
    return false;
}

/* ---- the loop ---- */

static int block_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0) {
        return -1;
    }
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* 1: something was read, 0: end of input, -1: nothing now. */
static int read_input(struct console *c) {
    static char chunk[READ_BYTES];
    ssize_t n = read(STDIN_FILENO, chunk, sizeof(chunk));
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) {
        return -1;
    }
    if (n < 0) {
        fprintf(stderr, "kizuki: the standard input cannot be read: %s\n", strerrordesc_np(errno));
        c->deaf = true;
        return 0;
    }
    buf_add(&c->input, chunk, (size_t)n);
    return n > 0 ? 1 : 0;
}

/* Of a clock that neither ":advance" nor the options touch: for pauses. */
static int64_t real_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Marks what was sent, which may free what had to wait behind it, and does what is due. */
static int catch_up(struct console *c) {
    int rc = engine_settle(c->engine);
    if (rc == 0) {
        rc = engine_deliver(c->engine);
    }
    if (rc == 0) {
        rc = engine_settle(c->engine);
    }
    if (rc == 0 && clock_now_ms() >= c->next_ms) {
        rc = engine_work(c->engine, &c->next_ms);
    }
    return rc;
}

/* A disk that is full stays full for a while: longer and longer pauses, one line in the log. */
static void catch_up_in_time(struct console *c) {
    if (c->pause_ms > 0 && real_ms() < c->retry_ms) {
        return;
    }
    if (catch_up(c) == 0) {
        if (c->pause_ms > 0) {
            log_warn("what was done can be written down again");
        }
        c->pause_ms = 0;
        return;
    }
    if (c->pause_ms == 0) {
        log_error("what was done cannot be written down", "why", store_message(c->store));
    }
    c->pause_ms = c->pause_ms == 0 ? RETRY_FIRST_MS : c->pause_ms * 2;
    c->pause_ms = c->pause_ms < RETRY_MAX_MS ? c->pause_ms : RETRY_MAX_MS;
    c->retry_ms = real_ms() + c->pause_ms;
}

static int wait_ms(const struct console *c) {
    int64_t left = c->pause_ms > 0 ? c->retry_ms - real_ms() : c->next_ms - clock_now_ms();
    return left < 0 ? 0 : left > POLL_MAX_MS ? POLL_MAX_MS : (int)left;
}

/* A person sits in front: prompts and a word on how to begin; nothing of that in a pipe. */
static bool is_interactive(const struct console *c) {
    return c->tty && !c->options.json && isatty(STDIN_FILENO);
}

static void prompt(const struct console *c) {
    if (is_interactive(c)) {
        printf("%s%s> ", *c->sim.channel ? "#" : "",
               *c->sim.channel ? c->sim.channel : c->sim.user);
        fflush(stdout);
    }
}

static void loop(struct console *c) {
    bool go_on = true;
    while (go_on && !c->unheard) {
        struct pollfd fds[2] = {{.fd = c->signals, .events = POLLIN},
                                {.fd = STDIN_FILENO, .events = POLLIN}};
        if (poll(fds, 2, 0) == 0) {
            catch_up_in_time(c);
            (void)poll(fds, 2, c->unheard ? 0 : wait_ms(c));
        }
        if (fds[0].revents) {
            go_on = handle_signals(c);
        }
        if (go_on && fds[1].revents) {
            int got = read_input(c);
            if (got >= 0) {
                go_on = take_lines(c, got == 0) && got > 0;
                prompt(c);
            }
        }
        if (go_on && clock_now_ms() >= c->next_ms) {
            catch_up_in_time(c);
        }
    }
}

int console_run(struct console *c, struct engine *engine, struct store *store,
                const struct console_reload *reload) {
    c->engine = engine;
    c->store = store;
    c->reload = reload;
    c->signals = block_signals();
    if (c->signals < 0) {
        fprintf(stderr, "kizuki: signals cannot be set up\n");
        return 1;
    }
    if (is_interactive(c)) {
        tell(c, engine_message(engine, MSG_CONSOLE));
    }
    struct outlet outlet = {.platform = PLATFORM,
                            .workspace = WORKSPACE,
                            .cards = c->options.cards,
                            .send = show,
                            .desk = desk,
                            .ctx = c};
    int rc = engine_attach(engine, &outlet);
    prompt(c);
    if (rc == 0) {
        loop(c);
    }
    close(c->signals);
    if (c->unheard) {
        return 1; /* nobody is left to tell */
    }
    int settled = engine_settle(engine);
    if (c->damaged) {
        return 1; /* said already; what else cannot be written down hardly matters */
    }
    if (rc != 0 || settled != 0) {
        fprintf(stderr, "kizuki: %s\n", store_message(store));
        return 1;
    }
    return is_pictured(c) && !c->deaf ? 0 : 1;
}
