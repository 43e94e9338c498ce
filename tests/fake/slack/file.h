/* Files: where they are uploaded to, and how they are shared and read. */
#ifndef KIZUKI_TESTS_FAKE_SLACK_FILE_H
#define KIZUKI_TESTS_FAKE_SLACK_FILE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/buf.h"
#include "tests/fake/common/http.h"
#include "tests/fake/slack/world.h"

struct server;

struct file {
    struct file *next;
    char id[ID_MAX];
    char token[UUID_MAX];
    struct user *user;
    const char *name;
    const char *title;
    int64_t created;
    size_t announced;
    struct buf content;
    bool uploaded;
    bool completed;
    char channel[ID_MAX]; /* where it was shared; "": nowhere */
    char ts[TS_MAX];
};

struct file *file_new(struct server *sv, struct user *u, const char *name, size_t size);
struct file *file_find(const struct server *sv, const char *id);
cJSON *file_json(const struct server *sv, const struct file *f);

/* The upload itself and reading; false: the path is neither. */
bool file_handle(struct call *c);

void file_put_state(const struct server *sv, struct buf *b);
void file_free_all(struct server *sv);

#endif
