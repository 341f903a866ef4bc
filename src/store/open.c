/* open.c - finding the backend for a place, and the leaf of a search; see store.h. */
#include "store/backend.h"

#include <sodium.h>
#include <stdio.h>

enum rc store_open(struct str where, enum store_mode mode, const struct settings *settings,
                   struct arena *process, struct store **out, struct err *err)
{
    if (sodium_init() < 0)
        return err_set(err, RC_FULL, "libsodium could not be started");
    for (size_t i = 0; store_backends[i]; i++)
        if (store_backends[i]->knows(where))
            return store_backends[i]->open(where, mode, settings, process, out, err);
    return err_set(err, RC_USAGE,
                   "no store is behind \"%.*s\": name a file (postgresql:// comes later)",
                   where.n < 80 ? (int)where.n : 80, where.n ? where.p : "");
}

enum rc store_log_search(struct store *store, struct str term, int64_t now, struct err *err)
{
    struct search_opening opening = {.term = term, .time = now};
    char detail[80];
    enum rc rc;

    randombytes_buf(opening.salt, sizeof opening.salt);
    ledger_commitment(term, opening.salt, opening.commitment);
    snprintf(detail, sizeof detail, "commitment=%s", opening.commitment);
    rc = store->driver->keep_opening(store, &opening, err);
    return rc == RC_OK ? ledger_append(&store->ledger, now, LEDGER_SEARCH, str_of(detail), err)
                       : rc;
}

void change_detail(struct str name, const int64_t *old, int64_t value, char out[CHANGE_DETAIL])
{
    char before[24] = "none";

    MUST(name.n <= SETTING_NAME_MAX);
    if (old)
        snprintf(before, sizeof before, "%lld", (long long)*old);
    snprintf(out, CHANGE_DETAIL, "name=%.*s old=%s new=%lld", STR_ARG(name), before,
             (long long)value);
}

void judge_detail(uint64_t alarm, enum verdict desk, char out[CHANGE_DETAIL])
{
    snprintf(out, CHANGE_DETAIL, "alarm=%llu verdict=%s by=desk", (unsigned long long)alarm,
             desk ? verdict_name(desk) : "none");
}

enum rc store_freeze(struct store *store, struct err *err)
{
    return store->driver->freeze ? store->driver->freeze(store, err) : RC_OK;
}

void store_thaw(struct store *store)
{
    if (store->driver->thaw)
        store->driver->thaw(store);
}
