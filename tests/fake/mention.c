#include "tests/fake/mention.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#include "base/text.h"

#define MENTIONS_MAX 256
#define NAME_MAX_LEN 64

struct found {
    const struct user *users[MENTIONS_MAX];
    size_t n;
};

static void add(struct found *f, const struct world *w, const struct post *p,
                const struct user *u) {
    if (u == p->user || f->n == MENTIONS_MAX || !world_is_member(w, p->channel, u)) {
        return;
    }
    for (size_t i = 0; i < f->n; i++) {
        if (f->users[i] == u) {
            return;
        }
    }
    f->users[f->n++] = u;
}

/* "@name", "@all", "@channel", "@here" without anything around it. */
static void try_word(struct found *f, const struct world *w, const struct post *p,
                     const char *word) {
    if (word[0] != '@') {
        return;
    }
    const struct user *u = world_user_named(w, word + 1);
    if (u) {
        add(f, w, p, u);
        return;
    }
    bool all = strcmp(word, "@all") == 0 || strcmp(word, "@channel") == 0;
    bool here = strcmp(word, "@here") == 0;
    for (size_t i = 0; (all || here) && i < p->channel->n_members; i++) {
        const struct user *m = p->channel->members[i];
        if (all || strcmp(m->status, "online") == 0) {
            add(f, w, p, m);
        }
    }
}

static void try_run(struct found *f, const struct world *w, const struct post *p, const char *start,
                    size_t n) {
    while (n > 0 && strchr(":.-_", start[0])) {
        start++;
        n--;
    }
    while (n > 0 && strchr(":.-_", start[n - 1])) {
        n--;
    }
    char word[NAME_MAX_LEN];
    if (n == 0 || n >= sizeof(word)) {
        return;
    }
    for (size_t i = 0; i < n; i++) {
        word[i] = (char)tolower((unsigned char)start[i]);
    }
    word[n] = '\0';
    try_word(f, w, p, word);
    /* "@a-@b" and "@a.b": the parts count too. */
    char *rest = word;
    for (char *part; (part = strsep(&rest, ":.-")) != NULL;) {
        try_word(f, w, p, part);
    }
}

/* Letters and digits of any script end or spoil a name: "@hanakoさん" mentions nobody. */
static bool in_run(int32_t c) {
    if (c < 0x80) {
        return isalnum((int)c) || (c && strchr(":.-_@", (int)c));
    }
    utf8proc_category_t k = utf8proc_category(c);
    return (k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO) ||
           (k >= UTF8PROC_CATEGORY_ND && k <= UTF8PROC_CATEGORY_NO);
}

static void search(struct found *f, const struct world *w, const struct post *p) {
    const char *run = NULL;
    const char *s = p->message;
    bool code = false;
    for (;;) {
        const char *at = s;
        int32_t c = text_next(&s);
        if (in_run(c) && !code) {
            run = run ? run : at;
            continue;
        }
        if (run) {
            try_run(f, w, p, run, (size_t)(at - run));
            run = NULL;
        }
        if (c == '`') {
            code = !code && strchr(s, '`');
        }
        if (c == 0) {
            return;
        }
    }
}

void mention_list(struct buf *b, const struct world *w, const struct post *p) {
    struct found f = {.n = 0};
    for (size_t i = 0; p->channel->type == 'D' && i < p->channel->n_members; i++) {
        add(&f, w, p, p->channel->members[i]);
    }
    if (strchr(p->message, '@')) {
        search(&f, w, p);
    }
    for (size_t i = 0; i < f.n; i++) {
        buf_addf(b, "%s\"%s\"", i ? "," : "[", f.users[i]->id);
    }
    buf_adds(b, f.n ? "]" : "");
}
