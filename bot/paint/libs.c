#include "bot/paint/libs.h"

#include <dlfcn.h>
#include <string.h>

static const char *const names[] = {"libcairo.so.2", "libpango-1.0.so.0", "libpangocairo-1.0.so.0",
                                    "libgobject-2.0.so.0"};

bool paint_libs_open(struct paint_libs *ret, const char **ret_missing) {
    void *libs[ARRAY_LEN(names)];
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        libs[i] = dlopen(names[i], RTLD_LAZY | RTLD_GLOBAL);
        if (!libs[i]) {
            *ret_missing = names[i];
            return false;
        }
    }
    void *at;
/* POSIX lets dlsym's pointers be functions, C does not: hence copied. */
#define PAINT_FIND(library, function)                                                              \
    at = dlsym(libs[library], #function);                                                          \
    if (!at) {                                                                                     \
        *ret_missing = #function;                                                                  \
        return false;                                                                              \
    }                                                                                              \
    memcpy(&ret->function, &at, sizeof(at));
    PAINT_FUNCTIONS(PAINT_FIND)
#undef PAINT_FIND
    return true;
}
