/* The list of scopes, the app's manifest and the code say the same. */
#include <glob.h>
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "bot/slack/scopes.h"

#define NAMES_MAX 64

static char *read_all(const char *path) {
    FILE *f = fopen(path, "re");
    if (!f) {
        fail_msg("%s cannot be read", path);
    }
    size_t size = (size_t)256 * 1024;
    char *text = malloc(size);
    assert_non_null(text);
    size_t n = fread(text, 1, size - 1, f);
    assert_true(n > 0 && n < size - 1);
    text[n] = '\0';
    fclose(f);
    return text;
}

struct names {
    char name[NAMES_MAX][64];
    size_t n;
};

static bool has_name(const struct names *names, const char *name) {
    for (size_t i = 0; i < names->n; i++) {
        if (strcmp(names->name[i], name) == 0) {
            return true;
        }
    }
    return false;
}

/* The items below a line of the manifest: "      - item". */
static void list_below(const char *text, const char *line, struct names *ret) {
    const char *at = strstr(text, line);
    assert_non_null(at);
    at += strlen(line);
    for (ret->n = 0; strncmp(at, "      - ", 8) == 0; at += strcspn(at, "\n") + 1) {
        assert_true(ret->n < NAMES_MAX);
        snprintf(ret->name[ret->n++], 64, "%.*s", (int)strcspn(at + 8, "\n"), at + 8);
    }
    assert_true(ret->n > 0);
}

static void test_manifest_scopes(UNUSED void **state) {
    char *text = read_all("bot/slack/manifest.yaml");
    struct names names;
    list_below(text, "\n    bot:\n", &names);
    size_t always = 0;
    for (size_t i = 0; i < slack_n_scopes; i++) {
        const struct slack_scope *scope = &slack_scopes[i];
        char comment[80];
        snprintf(comment, sizeof(comment), "\n      # - %s\n", scope->name);
        always += !scope->desk;
        if (scope->desk ? !strstr(text, comment) : !has_name(&names, scope->name)) {
            fail_msg("the manifest lacks %s", scope->name);
        }
    }
    assert_int_equal(names.n, always);
    free(text);
}

static void test_manifest_events(UNUSED void **state) {
    char *text = read_all("bot/slack/manifest.yaml");
    char *wire = read_all("bot/slack/wire.c");
    struct names names;
    list_below(text, "\n    bot_events:\n", &names);
    assert_int_equal(names.n, slack_n_events);
    for (size_t i = 0; i < slack_n_events; i++) {
        char quoted[64]; /* "message.im" is a "message" once it comes */
        const char *name = slack_events[i].name;
        snprintf(quoted, sizeof(quoted), "\"%.*s\"", (int)strcspn(name, "."), name);
        if (!has_name(&names, name) || !strstr(wire, quoted)) {
            fail_msg("%s is not in the manifest, or is not read", name);
        }
    }
    free(wire);
    free(text);
}

static void test_manifest_settings(UNUSED void **state) {
    static const char *const lines[] = {
        "home_tab_enabled: true",
        "messages_tab_enabled: true",
        "messages_tab_read_only_enabled: false", /* else nobody can write to the bot */
        "- command: /kizuki",
        "should_escape: true",
        "interactivity:\n    is_enabled: true",
        "socket_mode_enabled: true",
        "org_deploy_enabled: false",
        "token_rotation_enabled: false",
    };
    char *text = read_all("bot/slack/manifest.yaml");
    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        if (!strstr(text, lines[i])) {
            fail_msg("the manifest lacks %s", lines[i]);
        }
    }
    free(text);
}

static bool is_scope(const char *name) {
    for (size_t i = 0; i < slack_n_scopes; i++) {
        if (strcmp(slack_scopes[i].name, name) == 0) {
            return true;
        }
    }
    return strcmp(name, "") == 0 || strcmp(name, SLACK_APP_SCOPE) == 0;
}

static bool is_used(const struct slack_use *uses, size_t n, const char *scope) {
    for (size_t i = 0; i < n; i++) {
        if (strcmp(uses[i].scope, scope) == 0) {
            return true;
        }
    }
    return false;
}

/* No scope without a use, no use without its scope. */
static void test_uses(UNUSED void **state) {
    for (size_t i = 0; i < slack_n_methods; i++) {
        assert_true(is_scope(slack_methods[i].scope));
    }
    for (size_t i = 0; i < slack_n_events; i++) {
        assert_true(is_scope(slack_events[i].scope));
    }
    for (size_t i = 0; i < slack_n_scopes; i++) {
        const char *scope = slack_scopes[i].name;
        if (!is_used(slack_methods, slack_n_methods, scope) &&
            !is_used(slack_events, slack_n_events, scope) && strcmp(scope, "commands") != 0) {
            fail_msg("%s is not used", scope);
        }
        assert_int_equal(strncmp(slack_scopes[i].purpose, "to ", 3), 0);
    }
}

static bool is_method(const char *name) {
    for (size_t i = 0; i < slack_n_methods; i++) {
        if (strcmp(slack_methods[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* Adds what looks like a method of the Web API; the number of those that are in no list. */
static int find_methods(const char *path, struct names *found) {
    static const char form[] =
        "\"((api|apps|auth|bots|chat|conversations|dnd|files|pins|reactions|team|usergroups|"
        "users|views)\\.[a-zA-Z]+(\\.[a-zA-Z]+)?)\"";
    int strangers = 0;
    regex_t regex;
    regmatch_t part[2];
    assert_int_equal(regcomp(&regex, form, REG_EXTENDED), 0);
    char *text = read_all(path);
    for (const char *at = text; regexec(&regex, at, 2, part, 0) == 0; at += part[1].rm_eo) {
        char name[64];
        snprintf(name, sizeof(name), "%.*s", (int)(part[1].rm_eo - part[1].rm_so),
                 at + part[1].rm_so);
        if (!is_method(name)) {
            print_error("%s: %s is not in scopes.c\n", path, name);
            strangers++;
        } else if (!has_name(found, name)) {
            assert_true(found->n < NAMES_MAX);
            snprintf(found->name[found->n++], 64, "%s", name);
        }
    }
    free(text);
    regfree(&regex);
    return strangers;
}

static void test_methods(UNUSED void **state) {
    struct names found = {.n = 0};
    int strangers = 0;
    glob_t files;
    assert_int_equal(glob("bot/slack/*.c", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        bool is_list = strcmp(files.gl_pathv[i], "bot/slack/scopes.c") == 0;
        strangers += is_list ? 0 : find_methods(files.gl_pathv[i], &found);
    }
    globfree(&files);
    assert_int_equal(strangers, 0);
    for (size_t i = 0; i < slack_n_methods; i++) {
        if (!has_name(&found, slack_methods[i].name)) {
            fail_msg("%s is not used", slack_methods[i].name);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_manifest_scopes),
                                       cmocka_unit_test(test_manifest_events),
                                       cmocka_unit_test(test_manifest_settings),
                                       cmocka_unit_test(test_uses), cmocka_unit_test(test_methods)};
    return cmocka_run_group_tests_name("slack_scopes", tests, NULL, NULL);
}
