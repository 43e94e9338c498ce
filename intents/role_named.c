#include "intents/role_named.h"

#include <string.h>

#include "base/attr.h"
#include "base/text.h"

#define WORDS_MAX 3 /* of an English name */

static const struct found nothing = {.kind = FOUND_NOTHING};

static struct found of_number(size_t number) {
    bool there = number > 0 && number <= PACK_ROLES;
    return there ? (struct found){.kind = FOUND_ROLE, .index = number - 1} : nothing;
}

/* "role thirteen", "role number nine", "役割の二番". */
static struct found numbered(const char *folded) {
    static const char *const words[] = {"one",    "two",    "three",   "four", "five",
                                        "six",    "seven",  "eight",   "nine", "ten",
                                        "eleven", "twelve", "thirteen"};
    static const char *const kanji[] = {"一番", "二番", "三番", "四番",   "五番",   "六番",  "七番",
                                        "八番", "九番", "十番", "十一番", "十二番", "十三番"};
    size_t number = 0;
    for (size_t i = 0; i < ARRAY_LEN(words); i++) {
        bool named = text_find(folded, words[i], true) && text_find(folded, "role", true);
        if (named || strstr(folded, kanji[i])) {
            number = i + 1;
        }
    }
    return of_number(number);
}

/* The only role of which the words are a part of the name. */
static struct found holder(const struct pack *pack, struct arena *arena, const char *words) {
    const struct found *names;
    size_t n = text_chars(words) > 1 ? search_names(pack->search, arena, words, &names) : 0;
    struct found role = nothing;
    for (size_t i = 0; i < n; i++) {
        if (names[i].kind == FOUND_ROLE && role.kind == FOUND_ROLE) {
            return nothing;
        }
        role = names[i].kind == FOUND_ROLE ? names[i] : role;
    }
    return role;
}

static bool is_gap(const char *at) {
    return strchr(" ,.!?()", *at) != NULL;
}

/* In front of "の役割", back to the last gap. */
static struct found before_japanese(const struct pack *pack, struct arena *arena,
                                    const char *folded, const char *end) {
    static const char *const ties[] = {"の人の", "を担当する", "担当の", "する", "の"};
    const char *begin = end;
    while (begin > folded && !is_gap(begin - 1)) {
        begin--;
    }
    size_t n = (size_t)(end - begin);
    for (size_t i = 0; i < ARRAY_LEN(ties); i++) {
        size_t len = strlen(ties[i]);
        if (n > len && strncmp(begin + n - len, ties[i], len) == 0) {
            n -= len;
            break;
        }
    }
    return holder(pack, arena, arena_strndup(arena, begin, n));
}

/* In front of " role": the most words that are a part of one's name. */
static struct found before_english(const struct pack *pack, struct arena *arena, const char *folded,
                                   const char *end) {
    struct found found = nothing;
    const char *begin = end;
    for (int words = 0; words < WORDS_MAX && begin > folded; words++) {
        begin -= begin > folded && begin[-1] == ' ';
        while (begin > folded && !is_gap(begin - 1)) {
            begin--;
        }
        struct found more = holder(pack, arena, arena_strndup(arena, begin, (size_t)(end - begin)));
        found = more.kind == FOUND_ROLE ? more : found;
    }
    return found;
}

struct found role_named(const struct pack *pack, struct arena *arena, const char *folded) {
    static const char *const japanese[] = {"役割", "ろーる", "担当"};
    struct found found = numbered(folded);
    for (size_t i = 0; i < ARRAY_LEN(japanese) && found.kind == FOUND_NOTHING; i++) {
        const char *at = strstr(folded, japanese[i]);
        found = at && at > folded ? before_japanese(pack, arena, folded, at) : found;
    }
    const char *at = strstr(folded, " role");
    return found.kind == FOUND_NOTHING && at ? before_english(pack, arena, folded, at) : found;
}
