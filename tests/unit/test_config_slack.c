/* Sections of Slack in the configuration: both tokens, their forms, defaults, faults; no secret in
 * any message. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/attr.h"
#include "bot/config.h"

#define SECRET "s3cr3tvalue"
#define APP    "xapp-1-" SECRET
#define BOT    "xoxb-2-" SECRET

static char dir[] = "/tmp/kizuki-slack-XXXXXX";
static struct config c;
static struct buf errors;

static void write_text(const char *name, const char *text) {
    char path[96];
    snprintf(path, sizeof(path), "%s/%s", dir, name);
    FILE *f = fopen(path, "we");
    assert_non_null(f);
    fputs(text, f);
    assert_int_equal(fclose(f), 0);
    assert_int_equal(chmod(path, 0600), 0);
}

/* Loads a text in which each '@' stands for the folder with the files "app" and "bot". */
static int load(const char *text) {
    char conf[96];
    struct buf b;
    buf_init(&b, 4096);
    for (const char *p = text; *p; p++) {
        if (*p == '@') {
            buf_addf(&b, "%s", dir);
        } else {
            buf_addf(&b, "%c", *p);
        }
    }
    write_text("conf", buf_text(&b));
    buf_free(&b);
    config_free(&c);
    buf_free(&errors);
    buf_init(&errors, 65536);
    snprintf(conf, sizeof(conf), "%s/conf", dir);
    int rc = config_load(conf, &c, &errors);
    assert_int_equal(rc, errors.len > 0 ? -EBADMSG : 0);
    assert_null(strstr(buf_text(&errors), SECRET));
    return rc;
}

/* The text is refused with one line of this number that has all the words, parted by '|'. */
static void refused(const char *text, int line, const char *words) {
    char head[16];
    snprintf(head, sizeof(head), "conf:%d: ", line);
    assert_int_equal(load(text), -EBADMSG);
    const char *got = buf_text(&errors);
    bool good = strstr(got, head) && strchr(got, '\n') == got + strlen(got) - 1;
    for (const char *w = words; good && *w; w += *w == '|') {
        char word[128];
        snprintf(word, sizeof(word), "%.*s", (int)strcspn(w, "|"), w);
        good = strstr(got, word) != NULL;
        w += strlen(word);
    }
    if (!good) {
        fail_msg("%s\nwanted %s%s\ngot:\n%s", text, head, words, got);
    }
}

static void accepted(const char *text) {
    int rc = load(text);
    assert_string_equal(buf_text(&errors), "");
    assert_int_equal(rc, 0);
}

static void test_defaults(UNUSED void **state) {
    accepted("slack acme-1 {\n app_token_file = \"@/app\"\n bot_token_file = \"@/bot\"\n}\n");
    assert_int_equal(c.n_workspaces, 1);
    const struct config_workspace *w = &c.workspaces[0];
    assert_int_equal(w->platform, CONFIG_SLACK);
    assert_string_equal(w->name, "acme-1");
    assert_string_equal(w->url, "https://slack.com/api");
    assert_string_equal(w->token, BOT);
    assert_string_equal(w->app_token, APP);
    assert_int_equal(w->max_answers_a_minute, 60);
    assert_false(w->rich_blocks);
    assert_string_equal(w->desk_channel, "");
}

static void test_values(UNUSED void **state) {
    setenv("KIZUKI_MATTERMOST_ACME_TOKEN", "anything", 1);
    accepted("slack acme { app_token_file = \"@/app\" bot_token_file = \"@/bot\"\n"
             " api_url = \"http://localhost:8080/api/\" max_answers_a_minute = 7\n"
             " rich_blocks = yes desk_channel = \"C0DESK0001\" }\n"
             "mattermost acme { url = \"https://x\" }\n"); /* names are a platform's own */
    assert_int_equal(c.n_workspaces, 2);
    assert_string_equal(c.workspaces[0].url, "http://localhost:8080/api");
    assert_int_equal(c.workspaces[0].max_answers_a_minute, 7);
    assert_true(c.workspaces[0].rich_blocks);
    assert_string_equal(c.workspaces[0].desk_channel, "C0DESK0001");
    assert_string_equal(c.workspaces[1].desk_channel, "");
    assert_int_equal(c.workspaces[1].platform, CONFIG_MATTERMOST);
    assert_string_equal(c.workspaces[1].token, "anything");
    assert_string_equal(c.workspaces[1].app_token, "");
    accepted(
        "slack a { app_token_file = \"@/app\" bot_token_file = \"@/bot\" rich_blocks = no }\n");
    assert_false(c.workspaces[0].rich_blocks);
}

static void test_faults(UNUSED void **state) {
    refused("slack {\n}\n", 1, "key 'slack'|no name|slack NAME { … }");
    refused("slack a {\n bot_token_file = \"@/bot\"\n}\n", 1,
            "key 'slack': no app token|app_token_file = |KIZUKI_SLACK_A_APP_TOKEN");
    refused("slack a {\n app_token_file = \"@/app\"\n}\n", 1,
            "key 'slack': no bot token|bot_token_file = |KIZUKI_SLACK_A_BOT_TOKEN");
    refused("slack A {\n app_token_file = \"@/app\" bot_token_file = \"@/bot\"\n}\n", 1,
            "key 'slack'|1 to 32");
    refused("slack a { app_token_file = \"@/app\" bot_token_file = \"@/bot\" }\n"
            "slack a { app_token_file = \"@/app\" bot_token_file = \"@/bot\" }\n",
            2, "key 'slack'|twice");
    refused("slack a {\n app_token_file = \"@/app\" bot_token_file = \"@/bot\"\n"
            " bot_tokenfile = \"@/bot\"\n}\n",
            3, "key 'bot_tokenfile'|did you mean 'bot_token_file'?|allowed: app_token_file, bot_");
    refused("slack a {\n app_token_file = \"@/app\" bot_token_file = \"@/bot\"\n"
            " rich_blocks = \"true\"\n}\n",
            3, "key 'rich_blocks'|allowed: no, yes");
    refused("slack a {\n app_token_file = \"@/app\" bot_token_file = \"@/bot\"\n"
            " api_url = \"slack.com/api\"\n}\n",
            3, "key 'api_url'|allowed: https://HOST");
    static const char *const no_channels[] = {"#security",
                                              "security",
                                              "U0DESK0001",
                                              "c0desk0001",
                                              "C0DESK0001 ",
                                              "C0",
                                              "4xp9fdt77pncbef59f4k1qe83o"};
    for (size_t i = 0; i < ARRAY_LEN(no_channels); i++) {
        char text[256];
        snprintf(text, sizeof(text),
                 "slack a {\n app_token_file = \"@/app\" bot_token_file = \"@/bot\"\n"
                 " desk_channel = \"%s\"\n}\n",
                 no_channels[i]);
        refused(text, 3, "key 'desk_channel': not the id of a channel; allowed: the C… or G…");
    }
    refused("slack a {\n app_token_file = \"@/none\"\n bot_token_file = \"@/bot\"\n}\n", 2,
            "key 'app_token_file': |/none: No such file");
    refused("slack a {\n app_token_file = \"@/app\"\n bot_token_file = \"bot\"\n}\n", 3,
            "key 'bot_token_file'|absolute path");
}

/* Each is told from the other by its form, wherever it was put. */
static void test_forms(UNUSED void **state) {
    static const char *const swapped =
        "slack a {\n app_token_file = \"@/app\"\n bot_token_file = \"@/app\"\n}\n";
    refused(swapped, 3,
            "key 'bot_token_file': |/app: not the bot token: this is the app token (xapp-…)|"
            "allowed: xoxb-…, from OAuth & Permissions");
    refused("slack a {\n app_token_file = \"@/bot\"\n bot_token_file = \"@/bot\"\n}\n", 2,
            "key 'app_token_file': |/bot: not the app token: this is the bot token (xoxb-…)|"
            "allowed: xapp-…, from Basic Information");
    write_text("other", "xoxp-" SECRET "\n");
    refused("slack a {\n app_token_file = \"@/app\"\n bot_token_file = \"@/other\"\n}\n", 3,
            "not the bot token: this is none; allowed: xoxb-…");
    write_text("other", "xoxe.xoxb-" SECRET "\n");
    refused("slack a {\n app_token_file = \"@/app\"\n bot_token_file = \"@/other\"\n}\n", 3,
            "this one expires|token rotation");
}

static void test_environment(UNUSED void **state) {
    setenv("KIZUKI_SLACK_T_2_BOT_TOKEN", "xoxb-environment", 1);
    setenv("KIZUKI_SLACK_T_2_APP_TOKEN", "xapp-environment", 1);
    accepted("slack t-2 {\n}\n");
    assert_string_equal(c.workspaces[0].token, "xoxb-environment");
    assert_string_equal(c.workspaces[0].app_token, "xapp-environment");
    /* The files are not even looked at. */
    accepted("slack t-2 { app_token_file = \"@/none\" bot_token_file = \"@/none\" }\n");
    assert_string_equal(c.workspaces[0].app_token, "xapp-environment");
    setenv("KIZUKI_SLACK_T_2_APP_TOKEN", BOT, 1);
    refused("slack t-2 {\n}\n", 1,
            "key 'slack': KIZUKI_SLACK_T_2_APP_TOKEN: not the app token: this is the bot token");
    setenv("KIZUKI_SLACK_T_2_APP_TOKEN", APP " x", 1);
    refused("slack t-2 {\n}\n", 1, "KIZUKI_SLACK_T_2_APP_TOKEN: white space");
}

static int set_up(UNUSED void **state) {
    if (!mkdtemp(dir)) {
        return -1;
    }
    write_text("app", APP "\n");
    write_text("bot", BOT "\n");
    return 0;
}

static int tear_down(UNUSED void **state) {
    static const char *const names[] = {"app", "bot", "conf", "other"};
    config_free(&c);
    buf_free(&errors);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        char path[96];
        snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
        unlink(path);
    }
    return rmdir(dir);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_defaults),
                                       cmocka_unit_test(test_values), cmocka_unit_test(test_faults),
                                       cmocka_unit_test(test_forms),
                                       cmocka_unit_test(test_environment)};
    return cmocka_run_group_tests_name("config_slack", tests, set_up, tear_down);
}
