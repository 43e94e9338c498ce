#include "tests/fake/slack/file.h"

#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "tests/fake/slack/message.h"
#include "tests/fake/slack/server.h"
#include "tests/fake/slack/shape.h"

#define MAX_BYTES ((size_t)4 * 1024 * 1024)

struct file *file_new(struct server *sv, struct user *u, const char *name, size_t size) {
    struct file *f = arena_alloc(&sv->world.arena, sizeof(*f));
    *f = (struct file){.user = u, .announced = size, .next = sv->files};
    world_make_id(&sv->world, 'F', f->id);
    world_make_uuid(&sv->world, f->token);
    f->name = arena_strdup(&sv->world.arena, name);
    f->title = f->name;
    f->created = world_now_s();
    buf_init(&f->content, MAX_BYTES + 1);
    sv->files = f;
    return f;
}

struct file *file_find(const struct server *sv, const char *id) {
    for (struct file *f = sv->files; f; f = f->next) {
        if (strcmp(f->id, id) == 0) {
            return f;
        }
    }
    return NULL;
}

static void add_type(cJSON *o, const struct file *f) {
    static const struct {
        const char *ending;
        const char *mime;
        const char *pretty;
    } types[] = {
        {"png", "image/png", "PNG"},
        {"pdf", "application/pdf", "PDF"},
        {"txt", "text/plain", "Plain Text"},
        {"csv", "application/octet-stream", "CSV"},
    };
    const char *dot = strrchr(f->name, '.');
    for (size_t i = 0; dot && i < sizeof(types) / sizeof(types[0]); i++) {
        if (strcmp(dot + 1, types[i].ending) == 0) {
            cJSON_AddStringToObject(o, "mimetype", types[i].mime);
            cJSON_AddStringToObject(o, "filetype", types[i].ending);
            cJSON_AddStringToObject(o, "pretty_type", types[i].pretty);
            return;
        }
    }
    cJSON_AddStringToObject(o, "mimetype", "application/octet-stream");
    cJSON_AddStringToObject(o, "filetype", "binary");
    cJSON_AddStringToObject(o, "pretty_type", "Binary");
}

static void add_urls(const struct server *sv, cJSON *o, const struct file *f) {
    char url[256];
    const char *scheme = sv->net.tls ? "https" : "http";
    snprintf(url, sizeof(url), "%s://%s/files-pri/" TEAM_ID "-%s/file", scheme, sv->host, f->id);
    cJSON_AddStringToObject(o, "url_private", url);
    snprintf(url, sizeof(url), "%s://%s/files-pri/" TEAM_ID "-%s/download/file", scheme, sv->host,
             f->id);
    cJSON_AddStringToObject(o, "url_private_download", url);
    snprintf(url, sizeof(url), "https://" DOMAIN ".slack.com/files/%s/%s/x", f->user->id, f->id);
    cJSON_AddStringToObject(o, "permalink", url);
}

cJSON *file_json(const struct server *sv, const struct file *f) {
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "id", f->id);
    cJSON_AddNumberToObject(o, "created", (double)f->created);
    cJSON_AddNumberToObject(o, "timestamp", (double)f->created);
    cJSON_AddStringToObject(o, "name", f->name);
    cJSON_AddStringToObject(o, "title", f->title);
    add_type(o, f);
    cJSON_AddStringToObject(o, "user", f->user->id);
    cJSON_AddStringToObject(o, "user_team", f->user->team_id);
    cJSON_AddBoolToObject(o, "editable", false);
    cJSON_AddNumberToObject(o, "size", (double)f->announced);
    cJSON_AddStringToObject(o, "mode", "hosted");
    cJSON_AddBoolToObject(o, "is_external", false);
    cJSON_AddStringToObject(o, "external_type", "");
    cJSON_AddBoolToObject(o, "is_public", false);
    cJSON_AddBoolToObject(o, "public_url_shared", false);
    cJSON_AddBoolToObject(o, "display_as_bot", false);
    cJSON_AddStringToObject(o, "username", "");
    add_urls(sv, o, f);
    cJSON_AddBoolToObject(o, "has_rich_preview", false);
    cJSON_AddStringToObject(o, "file_access", "visible");
    return o;
}

/* ---- bytes ---- */

static const char *find_bytes(const char *in, size_t n, const char *what, size_t len) {
    return len <= n ? memmem(in, n, what, len) : NULL;
}

/* The content of the first part of a multipart body. */
static bool take_part(const struct call *c, struct file *f) {
    const char *boundary = strstr(c->type, "boundary=");
    if (!boundary) {
        return false;
    }
    char end[128];
    int n = snprintf(end, sizeof(end), "\r\n--%.100s", boundary + 9);
    const char *body = buf_text(&c->body);
    const char *start = find_bytes(body, c->body.len, "\r\n\r\n", 4);
    if (!start) {
        return false;
    }
    start += 4;
    const char *stop = find_bytes(start, c->body.len - (size_t)(start - body), end, (size_t)n);
    if (!stop) {
        return false;
    }
    buf_add(&f->content, start, (size_t)(stop - start));
    return true;
}

static void upload(struct call *c, const char *id) {
    struct file *f = file_find(c->server, id);
    char token[UUID_MAX + 1] = "";
    http_query_value(c->query, "t", token, sizeof(token));
    c->content_type = "text/plain; charset=utf-8";
    if (!f || strcmp(f->token, token) != 0 || f->completed || strcmp(c->method, "POST") != 0) {
        c->status = 404;
        buf_adds(&c->out, "no such upload");
        return;
    }
    buf_clear(&f->content);
    if (strncmp(c->type, "multipart/", 10) != 0) {
        buf_add(&f->content, buf_text(&c->body), c->body.len);
    } else if (!take_part(c, f)) {
        c->status = 400;
        return;
    }
    f->uploaded = f->content.len == f->announced;
    c->status = f->uploaded ? 200 : 400;
    buf_addf(&c->out, f->uploaded ? "OK - %zu" : "size mismatch - %zu", f->content.len);
}

static void download(struct call *c, const char *name) {
    const char *dash = strchr(name, '-');
    char id[ID_MAX] = "";
    if (dash) {
        snprintf(id, sizeof(id), "%.*s", (int)strcspn(dash + 1, "/"), dash + 1);
    }
    const struct file *f = file_find(c->server, id);
    c->content_type = "text/html";
    if (strcmp(c->token, BOT_TOKEN) != 0) {
        buf_adds(&c->out, "<!DOCTYPE html><html><body>Sign in</body></html>"); /* with 200 */
    } else if (!f) {
        c->status = 404;
    } else {
        c->content_type = "application/octet-stream";
        buf_add(&c->out, buf_text(&f->content), f->content.len);
    }
}

bool file_handle(struct call *c) {
    static const char up[] = "/upload/v1/";
    static const char down[] = "/files-pri/";
    if (strncmp(c->path, up, sizeof(up) - 1) == 0) {
        upload(c, c->path + sizeof(up) - 1);
        return true;
    }
    if (strncmp(c->path, down, sizeof(down) - 1) == 0) {
        download(c, c->path + sizeof(down) - 1);
        return true;
    }
    return false;
}

/* ---- the Web API ---- */

const char *web_files_get_url(struct web *w) {
    const char *name = web_arg(w, "filename");
    int64_t length = web_arg_int(w, "length", 0);
    if (!*name || length <= 0) {
        return "missing_argument";
    }
    if (length > (int64_t)MAX_BYTES) {
        return "file_upload_size_restricted";
    }
    const struct server *sv = w->server;
    const struct file *f = file_new(w->server, w->server->world.bot, name, (size_t)length);
    char url[256];
    snprintf(url, sizeof(url), "%s://%s/upload/v1/%s?t=%s", sv->net.tls ? "https" : "http",
             w->call->host, f->id, f->token);
    cJSON_AddStringToObject(w->reply, "upload_url", url);
    cJSON_AddStringToObject(w->reply, "file_id", f->id);
    return NULL;
}

static const char *take_files(struct web *w, const cJSON *list, cJSON *shown) {
    const cJSON *item;
    if (!cJSON_IsArray(list) || !list->child) {
        return "invalid_arguments";
    }
    cJSON_ArrayForEach(item, list) {
        const char *id = json_string(item, "id");
        const struct file *f = id ? file_find(w->server, id) : NULL;
        if (!f || !f->uploaded || f->completed) {
            return "file_not_found";
        }
    }
    cJSON_ArrayForEach(item, list) {
        struct file *f = file_find(w->server, json_string(item, "id"));
        const char *title = json_string(item, "title");
        f->title = title ? arena_strdup(&w->server->world.arena, title) : f->title;
        f->completed = true;
        cJSON_AddItemToArray(shown, file_json(w->server, f));
    }
    return NULL;
}

static void share(struct web *w, struct channel *c, struct message *root, const cJSON *shown) {
    struct draft d = {.user = w->server->world.bot, .channel = c, .root = root};
    d.text = web_arg(w, "initial_comment");
    d.files = cJSON_Duplicate(shown, 1);
    d.subtype = "file_share";
    const struct message *m = message_post(w->server, &d);
    const cJSON *item;
    cJSON_ArrayForEach(item, shown) {
        struct file *f = file_find(w->server, json_string(item, "id"));
        snprintf(f->channel, sizeof(f->channel), "%s", c->id);
        snprintf(f->ts, sizeof(f->ts), "%s", m->ts);
    }
}

const char *web_files_complete(struct web *w) {
    bool bad = false;
    bool shared = *web_arg(w, "channel_id");
    struct channel *c = shared ? web_channel(w, "channel_id") : NULL;
    const char *thread = web_arg(w, "thread_ts");
    if (shared && !c) {
        return "channel_not_found";
    }
    if (shared && !world_is_member(c, w->server->world.bot)) {
        return "not_in_channel";
    }
    struct message *root = c && *thread ? message_find(&w->server->world, c, thread) : NULL;
    cJSON *list = web_arg_json(w, "files", &bad);
    cJSON *shown = cJSON_CreateArray();
    const char *wrong = take_files(w, list, shown);
    cJSON_Delete(list);
    if (wrong) {
        cJSON_Delete(shown);
        return wrong;
    }
    if (c) {
        share(w, c, root, shown);
    }
    cJSON_AddItemToObject(w->reply, "files", shown);
    return NULL;
}

const char *web_files_info(struct web *w) {
    const struct file *f = file_find(w->server, web_arg(w, "file"));
    if (!f || !f->completed) {
        return "file_not_found";
    }
    cJSON *o = file_json(w->server, f);
    if (*f->channel) {
        cJSON *shares = shape_object(o, "shares");
        cJSON *kind = shape_object(shares, *f->channel == 'D' ? "private" : "public");
        cJSON *share = cJSON_CreateObject();
        cJSON_AddStringToObject(share, "ts", f->ts);
        cJSON_AddItemToArray(shape_array(kind, f->channel), share);
    }
    cJSON_AddItemToObject(w->reply, "file", o);
    return NULL;
}

/* ---- state and end ---- */

void file_put_state(const struct server *sv, struct buf *b) {
    size_t n = 0;
    size_t shared = 0;
    for (const struct file *f = sv->files; f; f = f->next) {
        n += f->completed;
        shared += *f->channel != '\0';
    }
    buf_addf(b, ",\"files\":%zu,\"files_shared\":%zu", n, shared);
}

void file_free_all(struct server *sv) {
    for (struct file *f = sv->files; f; f = f->next) {
        buf_free(&f->content);
    }
}
