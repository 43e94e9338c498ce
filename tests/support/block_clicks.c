/* The half of block_kit.h that plays the client: clicks and forms as the frames Slack sends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/block_kit.h"
#include "tests/support/slack_frames.h"

static bool is_type(const cJSON *element, const char *type) {
    return strcmp(json_string(element, "type"), type) == 0;
}

/* The options of those values, each of which has to be there. */
static cJSON *chosen(const cJSON *element, const char *const *values, size_t n) {
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < n; i++) {
        const cJSON *o;
        cJSON_ArrayForEach(o, json_member(element, "options")) {
            if (strcmp(json_string(o, "value"), values[i]) == 0) {
                cJSON_AddItemToArray(list, cJSON_Duplicate(o, true));
            }
        }
        assert_int_equal(cJSON_GetArraySize(list), i + 1);
    }
    return list;
}

/* What the element holds, as in actions[] and state.values. */
static cJSON *holding(const cJSON *element, const char *const *values, size_t n) {
    cJSON *held = cJSON_CreateObject();
    cJSON_AddStringToObject(held, "type", json_string(element, "type"));
    if (is_type(element, "button")) {
        cJSON_AddStringToObject(held, "value", json_string(element, "value"));
        cJSON_AddItemToObject(held, "text", cJSON_Duplicate(json_member(element, "text"), true));
    } else if (is_type(element, "plain_text_input")) {
        cJSON_AddItemToObject(held, "value",
                              n > 0 ? cJSON_CreateString(values[0]) : cJSON_CreateNull());
    } else if (is_type(element, "checkboxes")) {
        cJSON_AddItemToObject(held, "selected_options", chosen(element, values, n));
    } else {
        assert_true(n <= 1);
        cJSON *list = chosen(element, values, n);
        cJSON_AddItemToObject(held, "selected_option",
                              n > 0 ? cJSON_DetachItemFromArray(list, 0) : cJSON_CreateNull());
        cJSON_Delete(list);
    }
    return held;
}

static cJSON *holding_first(const cJSON *element) {
    cJSON *held = holding(element, NULL, 0);
    const cJSON *initial = json_member(element, "initial_options");
    if (initial) {
        cJSON_ReplaceItemInObjectCaseSensitive(held, "selected_options",
                                               cJSON_Duplicate(initial, true));
    }
    return held;
}

/* state.values, where one element holds something else than at first; NULL for none. */
static cJSON *state_of(const cJSON *blocks, const cJSON *changed, const char *const *values,
                       size_t n) {
    cJSON *state = cJSON_CreateObject();
    const cJSON *b;
    cJSON_ArrayForEach(b, blocks) {
        cJSON *at = cJSON_CreateObject();
        const cJSON *e;
        cJSON_ArrayForEach(e, json_member(b, "elements")) {
            if (json_string(e, "action_id") && !is_type(e, "button")) {
                cJSON_AddItemToObject(at, json_string(e, "action_id"),
                                      e == changed ? holding(e, values, n) : holding_first(e));
            }
        }
        if (at->child) {
            cJSON_AddItemToObject(state, json_string(b, "block_id"), at);
        } else {
            cJSON_Delete(at);
        }
    }
    return state;
}

static cJSON *payload_of(const char *type) {
    cJSON *p = cJSON_CreateObject();
    cJSON *user = cJSON_AddObjectToObject(p, "user");
    cJSON *team = cJSON_AddObjectToObject(p, "team");
    cJSON_AddStringToObject(p, "type", type);
    cJSON_AddStringToObject(user, "id", "U0TARO001");
    cJSON_AddStringToObject(team, "id", "T0RIG0001");
    return p;
}

/* Through the wire; the payload is gone then. */
static struct slack_frame read_payload(struct arena *a, cJSON *payload) {
    cJSON *frame = cJSON_CreateObject();
    cJSON_AddStringToObject(frame, "type", "interactive");
    cJSON_AddStringToObject(frame, "envelope_id", "e1");
    cJSON_AddItemToObject(frame, "payload", payload);
    char *text = cJSON_PrintUnformatted(frame);
    struct slack_frame f;
    const char *why;
    if (!frame_reads(a, text, strlen(text), &f, &why)) {
        fail_msg("%s: %s", why, text);
    }
    cJSON_free(text);
    cJSON_Delete(frame);
    return f;
}

static void click(struct arena *a, const char *block, const cJSON *element, cJSON *action,
                  cJSON *state, struct slack_click *ret) {
    cJSON *p = payload_of("block_actions");
    cJSON *at = cJSON_AddObjectToObject(p, "container");
    cJSON_AddStringToObject(at, "type", "message");
    cJSON_AddStringToObject(at, "channel_id", "D36BF7D3EC");
    cJSON_AddStringToObject(at, "message_ts", "1795399013.662000");
    cJSON_AddItemToObject(cJSON_AddObjectToObject(p, "state"), "values", state);
    cJSON_AddStringToObject(action, "block_id", block);
    cJSON_AddStringToObject(action, "action_id", json_string(element, "action_id"));
    cJSON_AddStringToObject(action, "action_ts", "1795399013.805000");
    cJSON_AddItemToArray(cJSON_AddArrayToObject(p, "actions"), action);
    struct slack_frame f = read_payload(a, p);
    assert_int_equal(f.kind, SLACK_CLICK);
    *ret = f.click;
}

void click_in(struct arena *a, const cJSON *blocks, const char *block, const char *action,
              const char *const *values, size_t n, struct slack_click *ret) {
    const cJSON *e = find_element(blocks, block, action);
    assert_non_null(e);
    click(a, block, e, holding(e, values, n), state_of(blocks, e, values, n), ret);
}

void click_with(struct arena *a, const cJSON *blocks, const char *block, const char *action,
                const char *const *ticked, size_t n, struct slack_click *ret) {
    const cJSON *e = find_element(blocks, block, action);
    const cJSON *b = find_block(blocks, "actions", 0);
    const cJSON *boxes = json_member(b, "elements")->child;
    assert_non_null(e);
    assert_true(is_type(boxes, "checkboxes"));
    click(a, block, e, holding(e, NULL, 0), state_of(blocks, ticked ? boxes : NULL, ticked, n),
          ret);
}

void submit_view(struct arena *a, const cJSON *view, const char *const *values, size_t n,
                 struct slack_submit *ret) {
    cJSON *state = cJSON_CreateObject();
    size_t i = 0;
    const cJSON *b;
    cJSON_ArrayForEach(b, json_member(view, "blocks")) {
        const cJSON *e = json_member(b, "element");
        if (e) {
            assert_true(i < n);
            cJSON *at = cJSON_AddObjectToObject(state, json_string(b, "block_id"));
            cJSON_AddItemToObject(at, json_string(e, "action_id"),
                                  holding(e, &values[i], values[i] ? 1 : 0));
            i++;
        }
    }
    assert_int_equal(i, n);
    cJSON *p = payload_of("view_submission");
    cJSON *shown = cJSON_AddObjectToObject(p, "view");
    const char *metadata = json_string(view, "private_metadata");
    cJSON_AddStringToObject(shown, "id", "V01A261F28");
    cJSON_AddStringToObject(shown, "callback_id", json_string(view, "callback_id"));
    cJSON_AddStringToObject(shown, "private_metadata", metadata ? metadata : "");
    cJSON_AddItemToObject(cJSON_AddObjectToObject(shown, "state"), "values", state);
    struct slack_frame f = read_payload(a, p);
    assert_int_equal(f.kind, SLACK_SUBMIT);
    *ret = f.submit;
}
