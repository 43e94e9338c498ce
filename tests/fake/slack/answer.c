#include "tests/fake/slack/answer.h"

#include <string.h>

#include "base/json.h"
#include "tests/fake/slack/blocks.h"
#include "tests/fake/slack/hook.h"
#include "tests/fake/slack/server.h"
#include "tests/fake/slack/view.h"

static bool is_input(const struct view *v, const char *block_id) {
    const cJSON *block;
    cJSON_ArrayForEach(block, json_member(v->json, "blocks")) {
        const char *id = json_string(block, "block_id");
        const char *type = json_string(block, "type");
        if (id && strcmp(id, block_id) == 0) {
            return type && strcmp(type, "input") == 0;
        }
    }
    return false;
}

static bool take_errors(struct view *v, const cJSON *errors) {
    const cJSON *text;
    if (!cJSON_IsObject(errors) || !errors->child) {
        return false;
    }
    cJSON_ArrayForEach(text, errors) {
        if (!cJSON_IsString(text) || !is_input(v, text->string)) {
            return false;
        }
    }
    cJSON_Delete(v->errors);
    v->errors = cJSON_Duplicate(errors, 1);
    return true;
}

static bool take_view(struct server *sv, struct view *v, const cJSON *given, bool push) {
    struct web w = {.server = sv, .method = "acknowledgement", .detail = cJSON_CreateObject()};
    bool good = cJSON_IsObject(given) && blocks_check_view(&w, given);
    cJSON_Delete(w.detail);
    if (!good) {
        sv->web.n_bad_blocks++;
        return false;
    }
    cJSON *json = cJSON_Duplicate(given, 1);
    if (push) {
        view_open(sv, v->user, json, true);
    } else {
        view_set(sv, v, json);
    }
    return true;
}

static bool answer_submission(struct server *sv, struct view *v, const cJSON *payload) {
    const char *action = json_string(payload, "response_action");
    if (!payload) {
        view_close(v);
        return true;
    }
    if (!action) {
        return false;
    }
    if (strcmp(action, "errors") == 0) {
        return take_errors(v, json_member(payload, "errors"));
    }
    if (strcmp(action, "clear") == 0) {
        view_close_all(v->user);
        return true;
    }
    bool push = strcmp(action, "push") == 0;
    return (push || strcmp(action, "update") == 0) &&
           take_view(sv, v, json_member(payload, "view"), push);
}

bool answer_take(struct server *sv, const struct delivery_use *use, const cJSON *payload) {
    if (use->view) {
        if (payload) {
            web_note_sent(sv, "acknowledgement", payload);
        }
        return answer_submission(sv, use->view, payload);
    }
    return !payload || !hook_say(sv, payload, use->user, use->channel, NULL);
}
