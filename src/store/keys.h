/* keys.h - one key a day, in a folder of its own; to destroy the key is to destroy the day.
 *
 * FILE.keys/2026-03-02.key holds 32 random bytes (magic in front, checksum behind), mode 0600 in a
 * 0700 folder; file and folder are fsynced before key_ring_make returns, so that no batch commits
 * under a key that a power cut could take.  What is used are four keys derived from it (libsodium's
 * crypto_kdf, BLAKE2b), in locked memory that no core dump shows.  The key of publications has no
 * day and never expires.
 */
#ifndef STORE_KEYS_H
#define STORE_KEYS_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"

#define KEY_OF_PUBLICATIONS INT64_MAX
enum { KEYS_MAX = 512 }; /* held at once: retention is at most 90 days */

struct day_key {
    int64_t day;
    unsigned char seal[32];    /* XChaCha20-Poly1305: batches, openings */
    unsigned char tag[16];     /* SipHash-2-4-128: identities */
    unsigned char content[16]; /* SipHash-2-4: contents */
};

struct key_ring;

/* `folder` is made (0700) where there is none; empty: keys live in memory only.  RC_AGAIN: `alone`,
 * and another process has the folder alone already. */
enum rc key_ring_open(struct str folder, bool alone, struct arena *process, struct key_ring **out,
                      struct err *err);
/* Wipes the keys in memory. */
void key_ring_close(struct key_ring *ring);
/* RC_ABSENT: destroyed or never made; RC_BROKEN: the file is damaged.  Valid until close or destroy
 * of this day. */
enum rc key_ring_find(struct key_ring *ring, int64_t day, const struct day_key **out,
                      struct err *err);
/* The same where something lies sealed under the key: RC_BROKEN names day and folder when it is
 * missing. */
enum rc key_ring_need(struct key_ring *ring, int64_t day, const struct day_key **out,
                      struct err *err);
/* Finds or makes, durably. */
enum rc key_ring_make(struct key_ring *ring, int64_t day, const struct day_key **out,
                      struct err *err);
/* Overwrites, unlinks and forgets; absent is done already.  Durable. */
enum rc key_ring_destroy(struct key_ring *ring, int64_t day, struct err *err);
/* The days that have a key, growing, without publications. */
enum rc key_ring_days(struct key_ring *ring, struct arena *request, int64_t **days, size_t *n,
                      struct err *err);
/* Whether folder and files are closed to other users of the machine. */
bool key_ring_private(const struct key_ring *ring);

#endif
