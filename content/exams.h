/*
 * exams.json: what the exams cover, field by field, and the handbook's examples of what people lack
 * and train. Checked apart from the other files: see check_exams.
 */
#ifndef KIZUKI_CONTENT_EXAMS_H
#define KIZUKI_CONTENT_EXAMS_H

#include "content/pack.h"

/* Fills pack->exams, gaps and trainings; what is wrong becomes a fault of the reader. */
void exams_read(struct pack *pack, struct node root);

/*
 * Relations to the other files of a pack that loaded without faults: ids that exist, no field of
 * an exam twice, and the same items "source" here and among what the exam closes.
 */
void exams_check(const struct pack *pack, struct faults *faults);

#endif
