/*
 * For the tests of the store: a folder and a database of its own for each test, rows that most
 * tests need, and a look at the file as another program has it. The fixture owns `s` and `arena`:
 * made before and gone after each test; a test that closes `s` itself opens it again or sets NULL.
 * What cannot be done fails the test.
 */
#ifndef KIZUKI_TESTS_SUPPORT_STORE_FIXTURE_H
#define KIZUKI_TESTS_SUPPORT_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/private.h"

/* Short names: tests of the store say little else. */
#define EQ(got, want)   assert_int_equal(got, want)
#define SAME(got, want) assert_string_equal(got, want)
#define HAS(sql, n)     assert_int_equal(raw_int(db, sql), n)

#define LATEST      9 /* the schema's version in this program */
#define LATEST_TEXT "9"
#define NEXT_TEXT   "10"

/* A test with an open store, and one with a folder in which nothing is yet. */
#define WITH_STORE(f) cmocka_unit_test_setup_teardown(f, open_store, drop_dir)
#define WITH_DIR(f)   cmocka_unit_test_setup_teardown(f, make_dir, drop_dir)

extern char dir[64]; /* the folder of this test */
extern char db[96];  /* the database in it */
extern struct store *s;
extern struct arena arena; /* what the helpers below return lives here */

int make_dir(void **state);
int open_store(void **state);
int drop_dir(void **state);
/* Closes `s` and opens `db` again. */
void reopen(void);

/* The store's message: one line that says the words and nothing left open by its format. */
void assert_message(const char *words);

/* Another program's look at a file. */
void raw_exec(const char *path, const char *sql);
int64_t raw_int(const char *path, const char *sql);

/* The id of that person of the console, who is new unless seen before. */
const char *person(const char *external_id);
/* Begins a run of the form "h1" and returns its id. */
const char *run_of(const char *person_id, const char *run_id);
/* A message to that person; it points to the arguments. */
struct store_out out(const char *key, const char *person_id, int64_t due_ms);
void add_out(const char *key, const char *person_id, int64_t due_ms);

#endif
