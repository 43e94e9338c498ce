#include "tests/fake/common/order.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/xalloc.h"

int64_t order_int(const struct order *o, const char *name, int64_t otherwise) {
    const cJSON *m = json_member(o->args, name);
    return cJSON_IsNumber(m) ? (int64_t)m->valuedouble : otherwise;
}

const char *order_string(const struct order *o, const char *name, const char *otherwise) {
    const char *s = json_string(o->args, name);
    return s ? s : otherwise;
}

bool order_flag(const struct order *o, const char *name, bool otherwise) {
    const cJSON *m = json_member(o->args, name);
    return cJSON_IsBool(m) ? cJSON_IsTrue(m) : otherwise;
}

int order_hex_digit(char c) {
    const char *digits = "0123456789abcdef";
    const char *at = c ? strchr(digits, c | 0x20) : NULL;
    return at ? (int)(at - digits) : -1;
}

static size_t decode_hex(const char *hex, char *out) {
    size_t n = 0;
    for (; hex[0] && hex[1]; hex += 2) {
        int high = order_hex_digit(hex[0]);
        int low = order_hex_digit(hex[1]);
        if (high < 0 || low < 0) {
            return 0;
        }
        out[n++] = (char)(high * 16 + low);
    }
    return n;
}

struct frame *order_frame(const struct order *o) {
    const char *text = json_string(o->args, "text");
    const char *hex = json_string(o->args, "hex");
    if (!text && !hex) {
        return NULL;
    }
    size_t n = strlen(text ? text : hex);
    char *bytes = xmalloc(n + 1);
    if (text) {
        memcpy(bytes, text, n);
    } else {
        n = decode_hex(hex, bytes);
    }
    struct frame *f = frame_new_in_parts(bytes, n, order_int(o, "fragments", 1));
    free(bytes);
    return f;
}

static const char *advance_clock(const struct order *o) {
    clock_shift_ms(order_int(o, "ms", 0));
    return NULL;
}

static const char *refuse_upgrade(const struct order *o) {
    struct refusal r = {.status = (int)order_int(o, "status", 503)};
    r.times = (int)order_int(o, "times", 1);
    r.retry_after = (int)order_int(o, "retry_after", 1);
    lws_strncpy(r.location, order_string(o, "location", ""), sizeof(r.location));
    if (r.status == 302 && !r.location[0]) {
        return "302 needs a location";
    }
    o->net->faults.refusal = r;
    return NULL;
}

static const char *rate_limit(const struct order *o) {
    struct rate *r = &o->net->faults.rate;
    *r = (struct rate){.at_ms = clock_now_ms()};
    const cJSON *per_second = json_member(o->args, "per_second");
    r->per_second = cJSON_IsNumber(per_second) ? per_second->valuedouble : 0;
    r->burst = (double)order_int(o, "burst", 100);
    return NULL;
}

static const char *http_fault(const struct order *o) {
    struct fault f = {.after = (int)order_int(o, "after", 0)};
    const char *kind = order_string(o, "kind", "");
    for (int i = FAULT_NONE + 1; i < FAULT__COUNT; i++) {
        if (strcmp(kind, fault_names[i]) == 0) {
            f.kind = (enum fault_kind)i;
        }
    }
    if (f.kind == FAULT_NONE) {
        return "no such kind of fault";
    }
    f.times = (int)order_int(o, "times", 1);
    f.status = (int)order_int(o, "status", 500);
    f.retry_after = (int)order_int(o, "retry_after", 0);
    f.ms = order_int(o, "ms", 1000);
    lws_strncpy(f.path, order_string(o, "path", ""), sizeof(f.path));
    lws_strncpy(f.method, order_string(o, "method", ""), sizeof(f.method));
    lws_strncpy(f.content_type, order_string(o, "content_type", "application/json"),
                sizeof(f.content_type));
    f.body = xstrdup(order_string(o, "body", ""));
    if (!fault_add(&o->net->faults, &f)) {
        free(f.body);
        return "too many faults at once";
    }
    return NULL;
}

static const char *clear_faults(const struct order *o) {
    struct faults *fs = &o->net->faults;
    fault_clear(fs);
    fs->refusal.times = 0;
    fs->lose_percent = 0;
    fs->rate.per_second = 0;
    return NULL;
}

static const char *lose_answers(const struct order *o) {
    o->net->faults.lose_percent = (int)order_int(o, "percent", 0);
    /* Never 0, which the generator would not leave. */
    o->net->faults.lose_state =
        (uint64_t)order_int(o, "seed", 1) * 0x9e3779b97f4a7c15u + 0x1234567u;
    return NULL;
}

const struct order_kind orders_common[] = {
    {"advance_clock", advance_clock},
    {"refuse_upgrade", refuse_upgrade},
    {"rate_limit", rate_limit},
    {"http_fault", http_fault},
    {"clear_faults", clear_faults},
    {"lose_answers", lose_answers},
    {NULL, NULL},
};

static const char *run(const struct order *o, const struct order_kind *const tables[]) {
    const char *name = order_string(o, "do", "");
    for (; *tables; tables++) {
        for (const struct order_kind *k = *tables; k->name; k++) {
            if (strcmp(k->name, name) == 0) {
                return k->run(o);
            }
        }
    }
    return "no such command";
}

void order_run(struct call *c, struct net *net, const struct lws *wsi,
               const struct order_kind *const tables[]) {
    c->status = 200;
    c->content_type = "application/json";
    struct json_error err;
    c->json = json_parse(buf_text(&c->body), c->body.len, BODY_MAX_BYTES, &err);
    struct order o = {c->server, net, c->json, wsi, &c->out};
    const char *wrong = c->json ? run(&o, tables) : "the body is no JSON";
    if (wrong) {
        c->status = 400;
        buf_clear(&c->out);
        buf_addf(&c->out, "{\"error\":\"%s\"}", wrong);
    } else if (c->out.len == 0) {
        buf_adds(&c->out, "{}");
    }
}
