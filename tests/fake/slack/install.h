/* What an app's manifest asks for is what it gets. */
#ifndef KIZUKI_TESTS_FAKE_SLACK_INSTALL_H
#define KIZUKI_TESTS_FAKE_SLACK_INSTALL_H

#include <stdbool.h>

struct server;

/* Takes away all scopes and events it does not list; false where it lists none. */
bool install_manifest(struct server *sv, const char *path);

#endif
