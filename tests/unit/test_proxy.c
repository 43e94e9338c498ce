/* Which proxy leads to a server: configuration, environment, and what NO_PROXY takes out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "bot/proxy.h"

#define P "http://proxy.example:3128"
#define Q "http://other.example:8080"

static const char *const names[] = {"https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY",
                                    "all_proxy",   "ALL_PROXY",   "no_proxy",   "NO_PROXY"};
static struct arena a;

static int forget(UNUSED void **state) {
    arena_free(&a);
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        unsetenv(names[i]);
    }
    return 0;
}

static void set(const char *name, const char *value) {
    if (value) {
        assert_int_equal(setenv(name, value, 1), 0);
    } else {
        unsetenv(name);
    }
}

static void test_find(UNUSED void **state) {
    static const struct {
        const char *configured;
        const char *lower;
        const char *upper;
        const char *proxy;
        bool refused;
    } cases[] = {
        {"", NULL, NULL, "", false},
        {"", "", "", "", false},
        {"", P, NULL, P, false},
        {"", NULL, P, P, false},
        {"", "", P, P, false},
        {"", P, Q, P, false},
        {Q, P, P, Q, false},
        {"http://user:secret@proxy.example:1", NULL, NULL, "http://user:secret@proxy.example:1",
         false},
        {"none", NULL, NULL, "", false},
        {"none", P, P, "", false},
        {"none", "socks5://x", NULL, "", false},
        {P, "socks5://x", NULL, P, false},
        {"https://proxy.example", NULL, NULL, "", true},
        {"socks5://proxy.example", P, NULL, "", true},
        {"proxy.example:3128", NULL, NULL, "", true},
        {"", "https://proxy.example", NULL, "", true},
        {"", NULL, "socks5h://proxy.example", "", true},
        {"", "proxy.example:3128", NULL, "", true},
        {"None", NULL, NULL, "", true},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        const char *why = "untouched";
        set("https_proxy", cases[i].lower);
        set("HTTPS_PROXY", cases[i].upper);
        const char *got = proxy_find(cases[i].configured, &why);
        if (strcmp(got, cases[i].proxy) != 0 || (why != NULL) != cases[i].refused) {
            fail_msg("case %zu: '%s', %s", i, got, why ? why : "fine");
        }
        if (why) {
            assert_non_null(strstr(why, "http://HOST:PORT"));
        }
    }
    /* Others are for other schemes. */
    set("https_proxy", NULL);
    set("HTTPS_PROXY", NULL);
    set("http_proxy", P);
    set("HTTP_PROXY", P);
    const char *why;
    assert_string_equal(proxy_find("", &why), "");
    assert_null(why);
}

static void test_skips(UNUSED void **state) {
    static const struct {
        const char *list;
        const char *url;
        bool skips;
    } cases[] = {
        {"", "https://chat.example.com", false},
        {"example.com", "https://example.com", true},
        {"example.com", "https://chat.example.com", true},
        {".example.com", "https://chat.example.com", true},
        {".example.com", "https://example.com", true},
        {"chat.example.com", "https://example.com", false},
        {"example.com", "https://badexample.com", false},
        {".example.com", "https://badexample.com", false},
        {"example.com", "https://example.com.evil.test", false},
        {"example", "https://example.com", false},
        {"EXAMPLE.com", "https://Chat.Example.COM", true},
        {"example.com", "https://chat.example.com:8065", true},
        {"example.com", "https://chat.example.com:8065/sub/path", true},
        {"example.com", "https://chat.example.com/", true},
        {"example.com", "https://other.test/example.com", false},
        {"*", "https://anything.test", true},
        {"a.test,example.com", "https://example.com", true},
        {"a.test, example.com", "https://example.com", true},
        {"a.test example.com", "https://example.com", true},
        {" , ,example.com, ", "https://example.com", true},
        {",,,", "https://example.com", false},
        {".", "https://example.com", false},
        {"localhost,127.0.0.1", "http://127.0.0.1:8065", true},
        {"localhost,127.0.0.1", "http://127.0.0.10:8065", false},
        {"localhost", "http://localhost:8065", true},
        {"::1", "http://[::1]:8065", true},
        {"fd00::1", "http://[::1]:8065", false},
        {"example.com", "example.com:8065", true},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        for (int upper = 0; upper < 2; upper++) {
            set("no_proxy", upper ? NULL : cases[i].list);
            set("NO_PROXY", upper ? cases[i].list : NULL);
            if (proxy_skips("", cases[i].url) != cases[i].skips) {
                fail_msg("'%s' and %s", cases[i].list, cases[i].url);
            }
            /* A proxy of the configuration is for all. */
            assert_false(proxy_skips(P, cases[i].url));
        }
    }
    set("no_proxy", "a.test");
    set("NO_PROXY", "b.test");
    assert_true(proxy_skips("", "https://a.test"));
    assert_false(proxy_skips("", "https://b.test"));
}

/* For people, and never with a password. */
static void test_describe(UNUSED void **state) {
    const char *url = "https://chat.example.com";
    assert_non_null(strstr(proxy_describe(&a, "", url), "none"));
    assert_non_null(strstr(proxy_describe(&a, "none", url), "none"));
    set("HTTPS_PROXY", "http://user:s3cr@t@proxy.example:3128");
    const char *got = proxy_describe(&a, "", url);
    assert_non_null(strstr(got, "proxy.example:3128"));
    assert_null(strstr(got, "user"));
    assert_null(strstr(got, "s3cr"));
    assert_null(strstr(got, "t@"));
    assert_non_null(strstr(proxy_describe(&a, Q, url), "other.example:8080"));
    set("NO_PROXY", "example.com");
    assert_null(strstr(proxy_describe(&a, "", url), "proxy.example"));
    assert_non_null(strstr(proxy_describe(&a, Q, url), "other.example:8080"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_find, forget, forget),
        cmocka_unit_test_setup_teardown(test_skips, forget, forget),
        cmocka_unit_test_setup_teardown(test_describe, forget, forget),
    };
    return cmocka_run_group_tests_name("proxy", tests, NULL, NULL);
}
