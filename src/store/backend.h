/* backend.h - what one backend registers: a file here defines `const struct store_backend
 * store_NAME`.
 */
#ifndef STORE_BACKEND_H
#define STORE_BACKEND_H

#include "store/store.h"

struct store_backend {
    const char *name;
    /* Whether `where` (a file name, ":memory:", a URL) is one of its own. */
    bool (*knows)(struct str where);
    enum rc (*open)(struct str where, enum store_mode mode, const struct settings *settings,
                    struct arena *process, struct store **out, struct err *err);
};

/* The detail of a LEDGER_CHANGE leaf: "name=k old=20 new=24"; `old` NULL: none. */
enum { SETTING_NAME_MAX = 32, CHANGE_DETAIL = SETTING_NAME_MAX + 64 };
void change_detail(struct str name, const int64_t *old, int64_t value, char out[CHANGE_DETAIL]);
/* The detail of a LEDGER_JUDGE leaf of the desk: "alarm=12 verdict=wrong by=desk". */
void judge_detail(uint64_t alarm, enum verdict desk, char out[CHANGE_DETAIL]);

extern const struct store_backend *const store_backends[]; /* NULL-terminated, generated */

#endif
