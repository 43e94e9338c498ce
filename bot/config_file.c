#include "bot/config_file.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define FILE_MAX_BYTES ((size_t)256 * 1024)

void config_file_error(struct config_file *f, int line, const char *key, const char *what) {
    if (f->n_errors == CONFIG_ERRORS_MAX) {
        return;
    }
    size_t at = f->n_errors++;
    for (; at > 0 && f->errors[at - 1].line > line; at--) {
        f->errors[at] = f->errors[at - 1];
    }
    const char *text = key ? arena_printf(&f->arena, "key '%s': %s", key, what) : what;
    f->errors[at] = (struct config_error){line, text};
}

const char *config_file_advice(struct arena *a, int error) {
    return arena_printf(a, "%s; allowed: a file this user may read", strerrordesc_np(error));
}

/* Makes the bytes plain lines of UTF-8: no byte order mark, no carriage returns. */
static bool take_text(struct config_file *f, char *bytes, size_t n) {
    size_t good = text_valid_prefix(bytes, n);
    size_t len = 0;
    int line = 1;
    for (size_t i = strncmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; i < good; i++) {
        line += bytes[i] == '\n';
        if (bytes[i] != '\r' || bytes[i + 1] != '\n') {
            bytes[len++] = bytes[i];
        }
    }
    if (good < n) {
        config_file_error(f, line, NULL,
                          "this is not UTF-8 text; allowed: UTF-8 without NUL bytes");
        return false;
    }
    bytes[len] = '\0';
    f->at = bytes;
    return true;
}

bool config_file_read(struct config_file *f, const char *name) {
    char *bytes = arena_alloc(&f->arena, FILE_MAX_BYTES + 2);
    FILE *in = fopen(name, "re");
    size_t n = in ? fread(bytes, 1, FILE_MAX_BYTES + 1, in) : 0;
    f->line = 1;
    if (!in || ferror(in)) {
        config_file_error(f, 0, NULL, config_file_advice(&f->arena, errno));
    } else if (n > FILE_MAX_BYTES) {
        config_file_error(f, 0, NULL, "the file is too large; allowed: at most 256 KiB");
    }
    if (in) {
        fclose(in);
    }
    return f->n_errors == 0 && take_text(f, bytes, n);
}

/* ---- statements ---- */

/* Blanks the comment at f->at; false where it never ends. */
static bool blank_comment(struct config_file *f) {
    bool block = strncmp(f->at, "/*", 2) == 0;
    const char *end = block ? strstr(f->at + 2, "*/") : strchrnul(f->at, '\n');
    if (!end) {
        f->at += strlen(f->at);
        return false;
    }
    for (end += block ? 2 : 0; f->at < end; f->at++) {
        f->line += *f->at == '\n';
        *f->at = *f->at == '\n' ? '\n' : ' ';
    }
    return true;
}

/* Moves over "${NAME}" or "${NAME:-default}", which libconfuse expands; NULL, or what is wrong. */
static const char *skip_reference(struct config_file *f) {
    const char *name = f->at + 2;
    size_t n = strcspn(name, "}:\"\\\n");
    size_t all = strcspn(name, "}\"\\\n");
    if (n == 0 || name[all] != '}' || (n < all && name[n + 1] != '-')) {
        return "'${' begins an environment variable; allowed: ${NAME}, ${NAME:-default}, \\${";
    }
    f->at += 2 + all;
    const char *variable = arena_strndup(&f->arena, name, n);
    return n < all || getenv(variable)
               ? NULL
               : arena_printf(&f->arena,
                              "the environment variable %s is not set; allowed: ${%s:-default}",
                              variable, variable);
}

/* Moves behind the string at f->at, or to the end of its line; NULL, or what is wrong. */
static const char *skip_string(struct config_file *f) {
    const char *problem = NULL;
    char quote = *f->at++;
    for (; *f->at != quote; f->at++) {
        if (*f->at == '\0' || *f->at == '\n') {
            return "the string has no closing quote on its line; allowed: \\n for a line break";
        }
        if (*f->at == '\\' && f->at[1] != '\0') {
            f->at++;
            f->line += *f->at == '\n';
            if (quote == '"' && !strchr("\"\\nt$\n", *f->at)) {
                problem = "unknown escape in a string; allowed: \\\" \\\\ \\n \\t \\$";
            }
        } else if (quote == '"' && strncmp(f->at, "${", 2) == 0) {
            const char *wrong = skip_reference(f);
            problem = wrong ? wrong : problem;
        }
    }
    f->at++;
    return problem;
}

/* Moves over whatever is at f->at; NULL, or what is wrong with it. */
static const char *skip_one(struct config_file *f, int *depth) {
    bool word_start =
        f->at == f->statement || !isgraph((unsigned char)f->at[-1]) || strchr("={}\"'", f->at[-1]);
    bool slashes = word_start && *f->at == '/' && (f->at[1] == '/' || f->at[1] == '*');
    if (*f->at == '#' || slashes) {
        return blank_comment(f) ? NULL : "the comment is never closed; allowed: /* … */";
    }
    if (*f->at == '"' || *f->at == '\'') {
        return skip_string(f);
    }
    char c = *f->at++;
    *depth += (c == '{') - (c == '}');
    f->line += c == '\n';
    return strchr("*+|", c) ? "'*', '+' or '|' outside quotes; allowed: key = \"value\"" : NULL;
}

const char *config_file_leading_key(struct config_file *f, const char *line) {
    line += strspn(line, " \t");
    size_t n = strspn(line, "abcdefghijklmnopqrstuvwxyz_");
    bool key = n > 0 && n <= CONFIG_KEY_MAX && line[n + strspn(line + n, " \t")] == '=';
    return key ? arena_strndup(&f->arena, line, n) : NULL;
}

bool config_file_next(struct config_file *f) {
    while (*f->at && isspace((unsigned char)*f->at)) {
        f->line += *f->at++ == '\n';
    }
    f->statement = f->at;
    f->statement_line = f->line;
    char *line_start = f->at;
    size_t n_errors = f->n_errors;
    int depth = 0;
    while (*f->at) {
        bool line_end = *f->at == '\n';
        if (line_end && depth <= 0 && f->at[1 + strspn(f->at + 1, " \t\n")] != '{') {
            break;
        }
        int line = f->line;
        const char *problem = skip_one(f, &depth);
        if (problem) {
            config_file_error(f, line, config_file_leading_key(f, line_start), problem);
            f->at += strcspn(f->at, "\n");
        }
        line_start = line_end ? f->at : line_start;
    }
    if (depth > 0) {
        config_file_error(f, f->statement_line, NULL,
                          "the '{' is never closed; allowed: NAME { … }");
    }
    bool more = f->at != f->statement;
    if (*f->at) {
        *f->at++ = '\0';
        f->line++;
    }
    f->statement = f->n_errors == n_errors ? f->statement : "";
    return more;
}
