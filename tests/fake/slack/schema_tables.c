/* Block Kit as it is documented: which block and element takes what, and how much of it. */
#include "tests/fake/slack/schema.h"

#define NAME_MAX_CHARS  255
#define URL_MAX_CHARS   3000
#define VALUE_MAX_CHARS 2000

#define END                                                                                        \
    { .name = (void *)0 }
#define TEXT(key, need, least, most)                                                               \
    { key, SCHEMA_TEXT, need, least, most, 0, 0 }
#define URL(key, need)                                                                             \
    { key, SCHEMA_URL, need, 1, URL_MAX_CHARS, 0, 0 }
#define PLAIN(key, need, most)                                                                     \
    { key, SCHEMA_PLAIN, need, 1, most, 0, 0 }
#define WORDS(key, need, most)                                                                     \
    { key, SCHEMA_WORDS, need, 1, most, 0, 0 }
#define FLAG(key)                                                                                  \
    { key, SCHEMA_BOOL, false, 0, 0, 0, 0 }
#define NUMBER(key, least, most)                                                                   \
    { key, SCHEMA_INT, false, least, most, 0, 0 }
#define CHOICE(key, need, list)                                                                    \
    { key, SCHEMA_CHOICE, need, 0, 0, list, 0 }
#define ONE(key, need, shapes)                                                                     \
    { key, SCHEMA_OBJECT, need, 0, 0, 0, shapes }
#define MANY(key, need, least, most, shapes)                                                       \
    { key, SCHEMA_LIST, need, least, most, 0, shapes }
#define ANY(key)                                                                                   \
    { key, SCHEMA_ANY, false, 0, 0, 0, 0 }
#define ACTION_ID TEXT("action_id", false, 1, NAME_MAX_CHARS)
#define BLOCK_ID  TEXT("block_id", false, 1, NAME_MAX_CHARS)
#define FOCUS     FLAG("focus_on_load")

/* ---- parts of elements ---- */

static const struct schema_rule confirm_rules[] = {
    PLAIN("title", true, 100),
    WORDS("text", true, 300),
    PLAIN("confirm", true, 30),
    PLAIN("deny", true, 30),
    CHOICE("style", false, "primary danger"),
    END,
};
static const struct schema_shape confirm[] = {{0, confirm_rules}, {0, 0}};

static const struct schema_rule option_rules[] = {
    PLAIN("text", true, 75),
    TEXT("value", true, 1, 150),
    PLAIN("description", false, 75),
    END,
};
static const struct schema_shape option[] = {{0, option_rules}, {0, 0}};

/* Of radio buttons and checkboxes: their text may be mrkdwn. */
static const struct schema_rule tick_rules[] = {
    WORDS("text", true, 75),
    TEXT("value", true, 1, 150),
    WORDS("description", false, 75),
    END,
};
static const struct schema_shape tick[] = {{0, tick_rules}, {0, 0}};

static const struct schema_rule link_option_rules[] = {
    PLAIN("text", true, 75),
    TEXT("value", true, 1, 150),
    PLAIN("description", false, 75),
    URL("url", false),
    END,
};
static const struct schema_shape link_option[] = {{0, link_option_rules}, {0, 0}};

static const struct schema_rule group_rules[] = {
    PLAIN("label", true, 75),
    MANY("options", true, 1, 100, option),
    END,
};
static const struct schema_shape group[] = {{0, group_rules}, {0, 0}};

/* ---- elements ---- */

static const struct schema_rule button_rules[] = {
    PLAIN("text", true, 75),
    ACTION_ID,
    URL("url", false),
    TEXT("value", false, 0, VALUE_MAX_CHARS),
    CHOICE("style", false, "primary danger"),
    ONE("confirm", false, confirm),
    TEXT("accessibility_label", false, 1, 75),
    END,
};
static const struct schema_rule checkboxes_rules[] = {
    ACTION_ID,
    MANY("options", true, 1, 10, tick),
    MANY("initial_options", false, 1, 10, tick),
    ONE("confirm", false, confirm),
    FOCUS,
    END,
};
static const struct schema_rule radio_rules[] = {
    ACTION_ID,
    MANY("options", true, 1, 10, tick),
    ONE("initial_option", false, tick),
    ONE("confirm", false, confirm),
    FOCUS,
    END,
};
static const struct schema_rule select_rules[] = {
    ACTION_ID,
    MANY("options", false, 1, 100, option),
    MANY("option_groups", false, 1, 100, group),
    ONE("initial_option", false, option),
    ONE("confirm", false, confirm),
    FOCUS,
    PLAIN("placeholder", false, 150),
    END,
};
static const struct schema_rule multi_select_rules[] = {
    ACTION_ID,
    MANY("options", false, 1, 100, option),
    MANY("option_groups", false, 1, 100, group),
    MANY("initial_options", false, 1, 100, option),
    ONE("confirm", false, confirm),
    NUMBER("max_selected_items", 1, 0),
    FOCUS,
    PLAIN("placeholder", false, 150),
    END,
};
static const struct schema_rule overflow_rules[] = {
    ACTION_ID,
    MANY("options", true, 1, 5, link_option),
    ONE("confirm", false, confirm),
    END,
};
static const struct schema_rule date_rules[] = {
    ACTION_ID, TEXT("initial_date", false, 10, 10), ONE("confirm", false, confirm),
    FOCUS,     PLAIN("placeholder", false, 150),    END,
};
static const struct schema_rule time_rules[] = {
    ACTION_ID, TEXT("initial_time", false, 5, 5), ONE("confirm", false, confirm),
    FOCUS,     PLAIN("placeholder", false, 150),  TEXT("timezone", false, 1, 100),
    END,
};
static const struct schema_rule people_rules[] = {
    ACTION_ID, TEXT("initial_user", false, 1, 32), ONE("confirm", false, confirm),
    FOCUS,     PLAIN("placeholder", false, 150),   END,
};
static const struct schema_rule dispatch_rules[] = {ANY("trigger_actions_on"), END};
static const struct schema_shape dispatch[] = {{0, dispatch_rules}, {0, 0}};
static const struct schema_rule text_input_rules[] = {
    ACTION_ID,
    TEXT("initial_value", false, 0, 3000),
    FLAG("multiline"),
    NUMBER("min_length", 0, 3000),
    NUMBER("max_length", 1, 3000),
    ONE("dispatch_action_config", false, dispatch),
    FOCUS,
    PLAIN("placeholder", false, 150),
    END,
};
static const struct schema_rule email_rules[] = {
    ACTION_ID,
    TEXT("initial_value", false, 0, 3000),
    ONE("dispatch_action_config", false, dispatch),
    FOCUS,
    PLAIN("placeholder", false, 150),
    END,
};
static const struct schema_rule number_rules[] = {
    ACTION_ID,
    FLAG("is_decimal_allowed"),
    TEXT("initial_value", false, 0, 100),
    TEXT("min_value", false, 1, 100),
    TEXT("max_value", false, 1, 100),
    ONE("dispatch_action_config", false, dispatch),
    FOCUS,
    PLAIN("placeholder", false, 150),
    END,
};
static const struct schema_rule picture_rules[] = {
    URL("image_url", false),
    ANY("slack_file"),
    TEXT("alt_text", true, 1, 2000),
    END,
};
static const struct schema_rule text_rules[] = {
    TEXT("text", true, 1, 3000),
    FLAG("emoji"),
    FLAG("verbatim"),
    END,
};

#define CHOOSERS                                                                                   \
    {"checkboxes", checkboxes_rules}, {"radio_buttons", radio_rules},                              \
        {"static_select", select_rules}, {"datepicker", date_rules}, {"timepicker", time_rules},   \
        {"users_select", people_rules}, {                                                          \
        "multi_static_select", multi_select_rules                                                  \
    }

static const struct schema_shape actions[] = {
    {"button", button_rules},
    {"overflow", overflow_rules},
    CHOOSERS,
    {0, 0},
};
static const struct schema_shape accessories[] = {
    {"button", button_rules},
    {"overflow", overflow_rules},
    {"image", picture_rules},
    CHOOSERS,
    {0, 0},
};
static const struct schema_shape inputs[] = {
    {"plain_text_input", text_input_rules},
    {"email_text_input", email_rules},
    {"number_input", number_rules},
    CHOOSERS,
    {0, 0},
};
static const struct schema_shape context_parts[] = {
    {"plain_text", text_rules},
    {"mrkdwn", text_rules},
    {"image", picture_rules},
    {0, 0},
};
static const struct schema_rule field_rules[] = {
    TEXT("text", true, 1, 2000),
    FLAG("emoji"),
    FLAG("verbatim"),
    END,
};
static const struct schema_shape fields[] = {
    {"plain_text", field_rules},
    {"mrkdwn", field_rules},
    {0, 0},
};

/* ---- rich text ---- */

static const struct schema_rule style_rules[] = {
    FLAG("bold"),      FLAG("italic"),           FLAG("strike"), FLAG("code"), FLAG("underline"),
    FLAG("highlight"), FLAG("client_highlight"), FLAG("unlink"), END,
};
static const struct schema_shape style[] = {{0, style_rules}, {0, 0}};
static const struct schema_rule rich_word_rules[] = {
    TEXT("text", true, 1, 0),
    ONE("style", false, style),
    END,
};
static const struct schema_rule rich_link_rules[] = {
    URL("url", true), TEXT("text", false, 0, 0), FLAG("unsafe"), ONE("style", false, style), END,
};
static const struct schema_rule rich_user_rules[] = {
    TEXT("user_id", true, 1, 32),
    ONE("style", false, style),
    END,
};
static const struct schema_rule rich_channel_rules[] = {
    TEXT("channel_id", true, 1, 32),
    ONE("style", false, style),
    END,
};
static const struct schema_rule rich_emoji_rules[] = {
    TEXT("name", true, 1, 100), TEXT("unicode", false, 1, 100), TEXT("url", false, 1, 0),
    NUMBER("skin_tone", 1, 6),  ONE("style", false, style),     END,
};
static const struct schema_rule rich_range_rules[] = {
    CHOICE("range", true, "here channel everyone"),
    ONE("style", false, style),
    END,
};
static const struct schema_rule rich_date_rules[] = {
    {"timestamp", SCHEMA_INT, true, 0, 0, 0, 0},
    TEXT("format", true, 1, 0),
    URL("url", false),
    TEXT("fallback", false, 1, 0),
    ONE("style", false, style),
    END,
};
static const struct schema_rule rich_any_rules[] = {ANY("usergroup_id"), ANY("value"), ANY("style"),
                                                    END};
static const struct schema_shape rich_inline[] = {
    {"text", rich_word_rules},   {"link", rich_link_rules},
    {"user", rich_user_rules},   {"channel", rich_channel_rules},
    {"emoji", rich_emoji_rules}, {"broadcast", rich_range_rules},
    {"date", rich_date_rules},   {"usergroup", rich_any_rules},
    {"color", rich_any_rules},   {0, 0},
};
static const struct schema_rule rich_section_rules[] = {
    MANY("elements", true, 0, 0, rich_inline),
    END,
};
static const struct schema_rule rich_pre_rules[] = {
    MANY("elements", true, 0, 0, rich_inline),
    NUMBER("border", 0, 1),
    TEXT("language", false, 1, 100),
    END,
};
static const struct schema_shape rich_section[] = {{"rich_text_section", rich_section_rules},
                                                   {0, 0}};
static const struct schema_rule rich_list_rules[] = {
    CHOICE("style", true, "bullet ordered"),
    MANY("elements", true, 1, 0, rich_section),
    NUMBER("indent", 0, 8),
    NUMBER("offset", 0, 0),
    NUMBER("border", 0, 1),
    END,
};
static const struct schema_shape rich_parts[] = {
    {"rich_text_section", rich_section_rules},
    {"rich_text_list", rich_list_rules},
    {"rich_text_preformatted", rich_pre_rules},
    {"rich_text_quote", rich_pre_rules},
    {0, 0},
};

/* ---- blocks ---- */

static const struct schema_rule rich_text_rules[] = {
    MANY("elements", true, 1, 0, rich_parts),
    BLOCK_ID,
    END,
};
static const struct schema_rule header_rules[] = {
    PLAIN("text", true, 150),
    NUMBER("level", 1, 6),
    BLOCK_ID,
    END,
};
static const struct schema_rule section_rules[] = {
    WORDS("text", false, 3000),
    MANY("fields", false, 1, 10, fields),
    ONE("accessory", false, accessories),
    FLAG("expand"),
    BLOCK_ID,
    END,
};
static const struct schema_rule divider_rules[] = {BLOCK_ID, END};
static const struct schema_rule context_rules[] = {
    MANY("elements", true, 1, 10, context_parts),
    BLOCK_ID,
    END,
};
static const struct schema_rule actions_rules[] = {
    MANY("elements", true, 1, 25, actions),
    BLOCK_ID,
    END,
};
static const struct schema_rule input_rules[] = {
    PLAIN("label", true, 2000),
    ONE("element", true, inputs),
    FLAG("dispatch_action"),
    PLAIN("hint", false, 2000),
    FLAG("optional"),
    BLOCK_ID,
    END,
};
static const struct schema_rule image_rules[] = {
    URL("image_url", false),     ANY("slack_file"), TEXT("alt_text", true, 1, 2000),
    PLAIN("title", false, 2000), BLOCK_ID,          END,
};
static const struct schema_rule markdown_rules[] = {TEXT("text", true, 1, 12000), BLOCK_ID, END};

static const struct schema_rule raw_text_rules[] = {TEXT("text", true, 0, 0), END};
static const struct schema_rule raw_number_rules[] = {
    {"value", SCHEMA_ANY, true, 0, 0, 0, 0},
    TEXT("text", true, 0, 0),
    END,
};
static const struct schema_shape cells[] = {
    {"raw_text", raw_text_rules},
    {"raw_number", raw_number_rules},
    {"rich_text", rich_text_rules},
    {0, 0},
};
static const struct schema_rule column_rules[] = {
    CHOICE("align", false, "left center right"),
    FLAG("is_wrapped"),
    END,
};
static const struct schema_shape columns[] = {{0, column_rules}, {0, 0}};
static const struct schema_rule table_rules[] = {
    {"rows", SCHEMA_TABLE, true, 1, 100, 0, cells},
    MANY("column_settings", false, 0, 20, columns),
    BLOCK_ID,
    END,
};
static const struct schema_rule picture_of_data_rules[] = {
    TEXT("title", true, 1, 50),
    {"chart", SCHEMA_ANY, true, 0, 0, 0, 0},
    BLOCK_ID,
    END,
};

const struct schema_shape schema_blocks[] = {
    {"rich_text", rich_text_rules},
    {"header", header_rules},
    {"section", section_rules},
    {"divider", divider_rules},
    {"context", context_rules},
    {"actions", actions_rules},
    {"input", input_rules},
    {"image", image_rules},
    {"markdown", markdown_rules},
    {"table", table_rules},
    {"data_visualization", picture_of_data_rules},
    {0, 0},
};

/* ---- views ---- */

static const struct schema_rule modal_rules[] = {
    PLAIN("title", true, 24),
    {"blocks", SCHEMA_ANY, true, 0, 0, 0, 0},
    PLAIN("submit", false, 24),
    PLAIN("close", false, 24),
    TEXT("private_metadata", false, 0, 3000),
    TEXT("callback_id", false, 0, NAME_MAX_CHARS),
    TEXT("external_id", false, 0, NAME_MAX_CHARS),
    FLAG("clear_on_close"),
    FLAG("notify_on_close"),
    FLAG("submit_disabled"),
    END,
};
static const struct schema_rule home_rules[] = {
    {"blocks", SCHEMA_ANY, true, 0, 0, 0, 0},
    TEXT("private_metadata", false, 0, 3000),
    TEXT("callback_id", false, 0, NAME_MAX_CHARS),
    TEXT("external_id", false, 0, NAME_MAX_CHARS),
    END,
};
const struct schema_shape schema_modal[] = {{"modal", modal_rules}, {0, 0}};
const struct schema_shape schema_home[] = {{"home", home_rules}, {0, 0}};
