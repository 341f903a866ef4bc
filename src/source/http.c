/* http.c - the fetch itself, redirect by redirect; see http.h.
 *
 * libcurl does not follow redirects here: each target is a new URL of a stranger, so each passes
 * the same checks as the first.  The address is checked where the socket is made, behind the
 * resolver, so a name cannot point somewhere else between check and use.  The size is checked on
 * the decoded bytes as they come, so neither a missing Content-Length nor a compressed bomb gets
 * by.
 */
#include "source/http.h"
#include "base/clock.h"
#include "base/hash.h"
#include "source/input.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

struct fetch {
    const struct http_limits *limits;
    struct http_state fresh; /* what the reply says */
    struct buf *body;
    char url[HTTP_URL_MAX + 1];
    bool refused, too_large;
};

static pthread_once_t curl_started = PTHREAD_ONCE_INIT;

static void start_curl(void)
{
    MUST(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct fetch *fetch = context;

    (void)purpose;
    if (!fetch->limits->allow_private && !http_address_is_public(&to->addr)) {
        fetch->refused = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static size_t take_body(char *bytes, size_t size, size_t n, void *context)
{
    struct fetch *fetch = context;

    n *= size;
    if (n > fetch->limits->bytes - fetch->body->n) {
        fetch->too_large = true;
        return CURL_WRITEFUNC_ERROR;
    }
    buf_add(fetch->body, (struct str){bytes, n});
    if (fetch->body->full) {
        fetch->too_large = true;
        return CURL_WRITEFUNC_ERROR;
    }
    return n;
}

/* Keeps a header's value when it fits; one that does not fit is as good as none. */
static void keep_header(struct str line, struct str name, char *out, size_t room)
{
    struct str value;

    if (!str_eq_nocase(str_part(line, 0, name.n), name))
        return;
    value = str_trim(str_from(line, name.n));
    out[0] = '\0';
    if (value.n && value.n < room) {
        memcpy(out, value.p, value.n);
        out[value.n] = '\0';
    }
}

static size_t take_header(char *bytes, size_t size, size_t n, void *context)
{
    struct fetch *fetch = context;
    struct str line = {bytes, size * n};

    keep_header(line, STR("ETag:"), fetch->fresh.etag, sizeof fetch->fresh.etag);
    keep_header(line, STR("Last-Modified:"), fetch->fresh.modified, sizeof fetch->fresh.modified);
    return line.n;
}

static struct curl_slist *conditions(const struct http_state *state)
{
    char line[300];
    struct curl_slist *list =
        curl_slist_append(NULL, "Accept: application/rss+xml, application/atom"
                                "+xml, application/feed+json, */*;q=0.5");

    if (state->etag[0]) {
        snprintf(line, sizeof line, "If-None-Match: %s", state->etag);
        list = curl_slist_append(list, line);
    }
    if (state->modified[0]) {
        snprintf(line, sizeof line, "If-Modified-Since: %s", state->modified);
        list = curl_slist_append(list, line);
    }
    return list;
}

static void set_options(CURL *curl, struct fetch *fetch, long left_ms)
{
    const struct http_limits *limits = fetch->limits;

    curl_easy_setopt(curl, CURLOPT_URL, fetch->url);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* a proxy would resolve names behind our back */
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                     left_ms < limits->connect_ms ? left_ms : limits->connect_ms);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, left_ms);
    curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)limits->bytes);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "soundings (feed reader)");
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, fetch);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, fetch);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, fetch);
}

static enum rc check_url(struct str url, struct err *err)
{
    if (url.n > HTTP_URL_MAX)
        return err_set(err, RC_BAD, "the URL is longer than %d bytes", HTTP_URL_MAX);
    if (str_find_byte(url, '\0') < url.n)
        return err_set(err, RC_BAD, "the URL holds a NUL");
    if (!str_eq_nocase(str_part(url, 0, 7), STR("http://")) &&
        !str_eq_nocase(str_part(url, 0, 8), STR("https://")))
        return err_set(err, RC_REFUSED, "only http:// and https:// URLs are fetched");
    if (http_url_names_account(url))
        return err_set(err, RC_REFUSED,
                       "the URL names an account: Soundings reads no feed of one "
                       "person, give a feed of a publisher or a place");
    return RC_OK;
}

static enum rc judge_failure(CURLcode code, const struct fetch *fetch, struct err *err)
{
    if (fetch->refused)
        return err_set(err, RC_REFUSED,
                       "the address is private or reserved: set allow_private for "
                       "this source if that is meant");
    if (fetch->too_large || code == CURLE_FILESIZE_EXCEEDED)
        return err_set(err, RC_BAD, "the reply is longer than %zu KiB",
                       fetch->limits->bytes / 1024);
    switch (code) {
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_BAD_CONTENT_ENCODING:
        return err_set(err, RC_BAD, "the fetch failed: %s", curl_easy_strerror(code));
    default:
        return err_set(err, RC_AGAIN, "the fetch failed, try again later: %s",
                       curl_easy_strerror(code));
    }
}

static enum rc judge_status(long status, const struct http_state *state, struct fetch *fetch,
                            struct err *err)
{
    if (status == 304)
        return RC_ABSENT;
    if (status == 429 || status >= 500)
        return err_set(err, RC_AGAIN, "the server answered %ld: try again later", status);
    if (status != 200)
        return err_set(err, RC_BAD, "the server answered %ld: check the URL", status);
    fetch->fresh.body_hash = hash_bytes(buf_str(fetch->body), 0);
    if (fetch->fresh.body_hash == state->body_hash)
        return RC_ABSENT;
    return RC_OK;
}

/* One request.  RC_STOP: a redirect, whose target is in fetch->url now. */
static enum rc request(struct fetch *fetch, long left_ms, const struct http_state *state,
                       struct err *err)
{
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = conditions(state);
    char *target = NULL;
    long status = 0;
    CURLcode code;
    enum rc rc;

    if (!curl) {
        curl_slist_free_all(headers);
        return err_set(err, RC_FULL, "out of memory for a fetch");
    }
    buf_clear(fetch->body);
    fetch->fresh = (struct http_state){0};
    set_options(curl, fetch, left_ms);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl, CURLINFO_REDIRECT_URL, &target);
    if (code != CURLE_OK) {
        rc = judge_failure(code, fetch, err);
    } else if (target) {
        rc = check_url(str_of(target), err);
        if (rc == RC_OK) {
            memcpy(fetch->url, target, strlen(target) + 1);
            rc = RC_STOP;
        }
    } else {
        rc = judge_status(status, state, fetch, err);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    return rc;
}

/* lint: exports: a test cannot wait thirty seconds */
enum rc http_fetch_within(struct str url, const struct http_limits *limits,
                          struct http_state *state, struct buf *body, struct err *err)
{
    uint64_t began = clock_ticks_ns();
    struct fetch fetch = {.limits = limits, .body = body};
    enum rc rc = check_url(url, err);

    if (rc != RC_OK)
        return rc;
    pthread_once(&curl_started, start_curl);
    memcpy(fetch.url, url.p, url.n);
    for (int hops = 0; hops <= limits->redirects; hops++) {
        long left_ms = limits->total_ms - (long)((clock_ticks_ns() - began) / 1000000);

        if (left_ms <= 0)
            return err_set(err, RC_AGAIN, "no answer within %ld s", limits->total_ms / 1000);
        rc = request(&fetch, left_ms, state, err);
        if (rc == RC_OK)
            *state = fetch.fresh;
        if (rc != RC_STOP)
            return rc;
    }
    return err_set(err, RC_BAD, "more than %d redirects", limits->redirects);
}

enum rc http_fetch(struct str url, bool allow_private, struct http_state *state, struct buf *body,
                   struct err *err)
{
    const struct http_limits limits = {.allow_private = allow_private,
                                       .connect_ms = 10000,
                                       .total_ms = 30000,
                                       .redirects = 5,
                                       .bytes = DOCUMENT_MAX};

    return http_fetch_within(url, &limits, state, body, err);
}
