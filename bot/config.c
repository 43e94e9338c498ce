#include "bot/config.h"

#include <confuse.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "bot/config_file.h"

#define MAX_ANSWERS_A_MINUTE 60
#define SECRET_MAX_BYTES     ((size_t)4 * 1024)
#define VALUE_MAX_BYTES      ((size_t)4 * 1024)

struct loader {
    struct config_file file; /* its statement is being read by libconfuse */
    struct config *config;
    struct config_workspace open; /* the section being read */
    struct seen {
        struct seen *next;
        const cfg_opt_t *opt;
    } * seen; /* what was set already; libconfuse would silently take the last value */
};

/* libconfuse hands no context to its callbacks; set only while it parses. */
static struct loader *current;

static const char *secret_problem(const char *secret) {
    if (!*secret) {
        return "the secret is empty; allowed: one word of ASCII";
    }
    while (isgraph((unsigned char)*secret)) {
        secret++;
    }
    return *secret ? "white space or an unprintable byte in the secret; allowed: one word of ASCII"
                   : NULL;
}

/* Reads an open file into bytes, without the newline at its end; NULL, or what is wrong. */
static const char *take_secret(struct loader *ld, int fd, const char *path, char *bytes) {
    struct stat st;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        return S_ISDIR(st.st_mode) ? config_file_advice(&ld->file.arena, EISDIR)
                                   : "this is not a regular file";
    }
    if (st.st_mode & (S_IRWXG | S_IRWXO)) {
        return arena_printf(&ld->file.arena,
                            "the file is open to others than its owner; run: chmod 600 %s", path);
    }
    ssize_t n = read(fd, bytes, SECRET_MAX_BYTES + 1);
    if (n < 0) {
        return config_file_advice(&ld->file.arena, errno);
    }
    if ((size_t)n > SECRET_MAX_BYTES) {
        return "the file is too large; allowed: at most 4 KiB";
    }
    while (n > 0 && (bytes[n - 1] == '\n' || bytes[n - 1] == '\r')) {
        n--;
    }
    bytes[n] = '\0';
    return strlen(bytes) < (size_t)n ? "a NUL byte in the secret; allowed: one word of ASCII"
                                     : secret_problem(bytes);
}

static const char *read_secret(struct loader *ld, const char *path, char **ret_secret) {
    /* O_NONBLOCK: a named pipe must not hold up the start. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0) {
        return arena_printf(&ld->file.arena, "%s: %s", path,
                            config_file_advice(&ld->file.arena, errno));
    }
    char bytes[SECRET_MAX_BYTES + 2];
    const char *problem = take_secret(ld, fd, path, bytes);
    close(fd);
    if (!problem) {
        *ret_secret = arena_strdup(&ld->config->arena, bytes);
    }
    explicit_bzero(bytes, sizeof(bytes));
    return problem ? arena_printf(&ld->file.arena, "%s: %s", path, problem) : NULL;
}

static char *token_variable(struct arena *a, const char *name) {
    char *variable = arena_printf(a, "KIZUKI_MATTERMOST_%s_TOKEN", name);
    for (char *p = variable; *p; p++) {
        *p = (char)(isalnum((unsigned char)*p) ? toupper((unsigned char)*p) : '_');
    }
    return variable;
}

/* Edits (a letter more, less or other) between keys of up to CONFIG_KEY_MAX, regardless of case. */
static size_t distance(const char *a, const char *b) {
    size_t row[CONFIG_KEY_MAX + 1];
    size_t n = strlen(b);
    for (size_t j = 0; j <= n; j++) {
        row[j] = j;
    }
    for (size_t i = 1; *a; a++, i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            bool same = tolower((unsigned char)*a) == tolower((unsigned char)b[j - 1]);
            size_t best = diagonal + !same;
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[n];
}

/* A word is repeated only where it is used as a key: anything else may be a secret gone astray. */
static bool used_as_key(const char *statement, const char *word) {
    size_t n = strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");
    if (n == 0 || n > CONFIG_KEY_MAX || word[n]) {
        return false;
    }
    for (const char *p = statement; (p = strstr(p, word)) != NULL; p++) {
        char after = p[n + strspn(p + n, " \t")];
        if (after == '=' || after == '{' || after == '(') {
            return true;
        }
    }
    return strncmp(statement, word, n) == 0 && strchr(statement, '{');
}

static const char *unknown_problem(struct loader *ld, const cfg_t *cfg, const char *word) {
    if (!used_as_key(ld->file.statement, word)) {
        return "a word stands where a key is expected; allowed: key = \"value\", with quotes";
    }
    struct buf b;
    buf_init(&b, 1024);
    const char *paren = strstr(ld->file.statement, word) + strlen(word);
    const char *near = NULL;
    size_t least = 3;
    for (const cfg_opt_t *o = cfg->opts; o->name; o++) {
        size_t d = distance(word, o->name);
        near = d < least && d < strlen(o->name) ? o->name : near;
        least = d < least ? d : least;
    }
    bool call = paren[strspn(paren, " \t")] == '(';
    buf_addf(&b, "key '%s': %s", word,
             call ? "functions such as include() are not supported" : "there is no such key");
    if (near && !call) {
        buf_addf(&b, ", did you mean '%s'?", near);
    }
    for (const cfg_opt_t *o = cfg->opts; o->name; o++) {
        buf_addf(&b, "%s%s", o == cfg->opts ? "; allowed: " : ", ", o->name);
    }
    const char *text = arena_strdup(&ld->file.arena, buf_text(&b));
    buf_free(&b);
    return text;
}

static void on_error(cfg_t *cfg, const char *fmt, va_list ap) {
    /* What libconfuse 3.3 says (without a locale), and what we say. */
    static const struct {
        const char *fmt;
        const char *what;
    } known[] = {
        {"missing equal sign", "the '=' is missing; allowed: key = \"value\""},
        {"missing opening brace", "this is a section; allowed: NAME { … }"},
        {"missing title", "the section has no name; allowed: mattermost NAME { … }"},
        {"found duplicate title", "this workspace is there twice; allowed: one section a name"},
    };
    struct loader *ld = current;
    int line = ld->file.statement_line + (int)cfg->line - 1;
    const char *word = strstr(fmt, "%s") ? va_arg(ap, const char *) : NULL;
    if (word && strncmp(fmt, "no such option", 14) == 0) {
        config_file_error(&ld->file, line, NULL, unknown_problem(ld, cfg, word));
        return;
    }
    const char *key = config_file_leading_key(&ld->file, ld->file.statement);
    const char *what = "this cannot be read; allowed: key = \"value\", NAME { … }";
    for (size_t i = 0; word && i < ARRAY_LEN(known); i++) {
        if (strncmp(fmt, known[i].fmt, strlen(known[i].fmt)) == 0) {
            key = strstr(fmt, "duplicate") ? "mattermost" : word;
            what = known[i].what;
        }
    }
    config_file_error(&ld->file, line, key, what);
}

/* The place of the value among the names, or -1. */
static int pick(const char *const names[], int count, const char *value) {
    while (--count >= 0 && strcmp(names[count], value) != 0) {
    }
    return count;
}

/* Keys with a few words to choose from. */
static const char *choose(struct config *c, const char *key, const char *value) {
    if (strcmp(key, "language") == 0) {
        return lang_parse(value, &c->language) ? NULL : "not one of the languages; allowed: ja, en";
    }
    bool level = strcmp(key, "log_level") == 0;
    int i = level ? pick(log_level_names, LOG__COUNT, value)
                  : pick(log_format_names, LOG_FORMAT__COUNT, value);
    if (i < 0) {
        return level ? "not one of the levels; allowed: error, warning, info, debug"
                     : "not one of the formats; allowed: auto, human, json";
    }
    if (level) {
        c->log_level = (enum log_level)i;
    } else {
        c->log_format = (enum log_format)i;
    }
    return NULL;
}

static const char *url_problem(const char *url) {
    static const char form[] = "^https?://([[:alnum:]][[:alnum:].-]*|\\[[[:xdigit:]:.]+])"
                               "(:([0-9]+))?(/[[:alnum:]._~/%-]*)?$";
    regex_t regex;
    if (regcomp(&regex, form, REG_EXTENDED) != 0) {
        xalloc_die();
    }
    regmatch_t part[4];
    bool fits = regexec(&regex, url, ARRAY_LEN(part), part, 0) == 0;
    regfree(&regex);
    long port = fits && part[3].rm_so >= 0 ? strtol(url + part[3].rm_so, NULL, 10) : 1;
    return fits && port >= 1 && port <= 65535
               ? NULL
               : "not the address of a server; allowed: https://HOST[:1-65535][/PATH]";
}

static const char *proxy_problem(const char *proxy) {
    if (*proxy == '\0' || strcmp(proxy, "none") == 0) {
        return NULL;
    }
    static const char wrong[] = "not the address of a proxy; allowed: http://HOST:PORT, none";
    return strncmp(proxy, "http://", 7) == 0 && strchr(proxy + 7, ':') && !strchr(proxy + 7, '/')
               ? NULL
               : wrong;
}

static const char *take_limit(const char *value, int *ret) {
    char *end;
    long n = strtol(value, &end, 10);
    if (end == value || *end || n < 1 || n > 1000000) {
        return "not a number that fits; allowed: 1 to 1000000";
    }
    *ret = (int)n;
    return NULL;
}

static const char *take_workspace_value(struct loader *ld, const char *name, const char *key,
                                        const char *value) {
    if (strcmp(key, "url") == 0) {
        size_t n = strlen(value);
        while (n > 0 && value[n - 1] == '/') {
            n--;
        }
        ld->open.url = arena_strndup(&ld->config->arena, value, n);
        return url_problem(value);
    }
    if (strcmp(key, "max_answers_a_minute") == 0) {
        return take_limit(value, &ld->open.max_answers_a_minute);
    }
    ld->open.token = "";
    if (*value != '/') {
        return "not an absolute path; allowed: /PATH, \"${HOME}/PATH\"";
    }
    /* The environment wins: the file is not even looked at. */
    return getenv(token_variable(&ld->file.arena, name)) ? NULL
                                                         : read_secret(ld, value, &ld->open.token);
}

static bool seen_before(struct loader *ld, const cfg_opt_t *opt) {
    for (const struct seen *s = ld->seen; s; s = s->next) {
        if (s->opt == opt) {
            return true;
        }
    }
    struct seen *s = arena_alloc(&ld->file.arena, sizeof(*s));
    *s = (struct seen){ld->seen, opt};
    ld->seen = s;
    return false;
}

static const char *take_value(struct loader *ld, cfg_t *cfg, const char *key, const char *value) {
    struct config *c = ld->config;
    size_t n = strlen(value);
    if (n > VALUE_MAX_BYTES || !text_valid(value, n)) {
        return "the value is too long or not UTF-8; allowed: at most 4096 bytes of UTF-8";
    }
    enum lang lang;
    if (cfg_title(cfg)) {
        return take_workspace_value(ld, cfg_title(cfg), key, value);
    }
    if (lang_parse(key, &lang)) {
        bool contact = strcmp(cfg_name(cfg), "security_contact") == 0;
        struct l10n *text = contact ? &c->security_contact : &c->privacy_text;
        text->in[lang] = text_clean(&c->arena, value, n, VALUE_MAX_BYTES, NULL);
        return NULL;
    }
    if (strcmp(key, "ca_file") == 0) {
        c->ca_file = arena_strdup(&c->arena, value);
        return *value == '/' ? NULL : "not an absolute path; allowed: /PATH";
    }
    if (strcmp(key, "proxy") == 0) {
        c->proxy = arena_strdup(&c->arena, value);
        return proxy_problem(value);
    }
    bool database = strcmp(key, "database") == 0;
    if (!database && strcmp(key, "content_dir") != 0) {
        return choose(c, key, value);
    }
    *(database ? &c->database : &c->content_dir) = arena_strdup(&c->arena, value);
    return *value == '~' ? "'~' is not expanded; allowed: \"${HOME}/PATH\"" : NULL;
}

static int on_value(cfg_t *cfg, cfg_opt_t *opt) {
    struct loader *ld = current;
    const char *problem = seen_before(ld, opt)
                              ? "the key is there twice; allowed: once"
                              : take_value(ld, cfg, opt->name, cfg_opt_getnstr(opt, 0));
    if (problem) {
        config_file_error(&ld->file, ld->file.statement_line + (int)cfg->line - 1, opt->name,
                          problem);
    }
    return 0; /* noted; libconfuse is to go on */
}

/* What is not kept of the section being read; a secret among it is wiped. */
static void drop_workspace(struct loader *ld) {
    if (ld->open.token) {
        explicit_bzero(ld->open.token, strlen(ld->open.token));
    }
    ld->open = (struct config_workspace){0};
}

static void close_workspace(struct loader *ld, const char *name) {
    struct config *c = ld->config;
    const char *variable = token_variable(&ld->file.arena, name);
    const char *secret = getenv(variable);
    const char *problem = secret ? secret_problem(secret) : NULL;
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (secret) {
        ld->open.token = arena_strdup(&c->arena, secret);
        problem = problem ? arena_printf(&ld->file.arena, "%s: %s", variable, problem) : NULL;
    }
    if (n == 0 || n > 32 || name[n]) {
        problem = "a name that cannot be used; allowed: 1 to 32 of a-z, 0-9, -";
    } else if (!ld->open.url) {
        problem = "the section has no url; allowed: url = \"https://HOST\"";
    } else if (!ld->open.token) {
        problem = arena_printf(&ld->file.arena,
                               "no token; allowed: token_file = \"/PATH\", environment variable %s",
                               variable);
    } else if (c->n_workspaces == CONFIG_WORKSPACES_MAX) {
        problem = "too many workspaces; allowed: 16";
    }
    if (problem) {
        config_file_error(&ld->file, ld->file.statement_line, "mattermost", problem);
        drop_workspace(ld);
        return;
    }
    ld->open.name = arena_strdup(&c->arena, name);
    if (ld->open.max_answers_a_minute == 0) {
        ld->open.max_answers_a_minute = MAX_ANSWERS_A_MINUTE;
    }
    c->workspaces[c->n_workspaces++] = ld->open;
    ld->open = (struct config_workspace){0};
}

static int on_section(UNUSED cfg_t *cfg, cfg_opt_t *opt) {
    cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
    if (cfg_title(section)) {
        close_workspace(current, cfg_title(section));
    } else if (seen_before(current, opt)) {
        config_file_error(&current->file, current->file.statement_line, opt->name,
                          "the section is there twice; allowed: once");
    }
    return 0;
}

/* CFG_STR and CFG_SEC with our callback; the unnamed fields are zero. */
#define KEY(n)                                                                                     \
    { .name = (n), .type = CFGT_STR, .validcb = on_value }
#define SECTION(n, sub, f)                                                                         \
    { .name = (n), .type = CFGT_SEC, .subopts = (sub), .flags = (f), .validcb = on_section }

static void parse(struct loader *ld) {
    cfg_opt_t texts[] = {KEY("ja"), KEY("en"), CFG_END()};
    cfg_opt_t workspace[] = {KEY("url"), KEY("token_file"), KEY("max_answers_a_minute"), CFG_END()};
    cfg_opt_t all[] = {
        KEY("database"),
        KEY("language"),
        KEY("content_dir"),
        KEY("log_level"),
        KEY("log_format"),
        KEY("ca_file"),
        KEY("proxy"),
        SECTION("security_contact", texts, CFGF_NONE),
        SECTION("privacy_text", texts, CFGF_NONE),
        SECTION("mattermost", workspace, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
        CFG_END()};
    cfg_t *cfg = cfg_init(all, CFGF_NONE);
    if (!cfg) {
        xalloc_die();
    }
    cfg_set_error_function(cfg, on_error);
    current = ld;
    while (config_file_next(&ld->file) && ld->file.n_errors < CONFIG_ERRORS_MAX) {
        if (cfg_parse_buf(cfg, ld->file.statement) != CFG_SUCCESS && ld->file.n_errors == 0) {
            config_file_error(&ld->file, ld->file.statement_line, NULL, "this cannot be read");
        }
        drop_workspace(ld); /* of a section that broke off */
    }
    current = NULL;
    cfg_free(cfg);
}

int config_load(const char *path, struct config *ret, struct buf *errors) {
    struct config config = {.database = "",
                            .language = LANG_JA,
                            .content_dir = "",
                            .log_level = LOG_INFO,
                            .log_format = LOG_AUTO,
                            .ca_file = "/etc/ssl/certs/ca-certificates.crt",
                            .proxy = "",
                            .security_contact = {{"", ""}},
                            .privacy_text = {{"", ""}}};
    struct loader ld = {.config = &config};
    if (path && config_file_read(&ld.file, path)) {
        parse(&ld);
    }
    for (size_t i = 0; i < ld.file.n_errors; i++) {
        const struct config_error *e = &ld.file.errors[i];
        buf_addf(errors, e->line ? "%s:%d: " : "%s: ", path, e->line);
        buf_addf(errors, "%s\n", e->text);
    }
    bool good = ld.file.n_errors == 0;
    if (good) {
        *ret = config;
    } else {
        config_free(&config);
    }
    arena_free(&ld.file.arena);
    return good ? 0 : -EBADMSG;
}

void config_free(struct config *config) {
    for (size_t i = 0; i < config->n_workspaces; i++) {
        explicit_bzero(config->workspaces[i].token, strlen(config->workspaces[i].token));
    }
    arena_free(&config->arena);
    *config = (struct config){0};
}

char *config_default_database(struct arena *a) {
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    if (data && *data == '/') {
        return arena_printf(a, "%s/kizuki/kizuki.db", data);
    }
    return home && *home == '/' ? arena_printf(a, "%s/.local/share/kizuki/kizuki.db", home) : NULL;
}
