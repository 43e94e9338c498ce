/* Reads the files of a pack into its structs; the shape of each file is checked on the way. */
#ifndef KIZUKI_CONTENT_LOAD_H
#define KIZUKI_CONTENT_LOAD_H

#include "content/pack.h"

/* dir NULL or "": the files inside the binary. Always leaves a pack that pack_free accepts. */
void load_files(struct pack *pack, const char *dir, struct faults *faults);

/* assessment.json, which refers to all the others: once they are known to be sound. */
void load_assessment(struct pack *pack, const char *dir, struct faults *faults);

#endif
