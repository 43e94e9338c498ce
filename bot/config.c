#include "bot/config.h"

#include <confuse.h>
#include <ctype.h>
#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "bot/config_file.h"
#include "bot/config_secret.h"

#define MAX_ANSWERS_A_MINUTE 60
#define VALUE_MAX_BYTES      ((size_t)4 * 1024)

/* A token of a workspace: the key that names its file, the end of the environment variable. */
struct token_kind {
    const char *name;
    const char *key;
    const char *variable;
    const char *prefix; /* "": any form */
    const char *source; /* of one with that prefix */
};

static const struct section {
    const char *name;
    const char *url_key;
    const char *url;          /* NULL: it has to be given */
    const char *channel_form; /* of a channel's id */
    const char *channel_advice;
    struct token_kind tokens[2];
    size_t n_tokens;
} sections[CONFIG_PLATFORM__COUNT] = {
    [CONFIG_MATTERMOST] =
        {"mattermost",
         "url",
         NULL,
         "^[a-z0-9]{26}$",
         "not the id of a channel; allowed: the 26 letters and digits in the channel's menu > View "
         "Info > ID",
         {{"token", "token_file", "TOKEN", "", ""}},
         1},
    [CONFIG_SLACK] = {"slack",
                      "api_url",
                      "https://slack.com/api",
                      "^[CG][A-Z0-9]{7,31}$",
                      "not the id of a channel; allowed: the C… or G… at the end of the channel's "
                      "details > About",
                      {{"bot token", "bot_token_file", "BOT_TOKEN", "xoxb-",
                        "OAuth & Permissions > Bot User OAuth Token"},
                       {"app token", "app_token_file", "APP_TOKEN", "xapp-",
                        "Basic Information > App-Level Tokens, scope connections:write"}},
                      2},
};

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

/* The platform whose section a name or a statement begins with; only asked where one does. */
static enum config_platform platform_of(const char *text) {
    size_t i = CONFIG_PLATFORM__COUNT - 1;
    while (i > 0 && strncmp(text, sections[i].name, strlen(sections[i].name)) != 0) {
        i--;
    }
    return (enum config_platform)i;
}

static void on_error(cfg_t *cfg, const char *fmt, va_list ap) {
    /* What libconfuse 3.3 says (without a locale), and what we say. */
    static const struct {
        const char *fmt;
        const char *what;
    } known[] = {
        {"missing equal sign", "the '=' is missing; allowed: key = \"value\""},
        {"missing opening brace", "this is a section; allowed: NAME { … }"},
        {"missing title",
         "the section has no name; allowed: mattermost NAME { … }, slack NAME { … }"},
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
            key = strstr(fmt, "duplicate") ? sections[platform_of(ld->file.statement)].name : word;
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

#define PARTS 4

static bool has_form(const char *text, const char *form, regmatch_t part[PARTS]) {
    regex_t regex;
    if (regcomp(&regex, form, REG_EXTENDED) != 0) {
        xalloc_die();
    }
    bool fits = regexec(&regex, text, PARTS, part, 0) == 0;
    regfree(&regex);
    return fits;
}

static const char *url_problem(const char *url) {
    static const char form[] = "^https?://([[:alnum:]][[:alnum:].-]*|\\[[[:xdigit:]:.]+])"
                               "(:([0-9]+))?(/[[:alnum:]._~/%-]*)?$";
    regmatch_t part[PARTS];
    bool fits = has_form(url, form, part);
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

static char *token_variable(struct arena *a, const struct section *section,
                            const struct token_kind *kind, const char *name) {
    char *variable = arena_printf(a, "KIZUKI_%s_%s_%s", section->name, name, kind->variable);
    for (char *p = variable; *p; p++) {
        *p = (char)(isalnum((unsigned char)*p) ? toupper((unsigned char)*p) : '_');
    }
    return variable;
}

static char **token_place(struct config_workspace *w, size_t i) {
    return i == 0 ? &w->token : &w->app_token;
}

/* NULL, or why this cannot be such a token by its form; most often it is the other one. */
static const char *form_problem(struct arena *a, const struct section *section,
                                const struct token_kind *kind, const char *token) {
    if (strncmp(token, kind->prefix, strlen(kind->prefix)) == 0) {
        return NULL;
    }
    const char *what = "this is none";
    for (size_t i = 0; i < section->n_tokens; i++) {
        const struct token_kind *other = &section->tokens[i];
        if (strncmp(token, other->prefix, strlen(other->prefix)) == 0) {
            what = arena_printf(a, "this is the %s (%s…)", other->name, other->prefix);
        }
    }
    if (strncmp(token, "xoxe", 4) == 0) {
        what = "this one expires, which is not supported: make the app without token rotation";
    }
    return arena_printf(a, "not the %s: %s; allowed: %s…, from %s", kind->name, what, kind->prefix,
                        kind->source);
}

static const char *take_token_file(struct loader *ld, const struct section *section, size_t i,
                                   const char *name, const char *path) {
    const struct token_kind *kind = &section->tokens[i];
    struct arena *texts = &ld->file.arena;
    char **token = token_place(&ld->open, i);
    *token = "";
    if (*path != '/') {
        return "not an absolute path; allowed: /PATH, \"${HOME}/PATH\"";
    }
    if (getenv(token_variable(texts, section, kind, name))) {
        return NULL; /* the environment wins: the file is not even looked at */
    }
    const char *problem = config_secret_read(path, texts, &ld->config->arena, token);
    if (problem) {
        return problem;
    }
    problem = form_problem(texts, section, kind, *token);
    return problem ? arena_printf(texts, "%s: %s", path, problem) : NULL;
}

static const char *take_workspace_value(struct loader *ld, cfg_t *cfg, const char *key,
                                        const char *value) {
    const struct section *section = &sections[platform_of(cfg_name(cfg))];
    if (strcmp(key, section->url_key) == 0) {
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
    if (strcmp(key, "desk_channel") == 0) {
        regmatch_t part[PARTS];
        ld->open.desk_channel = arena_strdup(&ld->config->arena, value);
        return *value == '\0' || has_form(value, section->channel_form, part)
                   ? NULL
                   : section->channel_advice;
    }
    if (strcmp(key, "rich_blocks") == 0) {
        static const char *const words[] = {"no", "yes"};
        int i = pick(words, ARRAY_LEN(words), value);
        ld->open.rich_blocks = i == 1;
        return i < 0 ? "neither of the two; allowed: no, yes" : NULL;
    }
    size_t i = 0;
    while (i + 1 < section->n_tokens && strcmp(key, section->tokens[i].key) != 0) {
        i++;
    }
    return take_token_file(ld, section, i, cfg_title(cfg), value);
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
        return take_workspace_value(ld, cfg, key, value);
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
    bool content = strcmp(key, "content_dir") == 0;
    if (!database && !content && strcmp(key, "intents_dir") != 0) {
        return choose(c, key, value);
    }
    const char **to = database ? &c->database : content ? &c->content_dir : &c->intents_dir;
    *to = arena_strdup(&c->arena, value);
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
    for (size_t i = 0; i < 2; i++) {
        char *token = *token_place(&ld->open, i);
        if (token) {
            explicit_bzero(token, strlen(token));
        }
    }
    ld->open = (struct config_workspace){0};
}

/* NULL, or why there is no such token; the environment goes before the file. */
static const char *settle_token(struct loader *ld, const struct section *section, size_t i,
                                const char *name) {
    const struct token_kind *kind = &section->tokens[i];
    struct arena *texts = &ld->file.arena;
    const char *variable = token_variable(texts, section, kind, name);
    const char *secret = getenv(variable);
    char **token = token_place(&ld->open, i);
    if (secret) {
        *token = arena_strdup(&ld->config->arena, secret);
        const char *problem = config_secret_problem(secret);
        problem = problem ? problem : form_problem(texts, section, kind, secret);
        return problem ? arena_printf(texts, "%s: %s", variable, problem) : NULL;
    }
    return *token ? NULL
                  : arena_printf(texts, "no %s; allowed: %s = \"/PATH\", environment variable %s",
                                 kind->name, kind->key, variable);
}

static const char *settle_workspace(struct loader *ld, const struct section *section,
                                    const char *name) {
    const char *problem = NULL;
    for (size_t i = section->n_tokens; i-- > 0;) {
        const char *wrong = settle_token(ld, section, i, name);
        problem = wrong ? wrong : problem;
    }
    size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    if (n == 0 || n > 32 || name[n]) {
        return "a name that cannot be used; allowed: 1 to 32 of a-z, 0-9, -";
    }
    if (!ld->open.url && !section->url) {
        return "the section has no url; allowed: url = \"https://HOST\"";
    }
    if (!problem && ld->config->n_workspaces == CONFIG_WORKSPACES_MAX) {
        return "too many workspaces; allowed: 16";
    }
    return problem;
}

static void close_workspace(struct loader *ld, enum config_platform platform, const char *name) {
    struct config *c = ld->config;
    const struct section *section = &sections[platform];
    const char *problem = settle_workspace(ld, section, name);
    if (problem) {
        config_file_error(&ld->file, ld->file.statement_line, section->name, problem);
        drop_workspace(ld);
        return;
    }
    ld->open.platform = platform;
    ld->open.name = arena_strdup(&c->arena, name);
    if (!ld->open.url) {
        ld->open.url = section->url;
    }
    if (!ld->open.app_token) {
        ld->open.app_token = "";
    }
    if (!ld->open.desk_channel) {
        ld->open.desk_channel = "";
    }
    if (ld->open.max_answers_a_minute == 0) {
        ld->open.max_answers_a_minute = MAX_ANSWERS_A_MINUTE;
    }
    c->workspaces[c->n_workspaces++] = ld->open;
    ld->open = (struct config_workspace){0};
}

static int on_section(UNUSED cfg_t *cfg, cfg_opt_t *opt) {
    cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
    if (cfg_title(section)) {
        close_workspace(current, platform_of(opt->name), cfg_title(section));
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
    cfg_opt_t mattermost[] = {KEY("url"), KEY("token_file"), KEY("max_answers_a_minute"),
                              KEY("desk_channel"), CFG_END()};
    cfg_opt_t slack[] = {
        KEY("app_token_file"), KEY("bot_token_file"), KEY("api_url"), KEY("max_answers_a_minute"),
        KEY("rich_blocks"),    KEY("desk_channel"),   CFG_END()};
    cfg_opt_t all[] = {
        KEY("database"),
        KEY("language"),
        KEY("content_dir"),
        KEY("intents_dir"),
        KEY("log_level"),
        KEY("log_format"),
        KEY("ca_file"),
        KEY("proxy"),
        SECTION("security_contact", texts, CFGF_NONE),
        SECTION("privacy_text", texts, CFGF_NONE),
        SECTION("mattermost", mattermost, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
        SECTION("slack", slack, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES),
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
                            .intents_dir = "",
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
        explicit_bzero(config->workspaces[i].app_token, strlen(config->workspaces[i].app_token));
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
