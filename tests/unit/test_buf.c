/* The bounded string and the arena, with what each promises checked after every step. */
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/buf.h"

static void check_buf(const struct buf *b, const char *text, bool overflow) {
    assert_string_equal(buf_text(b), text);
    assert_int_equal(b->len, strlen(text));
    assert_int_equal(b->overflow, overflow);
    if (b->p) {
        assert_true(b->len < b->cap);
        assert_true(b->cap <= b->max);
        assert_int_equal(b->p[b->len], '\0');
    } else {
        assert_int_equal(b->len, 0);
        assert_int_equal(b->cap, 0);
    }
}

static void test_add(UNUSED void **state) {
    struct buf b;
    buf_init(&b, 1000);
    check_buf(&b, "", false);
    buf_add(&b, NULL, 0);
    check_buf(&b, "", false);
    buf_adds(&b, "あ");
    buf_add(&b, "bcd", 2);
    check_buf(&b, "あbc", false);
    buf_addf(&b, "-%d%s", 42, "x");
    check_buf(&b, "あbc-42x", false);
    buf_adds(&b, "");
    buf_addf(&b, "%s", "");
    check_buf(&b, "あbc-42x", false);
    buf_free(&b);
    check_buf(&b, "", false);
    assert_int_equal(b.max, 1000);
    buf_adds(&b, "again");
    check_buf(&b, "again", false);
    buf_free(&b);
    buf_free(&b);
}

static void test_bytes(UNUSED void **state) {
    struct buf b;
    buf_init(&b, 100);
    buf_add(&b, "a\0b", 3);
    assert_int_equal(b.len, 3);
    assert_memory_equal(b.p, "a\0b", 4);
    buf_free(&b);
}

/* max counts the NUL: max - 1 characters fit, one more does not, and then nothing does. */
static void test_limit(UNUSED void **state) {
    static const struct {
        size_t max;
        const char *first;
        const char *second;
        const char *text;
        bool overflow;
    } cases[] = {
        {6, "abcde", "", "abcde", false}, {6, "abc", "de", "abcde", false},
        {6, "abcdef", "", "", true},      {6, "abc", "def", "abc", true},
        {6, "abcdef", "a", "", true},     {1, "", "", "", false},
        {1, "a", "", "", true},           {0, "", "", "", true},
        {0, "a", "b", "", true},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        for (int formatted = 0; formatted < 2; formatted++) {
            struct buf b;
            buf_init(&b, cases[i].max);
            buf_adds(&b, cases[i].first);
            if (formatted) {
                buf_addf(&b, "%s", cases[i].second);
            } else {
                buf_adds(&b, cases[i].second);
            }
            check_buf(&b, cases[i].text, cases[i].overflow);
            buf_free(&b);
        }
    }
    struct buf b;
    buf_init(&b, 6);
    buf_adds(&b, "ab");
    buf_add(&b, "x", SIZE_MAX); /* refused before it is read; no wrap around */
    check_buf(&b, "ab", true);
    buf_free(&b);
}

static void test_growth(UNUSED void **state) {
    static const size_t limits[] = {2, 255, 256, 257, 511, 513, 70000};
    for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
        struct buf b;
        buf_init(&b, limits[i]);
        for (size_t n = 0; n + 1 < limits[i]; n++) {
            buf_add(&b, &"abcdefghij"[n % 10], 1);
        }
        assert_false(b.overflow);
        assert_int_equal(b.len, limits[i] - 1);
        for (size_t n = 0; n < b.len; n++) {
            assert_int_equal(b.p[n], "abcdefghij"[n % 10]);
        }
        assert_true(b.cap <= limits[i]);
        buf_adds(&b, "x");
        assert_true(b.overflow);
        assert_int_equal(strlen(b.p), limits[i] - 1);
        buf_free(&b);
    }
}

static void test_clear_and_drop(UNUSED void **state) {
    struct buf b;
    buf_init(&b, 8);
    buf_clear(&b);
    buf_drop_front(&b, 3);
    check_buf(&b, "", false);
    buf_adds(&b, "abcdef");
    buf_adds(&b, "ghi");
    check_buf(&b, "abcdef", true);
    buf_drop_front(&b, 0);
    check_buf(&b, "abcdef", true);
    buf_drop_front(&b, 4);
    check_buf(&b, "ef", true); /* something is missing all the same */
    const char *memory = b.p;
    buf_clear(&b);
    check_buf(&b, "", false);
    assert_ptr_equal(b.p, memory);
    buf_adds(&b, "xyz");
    buf_drop_front(&b, 3);
    check_buf(&b, "", false);
    buf_adds(&b, "xyz");
    buf_drop_front(&b, 99);
    check_buf(&b, "", false);
    buf_free(&b);
}

static void test_arena_strings(UNUSED void **state) {
    struct arena a = {0};
    const char *one = arena_strdup(&a, "あい");
    const char *two = arena_strndup(&a, "abcdef", 3);
    const char *none = arena_strndup(&a, NULL, 0);
    const char *three = arena_printf(&a, "%s-%05d-%s", "x", 42, "あ");
    assert_string_equal(one, "あい");
    assert_string_equal(two, "abc");
    assert_string_equal(none, "");
    assert_string_equal(three, "x-00042-あ");
    char big[40000];
    memset(big, 'y', sizeof(big) - 1);
    big[sizeof(big) - 1] = '\0';
    assert_string_equal(arena_printf(&a, "%s%s", big, "z") + sizeof(big) - 1, "z");
    assert_string_equal(arena_strdup(&a, big), big);
    assert_string_equal(one, "あい"); /* nothing moved */
    arena_free(&a);
    arena_free(&a);
}

/* Whatever was allocated is zeroed, aligned, writable to its end, and apart from the rest. */
static void test_arena_alloc(UNUSED void **state) {
    static const size_t sizes[] = {0, 1, 7, 8, 15, 16, 17, 4096, 16383, 16384, 16385, 100000, 3};
    struct arena a = {0};
    for (int turn = 0; turn < 3; turn++) {
        unsigned char *got[ARRAY_LEN(sizes)];
        for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
            got[i] = arena_alloc(&a, sizes[i]);
            assert_non_null(got[i]);
            assert_int_equal((uintptr_t)got[i] % _Alignof(max_align_t), 0);
            for (size_t n = 0; n < sizes[i]; n++) {
                assert_int_equal(got[i][n], 0);
            }
            memset(got[i], (int)i + 1, sizes[i]);
        }
        for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
            for (size_t n = 0; n < sizes[i]; n++) {
                assert_int_equal(got[i][n], i + 1);
            }
        }
        arena_reset(&a);
        assert_int_equal(a.used_bytes, 0);
    }
    arena_free(&a);
}

static void test_arena_reset(UNUSED void **state) {
    struct arena a = {0};
    arena_reset(&a); /* of an empty one */
    assert_null(a.head);
    arena_alloc(&a, 100);
    size_t used = a.used_bytes;
    assert_true(used >= 100 && used < 132);
    arena_alloc(&a, 50000);
    char *big = arena_alloc(&a, 300000);
    assert_true(a.used_bytes >= 350100);
    arena_reset(&a);
    assert_ptr_equal(arena_alloc(&a, 50000), big); /* the largest block stayed */
    arena_reset(&a);
    assert_ptr_equal(arena_alloc(&a, 1), big);
    arena_free(&a);
    assert_null(a.head);
    assert_int_equal(a.used_bytes, 0);
}

/* A size that cannot be had ends the process rather than wrapping around to a small block. */
static void test_arena_too_much(UNUSED void **state) {
    static const size_t sizes[] = {SIZE_MAX,      SIZE_MAX - 14, SIZE_MAX - 15,
                                   SIZE_MAX - 31, SIZE_MAX - 47, SIZE_MAX / 2 + 1};
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        int fds[2];
        assert_int_equal(pipe(fds), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct arena a = {0};
            dup2(fds[1], 2);
            arena_alloc(&a, sizes[i]);
            _exit(0);
        }
        close(fds[1]);
        char said[200] = {0};
        assert_true(read(fds[0], said, sizeof(said) - 1) >= 0);
        close(fds[0]);
        int status;
        assert_int_equal(waitpid(child, &status, 0), child);
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT) {
            fail_msg("case %zu: status %d, said '%s'", i, status, said);
        }
        assert_string_equal(said, "kizuki: out of memory\n");
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_add),
                                       cmocka_unit_test(test_bytes),
                                       cmocka_unit_test(test_limit),
                                       cmocka_unit_test(test_growth),
                                       cmocka_unit_test(test_clear_and_drop),
                                       cmocka_unit_test(test_arena_strings),
                                       cmocka_unit_test(test_arena_alloc),
                                       cmocka_unit_test(test_arena_reset),
                                       cmocka_unit_test(test_arena_too_much)};
    return cmocka_run_group_tests_name("buf and arena", tests, NULL, NULL);
}
