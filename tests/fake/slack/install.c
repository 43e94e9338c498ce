#include "tests/fake/slack/install.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/attr.h"
#include "tests/fake/slack/server.h"

static const char *const events[] = {
    "app_home_opened",  "app_mention", "member_joined_channel", "message.channels",
    "message.groups",   "message.im",  "message.mpim",          "reaction_added",
    "reaction_removed", "team_join",   "user_change",
};

/* Without indentation and the end of the line. */
static char *trim(char *line) {
    line += strspn(line, " ");
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

/* The items of the two lists of a YAML file in block style; the keys are unique in a manifest. */
static size_t read_lists(struct server *sv, FILE *file, struct map *scopes, struct map *listed) {
    char *line = NULL;
    size_t size = 0;
    size_t n = 0;
    struct map *list = NULL;
    while (getline(&line, &size, file) > 0) {
        const char *text = trim(line);
        if (strcmp(text, "bot:") == 0) {
            list = scopes;
        } else if (strcmp(text, "bot_events:") == 0) {
            list = listed;
        } else if (list && strncmp(text, "- ", 2) == 0) {
            map_put(list, arena_strdup(&sv->world.arena, text + 2), sv);
            n++;
        } else {
            list = NULL;
        }
    }
    free(line);
    return n;
}

bool install_manifest(struct server *sv, const char *path) {
    FILE *file = fopen(path, "re");
    if (!file) {
        return false;
    }
    struct map scopes = {0};
    struct map listed = {0};
    size_t n = read_lists(sv, file, &scopes, &listed);
    fclose(file);
    for (size_t i = 0; web_scopes[i]; i++) {
        map_put(&sv->web.missing, web_scopes[i], map_get(&scopes, web_scopes[i]) ? NULL : sv);
    }
    for (size_t i = 0; i < ARRAY_LEN(events); i++) {
        map_put(&sv->web.unsubscribed, events[i], map_get(&listed, events[i]) ? NULL : sv);
    }
    bool good = n > 0 && scopes.used && listed.used;
    map_clear(&scopes);
    map_clear(&listed);
    return good;
}
