/* ledger.h - the transparency log: what the desk itself did, in an order nobody can rewrite.
 *
 * Leaves are append-only and chained: hash(i) = BLAKE2b-256(hash(i-1) || canonical bytes of leaf
 * i), hash(-1) = 32 zero bytes.  The leaf comes before the effect: a search, an export or a release
 * that cannot write its leaf does not happen.  (The Merkle tree of RFC 6962 comes with the desk;
 * leaf bytes stay the same.)  A leaf carries no text of any item; search terms are salted
 * commitments. Pure but for the sink, which the store gives.
 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { LEDGER_HASH = 32, LEDGER_DETAIL_MAX = 1024 };

enum ledger_action {
    LEDGER_OPENED,  /* a database was made; detail: format version */
    LEDGER_SEARCH,  /* detail: commitment=<hex> */
    LEDGER_READ,    /* stories list or show; detail: which */
    LEDGER_EXPORT,  /* detail: table names and row counts */
    LEDGER_RELEASE, /* detail: window, start, rows, digest */
    LEDGER_ALARM,   /* detail: series, window, time it could first be known */
    LEDGER_BRIEF,   /* a briefing was written; detail: its range */
    LEDGER_PURGE,   /* detail: days whose keys were destroyed */
    LEDGER_JUDGE,   /* an alarm was right or wrong; detail: alarm, verdict, by rule or desk */
    LEDGER_CHANGE,  /* threshold, retention, unit table …; detail: name, old, new */
    LEDGER_ACTIONS
};
const char *ledger_action_name(enum ledger_action action);

struct ledger_leaf {
    uint64_t index;
    int64_t time; /* ms */
    enum ledger_action action;
    struct str detail; /* at most LEDGER_DETAIL_MAX bytes of printable UTF-8 */
    unsigned char hash[LEDGER_HASH];
};

/* Where leaves are kept.  Must be durable when it returns RC_OK. */
typedef enum rc ledger_sink(void *context, const struct ledger_leaf *leaf, struct err *err);

struct ledger {
    uint64_t length;
    unsigned char head[LEDGER_HASH]; /* hash of the last leaf */
    /* Called before the hash is taken: brings length and head up to date where several processes
     * append, and holds the others off until the sink returns.  NULL: one owner. */
    enum rc (*prepare)(void *context, struct ledger *ledger, struct err *err);
    ledger_sink *sink;
    void *context;
};

/* The one way to write a leaf.  The ledger moves on only when the sink said RC_OK.  A detail longer
 * than LEDGER_DETAIL_MAX, or with bytes that are not printable UTF-8, breaks the contract: it is
 * written by the program, never taken from an item. */
enum rc ledger_append(struct ledger *ledger, int64_t time, enum ledger_action action,
                      struct str detail, struct err *err);
/* The hash that `leaf` must have behind `previous`. */
void ledger_hash(const unsigned char previous[LEDGER_HASH], const struct ledger_leaf *leaf,
                 unsigned char out[LEDGER_HASH]);
/* Checks the next leaf of a chain and moves *ledger (sink unused) on; RC_BROKEN names the index. */
enum rc ledger_verify_next(struct ledger *ledger, const struct ledger_leaf *leaf, struct err *err);
/* Commitment to a search term: hex of BLAKE2b-256(salt || term); the salt is opened within 30 days.
 */
void ledger_commitment(struct str term, const unsigned char salt[16], char out[65]);

#endif
