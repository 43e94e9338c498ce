/* What messages mean as a whole: the rules and the guesses together, as conversations have it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/attr.h"
#include "base/embed.h"
#include "intents/meaning.h"

static struct pack *pack;
static struct phrases *phrases;
static struct guesser *guesser;
static struct arena arena;

static int load(UNUSED void **state) {
    static struct faults faults;
    pack = pack_load(NULL, &faults);
    const struct embedded_file *f = embed_find("intents/phrases.tsv");
    guesser = guesser_load();
    if (!pack || !f || !guesser) {
        return -1;
    }
    phrases = phrases_load(f->data, (size_t)(f->end - f->data), f->path, &faults);
    int err = faults.n == 0 ? 0 : -1;
    faults_free(&faults);
    return err;
}

static int unload(UNUSED void **state) {
    guesser_free(guesser);
    phrases_free(phrases);
    pack_free(pack);
    arena_free(&arena);
    return 0;
}

static int forget(UNUSED void **state) {
    arena_reset(&arena);
    return 0;
}

static const char *const phrase_names[PHRASE__COUNT + 1] = {
#define X(name, word) word,
    PHRASE_INTENTS(X)
#undef X
        "nothing"};

static const char *means(const char *open, const char *text) {
    struct understood u;
    const struct form *form = pack->form;
    const struct form_question *q = open ? &form->questions[form_find_question(form, open)] : NULL;
    meaning_of(pack, phrases, guesser, &arena, q, text, &u);
    switch (u.intent) {
    case INTENT_INCIDENT:
        return arena_printf(&arena, "incident %s",
                            u.happened == KIND__COUNT ? "?" : incident_kind_names[u.happened]);
    case INTENT_PHRASE:
        return phrase_names[u.phrase];
    case INTENT_ANSWER:
        return arena_printf(&arena, "answer %d:%x", (int)u.answer.kind, u.answer.mask);
    case INTENT_EDIT:
        return arena_printf(&arena, "edit %d", u.number);
    case INTENT_NUMBER:
        return arena_printf(&arena, "number %d", u.number);
    case INTENT_UNKNOWN:
        return "unknown";
    case INTENT_EMPTY:
        return "empty";
    default:
        return label_names[meaning_label(&u)];
    }
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

/* Who cannot read a language wishes for the other one. */
static void test_languages(UNUSED void **state) {
    static const struct row rows[] = {
        {NULL, "I can't speak English", "language_ja"},
        {NULL, "英語は読めません", "language_ja"},
        {NULL, "英語は苦手です", "language_ja"},
        {NULL, "don't switch to english", "language_ja"},
        {NULL, "my english is not good, so please use japanese", "language_ja"},
        {NULL, "I don't read Japanese", "language_en"},
        {NULL, "日本語が読めません", "language_en"},
        {NULL, "日本語わからないので英語で", "language_en"},
        {NULL, "日本語ではなく英語でお願いします", "language_en"},
        {NULL, "switch to english because i can't read japanese", "language_en"},
        {NULL, "English instead of Japanese please", "language_en"},
        {NULL, "can't you speak English?", "language_en"},
        {NULL, "英語にできませんか", "language_en"},
        {NULL, "could you write in japanese", "language_ja"},
    };
    expect(rows, ARRAY_LEN(rows));
}

static void test_not_incidents(UNUSED void **state) {
    static const struct row rows[] = {
        /* Forgotten is not lost to somebody else. */
        {NULL, "forgot my password", "forgot"},
        {NULL, "I forgot my password again", "forgot"},
        {NULL, "パスワードを忘れた", "forgot"},
        {NULL, "パスワードを忘れました", "forgot"},
        {NULL, "I gave away my password", "incident credential_entered"},
        {NULL, "my password leaked", "incident credential_entered"},
        {NULL, "パスワードを忘れて、怪しいサイトに何度も入力してしまった",
         "incident credential_entered"},
        /* What happened to others, as far as it was only read or heard of. */
        {NULL, "I read about a company that was hacked", "incident_howto"},
        {NULL, "there was an article about stolen laptops", "incident_howto"},
        {NULL, "ハッキングされた会社のニュースを見た", "incident_howto"},
        {NULL, "I read about it in the news and our company was hacked too",
         "incident unauthorized_access"},
        {NULL, "ニュースで見たのと同じ添付ファイルを開いてしまった", "incident malware"},
        /* No words. */
        {NULL, "a and b", "unknown"},
        {"q2", "a and b", "unknown"},
        {NULL, "{\"a\":1}", "unknown"},
        {"q2", "{\"a\":1}", "unknown"},
        {NULL, "virus", "incident malware"},
    };
    expect(rows, ARRAY_LEN(rows));
}

/* The form of a question about what might happen, in a cry for help and in a real one. */
static void test_conditions(UNUSED void **state) {
    static const struct row rows[] = {
        {NULL, "スマホなくした、どうしたらいいですか", "incident lost_device"},
        {NULL, "けいたいおとしたどうしたらいい", "incident lost_device"},
        {NULL, "I would like to report that I lost my laptop, who could help me?",
         "incident lost_device"},
        {NULL, "I must say I lost my laptop", "incident lost_device"},
        {NULL, "もしスマホなくしたらどうしたらいい？", "incident_howto"},
        {NULL, "say I lost my laptop, do I call you", "incident_howto"},
        {NULL, "assume my laptop was stolen from the car with customer data", "incident_howto"},
        {NULL, "assume my laptop was stolen with the disk encrypted, still an incident?",
         "incident_howto"},
        {NULL, "in the unlikely event of a lost laptop, who is first on the list?",
         "incident_howto"},
    };
    expect(rows, ARRAY_LEN(rows));
}

/* What was given away is a key, whatever else was done. */
static void test_kinds(UNUSED void **state) {
    static const struct row rows[] = {
        {NULL, "パスワードが漏れたかも", "incident credential_entered"},
        {NULL, "変なリンクを開いてIDを入れちゃった", "incident credential_entered"},
        {NULL, "クリックしたらログイン画面で、ログインしてしまいました",
         "incident credential_entered"},
        {NULL, "I clicked a link and logged in there", "incident credential_entered"},
        {NULL, "I clicked a link", "incident phishing_click"},
        {NULL, "顧客名簿がネットに公開されていた", "incident data_exposure"},
    };
    expect(rows, ARRAY_LEN(rows));
}

static void test_small_talk(UNUSED void **state) {
    static const struct row rows[] = {
        {NULL, "再会", "resume"},
        {NULL, "さいかい", "resume"},
        {NULL, "resme", "resume"},
        {NULL, "resumee", "resume"},
        {NULL, "puase", "pause"},
        {NULL, "plause", "pause"},
        {NULL, "restrat", "restart"},
        {NULL, "sales", "unknown"},
        {NULL, "forget it", "pause"},
        {NULL, "！？", "empty"},
        {NULL, "？？", "help"},
        {NULL, "bye", "bye"},
        {NULL, "See you tomorrow!", "bye"},
        {NULL, "さようなら", "bye"},
        {NULL, "お先に失礼します", "bye"},
        {NULL, "自己診断", "self_assess"},
        {NULL, "自己診断をしたい", "self_assess"},
        {NULL, "自己診断をやりたいです", "self_assess"},
        {NULL, "診断をしたい", "start"},
        {NULL, "self-assessment", "self_assess"},
        {NULL, "I want to do a self-assessment", "self_assess"},
    };
    expect(rows, ARRAY_LEN(rows));
}

static void test_whole(UNUSED void **state) {
    static const struct row rows[] = {
        {"q2", "I don't do any of that", "none_of"},
        {"q2", "not involved in any", "none_of"},
        {"q2", "none of that is my job", "none_of"},
        {"q2", "I have nothing to do with that", "none_of"},
        {"q2", "どっちもしてないです", "none_of"},
        {"q4", "どちらもやっていません", "none_of"},
        {"q2", "担当していません", "none_of"},
        {"q2", "いいえ、関わっていません", "none_of"},
        {"q2", "したことがないです", "none_of"},
        {"q2", "両方ともやってない", "none_of"},
        {"q4", "both of them", "all"},
        {"q4", "両方やってます", "all"},
        {"q4", "はい、どちらも担当しています", "all"},
        {"q2", "all of that, yes", "all"},
        {"q2", "全部やっています", "all"},
        {"q2", "どれも関わってます", "all"},
        {"q1", "both of them", "all"}, /* takes one: the conversation says so */
        {"q2", "both of them", "yes"}, /* of four: which? */
        {"q2", "両方やってます", "yes"},
        {"q2", "not all of them", "unknown"},
        {"q2", "do all of these apply to me?", "unknown"},
    };
    expect(rows, ARRAY_LEN(rows));
}

/* What is meant by the question, and what only looks like an answer. */
static void test_amid_a_question(UNUSED void **state) {
    static const struct row rows[] = {
        {"q1", "what do you mean by that?", "example"},
        {"q2", "例を教えて", "example"},
        {"q1", "what does it mean", "example"},
        {"q2", "what does this question mean?", "example"},
        {"q2", "give me an example", "example"},
        {"q2", "これってどういう意味", "example"},
        {"q2", "質問の意味を教えて", "example"},
        {"q5", "what does triage mean", "term_lookup"},
        {"q2", "アカウント管理の知識を見たい", "term_lookup"},
        {"q2", "I want to see account management knowledge", "term_lookup"},
        {"q2", "アカウント管理", "answer 1:4"},
        {"q2", "出典を見たい", "source"},
        {"q2", "設定が見たい", "settings"},
    };
    expect(rows, ARRAY_LEN(rows));
}

/* Questions by their number: they are meant, not the one before. */
static void test_questions_by_number(UNUSED void **state) {
    static const struct row rows[] = {
        {"q2", "やっぱり3問目に答えたい", "edit 3"},
        {"q2", "3問目に答えたい", "edit 3"},
        {"q2", "3問目に戻りたいです", "edit 3"},
        {"q2", "I want to answer question 3", "edit 3"},
        {"q2", "go back to question two", "edit 2"},
        {"q2", "一つ前に戻りたい", "back"},
        {"q2", "3", "answer 1:4"},
    };
    expect(rows, ARRAY_LEN(rows));
}

/* Kept as it is, not like me, and who is speaking. */
static void test_said_at_the_end(UNUSED void **state) {
    static const struct row rows[] = {
        {NULL, "これでOKです", "close"},
        {NULL, "やっぱりそのまま", "close"},
        {NULL, "keep it", "close"},
        {NULL, "looks good", "close"},
        {NULL, "that's fine", "close"},
        {NULL, "大丈夫です", "vague"},
        {NULL, "ちがう気がする", "change_result"},
        {NULL, "that doesn't sound like me", "change_result"},
        {NULL, "結果は？", "my_result"},
        {NULL, "who are you", "help"},
        {NULL, "are you a bot?", "help"},
        {NULL, "あなたは誰", "help"},
        {NULL, "ボットですか", "help"},
        {NULL, "再回", "resume"},
        {NULL, "再介", "resume"},
        {"q1", "-1", "unknown"},
    };
    expect(rows, ARRAY_LEN(rows));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_not_incidents, forget),
        cmocka_unit_test_teardown(test_conditions, forget),
        cmocka_unit_test_teardown(test_kinds, forget),
        cmocka_unit_test_teardown(test_small_talk, forget),
        cmocka_unit_test_teardown(test_whole, forget),
        cmocka_unit_test_teardown(test_amid_a_question, forget),
        cmocka_unit_test_teardown(test_languages, forget),
        cmocka_unit_test_teardown(test_questions_by_number, forget),
        cmocka_unit_test_teardown(test_said_at_the_end, forget),
    };
    return cmocka_run_group_tests_name("meaning", tests, load, unload);
}
