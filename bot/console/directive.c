#include "bot/console/directive.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "intents/answer.h"

const char directive_help[] =
    "  :as NAME          go on as another person\n"
    "  :channel NAME     speak in a channel; \":channel direct\" goes back to the direct message\n"
    "  :react N          react to the last question with number N; \":react ok\" for the check "
    "mark\n"
    "  :unreact N        take that reaction back\n"
    "  :advance 6d       move the clock (s, m, h, d, w; \"-1h\" sets it back); due work happens\n"
    "  :id ID            give the next line this message id; the same id twice is one message\n"
    "  :reload           read content and configuration again, as SIGHUP does\n"
    "  :crash            die at once, as by kill -9\n"
    "  :quit             end\n";

void simulation_init(struct simulation *sim, const char *user) {
    *sim = (struct simulation){.n_shown = 0};
    snprintf(sim->user, sizeof(sim->user), "%s", user);
}

void simulation_free(struct simulation *sim) {
    for (size_t i = 0; i < sim->n_shown; i++) {
        free(sim->shown[i].question);
    }
    sim->n_shown = 0;
}

static struct shown *find_shown(struct simulation *sim, const char *user) {
    for (size_t i = 0; i < sim->n_shown; i++) {
        if (strcmp(sim->shown[i].user, user) == 0) {
            return &sim->shown[i];
        }
    }
    return NULL;
}

void simulation_saw(struct simulation *sim, const struct store_out *row) {
    if (*row->question == '\0') {
        return;
    }
    struct shown *old = find_shown(sim, row->recipient);
    if (!old && sim->n_shown == SIMULATION_PEOPLE_MAX) {
        old = sim->shown;
    }
    if (old) {
        free(old->question);
        sim->n_shown--;
        memmove(old, old + 1, (size_t)(sim->shown + sim->n_shown - old) * sizeof(*old));
    }
    struct shown *s = &sim->shown[sim->n_shown++];
    *s = (struct shown){.question = xstrdup(row->question)};
    snprintf(s->user, sizeof(s->user), "%s", row->recipient);
}

static enum directive bad(const char **why, const char *what) {
    *why = what;
    return DIRECTIVE_BAD;
}

bool simulation_name_fits(const char *name) {
    size_t n = strlen(name);
    if (n == 0 || n > SIMULATION_NAME_MAX || strpbrk(name, " \t\n")) {
        return false;
    }
    struct arena arena = {0};
    bool clean = strcmp(text_clean(&arena, name, n, n, NULL), name) == 0;
    arena_free(&arena);
    return clean;
}

static bool set_name(char out[SIMULATION_NAME_MAX + 1], const char *name) {
    if (!simulation_name_fits(name)) {
        return false;
    }
    memcpy(out, name, strlen(name) + 1);
    return true;
}

static enum directive react(struct simulation *sim, const char *what, bool on, struct event *event,
                            const char **why) {
    const struct shown *s = find_shown(sim, sim->user);
    if (!s) {
        return bad(why, ":react: no question has been shown to this person since the start");
    }
    event->kind = on ? EVENT_TICK : EVENT_UNTICK;
    event->question = s->question;
    event->text = "";
    if (on && (strcmp(what, "ok") == 0 || strcmp(what, "✅") == 0)) {
        event->kind = EVENT_CLOSE;
        return DIRECTIVE_EVENT;
    }
    struct arena arena = {0};
    event->choice = answer_number(&arena, what);
    arena_free(&arena);
    return event->choice > 0 ? DIRECTIVE_EVENT : bad(why, ":react: give a number or \"ok\"");
}

static enum directive advance(const char *span, const char **why) {
    int64_t ms;
    if (!clock_parse_span(span, &ms)) {
        return bad(why, ":advance: give a time like 30m, 6h, 6d or 2w");
    }
    clock_shift_ms(ms);
    return DIRECTIVE_CLOCK;
}

enum directive simulation_directive(struct simulation *sim, const char *line, struct event *event,
                                    const char **why) {
    size_t n = strcspn(line, " ");
    const char *arg = line + n + strspn(line + n, " ");
    char word[16];
    snprintf(word, sizeof(word), "%.*s", (int)n, line);
    if (strcmp(word, ":as") == 0) {
        return set_name(sim->user, arg) ? DIRECTIVE_DONE
                                        : bad(why, ":as: give a name without spaces");
    }
    if (strcmp(word, ":channel") == 0) {
        if (*arg == '\0' || strcmp(arg, "direct") == 0) {
            sim->channel[0] = '\0';
            return DIRECTIVE_DONE;
        }
        return set_name(sim->channel, *arg == '#' ? arg + 1 : arg)
                   ? DIRECTIVE_DONE
                   : bad(why, ":channel: give a name without spaces");
    }
    if (strcmp(word, ":id") == 0) {
        return set_name(sim->next_id, arg) ? DIRECTIVE_DONE
                                           : bad(why, ":id: give an id without spaces");
    }
    if (strcmp(word, ":react") == 0 || strcmp(word, ":unreact") == 0) {
        return react(sim, arg, word[1] == 'r', event, why);
    }
    if (strcmp(word, ":advance") == 0) {
        return advance(arg, why);
    }
    static const struct {
        const char *word;
        enum directive directive;
    } plain[] = {
        {":reload", DIRECTIVE_RELOAD}, {":crash", DIRECTIVE_CRASH}, {":quit", DIRECTIVE_QUIT}};
    for (size_t i = 0; i < ARRAY_LEN(plain); i++) {
        if (strcmp(word, plain[i].word) == 0) {
            return plain[i].directive;
        }
    }
    return bad(why, "unknown directive; known: :as :channel :react :unreact :advance :id :reload "
                    ":crash :quit");
}
