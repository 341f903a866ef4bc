/* holder.h - who holds the secrets of open windows between two runs: the kernel's keyring.
 *
 * A window is counted by several runs (an hourly `ingest`), and its secret must outlive each of
 * them without ever reaching a disk (PRIVACY P2).  It lies in the kernel's persistent keyring of
 * this user, else in the user keyring, under a name that is a hash, with a time-out: what nobody
 * closes is destroyed by the kernel.  The key of voices lies there too, or the same person would be
 * another one in the next run.  Where there is no keyring (a container that forbids it), secrets
 * live in this process alone.  System calls: a few a window and run.  One owner, one thread.
 */
#ifndef ENGINE_HOLDER_H
#define ENGINE_HOLDER_H

#include "base/arena.h"
#include "model/cell.h"

enum { HOLDER_SECRET = 32 };

struct holder;

/* `database`: the random number of the database, 0 for one that ends with the process. `fixed`: no
 * keyring and no randomness, the key of voices is zeros (see ingest.h). */
struct holder *holder_new(uint64_t database, bool fixed, struct arena *process);
/* Wipes what is in memory; the keyring keeps what was kept. */
void holder_free(struct holder *holder);
/* HOLDER_SECRET bytes in locked memory, valid until holder_free: those of the last run if it kept
 * any window, else new ones. */
const unsigned char *holder_voice_key(const struct holder *holder);
/* The secret that an earlier run kept; false: there is none any more. */
bool holder_find(const struct holder *holder, enum window window, int64_t start,
                 unsigned char secret[HOLDER_SECRET]);
/* Keeps a window's secret, and the key of voices, for the next run; false: it cannot be kept. */
bool holder_keep(const struct holder *holder, enum window window, int64_t start,
                 const unsigned char secret[HOLDER_SECRET]);
/* Destroys it at once; absent is done already. */
void holder_destroy(const struct holder *holder, enum window window, int64_t start);
/* Whether this machine's kernel keeps secrets for this user. */
bool holder_lasts(void);

#endif
