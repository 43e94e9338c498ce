/* Compiler attributes used across the project; gcc 12 and clang 14 know all of them. */
#ifndef KIZUKI_BASE_ATTR_H
#define KIZUKI_BASE_ATTR_H

#define WARN_UNUSED       __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
#define SENTINEL          __attribute__((sentinel))
#define NORETURN          __attribute__((noreturn))
#define UNUSED            __attribute__((unused))

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

#endif
