/* pages.c - the VFS that checks pages; see pages.h.
 *
 * A file of the default VFS carries a pointer to its table of methods.  Ours is a copy of that
 * table with two entries of its own, put in its place when a main database is opened: no wrapper
 * object, nothing to forward.
 */
#include "store/pages.h"

#include "base/hash.h"

#include <pthread.h>
#include <sqlite3.h>
#include <string.h>

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static sqlite3_vfs *ordinary;
static sqlite3_vfs checked_vfs;
static const sqlite3_io_methods *ordinary_methods;
static sqlite3_io_methods checked_methods;

static uint64_t sum_of(const void *page, sqlite3_int64 offset)
{
    return hash_bytes((struct str){page, PAGE_BYTES - PAGE_RESERVED},
                      (uint64_t)(offset / PAGE_BYTES) + 1);
}

static bool is_page(int n, sqlite3_int64 offset)
{
    return n == PAGE_BYTES && offset % PAGE_BYTES == 0;
}

static int read_checked(sqlite3_file *file, void *bytes, int n, sqlite3_int64 offset)
{
    int code = ordinary_methods->xRead(file, bytes, n, offset);
    uint64_t sum;

    if (code != SQLITE_OK || !is_page(n, offset))
        return code;
    memcpy(&sum, (const char *)bytes + PAGE_BYTES - PAGE_RESERVED, sizeof sum);
    return sum == sum_of(bytes, offset) ? SQLITE_OK : SQLITE_IOERR_DATA;
}

static int write_checked(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 offset)
{
    unsigned char page[PAGE_BYTES];
    uint64_t sum;

    if (!is_page(n, offset))
        return ordinary_methods->xWrite(file, bytes, n, offset);
    memcpy(page, bytes, PAGE_BYTES - PAGE_RESERVED);
    sum = sum_of(page, offset);
    memcpy(page + PAGE_BYTES - PAGE_RESERVED, &sum, sizeof sum);
    return ordinary_methods->xWrite(file, page, n, offset);
}

/* The mapped view of a file would go round the check: there is none. */
static int fetch_nothing(sqlite3_file *file, sqlite3_int64 offset, int n, void **page)
{
    (void)file;
    (void)offset;
    (void)n;
    *page = NULL;
    return SQLITE_OK;
}

static int open_checked(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                        int *out_flags)
{
    int code = ordinary->xOpen(ordinary, name, file, flags, out_flags);

    (void)vfs;
    if (code != SQLITE_OK || !(flags & SQLITE_OPEN_MAIN_DB))
        return code;
    pthread_mutex_lock(&table_lock);
    if (!ordinary_methods) {
        ordinary_methods = file->pMethods;
        checked_methods = *ordinary_methods;
        checked_methods.xRead = read_checked;
        checked_methods.xWrite = write_checked;
        checked_methods.xFetch = fetch_nothing;
    }
    pthread_mutex_unlock(&table_lock);
    if (file->pMethods != ordinary_methods) { /* another locking style: not one to build on */
        file->pMethods->xClose(file);
        file->pMethods = NULL;
        return SQLITE_CANTOPEN;
    }
    file->pMethods = &checked_methods;
    return SQLITE_OK;
}

bool pages_register(void)
{
    bool registered;

    pthread_mutex_lock(&table_lock);
    if (!ordinary) {
        sqlite3_vfs *found = sqlite3_vfs_find(NULL);

        if (found) {
            checked_vfs = *found;
            checked_vfs.zName = PAGES_VFS;
            checked_vfs.xOpen = open_checked;
            if (sqlite3_vfs_register(&checked_vfs, 0) == SQLITE_OK)
                ordinary = found;
        }
    }
    registered = ordinary != NULL;
    pthread_mutex_unlock(&table_lock);
    return registered;
}
