/* Reads the files of a pack into its structs; the shape of each file is checked on the way. */
#ifndef KIZUKI_CONTENT_LOAD_H
#define KIZUKI_CONTENT_LOAD_H

#include "content/pack.h"

/* dir NULL or "": the files inside the binary. Always leaves a pack that pack_free accepts. */
void load_files(struct pack *pack, const char *dir, struct faults *faults);

/* Reads one file of the pack whole into the arena; NULL with a fault if that fails. */
const char *load_text(struct arena *arena, const char *dir, const char *name, size_t *ret_n,
                      struct faults *faults);

#endif
