/* Secrets of the configuration file are wiped wherever the workspace they belong to is refused. */
/* LDFLAGS: -Wl,--wrap=explicit_bzero */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "bot/config.h"

#define SECRET "s3cr3tt0kenvalue1234567890"

static char token[] = "/tmp/kizuki-token-XXXXXX";
static char conf[] = "/tmp/kizuki-config-XXXXXX";
static int wiped; /* places that held the secret */

void __wrap_explicit_bzero(void *p, size_t n);
void __wrap_explicit_bzero(void *p, size_t n) {
    wiped += n >= sizeof(SECRET) - 1 && memmem(p, n, SECRET, sizeof(SECRET) - 1) != NULL;
    memset(p, 0, n);
}

static void write_text(const char *path, const char *text) {
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
}

/* Loads a file that is refused; how many times the secret was wiped. */
static int wiped_by_text(const char *text) {
    write_text(conf, text);
    struct config config = {0};
    struct buf errors;
    buf_init(&errors, 65536);
    wiped = 0;
    assert_int_equal(config_load(conf, &config, &errors), -EBADMSG);
    assert_null(strstr(buf_text(&errors), SECRET));
    buf_free(&errors);
    return wiped;
}

static int wiped_by(const char *before, const char *after) {
    char text[512];
    snprintf(text, sizeof(text), "mattermost %s token_file = \"%s\" %s", before, token, after);
    return wiped_by_text(text);
}

static void test_refused_workspaces(UNUSED void **state) {
    write_text(token, SECRET);
    static const struct {
        const char *before;
        const char *after;
    } cases[] = {
        {"acme { url = \"https://x\"", "}\nfoo = 1\n"}, /* this one is right, the file is not */
        {"Acme { url = \"https://x\"", "}\n"},
        {"acme {", "}\n"},
        {"acme { url = \"https://x\"", "colour = \"red\" }\n"},
        {"acme { url = \"ftp://x\"", "}\n"},
        {"acme { url = \"https://x\"", "url = \"https://y\" }\n"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        int n = wiped_by(cases[i].before, cases[i].after);
        if (n != 2) { /* where it was read, and where it was kept */
            fail_msg("case %zu: wiped %d times", i, n);
        }
    }
}

static void test_refused_environment(UNUSED void **state) {
    setenv("KIZUKI_MATTERMOST_ACME_TOKEN", SECRET " x", 1);
    assert_int_equal(wiped_by("acme { url = \"https://x\"", "}\n"), 1);
    setenv("KIZUKI_MATTERMOST_ACME_TOKEN", SECRET, 1);
    assert_int_equal(wiped_by("acme {", "}\n"), 1);
    unsetenv("KIZUKI_MATTERMOST_ACME_TOKEN");
}

/* Both tokens of Slack, wherever what is wrong is found. */
static void test_refused_slack(UNUSED void **state) {
    static const char *const ends[] = {"}\nfoo = 1\n", "colour = \"red\" }\n",
                                       "api_url = \"x\" }\n"};
    write_text(token, "xapp-" SECRET);
    setenv("KIZUKI_SLACK_ACME_BOT_TOKEN", "xoxb-" SECRET, 1);
    for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
        char text[512];
        snprintf(text, sizeof(text), "slack acme { app_token_file = \"%s\" %s", token, ends[i]);
        int n = wiped_by_text(text);
        if (n != (i == 1 ? 2 : 3)) { /* the bot token is taken at the section's end */
            fail_msg("case %zu: wiped %d times", i, n);
        }
    }
    char text[512];
    snprintf(text, sizeof(text), "slack acme { bot_token_file = \"%s\" }\n", token);
    unsetenv("KIZUKI_SLACK_ACME_BOT_TOKEN");
    assert_int_equal(wiped_by_text(text), 2); /* of a wrong form */
}

static int set_up(UNUSED void **state) {
    int a = mkstemp(token);
    int b = mkstemp(conf);
    return a < 0 || b < 0 || close(a) < 0 || close(b) < 0 ? -1 : 0;
}

static int tear_down(UNUSED void **state) {
    return unlink(token) < 0 || unlink(conf) < 0 ? -1 : 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_refused_workspaces),
                                       cmocka_unit_test(test_refused_environment),
                                       cmocka_unit_test(test_refused_slack)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
