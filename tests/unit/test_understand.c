/* From words to meaning, with and without an open question, in both languages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/embed.h"
#include "base/text.h"
#include "intents/lookup.h"
#include "intents/understand.h"

static struct pack *pack;
static struct phrases *phrases;
static struct arena arena;

static int load(void **state) {
    (void)state;
    static struct faults faults;
    pack = pack_load(NULL, &faults);
    const struct embedded_file *f = embed_find("intents/phrases.tsv");
    if (!pack || !f) {
        return -1;
    }
    phrases = phrases_load(f->data, (size_t)(f->end - f->data), f->path, &faults);
    int err = faults.n == 0 ? 0 : -1;
    faults_free(&faults);
    return err;
}

static int unload(void **state) {
    (void)state;
    phrases_free(phrases);
    pack_free(pack);
    arena_free(&arena);
    return 0;
}

static int forget(void **state) {
    (void)state;
    arena_reset(&arena);
    return 0;
}

static const struct form_question *question(const char *id) {
    return id ? &pack->form->questions[form_find_question(pack->form, id)] : NULL;
}

static const char *const intent_names[] = {
    [INTENT_UNKNOWN] = "unknown",   [INTENT_EMPTY] = "empty",
    [INTENT_INCIDENT] = "incident", [INTENT_INCIDENT_HOWTO] = "incident_howto",
    [INTENT_ANSWER] = "answer",     [INTENT_TICK] = "tick",
    [INTENT_UNTICK] = "untick",     [INTENT_EDIT] = "edit",
    [INTENT_NUMBER] = "number",     [INTENT_THING] = "thing",
    [INTENT_ROLE] = "role",         [INTENT_TKS_ID] = "tks_id",
    [INTENT_ROLE_TKS] = "role_tks", [INTENT_PERSONA_TKS] = "persona_tks",
    [INTENT_TKS_LIST] = "tks_list", [INTENT_SEARCH] = "search",
    [INTENT_DEFINE] = "define",     [INTENT_LINK_CODE] = "link_code",
};

static const char *const phrase_names[PHRASE__COUNT + 1] = {
#define X(name, word) word,
    PHRASE_INTENTS(X)
#undef X
        "nothing"};

/* An understanding as one line, with the slots that matter: "role_tks 7 knowledge". */
static const char *describe(const struct understood *u) {
    const char *intent = intent_names[u->intent];
    const char *kind = u->kind < 0 ? "all" : tks_kind_names[u->kind];
    switch (u->intent) {
    case INTENT_PHRASE:
        return phrase_names[u->phrase];
    case INTENT_ANSWER:
    case INTENT_TICK:
    case INTENT_UNTICK:
        return arena_printf(&arena, "%s %d:%x", intent, (int)u->answer.kind, u->answer.mask);
    case INTENT_EDIT:
    case INTENT_NUMBER:
    case INTENT_ROLE:
        return arena_printf(&arena, "%s %d", intent, u->number);
    case INTENT_THING: {
        size_t i = u->found.index;
        const char *ids[] = {"nothing",
                             u->found.kind == FOUND_TOPIC ? pack->topics[i].id : "",
                             arena_printf(&arena, "role-%zu", i + 1),
                             u->found.kind == FOUND_PERSONA ? pack->personas[i].id : "",
                             u->found.kind == FOUND_TERM ? pack->terms[i].id : "",
                             u->found.kind == FOUND_TKS ? pack->tks[i].id : ""};
        return arena_printf(&arena, "thing %s", ids[u->found.kind]);
    }
    case INTENT_ROLE_TKS:
        return arena_printf(&arena, "%s %d %s", intent, u->number, kind);
    case INTENT_PERSONA_TKS:
        return arena_printf(&arena, "%s %s %s", intent, pack->personas[u->found.index].id, kind);
    case INTENT_TKS_LIST:
        return arena_printf(&arena, "%s %s", intent, kind);
    case INTENT_TKS_ID:
    case INTENT_SEARCH:
    case INTENT_DEFINE:
    case INTENT_LINK_CODE:
        return arena_printf(&arena, "%s %s", intent, u->query);
    default:
        return intent;
    }
}

static const char *means(const char *open, const char *text) {
    struct understood u;
    understand(pack, phrases, &arena, question(open), text, &u);
    assert_non_null(u.query);
    return describe(&u);
}

struct row {
    const char *open; /* question id, or NULL */
    const char *text;
    const char *want;
};

static void expect(const struct row *rows, size_t n) {
    size_t wrong = 0;
    for (size_t i = 0; i < n; i++) {
        const char *got = means(rows[i].open, rows[i].text);
        if (strcmp(got, rows[i].want) != 0) {
            print_error("%s \"%s\": %s, not %s\n", rows[i].open ? rows[i].open : "-", rows[i].text,
                        got, rows[i].want);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void test_without_question(void **state) {
    (void)state;
    static const struct row rows[] = {
        {NULL, "", "empty"},
        {NULL, "  。、", "empty"},
        {NULL, "診断", "start"},
        {NULL, "診断お願いします", "start"},
        {NULL, "診断を始めたいです", "start"},
        {NULL, "ヘルプ！", "help"},
        {NULL, "？", "help"},
        {NULL, "Help please", "help"},
        {NULL, "ＨＥＬＰ", "help"},
        {NULL, "2", "number 2"},
        {NULL, "⑦", "number 7"},
    };
    expect(rows, ARRAY_LEN(rows));
}

static void test_lookups(void **state) {
    (void)state;
    static const struct row rows[] = {
        {NULL, "役割", "role_list"},
        {NULL, "役割を一覧で見せて", "role_list"},
        {NULL, "List all roles", "role_list"},
        {NULL, "show me the roles", "role_list"},
        {NULL, "人材像", "persona_list"},
        {NULL, "役割7", "role 7"},
        {NULL, "役割 ７", "role 7"},
        {NULL, "7番の役割", "role 7"},
        {NULL, "ロール7", "role 7"},
        {NULL, "role 7", "role 7"},
        {NULL, "Role 13?", "role 13"},
        {NULL, "役割99", "role 99"},
        {NULL, "役割7とは", "role 7"},
        {NULL, "法務", "thing role-10"},
        {NULL, "法務とは", "thing role-10"},
        {NULL, "フォレンジック", "thing role-7"},
        {NULL, "what is forensics", "thing role-7"},
        {NULL, "役割7の知識", "role_tks 7 knowledge"},
        {NULL, "法務の知識", "role_tks 10 knowledge"},
        {NULL, "法務に必要なスキル", "role_tks 10 skill"},
        {NULL, "role 7 skills", "role_tks 7 skill"},
        {NULL, "legal affairs knowledge", "role_tks 10 knowledge"},
        {NULL, "cさんの知識", "persona_tks persona-c knowledge"},
        {NULL, "c-san tasks", "persona_tks persona-c task"},
        {NULL, "タスク", "thing gl-task"},
        {NULL, "タスク一覧", "tks_list task"},
        {NULL, "知識の一覧", "tks_list knowledge"},
        {NULL, "all skills", "tks_list skill"},
        {NULL, "list of tasks", "tks_list task"},
        {NULL, "K-006", "tks_id K-006"},
        {NULL, "k6", "tks_id K-006"},
        {NULL, "Ｋ－００６を見せて", "tks_id K-006"},
        {NULL, "T-999", "tks_id T-999"},
        {NULL, "cさん", "thing persona-c"},
        {NULL, "persona c", "thing persona-c"},
        {NULL, "検索 ログ", "search ログ"},
        {NULL, "ログを検索", "search ログ"},
        {NULL, "search log", "search log"},
        {NULL, "プラス・セキュリティとは", "thing plus-security"},
        {NULL, "what is plus security", "thing plus-security"},
        {NULL, "どの手引きを読めばいい", "handbooks"},
        {NULL, "3問目を直したい", "edit 3"},
        {NULL, "「3問目を直したい」", "edit 3"},
        {NULL, "change question 3", "edit 3"},
        {NULL, "q3", "edit 3"},
        {NULL, "誰が見るの", "privacy"},
        {NULL, "結果を変えたい", "change_result"},
        {NULL, "English", "language_en"},
        {NULL, "日本語", "language_ja"},
        {NULL, "ぽよぽよとは", "define ぽよぽよ"},
        {NULL, "ぬるぽ", "unknown"},
        {NULL, "asdfgh jkl", "unknown"},
    };
    expect(rows, ARRAY_LEN(rows));
}

static void test_with_question(void **state) {
    (void)state;
    static const struct row rows[] = {
        {"q1", "2", "answer 1:2"},
        {"q1", "総務", "answer 1:2"},
        {"q1", "戻る", "back"},
        {"q1", "Skip", "skip"},
        {"q1", "わからない", "unsure"},
        {"q1", "わかりません。", "unsure"},
        {"q1", "I don't know", "unsure"},
        {"q1", "I don’t know", "unsure"},
        {"q1", "なんで聞くんですか", "why"},
        {"q1", "例えば？", "example"},
        {"q1", "ヘルプ", "help"},
        {"q2", "どれもない", "none_of"},
        {"q2", "none of these", "none_of"},
        {"q2", "いいえ", "no"},
        {"q2", "違う", "wrong"},
        {"q2", "どれもなし", "none_of"},
        {"q2", "最初からやり直したい", "restart"},
        {"q2", "ありがと", "thanks"},
        {"q2", "それは違います", "wrong"},
        {"q2", "That's wrong", "wrong"},
        {"q2", "全部", "all"},
        {"q3", "1,3", "answer 1:5"},
        {"q3", "ログとバックアップ", "answer 1:3"},
        {"q3", "ログとお茶くみ", "answer 6:2"},
        {"q3", "9", "answer 2:0"},
        {"q3", "3を外す", "untick 1:4"},
        {"q3", "untick 3", "untick 1:4"},
        {"q3", "2も", "tick 1:2"},
        {"q3", "also 2", "tick 1:2"},
        {"q3", "add 2 and 3", "tick 1:6"},
        {"q5", "トリアージ", "answer 1:10"},
        {"q5", "トリアージって何", "thing gl-triage"},
        {"q5", "トリアージとは", "thing gl-triage"},
        {"q5", "トリアージの意味を教えて", "thing gl-triage"},
        {"q5", "what is triage", "thing gl-triage"},
        {"q3", "検索 ログ", "search ログ"},
        {"q3", "search log", "search log"},
        {"q5", "役割7", "role 7"},
        {"q5", "role 7", "role 7"},
        {"q5", "K-006", "tks_id K-006"},
        {"q5", "K-006とは", "tks_id K-006"},
        {"q5", "役割7の知識", "role_tks 7 knowledge"},
        {"q5", "「3問目を直したい」", "edit 3"},
        {"q5", "change question 1", "edit 1"},
        {"q5", "用語集", "term_list"},
        {"q5", "ぬるぽ", "unknown"},
        {"q1", "昨日は雨だったので散歩に行けませんでした", "unknown"},
    };
    expect(rows, ARRAY_LEN(rows));
}

/* ---- the phrase table against itself ---- */

struct phrase_row {
    char intent[32];
    char text[128];
};

static size_t read_rows(const char *wanted, struct phrase_row *rows, size_t max) {
    FILE *f = fopen("intents/phrases.tsv", "rbe");
    assert_non_null(f); /* tests run from the project root */
    char line[256];
    size_t n = 0;
    while (fgets(line, sizeof(line), f)) {
        struct phrase_row r;
        char how[16];
        if (line[0] != '#' &&
            sscanf(line, "%31[^\t]\t%15[^\t]\t%127[^\n]", r.intent, how, r.text) == 3 &&
            strcmp(how, wanted) == 0 && strcmp(r.intent, "ending") != 0) {
            assert_true(n < max);
            rows[n++] = r;
        }
    }
    fclose(f);
    return n;
}

static void test_every_phrase(void **state) {
    (void)state;
    static struct phrase_row rows[1024];
    static const char *const opens[] = {NULL, "q1", "q2", "q5"};
    size_t n = read_rows("is", rows, ARRAY_LEN(rows));
    size_t wrong = 0;
    assert_true(n > 300);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < ARRAY_LEN(opens); k++) {
            const char *got = means(opens[k], rows[i].text);
            if (strcmp(got, rows[i].intent) != 0) {
                print_error("%s \"%s\": %s, not %s\n", opens[k] ? opens[k] : "-", rows[i].text, got,
                            rows[i].intent);
                wrong++;
            }
        }
        const char *key = text_bare(&arena, text_fold(&arena, rows[i].text));
        for (size_t j = 0; *key && j < i; j++) {
            if (strcmp(key, text_bare(&arena, text_fold(&arena, rows[j].text))) == 0 &&
                strcmp(rows[i].intent, rows[j].intent) != 0) {
                print_error("\"%s\" is both %s and %s\n", rows[i].text, rows[j].intent,
                            rows[i].intent);
                wrong++;
            }
        }
    }
    assert_int_equal(wrong, 0);
}

/* A phrase that may stand anywhere works at least on its own. */
static void test_every_part(void **state) {
    (void)state;
    static struct phrase_row rows[1024];
    size_t n = read_rows("has", rows, ARRAY_LEN(rows));
    size_t wrong = 0;
    for (size_t i = 0; i < n; i++) {
        const char *got = means(NULL, rows[i].text);
        bool builds_others =
            strncmp(rows[i].intent, "kind_", 5) == 0 ||
            strcmp(rows[i].intent, "hypothetical") == 0 || strcmp(rows[i].intent, "hedged") == 0 ||
            strcmp(rows[i].intent, "denied") == 0 || strcmp(rows[i].intent, "conditional") == 0 ||
            strcmp(rows[i].intent, "credential") == 0 || strcmp(rows[i].intent, "revises") == 0;
        if (!builds_others && strcmp(got, rows[i].intent) != 0) {
            print_error("\"%s\": %s, not %s\n", rows[i].text, got, rows[i].intent);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

/* ---- cries for help ---- */

static void test_incidents(void **state) {
    (void)state;
    static const char *const texts[] = {
        "リンクを踏んだ",
        "怪しいリンク踏んじゃいました",
        "メールのリンクをクリックしてしまった",
        "変なＵＲＬを開いてしまいました！",
        "添付ファイルを開いてしまった",
        "偽サイトにパスワードを入れてしまった",
        "パスワードを入力しちゃいました。どうしよう",
        "ウイルスに感染したかも",
        "アカウントが乗っ取られた",
        "画面に身代金を払えと出ています",
        "社用スマホをなくしました",
        "USBメモリを紛失しました",
        "パソコンを盗まれました",
        "お客様の名簿を誤送信しました",
        "I clicked a link",
        "I just clicked on a link in a weird mail",
        "help!! I opened the attachment",
        "I think I entered my password on a fake site",
        "my account got hacked",
        "There is a ransom note on my screen",
        "I lost my laptop",
        "my phone was stolen",
        "I sent it to the wrong recipient",
    };
    static const char *const opens[] = {NULL, "q1", "q2", "q3", "q4", "q5", "q6"};
    size_t wrong = 0;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        for (size_t k = 0; k < ARRAY_LEN(opens); k++) {
            const char *got = means(opens[k], texts[i]);
            if (strcmp(got, "incident") != 0) {
                print_error("%s \"%s\": %s\n", opens[k] ? opens[k] : "-", texts[i], got);
                wrong++;
            }
        }
    }
    assert_int_equal(wrong, 0);
}

static void test_not_incidents(void **state) {
    (void)state;
    static const char *const texts[] = {
        "もしリンクを踏んだらどうすればいい",
        "リンクを踏んだらどうなりますか",
        "リンクを踏まないようにするには",
        "パスワードを入れないように気をつけています",
        "身代金要求型ウイルスとは",
        "What if I clicked a link?",
        "what should I do if I lost my laptop",
        "how do I avoid ransom attacks",
        "リンク",
        "useful links",
        "パスワードとは",
        "トリアージ",
    };
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        if (strcmp(means(NULL, texts[i]), "incident") == 0 ||
            strcmp(means("q5", texts[i]), "incident") == 0) {
            fail_msg("\"%s\" is taken for an incident", texts[i]);
        }
    }
}

/* ---- what the bot tells people to write must be understood ---- */

/* The placeholders of commands, filled as the bot would. */
static const char *fill(const char *command) {
    static const char *const values[][2] = {
        {"{said}", "ログ"},      {"{place}", "3"},        {"{first}", "1"},
        {"{other}", "2"},        {"{number}", "7"},       {"{numbers}", "1,2"},
        {"{name}", "cさん"},     {"{persona}", "cさん"},  {"{id}", "K-006"},
        {"{tks}", "K-001"},      {"{code}", "1234 5678"}, {"{topic}", "ログ"},
        {"{kind} a", "exams a"}, {"{kind}", "試験"},      {"{exam}", "IP"},
    };
    const char *out = command;
    for (size_t i = 0; i < ARRAY_LEN(values); i++) {
        const char *at;
        while ((at = strstr(out, values[i][0])) != NULL) {
            out = arena_printf(&arena, "%.*s%s%s", (int)(at - out), out, values[i][1],
                               at + strlen(values[i][0]));
        }
    }
    return out;
}

/* Quotations that are not commands. */
static bool is_no_command(const char *text) {
    static const char *const others[] = {
        "{said}", "{label}",      "{who}", "{title}", "{answer}", "個人(プラス・セキュリティ)向け",
        "プラス", "none of these"};
    for (size_t i = 0; i < ARRAY_LEN(others); i++) {
        if (strcmp(text, others[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Words about the plan are read by the plan itself, which is there when they are offered. */
static bool is_of_plan(const char *text) {
    const char *words = text_words(&arena, text_fold(&arena, text));
    size_t len;
    for (int i = PHRASE_PLAN_AGAIN; i <= PHRASE_PLAN_DOCUMENT; i++) {
        if (phrases_part(phrases, (enum phrase_intent)i, words, &len)) {
            return true;
        }
    }
    return false;
}

static size_t promises;
static size_t broken;

static void keep(const char *where, const char *open, const char *command) {
    struct understood u;
    const char *text = fill(command);
    understand(pack, phrases, &arena, question(open), text, &u);
    const size_t *items;
    bool empty = (u.intent == INTENT_SEARCH || u.intent == INTENT_DEFINE) &&
                 search_tks(pack->search, &arena, text_fold(&arena, u.query), &items) == 0;
    bool absent = u.intent == INTENT_TKS_ID && !pack_tks(pack, u.query);
    bool of_plan = strncmp(where, "plan.", 5) == 0 && is_of_plan(text);
    bool unknown = u.intent == INTENT_UNKNOWN || u.intent == INTENT_EMPTY || empty || absent;
    if (unknown && !of_plan) {
        print_error("%s (%s) promises \"%s\": %s\n", where, open ? open : "-", text, describe(&u));
        broken++;
    }
    promises++;
}

static void keep_quoted(const char *where, const char *open, const char *text, const char *left,
                        const char *right) {
    const char *at = text;
    while ((at = strstr(at, left)) != NULL) {
        at += strlen(left);
        const char *end = strstr(at, right);
        assert_non_null(end);
        const char *command = arena_strndup(&arena, at, (size_t)(end - at));
        if (!is_no_command(command)) {
            keep(where, open, command);
        }
        at = end + strlen(right);
    }
}

static void keep_all(const char *where, const char *open, struct l10n text) {
    keep_quoted(where, open, text.in[LANG_JA], "「", "」");
    keep_quoted(where, open, text.in[LANG_EN], "\"", "\"");
}

/* Words about the open question are said while one is open; the rest may be said at any time. */
static bool needs_question(const char *key) {
    return strncmp(key, "ask.", 4) == 0 || strncmp(key, "miss.question", 13) == 0;
}

static void test_promises(void **state) {
    (void)state;
    promises = 0;
    broken = 0;
    for (int i = 0; i < MSG__COUNT; i++) {
        const char *key = message_keys[i].key;
        keep_all(key, needs_question(key) ? "q5" : NULL, pack->messages[i]);
        if (strcmp(key, "help") == 0) {
            keep_all(key, "q2", pack->messages[i]);
        }
    }
    static const char *const topics[] = {"steps", "troubles"};
    size_t found = 0;
    for (size_t i = 0; i < pack->n_topics; i++) {
        const struct topic *t = &pack->topics[i];
        if (strcmp(t->id, topics[0]) != 0 && strcmp(t->id, topics[1]) != 0) {
            continue;
        }
        found++;
        keep_all(t->id, NULL, t->body);
        keep_quoted(t->id, NULL, t->body.in[LANG_EN], "“", "”");
        for (size_t k = 0; k < t->n_points; k++) {
            keep_all(t->id, NULL, t->points[k].text);
            keep_quoted(t->id, NULL, t->points[k].text.in[LANG_EN], "“", "”");
        }
    }
    assert_int_equal(found, ARRAY_LEN(topics));
    assert_int_equal(broken, 0);
    assert_true(promises > 150);
}

/* "{name}の知識" of the persona card leads to that persona, and "役割{n}の知識" to that role. */
static void test_promised_lists(void **state) {
    (void)state;
    for (int lang = 0; lang < LANG__COUNT; lang++) {
        struct session s = {.lang = (enum lang)lang};
        struct talk t = {.pack = pack, .phrases = phrases, .arena = &arena, .s = &s};
        for (size_t i = 0; i < pack->n_personas; i++) {
            const char *word = lookup_persona_word(&t, &pack->personas[i]);
            const char *text = lang == LANG_JA ? arena_printf(&arena, "%sの知識", word)
                                               : arena_printf(&arena, "%s knowledge", word);
            const char *want =
                arena_printf(&arena, "persona_tks %s knowledge", pack->personas[i].id);
            if (strcmp(means(NULL, text), want) != 0) {
                fail_msg("\"%s\": %s, not %s", text, means(NULL, text), want);
            }
        }
    }
    for (int i = 1; i <= PACK_ROLES; i++) {
        const char *want = arena_printf(&arena, "role_tks %d skill", i);
        assert_string_equal(means(NULL, arena_printf(&arena, "役割%dのスキル", i)), want);
        assert_string_equal(means("q5", arena_printf(&arena, "role %d skills", i)), want);
    }
}

/* Names: every role, persona, term, topic and id of the pack is found by its own name. */
static void test_every_name(void **state) {
    (void)state;
    size_t unknown = 0;
    for (size_t i = 0; i < pack->n_terms; i++) {
        for (int lang = 0; lang < LANG__COUNT; lang++) {
            const char *text =
                lang == LANG_JA ? arena_printf(&arena, "%sとは", pack->terms[i].name.in[lang])
                                : arena_printf(&arena, "what is %s", pack->terms[i].name.in[lang]);
            struct understood u;
            understand(pack, phrases, &arena, NULL, text, &u);
            /* "What is a persona" is answered with the personas themselves. */
            bool list = u.intent == INTENT_PHRASE && u.phrase == PHRASE_PERSONA_LIST;
            if (u.intent != INTENT_THING && !list) {
                print_error("\"%s\": %s\n", text, describe(&u));
                unknown++;
            }
        }
    }
    for (size_t i = 0; i < PACK_ROLES; i++) {
        const char *want = arena_printf(&arena, "thing role-%zu", i + 1);
        for (int lang = 0; lang < LANG__COUNT; lang++) {
            const char *got = means(NULL, pack->roles[i].name.in[lang]);
            if (strcmp(got, want) != 0) {
                print_error("\"%s\": %s\n", pack->roles[i].name.in[lang], got);
                unknown++;
            }
        }
    }
    for (size_t i = 0; i < pack->n_tks; i++) {
        assert_string_equal(means("q5", pack->tks[i].id),
                            arena_printf(&arena, "tks_id %s", pack->tks[i].id));
    }
    assert_int_equal(unknown, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_without_question, forget),
        cmocka_unit_test_teardown(test_lookups, forget),
        cmocka_unit_test_teardown(test_with_question, forget),
        cmocka_unit_test_teardown(test_every_phrase, forget),
        cmocka_unit_test_teardown(test_every_part, forget),
        cmocka_unit_test_teardown(test_incidents, forget),
        cmocka_unit_test_teardown(test_not_incidents, forget),
        cmocka_unit_test_teardown(test_promises, forget),
        cmocka_unit_test_teardown(test_promised_lists, forget),
        cmocka_unit_test_teardown(test_every_name, forget),
    };
    return cmocka_run_group_tests_name("understand", tests, load, unload);
}
