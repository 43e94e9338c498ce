#include "content/say.h"

#include <string.h>

#define MAX_PAIRS 8

struct pairs {
    const char *names[MAX_PAIRS];
    const char *values[MAX_PAIRS];
    size_t n;
};

static struct pairs collect(va_list ap) {
    struct pairs p = {.n = 0};
    const char *name;
    while (p.n < MAX_PAIRS && (name = va_arg(ap, const char *)) != NULL) {
        p.names[p.n] = name;
        p.values[p.n++] = va_arg(ap, const char *);
    }
    return p;
}

static const char *value_of(const struct pairs *p, const char *name, size_t n) {
    for (size_t i = 0; i < p->n; i++) {
        if (strlen(p->names[i]) == n && strncmp(p->names[i], name, n) == 0) {
            return p->values[i];
        }
    }
    return NULL;
}

static void fill(struct buf *out, const char *template, const struct pairs *p) {
    const char *open;
    while ((open = strchr(template, '{')) != NULL) {
        const char *close = strchr(open, '}');
        const char *value = close ? value_of(p, open + 1, (size_t)(close - open - 1)) : NULL;
        if (!value) {
            buf_add(out, template, (size_t)(open - template) + 1);
            template = open + 1;
            continue;
        }
        buf_add(out, template, (size_t)(open - template));
        buf_adds(out, value);
        template = close + 1;
    }
    buf_adds(out, template);
}

void say_list(struct buf *out, const struct pack *pack, enum lang lang, enum msg msg,
              va_list pairs) {
    struct pairs p = collect(pairs);
    fill(out, pack->messages[msg].in[lang], &p);
}

void say(struct buf *out, const struct pack *pack, enum lang lang, enum msg msg, ...) {
    va_list ap;
    va_start(ap, msg);
    say_list(out, pack, lang, msg, ap);
    va_end(ap);
}

void say_template(struct buf *out, const char *template, ...) {
    va_list ap;
    va_start(ap, template);
    struct pairs p = collect(ap);
    va_end(ap);
    fill(out, template, &p);
}

void say_date(struct buf *out, const struct pack *pack, enum lang lang) {
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    const struct attribution *a = &pack->attribution;
    if (lang == LANG_JA) {
        buf_addf(out, "%d年%d月%d日", a->year, a->month, a->day);
    } else {
        buf_addf(out, "%d %s %d", a->day, months[a->month - 1], a->year);
    }
}
