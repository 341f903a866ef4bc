/* http.h - fetching a feed: conditional GET with a body hash, and an SSRF guard.
 *
 * libcurl; http and https only, 5 redirects at most, 30 s in all, 10 s to connect, DOCUMENT_MAX
 * bytes; private, loopback, link-local and reserved addresses (IPv4 and IPv6, mapped ones too) are
 * refused after the name was resolved, at every redirect, unless `allow_private`.  Sends no cookie
 * and no referrer, uses no proxy; the user agent names the program and nobody.  URLs that name an
 * account (/@name, /users/…, profile feeds) are refused before anything is sent, also as the target
 * of a redirect (PRIVACY P11).
 */
#ifndef SOURCE_HTTP_H
#define SOURCE_HTTP_H

#include "base/buf.h"
#include "base/err.h"

struct http_state { /* what a conditional GET needs; kept by the caller between fetches */
    char etag[256], modified[64];
    uint64_t body_hash;
};

enum { HTTP_URL_MAX = 2048 };

struct http_limits {
    bool allow_private;
    long connect_ms, total_ms;
    int redirects;
    size_t bytes; /* of the body, after decompression */
};

/* RC_OK: body is new.  RC_ABSENT: not modified (304, or the same body hash).  RC_REFUSED: the
 * address or URL is not allowed.  RC_AGAIN: time-out, no answer, 429 or 5xx.  RC_BAD: any other
 * status, too large.  *state is updated on RC_OK only. */
enum rc http_fetch(struct str url, bool allow_private, struct http_state *state, struct buf *body,
                   struct err *err);
/* The same within other limits: `total_ms` is for all redirects together. */
enum rc http_fetch_within(struct str url, const struct http_limits *limits,
                          struct http_state *state, struct buf *body, struct err *err);
/* Whether a feed URL names an account or a profile. */
bool http_url_names_account(struct str url);

struct sockaddr;
/* Whether an address (AF_INET, AF_INET6) lies in the public internet; false for any other family.
 */
bool http_address_is_public(const struct sockaddr *address);

#endif
