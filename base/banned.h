/*
 * Calls that are easy to get wrong become compile errors. Forced into every file with -include
 * after the system headers that declare them, so that only our own uses are caught.
 */
#ifndef KIZUKI_BASE_BANNED_H
#define KIZUKI_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok
#pragma GCC poison atoi atol atoll atof gmtime localtime asctime ctime strerror

#endif
