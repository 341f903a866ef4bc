/* thresholds.c - the thresholds of alarms among the settings; see thresholds.h. */
#include "store/thresholds.h"

#include <stdio.h>

void threshold_name(enum window window, char out[THRESHOLD_NAME])
{
    snprintf(out, THRESHOLD_NAME, "q_max_%s", window_name(window));
}

enum rc threshold_in_force(struct store *store, enum window window, uint32_t *millionths,
                           struct err *err)
{
    char name[THRESHOLD_NAME];
    int64_t value;
    enum rc rc;

    threshold_name(window, name);
    rc = store->driver->setting(store, str_of(name), &value, err);
    if (rc == RC_ABSENT) {
        value = THRESHOLD_START;
        rc = RC_OK;
    }
    if (rc == RC_OK)
        *millionths = (uint32_t)value;
    return rc;
}
