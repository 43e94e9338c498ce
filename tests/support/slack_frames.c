#include "tests/support/slack_frames.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "tests/support/recorded.h"

bool frame_reads(struct arena *a, const char *text, size_t n, struct slack_frame *ret,
                 const char **why) {
    char *copy = malloc(n ? n : 1);
    assert_non_null(copy);
    memcpy(copy, text, n);
    *why = "untouched";
    bool good = slack_frame_read(a, copy, n, ret, why);
    free(copy);
    if (!good && (!*why || !**why || strcmp(*why, "untouched") == 0)) {
        fail_msg("no reason for %.80s", text);
    }
    return good;
}

void frame_recorded(struct arena *a, const char *name, struct slack_frame *ret) {
    size_t n;
    const char *why;
    const char *text = recorded_text(a, arena_printf(a, "slack/%s", name), &n);
    if (!frame_reads(a, text, n, ret, &why)) {
        fail_msg("%s: %s", name, why);
    }
}

void assert_texts(const char *name, const char *const pairs[][2], size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (!pairs[i][0] || strcmp(pairs[i][0], pairs[i][1]) != 0) {
            fail_msg("%s, text %zu: '%s' and not '%s'", name, i, pairs[i][0], pairs[i][1]);
        }
    }
}

static bool text(const char *s) {
    return s && text_valid(s, strlen(s));
}

static bool id(const char *s, bool needed) {
    return s && (slack_is_id(s) || (!needed && *s == '\0'));
}

static bool ts(const char *s, bool needed) {
    return s && (slack_is_ts(s) || (!needed && *s == '\0'));
}

/* Nothing that would end a header, a line of the log or a JSON string. */
static bool word(const char *s) {
    for (size_t i = 0; s && s[i]; i++) {
        if (s[i] <= ' ' || s[i] >= 0x7f || s[i] == '"' || s[i] == '\\') {
            return false;
        }
    }
    return s != NULL;
}

static void sound_message(const struct slack_message *m) {
    bool person = !m->automatic && !m->past && !m->system;
    assert_true(id(m->channel, true) && ts(m->ts, true) && id(m->user, person));
    assert_true(ts(m->thread, false) && strcmp(m->thread, m->ts) != 0 && id(m->user_team, false));
    assert_true(text(m->text) && text(m->key));
    assert_true(m->place == SLACK_IM || m->place == SLACK_CHANNEL || m->place == SLACK_GROUP);
}

static void sound_value(const struct slack_value *v) {
    assert_true(text(v->block) && text(v->action));
    for (size_t i = 0; i < v->n; i++) {
        assert_true(text(v->values[i]));
    }
}

static void sound_state(const struct slack_value *state, size_t n) {
    for (size_t i = 0; i < n; i++) {
        sound_value(&state[i]);
    }
}

static void sound_click(const struct slack_click *c) {
    assert_true(id(c->user, true) && id(c->user_team, false) && id(c->channel, false));
    assert_true(ts(c->ts, false) && ts(c->thread, false) && ts(c->action_ts, false));
    assert_true(id(c->view, false) && (*c->view || (*c->channel && *c->ts)));
    assert_true(word(c->trigger) && word(c->response_url));
    assert_true(*c->done.block && *c->done.action);
    sound_value(&c->done);
    sound_state(c->state, c->n_state);
}

static void sound_inner(const struct slack_frame *f) {
    switch (f->kind) {
    case SLACK_MESSAGE:
        sound_message(&f->message);
        break;
    case SLACK_REACTION:
        assert_true(id(f->reaction.user, true) && *f->reaction.name && text(f->reaction.name));
        assert_true(id(f->reaction.channel, true) && ts(f->reaction.ts, true));
        assert_true(ts(f->reaction.event_ts, false));
        break;
    case SLACK_USER:
        assert_true(id(f->user.id, true) && id(f->user.team, false));
        assert_true(word(f->user.locale) && word(f->user.tz) && !strchr(f->user.tz, '.'));
        break;
    case SLACK_HOME:
        assert_true(id(f->home.user, true) && id(f->home.channel, false));
        break;
    case SLACK_CLICK:
        sound_click(&f->click);
        break;
    case SLACK_SUBMIT:
        assert_true(id(f->submit.user, true) && id(f->submit.user_team, false));
        assert_true(id(f->submit.view, true) && text(f->submit.callback));
        assert_true(word(f->submit.hash) && text(f->submit.private));
        sound_state(f->submit.state, f->submit.n_state);
        break;
    case SLACK_COMMAND:
        assert_true(id(f->command.user, true) && id(f->command.channel, true));
        assert_true(*f->command.command && text(f->command.command) && text(f->command.text));
        assert_true(text(f->command.channel_name) && word(f->command.trigger));
        assert_true(word(f->command.response_url));
        break;
    case SLACK_HELLO:
    case SLACK_DISCONNECT:
    case SLACK_LIMITED:
    case SLACK_OTHER:
        break;
    }
}

void assert_sound(const struct slack_frame *f) {
    bool enveloped = f->kind != SLACK_HELLO && f->kind != SLACK_DISCONNECT;
    assert_true(word(f->envelope) && word(f->event_id) && id(f->team, false));
    assert_true(!enveloped || *f->envelope || f->kind == SLACK_OTHER);
    assert_true(f->retry >= 0 && f->event_ms >= 0 && f->connections >= 0 && f->life_s >= 0);
    sound_inner(f);
}
