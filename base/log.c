#include "base/log.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"

const char *const log_level_names[LOG__COUNT] = {"error", "warning", "info", "debug"};
const char *const log_format_names[LOG_FORMAT__COUNT] = {"auto", "human", "json"};

#define LINE_MAX_BYTES   ((size_t)8 * 1024)
#define VALUES_MAX_BYTES (LINE_MAX_BYTES - 256) /* leaves room for a key and the end */

static FILE *out;
static enum log_level max_level = LOG_WARN;
static bool json;

void log_setup(FILE *stream, enum log_level max, enum log_format format) {
    out = stream;
    max_level = max;
    json = format == LOG_JSON || (format == LOG_AUTO && !isatty(fileno(stream)));
}

void log_set_level(enum log_level max) {
    max_level = max;
}

const char *log_num(char number[24], int64_t n) {
    snprintf(number, 24, "%lld", (long long)n);
    return number;
}

/*
 * Escapes for both formats: a value can never break the line or steer the terminal. Broken UTF-8
 * becomes U+FFFD, and what does not fit is cut, so that the line can always be closed.
 */
static void add_escaped(struct buf *b, const char *s) {
    for (int32_t c; b->len < VALUES_MAX_BYTES && (c = text_next(&s)) != 0;) {
        if (c == '"' || c == '\\') {
            buf_addf(b, "\\%c", (char)c);
        } else if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
            buf_addf(b, "\\u%04x", (unsigned)c);
        } else {
            char one[4];
            buf_add(b, one, text_put(one, c));
        }
    }
    if (b->len >= VALUES_MAX_BYTES) {
        buf_adds(b, "…");
    }
}

void log_event(enum log_level level, const char *event, ...) {
    if (level > max_level) {
        return;
    }
    struct buf b;
    buf_init(&b, LINE_MAX_BYTES);
    char at[32];
    clock_format_iso(clock_now_ms(), at);
    if (json) {
        buf_addf(&b, "{\"at\":\"%s\",\"level\":\"%s\",\"event\":\"", at, log_level_names[level]);
        add_escaped(&b, event);
        buf_adds(&b, "\"");
    } else {
        buf_addf(&b, "%.19s %-7s %s", at, log_level_names[level], event);
    }
    va_list ap;
    va_start(ap, event);
    const char *key;
    while (b.len < VALUES_MAX_BYTES && (key = va_arg(ap, const char *)) != NULL) {
        const char *value = va_arg(ap, const char *);
        if (!value) {
            break;
        }
        buf_addf(&b, json ? ",\"%s\":\"" : " %s=\"", key);
        add_escaped(&b, value);
        buf_adds(&b, "\"");
    }
    va_end(ap);
    if (json && !b.overflow) {
        buf_adds(&b, "}");
    }
    fprintf(out ? out : stderr, "%s\n", buf_text(&b));
    fflush(out ? out : stderr);
    buf_free(&b);
}
