/* The configuration file: every fault with its line, key and advice; defaults; values; secrets. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "bot/config.h"

#define SECRET "s3cr3tt0kenvalue1234567890"

static char dir[] = "/tmp/kizuki-config-XXXXXX";
static char conf[64];
static char token[64];
static struct config c;
static struct buf errors;

static void write_file(const char *path, const void *data, size_t n, mode_t mode) {
    unlink(path);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, data, n), (ssize_t)n);
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

/* Loads the path into c and errors and checks that nobody wrote to stderr meanwhile. */
static int load_path(const char *path) {
    char noise[80];
    snprintf(noise, sizeof(noise), "%s/stderr", dir);
    int keep = dup(2);
    int fd = open(noise, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(keep >= 0 && fd >= 0);
    dup2(fd, 2);
    config_free(&c);
    buf_free(&errors);
    buf_init(&errors, 65536);
    int r = config_load(path, &c, &errors);
    dup2(keep, 2);
    assert_int_equal(lseek(fd, 0, SEEK_END), 0);
    close(fd);
    close(keep);
    assert_int_equal(r, errors.len ? -EBADMSG : 0);
    return r;
}

static int load(const char *text) {
    write_file(conf, text, strlen(text), 0600);
    return load_path(conf);
}

static size_t count_lines(const char *s) {
    size_t n = 0;
    for (; *s; s++) {
        n += *s == '\n';
    }
    return n;
}

/* Whether there is a line "CONF:LINE: …" with all the words, which '|' parts, in it. */
static bool has_line(int line, const char *words) {
    char head[96];
    snprintf(head, sizeof(head), line ? "%s:%d: " : "%s: ", conf, line);
    for (const char *p = buf_text(&errors); *p; p = strchr(p, '\n') + 1) {
        char one[2048];
        snprintf(one, sizeof(one), "%.*s", (int)strcspn(p, "\n"), p);
        bool all = strncmp(one, head, strlen(head)) == 0;
        for (const char *w = words; all && *w; w += *w == '|') {
            char word[128];
            snprintf(word, sizeof(word), "%.*s", (int)strcspn(w, "|"), w);
            all = strstr(one, word) != NULL;
            w += strlen(word);
        }
        if (all) {
            return true;
        }
    }
    return false;
}

struct fault_case {
    const char *text;
    size_t n_errors;
    int line;
    const char *words; /* in the error of that line, parted by '|' */
};

static void check_faults(const struct fault_case *cases, size_t n) {
    for (size_t i = 0; i < n; i++) {
        int r = load(cases[i].text);
        const char *got = buf_text(&errors);
        if (r != -EBADMSG || count_lines(got) != cases[i].n_errors ||
            !has_line(cases[i].line, cases[i].words)) {
            fail_msg("case %zu: wanted %zu errors, one in line %d with '%s'\n%s\ngot %d:\n%s", i,
                     cases[i].n_errors, cases[i].line, cases[i].words, cases[i].text, r, got);
        }
        long before = 0; /* errors come in the order of the lines */
        for (const char *p = got; *p; p = strchr(p, '\n') + 1) {
            long line = strtol(p + strlen(conf) + 1, NULL, 10);
            assert_true(line >= before);
            before = line;
        }
        assert_memory_equal(&c, &(struct config){0}, sizeof(c)); /* untouched */
    }
}

static void test_unknown_keys(UNUSED void **state) {
    static const struct fault_case cases[] = {
        {"languge = \"ja\"\n", 1, 1, "key 'languge'|did you mean 'language'?|; allowed: "},
        {"Language = \"ja\"\n", 1, 1, "key 'Language'|did you mean 'language'?"},
        {"log-level = \"info\"\n", 1, 1, "key 'log-level'|did you mean 'log_level'?"},
        {"colour = \"red\"\n", 1, 1, "'colour': there is no such key; allowed: database, lang"},
        {"# one\n\n# two\n// three\n/* four\n five */ # x\nfoo = 1\n", 1, 7, "key 'foo'"},
        {"foo = 1\nlanguage = \"ja\"\nbar = 2\n", 2, 3, "key 'bar'"},
        {"\r\n# x\r\nfoo = 1\r\n", 1, 3, "key 'foo'"},
        {"database = \"a\\\nb\"\nfoo = 1\n", 1, 3, "key 'foo'"},
        {"discord acme {\n token = \"x\"\n}\nfoo = 1\n", 2, 1, "key 'discord'"},
        {"discord acme {\n token = \"x\"\n}\nfoo = 1\n", 2, 4, "key 'foo'"},
        {"# x\nsecurity_contact {\n # y\n jp = \"x\"\n}\n", 1, 4, "'jp'|'ja'|allowed: ja, en"},
        {"security_contact { jp = \"x\" }\nfoo = 1\n", 2, 1, "key 'jp'"},
        {"url = \"https://x\"\n", 1, 1, "key 'url': there is no such key"},
        {"include(\"/etc/passwd\")\n", 1, 1, "key 'include'|functions|not supported"},
        {"\nfoo (\"x\", \"y\")\nbar = 1\n", 2, 2, "key 'foo'|functions"},
        {"a_very_long_key_that_is_longer_than_any_other = 1\n", 1, 1, "where a key is expected"},
    };
    check_faults(cases, ARRAY_LEN(cases));
}

static void test_values(UNUSED void **state) {
    static const struct fault_case cases[] = {
        {"language = \"fr\"\n", 1, 1, "key 'language'|; allowed: ja, en"},
        {"language = 3\n", 1, 1, "key 'language'|allowed: ja, en"},
        {"language = \"\"\n", 1, 1, "key 'language'"},
        {"language = \"JA\"\n", 1, 1, "key 'language'"},
        {"\nlog_level = loud\n", 1, 2, "key 'log_level'|allowed: error, warning, info, debug"},
        {"\n\nlog_format = \"xml\"\n", 1, 3, "key 'log_format'|allowed: auto, human, json"},
        {"language = \"x\"\nlog_level = \"y\"\nfoo = 1\n", 3, 2, "key 'log_level'"},
        {"language = \"x\"\nlog_level = \"y\"\nfoo = 1\n", 3, 3, "key 'foo'"},
        {"language = \"ja\"\nlanguage = \"en\"\n", 1, 2, "key 'language'|twice|once"},
        {"security_contact { ja = \"a\" }\nsecurity_contact { en = \"b\" }\n", 1, 2,
         "key 'security_contact'|twice"},
        {"privacy_text {\n ja = \"a\"\n ja = \"b\"\n}\n", 1, 3, "key 'ja'|twice"},
        {"database = \"~/x.db\"\n", 1, 1, "key 'database'|${HOME}/PATH"},
        {"content_dir = \"~/pack\"\n", 1, 1, "key 'content_dir'|${HOME}"},
        {"intents_dir = \"~/ours\"\n", 1, 1, "key 'intents_dir'|${HOME}"},
        {"database = \"${KIZUKI_TEST_NO_SUCH}/x\"\n", 1, 1, "key 'database'|KIZUKI_TEST_NO_SUCH"},
        {"database = \"${KIZUKI_TEST_BAD}\"\n", 1, 1, "key 'database'|UTF-8"},
    };
    setenv("KIZUKI_TEST_BAD", "\xff\xfe", 1);
    check_faults(cases, ARRAY_LEN(cases));
    char *big = malloc(6000);
    assert_non_null(big);
    snprintf(big, 6000, "\n\nprivacy_text {\n en = \"%0*d\"\n}\n", 4097, 0);
    struct fault_case too_long = {big, 1, 4, "key 'en'|too long|allowed: at most 4096 bytes"};
    check_faults(&too_long, 1);
    free(big);
}

static void test_syntax(UNUSED void **state) {
    static const struct fault_case cases[] = {
        {"language\n", 1, 1, "cannot be read"},
        {"# x\nlanguage\nlog_level = \"info\"\n", 1, 2, "cannot be read"},
        {"language \"ja\"\n", 1, 1, "key 'language'|'='"},
        {"language =\nlog_level = \"info\"\n", 1, 1, "cannot be read|key 'language'"},
        {"language = \n", 1, 1, "key 'language'|cannot be read"},
        {"= \"ja\"\n", 1, 1, "cannot be read"},
        {"language = {\"ja\"}\n", 1, 1, "key 'language'|cannot be read"},
        {"language { ja }\n", 1, 1, "key 'language'|'='"},
        {"language += \"ja\"\n", 1, 1, "'+'"},
        {"language = \"ja\" \"en\"\n", 1, 1, "where a key is expected"},
        {"security_contact = \"x\"\n", 1, 1, "key 'security_contact'|section|NAME { … }"},
        {"mattermost {\n}\nfoo = 1\n", 2, 1, "key 'mattermost'|no name"},
        {"\nmattermost = \"x\"\n", 1, 2, "key 'mattermost'|no name"},
        {"\n}\nfoo = 1\n", 2, 2, "cannot be read"},
        {"\nsecurity_contact {\n ja = \"x\"\n", 1, 2, "'{' is never closed|NAME { … }"},
        {"security_contact {\n ja = \"x\"\n\nprivacy_text {\n ja = \"y\"\n}\n", 1, 1,
         "never closed"},
        {"language = \"ja\nlog_level = \"x\"\nfoo = 1\n", 3, 1, "key 'language'|closing quote"},
        {"language = \"ja\nlog_level = \"x\"\nfoo = 1\n", 3, 3, "key 'foo'"},
        {"\nlanguage = 'ja\n", 1, 2, "key 'language'|closing quote"},
        {"language = \"ja", 1, 1, "closing quote"},
        {"language = \"ja\\", 1, 1, "closing quote"},
        {"foo = 1\n/* never\nends\n", 2, 2, "comment is never closed"},
        {"database = \"a\\qb\"\n", 1, 1, "key 'database'|unknown escape"},
        {"database = \"\\x00\"\nfoo = 1\n", 2, 1, "key 'database'|unknown escape"},
        {"database = \"\\777\"\nfoo = 1\n", 2, 2, "key 'foo'"},
        {"database = \"${HOME\"\nfoo = \"}\"\n", 2, 1, "key 'database'|'${'|${NAME:-default}"},
        {"database = \"${}\"\n", 1, 1, "key 'database'|'${'"},
    };
    check_faults(cases, ARRAY_LEN(cases));
}

static void test_files(UNUSED void **state) {
    static const struct {
        const char *data;
        size_t n;
        const char *error;
    } cases[] = {
        {"language = \"\xff\"\n", 14, ":1: this is not UTF-8"},
        {"# あ\n\n# \xe3\x81\nx", 12, ":3: this is not UTF-8"},
        {"# x\n\0\n", 6, ":2: this is not UTF-8"},
        {"# \xc0\xaf", 4, ":1: this is not UTF-8"},
        {"# \xed\xa0\x80", 5, ":1: this is not UTF-8"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        write_file(conf, cases[i].data, cases[i].n, 0600);
        assert_int_equal(load_path(conf), -EBADMSG);
        assert_non_null(strstr(buf_text(&errors), cases[i].error));
        assert_int_equal(count_lines(buf_text(&errors)), 1);
    }
    char path[96];
    snprintf(path, sizeof(path), "%s/none", dir);
    assert_int_equal(load_path(path), -EBADMSG);
    assert_non_null(strstr(buf_text(&errors), "none: No such file or directory; allowed: "));
    assert_int_equal(load_path(dir), -EBADMSG);
    assert_non_null(strstr(buf_text(&errors), ": Is a directory; allowed: a file"));
    if (geteuid() != 0) {
        write_file(conf, "", 0, 0);
        assert_int_equal(load_path(conf), -EBADMSG);
        assert_non_null(strstr(buf_text(&errors), ": Permission denied; allowed: "));
    }
    assert_int_equal(symlink(path, path), 0); /* unreadable for root, too */
    assert_int_equal(load_path(path), -EBADMSG);
    assert_non_null(strstr(buf_text(&errors), "allowed: a file this user may read"));
    unlink(path);
}

static void test_size_limit(UNUSED void **state) {
    const size_t max = (size_t)256 * 1024;
    char *big = malloc(max + 1);
    assert_non_null(big);
    memset(big, '#', max + 1);
    write_file(conf, big, max, 0600);
    assert_int_equal(load_path(conf), 0);
    write_file(conf, big, max + 1, 0600);
    assert_int_equal(load_path(conf), -EBADMSG);
    assert_true(has_line(0, "at most 256 KiB"));
    /* More errors than anyone reads: bounded, not endless. */
    for (size_t i = 0; i + 8 <= max; i += 8) {
        memcpy(big + i, "foo = 1\n", 8);
    }
    write_file(conf, big, max, 0600);
    assert_int_equal(load_path(conf), -EBADMSG);
    assert_int_equal(count_lines(buf_text(&errors)) >= 20, 1);
    assert_false(count_lines(buf_text(&errors)) > 50);
    free(big);
}

static void check_defaults(void) {
    assert_string_equal(c.database, "");
    assert_int_equal(c.language, LANG_JA);
    assert_string_equal(c.content_dir, "");
    assert_string_equal(c.intents_dir, "");
    assert_int_equal(c.log_level, LOG_INFO);
    assert_int_equal(c.log_format, LOG_AUTO);
    assert_string_equal(c.ca_file, "/etc/ssl/certs/ca-certificates.crt");
    assert_string_equal(c.proxy, "");
    for (int i = 0; i < LANG__COUNT; i++) {
        assert_string_equal(c.security_contact.in[i], "");
        assert_string_equal(c.privacy_text.in[i], "");
    }
}

static void test_defaults(UNUSED void **state) {
    static const char *const texts[] = {NULL,     "", "\n", "# nothing", "\xef\xbb\xbf# x\r\n",
                                        "/* x */"};
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        int r = texts[i] ? load(texts[i]) : load_path(NULL);
        assert_int_equal(r, 0);
        check_defaults();
        assert_int_equal(c.n_workspaces, 0);
        assert_string_equal(buf_text(&errors), "");
        config_free(&c);
    }
}

static void test_loaded(UNUSED void **state) {
    setenv("KIZUKI_TEST_DATA", "/srv/データ", 1);
    unsetenv("KIZUKI_TEST_NONE");
    write_file(token, SECRET "\n", strlen(SECRET) + 1, 0600);
    char text[1024];
    snprintf(text, sizeof(text),
             "database = \"${KIZUKI_TEST_DATA}/k.db\" # where\n"
             "language=en // who\n"
             "content_dir = '/a/${B}/it\\'s'\n"
             "intents_dir = \"/a/ours\"\n"
             "log_level = \"debug\" log_format = \"json\"\n"
             "security_contact {\n  ja = \"内線 \\\"1234\\\"\"\n}\n"
             "privacy_text\n{\n  ja = \"約束 # {\"\n  en = \"one\\ntwo "
             "${KIZUKI_TEST_NONE:-3}\\${4\"\n}\n"
             "mattermost acme-1 {\n  url = \"https://chat.example.com:8443/team/\" /* x\n y */\n"
             "  token_file = \"%s\"\n  desk_channel = \"4xp9fdt77pncbef59f4k1qe83o\"\n}\n"
             "mattermost b { url = http://[::1] token_file = \"%s\" desk_channel = \"\" }",
             token, token);
    int r = load(text);
    assert_string_equal(buf_text(&errors), "");
    assert_int_equal(r, 0);
    assert_string_equal(c.database, "/srv/データ/k.db");
    assert_int_equal(c.language, LANG_EN);
    assert_string_equal(c.content_dir, "/a/${B}/it's");
    assert_string_equal(c.intents_dir, "/a/ours");
    assert_int_equal(c.log_level, LOG_DEBUG);
    assert_int_equal(c.log_format, LOG_JSON);
    assert_string_equal(c.security_contact.in[LANG_JA], "内線 \"1234\"");
    assert_string_equal(c.security_contact.in[LANG_EN], "");
    assert_string_equal(c.privacy_text.in[LANG_JA], "約束 # {");
    assert_string_equal(c.privacy_text.in[LANG_EN], "one\ntwo 3${4");
    assert_int_equal(c.n_workspaces, 2);
    assert_string_equal(c.workspaces[0].name, "acme-1");
    assert_string_equal(c.workspaces[0].url, "https://chat.example.com:8443/team");
    assert_string_equal(c.workspaces[0].token, SECRET);
    assert_string_equal(c.workspaces[0].desk_channel, "4xp9fdt77pncbef59f4k1qe83o");
    assert_string_equal(c.workspaces[1].name, "b");
    assert_string_equal(c.workspaces[1].url, "http://[::1]");
    assert_string_equal(c.workspaces[1].desk_channel, "");
}

static void test_workspaces(UNUSED void **state) {
    static const struct fault_case cases[] = {
        {"mattermost a {\n token_file = \"/x\"\n}\n", 2, 1, "key 'mattermost'|url"},
        {"mattermost a {\n url = \"https://x\"\n}\n", 1, 1,
         "key 'mattermost'|token_file|KIZUKI_MATTERMOST_A_TOKEN"},
        {"# x\nmattermost t-2 { url = \"https://x\" }\n"
         "mattermost t-2 {\n url = \"https://y\"\n}\nfoo = 1\n",
         2, 3, "key 'mattermost'|twice"},
        {"mattermost t-2 {\n\n url = \"https://x\"\n url = \"https://y\"\n}\n", 1, 4,
         "key 'url'|twice"},
        {"mattermost Acme { url = \"https://x\" }\n", 1, 1, "key 'mattermost'|1 to 32"},
        {"mattermost \"\" { url = \"https://x\" }\n", 1, 1, "key 'mattermost'|a-z, 0-9, -"},
        {"mattermost a_b { url = \"https://x\" }\n", 1, 1, "key 'mattermost'|name"},
        {"mattermost a23456789012345678901234567890123 {\n url = \"https://x\"\n}\n", 1, 1, "name"},
        {"mattermost a { url = \"https://x\" token_file = \"rel/path\" }\n", 1, 1,
         "key 'token_file'|absolute path"},
        {"mattermost a { url = \"https://x\" token_file = \"/no/such/file\" }\n", 1, 1,
         "key 'token_file': /no/such/file: No such file"},
        {"mattermost a { url = \"https://x\" token_file = \"/tmp\" }\n", 1, 1,
         "key 'token_file': /tmp: Is a directory"},
        {"mattermost a { url = \"https://x\" token_file = \"/dev/null\" }\n", 1, 1,
         "key 'token_file': /dev/null:|not a regular file"},
        {"mattermost t-2 {\n url = \"https://x\"\n desk_channel = \"security-desk\"\n}\n", 1, 3,
         "key 'desk_channel': not the id of a channel|allowed: the 26 letters and digits"},
        {"mattermost t-2 {\n url = \"https://x\"\n desk_channel = \"C0DESK0001\"\n}\n", 1, 3,
         "key 'desk_channel'|View Info"},
        {"mattermost t-2 {\n url = \"https://x\"\n"
         " desk_channel = \"4xp9fdt77pncbef59f4k1qe83oo\"\n}\n",
         1, 3, "key 'desk_channel'|26"},
    };
    setenv("KIZUKI_MATTERMOST_T_2_TOKEN", "x", 1);
    check_faults(cases, ARRAY_LEN(cases));
    struct buf b;
    buf_init(&b, 4096);
    for (int i = 0; i < CONFIG_WORKSPACES_MAX + 1; i++) {
        char name[40];
        snprintf(name, sizeof(name), "KIZUKI_MATTERMOST_N%d_TOKEN", i);
        setenv(name, "x", 1);
        buf_addf(&b, "mattermost n%d { url = \"https://x\" }\n", i);
    }
    struct fault_case many = {buf_text(&b), 1, CONFIG_WORKSPACES_MAX + 1, "'mattermost'|16"};
    check_faults(&many, 1);
    buf_free(&b);
}

static void check_urls(const char *urls, bool fine) {
    for (const char *p = urls; *p; p += strcspn(p, " "), p += *p == ' ') {
        char text[256];
        snprintf(text, sizeof(text), "mattermost t-2 {\n url = \"%.*s\"\n}\n", (int)strcspn(p, " "),
                 p);
        bool taken = load(text) == 0;
        if (taken != fine || (!fine && !has_line(2, "key 'url'|; allowed: https://HOST"))) {
            fail_msg("%s%s", text, buf_text(&errors));
        }
    }
}

static void test_urls(UNUSED void **state) {
    setenv("KIZUKI_MATTERMOST_T_2_TOKEN", "x", 1);
    check_urls("https://a http://10.0.0.1:80 https://a.b-c.example/x/y_z https://a:65535 "
               "https://[2001:db8::1]:443/ https://a:1/",
               true);
    check_urls("a ftp://a HTTPS://a https:// https:///x https://u:p@a https://a:0 https://a:65536 "
               "https://a: https://a:x https://a:99999999999999999999 https://-a https://a?x "
               "https://a/#x https://例.jp xhttps://a https://a\\nb https://a\\tb wss://a "
               "https://[::1 https://[]",
               false);
}

static void load_secret(const char *data, size_t n, mode_t mode) {
    write_file(token, data, n, mode);
    char text[256];
    snprintf(text, sizeof(text),
             "mattermost acme {\n url = \"https://x\"\n token_file = \"%s\"\n}\n", token);
    load(text);
    assert_null(strstr(buf_text(&errors), "s3cr3t"));
}

static void test_secret_files(UNUSED void **state) {
    static const struct {
        const char *data;
        size_t n;
        mode_t mode;
        const char *error; /* NULL: fine, and SECRET is read */
    } cases[] = {
        {SECRET, sizeof(SECRET) - 1, 0600, NULL},
        {SECRET "\n", sizeof(SECRET), 0600, NULL},
        {SECRET "\r\n\n", sizeof(SECRET) + 2, 0400, NULL},
        {SECRET, sizeof(SECRET) - 1, 0640, "run: chmod 600 "},
        {SECRET, sizeof(SECRET) - 1, 0604, "run: chmod 600 "},
        {SECRET, sizeof(SECRET) - 1, 0620, "run: chmod 600 "},
        {SECRET, sizeof(SECRET) - 1, 0666, "run: chmod 600 "},
        {"", 0, 0600, "empty"},
        {"\n\n", 2, 0600, "empty"},
        {"s3cr3t tok", 10, 0600, "white space"},
        {"s3cr3t\ntok", 10, 0600, "white space"},
        {" s3cr3t", 7, 0600, "white space"},
        {"s3cr3t \n", 8, 0600, "white space"},
        {"s3cr3t\0x", 8, 0600, "NUL"},
        {"s3cr3tあ", 9, 0600, "unprintable"},
    };
    char advice[96];
    snprintf(advice, sizeof(advice), "run: chmod 600 %s\n", token);
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        load_secret(cases[i].data, cases[i].n, cases[i].mode);
        char words[160];
        snprintf(words, sizeof(words), "key 'token_file'|%s|%s", token,
                 cases[i].error ? cases[i].error : "");
        bool refused = cases[i].error && has_line(3, words);
        if (cases[i].error ? !refused : errors.len > 0) {
            fail_msg("case %zu: %s", i, buf_text(&errors));
        }
        if (!cases[i].error) {
            assert_string_equal(c.workspaces[0].token, SECRET);
        } else if (strstr(cases[i].error, "chmod")) {
            assert_non_null(strstr(buf_text(&errors), advice));
        }
    }
}

static void test_secret_sizes(UNUSED void **state) {
    char big[4097];
    memset(big, 'x', sizeof(big));
    load_secret(big, 4096, 0600);
    assert_int_equal(errors.len, 0);
    assert_int_equal(strlen(c.workspaces[0].token), 4096);
    load_secret(big, 4097, 0600);
    assert_true(has_line(3, "at most 4 KiB"));
}

static void test_secret_environment(UNUSED void **state) {
    setenv("KIZUKI_MATTERMOST_ACME_TOKEN", "from-environment", 1);
    load_secret(SECRET, strlen(SECRET), 0600);
    assert_string_equal(c.workspaces[0].token, "from-environment");
    load_secret("", 0, 0666); /* not even looked at */
    assert_string_equal(c.workspaces[0].token, "from-environment");
    static const char *const bad[] = {"", "s3cr3t x", "s3cr3t\n"};
    for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
        setenv("KIZUKI_MATTERMOST_ACME_TOKEN", bad[i], 1);
        load_secret(SECRET, strlen(SECRET), 0600);
        assert_true(has_line(1, "key 'mattermost': KIZUKI_MATTERMOST_ACME_TOKEN: "));
    }
    unsetenv("KIZUKI_MATTERMOST_ACME_TOKEN");
}

/* Wherever a secret lands by mistake, it is not repeated. */
static void test_secret_astray(UNUSED void **state) {
    static const char *const texts[] = {
        "mattermost a {\n url = \"https://x\"\n token = \"" SECRET "\"\n}\n",
        "mattermost a {\n url = \"https://x\"\n token_file = \"" SECRET "\"\n}\n",
        "mattermost a {\n url = \"https://x\"\n token_file = /etc/x " SECRET "\n}\n",
        "mattermost a {\n url = \"https://x\"\n token_file = \"/etc/x\" \"" SECRET "\"\n}\n",
        "mattermost a {\n url = \"https://x\"\n token_file \"" SECRET "\"\n}\n",
        "mattermost a {\n url = \"https://u:" SECRET "@x\"\n}\n",
        "mattermost a {\n url = \"https://x\"\n token_file = \"" SECRET "\n}\n",
        "mattermost a {\n url = \"https://x\"\n token_file = " SECRET "\n}\n",
        "mattermost a {\n " SECRET "\n}\n",
        "mattermost \"" SECRET " x\" {\n url = \"https://x\"\n}\n",
        SECRET "\n",
        SECRET "\nlanguage = \"ja\"\n",
        "language = \"" SECRET "\"\n",
        "log_level = " SECRET "\n",
        "language = " SECRET " " SECRET "\n",
        "language = {" SECRET "}\n",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        assert_int_equal(load(texts[i]), -EBADMSG);
        if (errors.len == 0 || strstr(buf_text(&errors), SECRET)) {
            fail_msg("case %zu: %s", i, buf_text(&errors));
        }
    }
}

/* A setting is a '#' with a word right behind it; a '#' and a space begin an explanation. */
static void test_example(UNUSED void **state) {
    static const char *const keys[] = {
        "database",  "language",   "content_dir",      "intents_dir",
        "log_level", "log_format", "security_contact", "privacy_text",
        "ca_file",   "proxy",      "mattermost",       "slack"};
    static char text[16384];
    FILE *f = fopen("config.example", "re");
    assert_non_null(f);
    size_t n = fread(text, 1, sizeof(text) - 1, f);
    fclose(f);
    assert_true(n > 0 && n < sizeof(text) - 1);
    text[n] = '\0';
    assert_int_equal(load_path("config.example"), 0);
    check_defaults();
    assert_int_equal(c.n_workspaces, 0);
    for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
        char line[64];
        snprintf(line, sizeof(line), "\n#%s ", keys[i]);
        if (!strstr(text, line)) {
            fail_msg("%s is missing", keys[i]);
        }
    }
    size_t settings = 0;
    for (char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
        assert_true(*p == '#' || *p == '\n'); /* nothing is set as it is */
        if (p[0] == '#' && p[1] >= 'a' && p[1] <= 'z') {
            *p = ' ';
            settings++;
        }
    }
    assert_int_equal(settings, ARRAY_LEN(keys));
    setenv("KIZUKI_MATTERMOST_EXAMPLE_TOKEN", "x", 1);
    setenv("KIZUKI_SLACK_EXAMPLE_APP_TOKEN", "xapp-x", 1);
    setenv("KIZUKI_SLACK_EXAMPLE_BOT_TOKEN", "xoxb-x", 1);
    int r = load(text);
    assert_string_equal(buf_text(&errors), "");
    assert_int_equal(r, 0);
    check_defaults();
    assert_int_equal(c.n_workspaces, 2);
    assert_int_equal(c.workspaces[0].max_answers_a_minute, 60);
    assert_non_null(strstr(text, "\n# desk_channel: "));
    assert_int_equal(c.workspaces[1].platform, CONFIG_SLACK);
    assert_non_null(strstr(text, "not used for appraisal"));
    assert_non_null(strstr(text, "This promise is your site's"));
}

static void test_default_database(UNUSED void **state) {
    static const struct {
        const char *data;
        const char *home;
        const char *path;
    } cases[] = {
        {"/d", "/h", "/d/kizuki/kizuki.db"},
        {NULL, "/h", "/h/.local/share/kizuki/kizuki.db"},
        {"", "/h", "/h/.local/share/kizuki/kizuki.db"},
        {"rel", "/h", "/h/.local/share/kizuki/kizuki.db"},
        {NULL, NULL, NULL},
        {"rel", "rel", NULL},
    };
    struct arena a = {0};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        unsetenv("XDG_DATA_HOME");
        unsetenv("HOME");
        if (cases[i].data) {
            setenv("XDG_DATA_HOME", cases[i].data, 1);
        }
        if (cases[i].home) {
            setenv("HOME", cases[i].home, 1);
        }
        const char *got = config_default_database(&a);
        if (cases[i].path ? !got || strcmp(got, cases[i].path) != 0 : got != NULL) {
            fail_msg("case %zu: %s", i, got ? got : "NULL");
        }
    }
    arena_free(&a);
}

static int set_up(UNUSED void **state) {
    if (!mkdtemp(dir)) {
        return -1;
    }
    snprintf(conf, sizeof(conf), "%s/kizuki.conf", dir);
    snprintf(token, sizeof(token), "%s/token", dir);
    return 0;
}

static int tear_down(UNUSED void **state) {
    config_free(&c);
    buf_free(&errors);
    char noise[80];
    snprintf(noise, sizeof(noise), "%s/stderr", dir);
    unlink(conf);
    unlink(token);
    unlink(noise);
    return rmdir(dir);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_unknown_keys),
                                       cmocka_unit_test(test_values),
                                       cmocka_unit_test(test_syntax),
                                       cmocka_unit_test(test_files),
                                       cmocka_unit_test(test_size_limit),
                                       cmocka_unit_test(test_defaults),
                                       cmocka_unit_test(test_loaded),
                                       cmocka_unit_test(test_workspaces),
                                       cmocka_unit_test(test_urls),
                                       cmocka_unit_test(test_secret_files),
                                       cmocka_unit_test(test_secret_sizes),
                                       cmocka_unit_test(test_secret_environment),
                                       cmocka_unit_test(test_secret_astray),
                                       cmocka_unit_test(test_example),
                                       cmocka_unit_test(test_default_database)};
    return cmocka_run_group_tests_name("config", tests, set_up, tear_down);
}
