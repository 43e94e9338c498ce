/* Files: uploaded as the raw body, kept as a name and a size, each for one post. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "tests/fake/posts.h"
#include "tests/fake/rest.h"

static struct file *find_file(const struct world *w, const char *id) {
    for (struct file *f = w->files; f; f = f->next) {
        if (strcmp(f->id, id) == 0) {
            return f;
        }
    }
    return NULL;
}

void rest_upload(struct call *c) {
    char channel_id[64] = "";
    char name[128] = "";
    struct world *w = &c->server->world;
    (void)rest_query(c, "channel_id", channel_id, sizeof(channel_id));
    (void)rest_query(c, "filename", name, sizeof(name));
    if (!rest_my_channel(c, channel_id)) {
        return;
    }
    if (c->body.len == 0 || !*name) {
        rest_error(c, 400, "api.file.upload_file.read_request.app_error", "No file to read.");
        return;
    }
    struct file *f = arena_alloc(&w->arena, sizeof(*f));
    *f = (struct file){.user = c->user, .next = w->files};
    world_make_id(w, "file", f->id);
    w->files = f;
    c->status = 201;
    buf_addf(&c->out,
             "{\"file_infos\":[{\"id\":\"%s\",\"user_id\":\"%s\",\"name\":\"%s\",\"size\":%zu}],"
             "\"client_ids\":[]}",
             f->id, c->user->id, name, c->body.len);
}

/* As the server does: what is not there, somebody else's or used already is silently left out. */
void rest_attach_files(struct call *c, struct post *p) {
    const cJSON *id;
    cJSON_ArrayForEach(id, json_member(c->json, "file_ids")) {
        struct file *f = cJSON_IsString(id) ? find_file(&c->server->world, id->valuestring) : NULL;
        if (f && f->user == c->user && !f->post && !p->file) {
            f->post = p;
            p->file = f;
        }
    }
}
