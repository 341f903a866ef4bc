/* keys.c - day keys on disk and in locked memory; see keys.h.
 *
 * A key is made in a file of another name and linked to its own: link(2) fails where the name
 * exists, so two processes that make the same day's key at once end with the same one.  Overwriting
 * before unlinking is for what lies under the file system; on a medium that remaps blocks it may
 * not reach the old ones, which doc says.
 */
#include "store/keys.h"

#include "base/str.h"
#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAGIC = 8, SECRET = 32, CHECK = 16, FILE_BYTES = MAGIC + SECRET + CHECK, NAME = 64 };
static const unsigned char magic[MAGIC] = {'S', 'D', 'G', 'K', 'E', 'Y', '1', '\n'};
#define FREE INT64_MIN /* the day of a slot that holds no key; others do not move when one goes */

struct key_ring {
    const char *folder;   /* NULL: memory only */
    int fd;               /* of the folder */
    size_t n;             /* slots ever used */
    struct day_key *keys; /* [KEYS_MAX], locked memory */
};

static void name_of(int64_t day, char out[NAME])
{
    char text[TIME_TEXT];

    snprintf(out, NAME, "%s.key",
             day == KEY_OF_PUBLICATIONS ? "publications" : day_format(day, text));
}

/* The day that a file name stands for. */
static bool day_of_name(const char *name, int64_t *day)
{
    struct str s = str_of(name);
    char again[NAME];
    int64_t at;

    if (!str_ends(s, STR(".key")) ||
        time_parse(str_part(s, 0, s.n - 4), (struct zone){0}, &at) != PRECISION_DAY)
        return false;
    *day = time_day(at, (struct zone){0});
    name_of(*day, again);
    return str_eq(s, str_of(again));
}

static enum rc fail(const struct key_ring *ring, const char *name, const char *doing,
                    struct err *err)
{
    enum rc rc = errno == ENOSPC || errno == EDQUOT || errno == EFBIG || errno == EMFILE ? RC_FULL
                 : errno == EACCES || errno == EPERM || errno == EROFS                   ? RC_USAGE
                                                                       : RC_BROKEN;

    return err_set(err, rc, "%s/%s cannot be %s: %s; check the folder, its owner and its space",
                   ring->folder, name, doing, strerrordesc_np(errno));
}

/* Makes the folder and the name of it durable. */
static enum rc make_folder(const struct key_ring *ring, struct err *err)
{
    const char *slash = strrchr(ring->folder, '/');
    char parent[4096];
    int fd;

    if (mkdir(ring->folder, 0700) != 0)
        return errno == EEXIST ? RC_OK : fail(ring, "", "made", err);
    snprintf(parent, sizeof parent, "%.*s", slash ? (int)(slash - ring->folder) : 1,
             slash ? ring->folder : ".");
    fd = open(parent[0] ? parent : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0) {
        if (fd >= 0)
            close(fd);
        return fail(ring, "", "made durable", err);
    }
    close(fd);
    return RC_OK;
}

static enum rc open_folder(struct key_ring *ring, bool alone, struct err *err)
{
    enum rc rc = make_folder(ring, err);

    if (rc != RC_OK)
        return rc;
    ring->fd = open(ring->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (ring->fd < 0)
        return fail(ring, "", "opened", err);
    if (alone && flock(ring->fd, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK
                   ? err_set(err, RC_AGAIN,
                             "another process writes to this database (it holds %s); wait for it",
                             ring->folder)
                   : fail(ring, "", "locked", err);
    return RC_OK;
}

enum rc key_ring_open(struct str folder, bool alone, struct arena *process, struct key_ring **out,
                      struct err *err)
{
    struct key_ring *ring = arena_alloc(process, sizeof *ring);
    enum rc rc = RC_OK;

    ring->fd = -1;
    if (folder.n) {
        ring->folder = arena_copy(process, folder.p, folder.n);
        rc = open_folder(ring, alone, err);
    }
    if (rc == RC_OK) {
        ring->keys = sodium_allocarray(KEYS_MAX, sizeof *ring->keys);
        if (!ring->keys)
            rc = err_set(err, RC_FULL, "out of memory for keys");
    }
    if (rc != RC_OK) {
        if (ring->fd >= 0)
            close(ring->fd);
        return rc;
    }
    *out = ring;
    return RC_OK;
}

void key_ring_close(struct key_ring *ring)
{
    sodium_free(ring->keys);
    if (ring->fd >= 0)
        close(ring->fd);
}

static struct day_key *held(const struct key_ring *ring, int64_t day)
{
    for (size_t i = 0; i < ring->n; i++)
        if (ring->keys[i].day == day)
            return &ring->keys[i];
    return NULL;
}

static const struct day_key *hold(struct key_ring *ring, int64_t day,
                                  const unsigned char secret[SECRET])
{
    struct day_key *key = held(ring, FREE);

    if (!key)
        key = &ring->keys[ring->n++];
    key->day = day;
    crypto_kdf_derive_from_key(key->seal, sizeof key->seal, 1, "sdgbatch", secret);
    crypto_kdf_derive_from_key(key->tag, sizeof key->tag, 2, "sdgbatch", secret);
    crypto_kdf_derive_from_key(key->content, sizeof key->content, 3, "sdgbatch", secret);
    return key;
}

static enum rc room(const struct key_ring *ring, struct err *err)
{
    if (ring->n < KEYS_MAX || held(ring, FREE))
        return RC_OK;
    return err_set(err, RC_FULL, "more than %d days are held; let retention take some first",
                   (int)KEYS_MAX);
}

static void check_of(const unsigned char bytes[FILE_BYTES], unsigned char check[CHECK])
{
    crypto_generichash(check, CHECK, bytes, MAGIC + SECRET, NULL, 0);
}

static enum rc read_key(const struct key_ring *ring, const char *name,
                        unsigned char bytes[FILE_BYTES], struct err *err)
{
    int fd = openat(ring->fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    unsigned char check[CHECK];
    ssize_t n;

    if (fd < 0)
        return errno == ENOENT ? err_set(err, RC_ABSENT, "%s/%s is gone: what it sealed is gone",
                                         ring->folder, name)
                               : fail(ring, name, "opened", err);
    n = read(fd, bytes, FILE_BYTES);
    close(fd);
    if (n == FILE_BYTES)
        check_of(bytes, check);
    if (n != FILE_BYTES || memcmp(bytes, magic, MAGIC) != 0 ||
        sodium_memcmp(check, bytes + MAGIC + SECRET, CHECK) != 0)
        return err_set(err, RC_BROKEN, "%s/%s is damaged; put back a copy of the folder",
                       ring->folder, name);
    return RC_OK;
}

enum rc key_ring_find(struct key_ring *ring, int64_t day, const struct day_key **out,
                      struct err *err)
{
    const struct day_key *key = held(ring, day);
    unsigned char bytes[FILE_BYTES];
    char name[NAME];
    enum rc rc;

    name_of(day, name);
    if (!key) {
        if (!ring->folder)
            return err_set(err, RC_ABSENT, "there is no %s", name);
        rc = room(ring, err);
        if (rc == RC_OK)
            rc = read_key(ring, name, bytes, err);
        if (rc == RC_OK)
            key = hold(ring, day, bytes + MAGIC);
        sodium_memzero(bytes, sizeof bytes);
        if (rc != RC_OK)
            return rc;
    }
    *out = key;
    return RC_OK;
}

enum rc key_ring_need(struct key_ring *ring, int64_t day, const struct day_key **out,
                      struct err *err)
{
    enum rc rc = key_ring_find(ring, day, out, err);
    char name[NAME];

    if (rc != RC_ABSENT)
        return rc;
    name_of(day, name);
    return err_set(err, RC_BROKEN,
                   "the key %s is missing from the folder %s: put it back, or restore it from the "
                   "backup of keys",
                   name, ring->folder ? ring->folder : "in memory");
}

static bool write_all(int fd, const unsigned char bytes[FILE_BYTES])
{
    return write(fd, bytes, FILE_BYTES) == FILE_BYTES && fsync(fd) == 0;
}

/* Writes a new key under its name, or leaves the one that another process made meanwhile. */
static enum rc write_key(const struct key_ring *ring, const char *name,
                         const unsigned char bytes[FILE_BYTES], struct err *err)
{
    char made[2 * NAME];
    enum rc rc = RC_OK;
    int fd;

    snprintf(made, sizeof made, "%s.%ld", name, (long)getpid());
    unlinkat(ring->fd, made, 0);
    fd = openat(ring->fd, made, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(ring, name, "made", err);
    errno = EIO;
    if (!write_all(fd, bytes))
        rc = fail(ring, name, "written", err);
    close(fd);
    if (rc == RC_OK && linkat(ring->fd, made, ring->fd, name, 0) != 0 && errno != EEXIST)
        rc = fail(ring, name, "made", err);
    unlinkat(ring->fd, made, 0);
    if (rc == RC_OK && fsync(ring->fd) != 0)
        rc = fail(ring, name, "made durable", err);
    return rc;
}

enum rc key_ring_make(struct key_ring *ring, int64_t day, const struct day_key **out,
                      struct err *err)
{
    unsigned char bytes[FILE_BYTES];
    char name[NAME];
    enum rc rc = key_ring_find(ring, day, out, err);

    if (rc != RC_ABSENT)
        return rc;
    rc = room(ring, err);
    if (rc != RC_OK)
        return rc;
    memcpy(bytes, magic, MAGIC);
    randombytes_buf(bytes + MAGIC, SECRET);
    if (!ring->folder) {
        *out = hold(ring, day, bytes + MAGIC);
    } else {
        name_of(day, name);
        check_of(bytes, bytes + MAGIC + SECRET);
        rc = write_key(ring, name, bytes, err);
        if (rc == RC_OK)
            rc = key_ring_find(ring, day, out, err);
    }
    sodium_memzero(bytes, sizeof bytes);
    return rc;
}

static void forget(struct key_ring *ring, int64_t day)
{
    struct day_key *key = held(ring, day);

    if (!key)
        return;
    sodium_memzero(key, sizeof *key);
    key->day = FREE;
}

enum rc key_ring_destroy(struct key_ring *ring, int64_t day, struct err *err)
{
    static const unsigned char nothing[FILE_BYTES];
    char name[NAME];
    int fd;
    bool gone;

    forget(ring, day);
    if (!ring->folder)
        return RC_OK;
    name_of(day, name);
    fd = openat(ring->fd, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT ? RC_OK : fail(ring, name, "destroyed", err);
    errno = EIO;
    gone = write_all(fd, nothing);
    close(fd);
    if (!gone || unlinkat(ring->fd, name, 0) != 0 || fsync(ring->fd) != 0)
        return fail(ring, name, "destroyed", err);
    return RC_OK;
}

static int by_day(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

enum rc key_ring_days(struct key_ring *ring, struct arena *request, int64_t **days, size_t *n,
                      struct err *err)
{
    VEC(int64_t) found = {0};
    int64_t day;
    DIR *folder = NULL;
    int fd = -1;

    if (!ring->folder) {
        for (size_t i = 0; i < ring->n; i++)
            if (ring->keys[i].day != KEY_OF_PUBLICATIONS && ring->keys[i].day != FREE)
                *vec_push(&found, request) = ring->keys[i].day;
    } else {
        fd = openat(ring->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        folder = fd >= 0 ? fdopendir(fd) : NULL;
        if (!folder) {
            if (fd >= 0)
                close(fd);
            return fail(ring, "", "listed", err);
        }
        for (const struct dirent *entry; (entry = readdir(folder));)
            if (day_of_name(entry->d_name, &day))
                *vec_push(&found, request) = day;
        closedir(folder);
    }
    if (found.n)
        qsort(found.v, found.n, sizeof *found.v, by_day);
    *days = found.v;
    *n = found.n;
    return RC_OK;
}

bool key_ring_private(const struct key_ring *ring)
{
    struct stat about;

    return !ring->folder || (fstat(ring->fd, &about) == 0 && (about.st_mode & 077) == 0);
}
