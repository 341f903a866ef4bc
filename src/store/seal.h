/* seal.h - items of one commit and one day as one sealed batch, and back.
 *
 * Records -> zstd -> XChaCha20-Poly1305 (libsodium, IETF construction) under the day's key, random
 * nonce in front, associated data (purpose, day, batch number): a batch that was moved, cut or
 * touched does not open.  Opening is the one place in the store that makes a `redacted`: whatever
 * it gives passed the gate before it was sealed.  Nothing here keeps plain text after it returns.
 */
#ifndef STORE_SEAL_H
#define STORE_SEAL_H

#include "store/codes.h"
#include "store/keys.h"
#include "store/store.h"

enum {
    SEAL_ITEMS_MAX = 4096,           /* of one batch */
    SEAL_TEXT_MAX = 8 * 1024 * 1024, /* bytes of text after which a batch is closed */
};

struct seal;

/* RC_FULL. */
enum rc seal_open(const struct codes *codes, struct arena *process, struct seal **out,
                  struct err *err);
void seal_close(struct seal *seal);

/* Which batch, and whose memory: `batch` takes the result and plain text, so wipe it. */
struct seal_place {
    const struct day_key *key;
    uint64_t number;
    struct arena *batch;
};

enum rc seal_items(struct seal *seal, const struct seal_place *place,
                   const struct stored_item *const *items, size_t n, struct str *sealed,
                   struct err *err);
/* RC_BROKEN: it does not open, or what is in it is no batch. */
enum rc unseal_items(struct seal *seal, const struct seal_place *place, struct str sealed,
                     struct stored_item **items, size_t *n, struct err *err);

/* The opening of a search's commitment under the day's key. */
struct str seal_opening(const struct day_key *key, const struct search_opening *opening,
                        struct arena *request);
/* Whether it opens, and to what its commitment says. */
bool seal_opening_holds(const struct day_key *key, struct str commitment, struct str sealed,
                        struct arena *request);

#endif
