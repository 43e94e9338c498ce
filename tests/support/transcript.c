#include "tests/support/transcript.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/buf.h"

#define CLOCK     "2026-11-23T09:00"
#define INPUT_MAX ((size_t)4 * 1024 * 1024)

bool transcript_read(const char *path, struct transcript *ret) {
    *ret = (struct transcript){.path = path};
    FILE *f = fopen(path, "re");
    size_t cap = 0;
    ssize_t n = f ? getdelim(&ret->text, &cap, '\0', f) : -1;
    if (f) {
        fclose(f);
    }
    char *save = NULL;
    for (char *line = n > 0 ? strtok_r(ret->text, "\n", &save) : NULL; line;
         line = strtok_r(NULL, "\n", &save)) {
        if ((line[0] == '>' || line[0] == '!') && line[1] == ' ' && ret->n < TRANSCRIPT_LINES_MAX) {
            ret->lines[ret->n++] = line;
        }
    }
    return ret->n > 0 && ret->n < TRANSCRIPT_LINES_MAX;
}

void transcript_free(struct transcript *t) {
    free(t->text);
    *t = (struct transcript){.n = 0};
}

bool transcript_begins(const char *line, const char *with) {
    return strncmp(line, with, strlen(with)) == 0;
}

bool transcript_has(const struct transcript *t, const char *beginning) {
    for (size_t i = 0; i < t->n; i++) {
        if (transcript_begins(t->lines[i], beginning)) {
            return true;
        }
    }
    return false;
}

struct terminal {
    const struct wire *w;
    const char *kizuki;
    const char *db;
    const char *args;
    bool cards;
    struct buf input;
};

/* Plays the lines so far in a process of its own. */
static void play_lines(struct terminal *t, bool crash) {
    if (t->input.len == 0) {
        return;
    }
    char pack[96];
    char args[256];
    const char *argv[16] = {t->kizuki, "chat", "--db", t->db, "--at", CLOCK};
    size_t n = 6;
    char *save = NULL;
    snprintf(pack, sizeof(pack), "%s/pack", wire_dir(t->w));
    snprintf(args, sizeof(args), "%s%s", t->args, t->cards ? " --cards" : "");
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

void transcript_edit_pack(const struct wire *w, const char *sed) {
    static const char script[] = "rm -rf \"$1/pack\" && cp -r content/pack \"$1/pack\" && "
                                 "sed -i \"$2\" \"$1/pack/questionnaire.json\" && "
                                 "! cmp -s content/pack/questionnaire.json "
                                 "\"$1/pack/questionnaire.json\"";
    const char *argv[] = {"/bin/sh", "-c", script, "sh", wire_dir(w), sed, NULL};
    if (wire_execute(w, argv, "") != 0) {
        wire_fail(w, "edit-pack changes nothing: %s", sed);
    }
}

void transcript_play(const struct wire *w, const char *kizuki, const struct transcript *script,
                     const char *db, bool cards) {
    struct terminal t = {.w = w, .kizuki = kizuki, .db = db, .args = "", .cards = cards};
    buf_init(&t.input, INPUT_MAX);
    for (size_t i = 0; i < script->n; i++) {
        const char *line = script->lines[i];
        if (line[0] == '>') {
            buf_addf(&t.input, "%s\n", line + 2);
        }
        if (strcmp(line, "> :crash") == 0 || line[0] == '!') {
            play_lines(&t, line[0] == '>');
        }
        if (transcript_begins(line, "! edit-pack ")) {
            transcript_edit_pack(w, line + strlen("! edit-pack "));
        } else if (transcript_begins(line, "! restart")) {
            t.args = line + strlen("! restart");
        } else if (transcript_begins(line, "! args")) {
            t.args = line + strlen("! args");
        }
    }
    play_lines(&t, false);
    buf_free(&t.input);
}
