/* thresholds.h - how small q must be for an alarm, as it stands now: one number a kind of window,
 * moved by what proved right (trend/hindsight.h), kept as the setting "q_max_day" in millionths.
 */
#ifndef STORE_THRESHOLDS_H
#define STORE_THRESHOLDS_H

#include "store/store.h"

enum { THRESHOLD_START = 20000, THRESHOLD_NAME = 24 };

void threshold_name(enum window window, char out[THRESHOLD_NAME]);
/* THRESHOLD_START where it never moved. */
enum rc threshold_in_force(struct store *store, enum window window, uint32_t *millionths,
                           struct err *err);

#endif
