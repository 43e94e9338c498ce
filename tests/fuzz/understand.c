/*
 * Folding and recognition of whatever may be typed: sentences from the examples, cut, spliced and
 * strewn with what Unicode and attackers have to offer. Built with the sanitizers; what else must
 * hold is checked here. The same seed gives the same messages.
 * usage: understand [COUNT [SEED]], in the project's root
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "base/embed.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "content/pack.h"
#include "intents/examples.h"
#include "intents/language.h"
#include "intents/meaning.h"

#define MESSAGE_MAX 4000  /* bytes as the bot takes them, see bot/engine.c */
#define LONG_EVERY  20000 /* one in so many is very long */
#define BYTES_MAX   ((size_t)48 * 1024)

static struct examples examples;
static struct pack *pack;
static struct phrases *phrases;
static struct guesser *guesser;
static uint64_t state;
static char message[BYTES_MAX + 1];
static size_t length;

static uint32_t draw(uint32_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((state >> 33) * below >> 31);
}

static const char *const pieces[] = {
    "\xe2\x80\x8b",
    "\xe2\x80\x8d",
    "\xe2\x80\xae",
    "\xef\xbb\xbf",
    "\xcc\x81",
    "\xe3\x82\x99",
    "\xef\xb8\x8f",
    "\xe2\x83\xa3",
    "\xf0\x9f\x91\x8d",
    "\xf0\x9f\x87\xaf\xf0\x9f\x87\xb5",
    "\xef\xbc\x91",
    "\xe2\x91\xa0",
    "\xe4\xb8\x80",
    "\xff",
    "\xc3",
    "\xe3\x81",
    "\xf4\x90\x80\x80",
    "\xed\xa0\x80",
    "\n",
    "\t",
    " ",
    "'; DROP TABLE person; --",
    "{\"a\":[1,{}]}",
    "<script>",
    "<!channel>",
    "<@U1>",
    "@all",
    "`",
    "**",
    "](http://x)",
    "{persona}",
    "%s%n",
    "\\",
    "1",
    "0",
    "99999999999",
    "-1",
    "K-006",
    "s-",
    "K-9999",
    "7",
    "?",
    "!",
    "\xe3\x80\x82",
    "\xe3\x81\xa8\xe3\x81\xaf",
    "\xe3\x82\x82\xe3\x81\x97",
    " or ",
    "\xe3\x81\x8b",
    "1\xe3\x81\xa8",
};

static void put(size_t at, const char *bytes, size_t n) {
    n = length + n > BYTES_MAX ? BYTES_MAX - length : n;
    memmove(message + at + n, message + at, length - at);
    memcpy(message + at, bytes, n);
    length += n;
}

static void drop(size_t at, size_t n) {
    n = at + n > length ? length - at : n;
    memmove(message + at, message + at + n, length - at - n);
    length -= n;
}

static void change(void) {
    size_t at = draw((uint32_t)length + 1);
    const char *other = examples.items[draw((uint32_t)examples.n)].text;
    switch (draw(7)) {
    case 0:
        if (at < length) {
            message[at] = (char)draw(256);
        }
        break;
    case 1:
        drop(at, draw(12));
        break;
    case 2:
        length = at;
        break;
    case 3: {
        size_t from = draw((uint32_t)strlen(other));
        put(at, other + from, strlen(other + from));
        break;
    }
    case 4: {
        char code[4] = {0};
        size_t n = text_put(code, (int32_t)(0x20 + draw(0x1fff0)));
        put(at, code, n);
        break;
    }
    default: {
        const char *piece = pieces[draw(ARRAY_LEN(pieces))];
        for (uint32_t n = 1 + (draw(8) == 0 ? draw(30) : 0); n > 0; n--) {
            put(at, piece, strlen(piece));
        }
        break;
    }
    }
}

static void make_message(void) {
    const char *text = examples.items[draw((uint32_t)examples.n)].text;
    length = 0;
    put(0, text, strlen(text));
    for (uint32_t n = draw(5); n > 0; n--) {
        change();
    }
    for (bool grows = draw(LONG_EVERY) == 0; grows && length > 0 && length < BYTES_MAX / 2;) {
        put(length, message, length);
    }
    message[length] = '\0';
}

static void fail(const char *why) {
    fprintf(stderr, "%s:", why);
    for (size_t i = 0; i < length; i++) {
        fprintf(stderr, "%s%02x", i % 32 == 0 ? "\n" : " ", (unsigned char)message[i]);
    }
    fputc('\n', stderr);
    abort();
}

static void check_answer(const struct understood *u, const struct form_question *open) {
    uint32_t beyond = open ? ~((1u << open->n_options) - 1) : UINT32_MAX;
    bool answered =
        u->intent == INTENT_ANSWER || u->intent == INTENT_TICK || u->intent == INTENT_UNTICK;
    if (answered && (!open || (u->answer.mask & beyond) != 0)) {
        fail("a choice that is not there");
    }
    if (answered && u->answer.kind == ANSWER_CHOSEN && u->answer.mask == 0) {
        fail("an answer that chooses nothing");
    }
}

static void try(struct arena *arena) {
    struct understood u;
    enum lang lang;
    bool cut;
    uint32_t n = (uint32_t)pack->form->n_questions;
    uint32_t which = draw(2 * n);
    const struct form_question *open = which < n ? &pack->form->questions[which] : NULL;
    const char *clean = text_clean(arena, message, length, MESSAGE_MAX, &cut);
    const char *folded = text_fold(arena, clean);
    if (!text_valid(clean, strlen(clean)) || strlen(clean) > MESSAGE_MAX) {
        fail("not cleaned");
    }
    if (!text_valid(folded, strlen(folded))) {
        fail("not folded");
    }
    meaning_of(pack, phrases, guesser, arena, open, clean, &u);
    if (u.intent > INTENT_WISH || u.label > LABEL__COUNT || meaning_label(&u) >= LABEL__COUNT) {
        fail("no meaning");
    }
    if (!(u.share >= 0 && u.share <= 1.001f)) {
        fail("no share");
    }
    if (!text_valid(u.query, strlen(u.query))) {
        fail("a broken query");
    }
    check_answer(&u, open);
    (void)language_of(clean, &lang);
}

static bool set_up(void) {
    static struct faults faults;
    glob_t found;
    const struct embedded_file *f = embed_find("intents/phrases.tsv");
    pack = pack_load(NULL, &faults);
    phrases = f ? phrases_load(f->data, (size_t)(f->end - f->data), "phrases", &faults) : NULL;
    guesser = guesser_load();
    if (glob("intents/examples/*.tsv", 0, NULL, &found) != 0) {
        return false;
    }
    char *text = xmalloc(BYTES_MAX * 64);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        FILE *file = fopen(found.gl_pathv[i], "rb");
        size_t n = file ? fread(text, 1, BYTES_MAX * 64, file) : 0;
        examples_read(&examples, text, n, found.gl_pathv[i], &faults);
        if (file) {
            fclose(file);
        }
    }
    free(text);
    globfree(&found);
    return pack && phrases && guesser && examples.n > 0 && faults.n == 0;
}

int main(int argc, char **argv) {
    struct arena arena = {0};
    unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 20000;
    state = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    if (!set_up()) {
        fputs("no content or no examples: run this in the project's root\n", stderr);
        return 1;
    }
    for (unsigned long i = 0; i < count; i++) {
        make_message();
        try(&arena);
        arena_reset(&arena);
    }
    printf("%lu messages, no finding\n", count);
    arena_free(&arena);
    guesser_free(guesser);
    phrases_free(phrases);
    pack_free(pack);
    examples_free(&examples);
    return 0;
}
