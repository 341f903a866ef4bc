/* holder.c - window secrets in the kernel's keyring; see holder.h.
 *
 * A key of type "user" is readable by who possesses it, that is, through a keyring of one's own;
 * so the keyring is linked into that of the process, which goes with it.  The persistent keyring
 * outlives the last process of a user (cron, systemd timers) and is dropped by the kernel when
 * nobody asked for it for /proc/sys/kernel/keys/persistent_keyring_expiry seconds (three days).
 *
 * A time-out counts from the first run that kept the window: its length, the hour that it waits for
 * what is late, and as much again, a day at most, for a run that comes late.  A user has few keys
 * (/proc/sys/kernel/keys/maxkeys): what tests leave, whose clock SOUNDINGS_NOW sets, goes sooner.
 */
#include "engine/holder.h"

#include "base/err.h"

#include <linux/keyctl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NAME = 33, LATE_MS = HOUR_MS, IN_TESTS_MS = 10 * MINUTE_MS };

struct holder {
    uint64_t database;
    long ring;            /* -1: none */
    unsigned char *voice; /* [HOLDER_SECRET], locked memory */
};

/* The keyring, linked where this process may use what is in it; -1 without one. */
static long find_ring(void)
{
    long ring = syscall(SYS_keyctl, KEYCTL_GET_PERSISTENT, -1, KEY_SPEC_PROCESS_KEYRING);

    if (ring >= 0)
        return ring;
    ring = syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_USER_KEYRING, 1);
    if (ring >= 0 && syscall(SYS_keyctl, KEYCTL_LINK, ring, KEY_SPEC_PROCESS_KEYRING) != 0)
        ring = -1;
    return ring < 0 ? -1 : ring;
}

/* What a key goes by: it tells nothing to who lists keys. */
static void name_of(const struct holder *holder, enum window window, int64_t start, char out[NAME])
{
    const uint64_t parts[3] = {holder->database, (uint64_t)window, (uint64_t)start};
    unsigned char digest[NAME / 2];

    crypto_generichash(digest, sizeof digest, (const unsigned char *)parts, sizeof parts, NULL, 0);
    sodium_bin2hex(out, NAME, digest, sizeof digest);
}

/* The key of voices stands where no window can. */
#define OF_VOICES WINDOW_5MIN, INT64_MIN

static long search(const struct holder *holder, const char *name)
{
    return holder->ring < 0 ? -1
                            : syscall(SYS_keyctl, KEYCTL_SEARCH, holder->ring, "user", name, 0);
}

static bool read_key(const struct holder *holder, const char *name,
                     unsigned char secret[HOLDER_SECRET])
{
    long key = search(holder, name);

    return key >= 0 &&
           syscall(SYS_keyctl, KEYCTL_READ, key, secret, HOLDER_SECRET) == HOLDER_SECRET;
}

static int64_t lasts_ms(enum window window)
{
    int64_t length = window_length(window);

    if (clock_is_set())
        return IN_TESTS_MS;
    return length + LATE_MS + (length < DAY_MS ? length : DAY_MS);
}

/* Adds a key, or only sets the time-out of one that is there. */
static bool write_key(const struct holder *holder, const char *name,
                      const unsigned char secret[HOLDER_SECRET], enum window lasts_as)
{
    long key = syscall(SYS_add_key, "user", name, secret, (size_t)HOLDER_SECRET, holder->ring);

    if (key < 0)
        return false;
    if (syscall(SYS_keyctl, KEYCTL_SET_TIMEOUT, key, (unsigned)(lasts_ms(lasts_as) / 1000)) == 0)
        return true;
    syscall(SYS_keyctl, KEYCTL_INVALIDATE, key);
    return false;
}

struct holder *holder_new(uint64_t database, bool fixed, struct arena *process)
{
    struct holder *holder = arena_alloc(process, sizeof *holder);
    char name[NAME];

    holder->database = database;
    holder->ring = fixed || !database ? -1 : find_ring();
    holder->voice = sodium_malloc(HOLDER_SECRET);
    MUST(holder->voice);
    name_of(holder, OF_VOICES, name);
    if (fixed)
        memset(holder->voice, 0, HOLDER_SECRET);
    else if (!read_key(holder, name, holder->voice))
        randombytes_buf(holder->voice, HOLDER_SECRET);
    return holder;
}

void holder_free(struct holder *holder)
{
    sodium_free(holder->voice);
}

const unsigned char *holder_voice_key(const struct holder *holder)
{
    return holder->voice;
}

bool holder_find(const struct holder *holder, enum window window, int64_t start,
                 unsigned char secret[HOLDER_SECRET])
{
    char name[NAME];

    name_of(holder, window, start, name);
    return read_key(holder, name, secret);
}

bool holder_keep(const struct holder *holder, enum window window, int64_t start,
                 const unsigned char secret[HOLDER_SECRET])
{
    char name[NAME];

    if (holder->ring < 0)
        return false;
    name_of(holder, OF_VOICES, name);
    if (!write_key(holder, name, holder->voice, WINDOW_WEEK))
        return false;
    name_of(holder, window, start, name);
    return search(holder, name) >= 0 || write_key(holder, name, secret, window);
}

void holder_destroy(const struct holder *holder, enum window window, int64_t start)
{
    char name[NAME];
    long key;

    name_of(holder, window, start, name);
    key = search(holder, name);
    if (key >= 0 && syscall(SYS_keyctl, KEYCTL_INVALIDATE, key) != 0)
        syscall(SYS_keyctl, KEYCTL_REVOKE, key);
}

/* Asking is not enough: a filter of system calls may let one through and not the other. */
bool holder_lasts(void)
{
    struct holder holder = {.ring = find_ring()};
    unsigned char secret[HOLDER_SECRET] = {0};
    char name[NAME];
    bool lasts;

    if (holder.ring < 0)
        return false;
    randombytes_buf(&holder.database, sizeof holder.database);
    name_of(&holder, OF_VOICES, name);
    lasts = write_key(&holder, name, secret, WINDOW_5MIN) && read_key(&holder, name, secret);
    holder_destroy(&holder, OF_VOICES);
    return lasts;
}
