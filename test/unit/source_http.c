/* source_http.c - tests of source/http against a small server on the loopback address.
 *
 * The server answers by the path; it is a thread of this program and never reached from outside.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "source/http.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

enum { REQUEST_MAX = 4096, BODY_LIMIT = 4096 };

static int listener;
static unsigned port;
static atomic_int requests;
static char last_request[REQUEST_MAX]; /* read only after the reply has come */
static const struct http_limits limits = {.allow_private = true,
                                          .connect_ms = 1000,
                                          .total_ms = 500,
                                          .redirects = 3,
                                          .bytes = BODY_LIMIT};

static void send_all(int to, const char *bytes, size_t n)
{
    while (n) {
        ssize_t sent = send(to, bytes, n, MSG_NOSIGNAL);

        if (sent <= 0)
            return;
        bytes += sent;
        n -= (size_t)sent;
    }
}

static void say(int to, const char *text)
{
    send_all(to, text, strlen(text));
}

static void redirect(int to, const char *target)
{
    char reply[512];

    snprintf(reply, sizeof reply,
             "HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
             target);
    say(to, reply);
}

static void endless(int to)
{
    static char block[1024];

    say(to, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    memset(block, 'x', sizeof block);
    for (int i = 0; i < 64; i++)
        send_all(to, block, sizeof block);
}

/* 1 MiB of nothing in about 1 KiB. */
static void bomb(int to)
{
    static unsigned char plain[1 << 20], packed[1 << 16];
    z_stream z = {0};
    char head[128];

    deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    z.next_in = plain;
    z.avail_in = sizeof plain;
    z.next_out = packed;
    z.avail_out = sizeof packed;
    deflate(&z, Z_FINISH);
    deflateEnd(&z);
    snprintf(head, sizeof head,
             "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %lu\r\n\r\n",
             z.total_out);
    say(to, head);
    send_all(to, (const char *)packed, z.total_out);
}

static void slow(int to)
{
    say(to, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    for (int i = 0; i < 20; i++) {
        say(to, "x");
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    }
}

static void answer(int to, const char *request)
{
    if (strstr(request, " /ok "))
        say(to,
            "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nLast-Modified: Mon, 02 Mar 2026 00:00:00 GMT\r\n"
            "Content-Length: 5\r\n\r\nhello");
    else if (strstr(request, " /same "))
        say(to, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    else if (strstr(request, " /cached "))
        say(to, strstr(request, "If-None-Match: \"v1\"")
                    ? "HTTP/1.1 304 Not Modified\r\n\r\n"
                    : "HTTP/1.1 200 OK\r\nETag: \"v1\"\r\nContent-Length: 1\r\n\r\nx");
    else if (strstr(request, " /moved "))
        redirect(to, "/ok");
    else if (strstr(request, " /loop "))
        redirect(to, "/loop");
    else if (strstr(request, " /to-file "))
        redirect(to, "file:///etc/passwd");
    else if (strstr(request, " /to-account "))
        redirect(to, "/@somebody");
    else if (strstr(request, " /endless "))
        endless(to);
    else if (strstr(request, " /announced "))
        say(to, "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\nx");
    else if (strstr(request, " /bomb "))
        bomb(to);
    else if (strstr(request, " /slow "))
        slow(to);
    else if (strstr(request, " /busy "))
        say(to, "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
    else if (strstr(request, " /garbage "))
        say(to, "nonsense\r\n\r\n");
    else
        say(to, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
}

static void *serve(void *context)
{
    (void)context;
    for (;;) {
        char request[REQUEST_MAX] = "";
        int from = accept(listener, NULL, NULL);
        size_t n = 0;

        if (from < 0)
            return NULL;
        while (n < sizeof request - 1 && !strstr(request, "\r\n\r\n")) {
            ssize_t got = recv(from, request + n, sizeof request - 1 - n, 0);

            if (got <= 0)
                break;
            n += (size_t)got;
            request[n] = '\0';
        }
        memcpy(last_request, request, sizeof request);
        atomic_fetch_add(&requests, 1);
        answer(from, request);
        shutdown(from, SHUT_WR);
        close(from);
    }
}

static pthread_t server;

static int set_up(void **state)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof address;

    (void)state;
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 16) ||
        getsockname(listener, (struct sockaddr *)&address, &n))
        return -1;
    port = ntohs(address.sin_port);
    return pthread_create(&server, NULL, serve, NULL);
}

static int tear_down(void **state)
{
    (void)state;
    shutdown(listener, SHUT_RDWR);
    pthread_join(server, NULL);
    return close(listener);
}

static struct err err;
static struct buf body;

static enum rc fetch_from(const char *host, const char *path, const struct http_limits *within,
                          struct http_state *state)
{
    char url[256];

    snprintf(url, sizeof url, "http://%s:%u%s", host, port, path);
    buf_free(&body);
    buf_init(&body, BODY_LIMIT);
    return http_fetch_within(str_of(url), within, state, &body, &err);
}

static enum rc fetch(const char *path)
{
    struct http_state state = {.etag = ""};

    return fetch_from("127.0.0.1", path, &limits, &state);
}

static void a_body_comes_once(void **state)
{
    struct http_state known = {.etag = ""};

    (void)state;
    assert_int_equal(fetch_from("127.0.0.1", "/ok", &limits, &known), RC_OK);
    assert_string_equal(body.p, "hello");
    assert_string_equal(known.etag, "\"v1\"");
    assert_string_equal(known.modified, "Mon, 02 Mar 2026 00:00:00 GMT");
    assert_int_equal(fetch_from("127.0.0.1", "/same", &limits, &known), RC_ABSENT);
    assert_non_null(strstr(last_request, "If-None-Match: \"v1\""));
    assert_non_null(strstr(last_request, "If-Modified-Since: Mon, 02 Mar 2026"));
    assert_int_equal(fetch_from("127.0.0.1", "/cached", &limits, &known), RC_ABSENT);
    known.etag[0] = '\0';
    assert_int_equal(fetch_from("127.0.0.1", "/cached", &limits, &known), RC_OK);
    assert_string_equal(body.p, "x");
}

static void nothing_of_us_is_told(void **state)
{
    (void)state;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    assert_int_equal(fetch("/ok"), RC_OK);
    unsetenv("http_proxy");
    assert_null(strstr(last_request, "Cookie"));
    assert_null(strstr(last_request, "Referer"));
    assert_non_null(strstr(last_request, "User-Agent: soundings"));
}

static void redirects(void **state)
{
    (void)state;
    assert_int_equal(fetch("/moved"), RC_OK);
    assert_string_equal(body.p, "hello");
    assert_int_equal(fetch("/loop"), RC_BAD);
    assert_non_null(strstr(err.text, "3 redirects"));
    assert_int_equal(fetch("/to-file"), RC_REFUSED);
    assert_int_equal(fetch("/to-account"), RC_REFUSED);
    assert_non_null(strstr(last_request, "/to-account")); /* the account was never asked for */
}

/* A name that resolves to a private address, a plain one, and other ways to write it. */
static void private_addresses_are_refused(void **state)
{
    static const char *const hosts[] = {"127.0.0.1", "localhost",          "2130706433", "0x7f.1",
                                        "[::1]",     "[::ffff:127.0.0.1]", "0.0.0.0"};
    struct http_limits public = limits;
    int before = atomic_load(&requests);

    (void)state;
    public.allow_private = false;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        struct http_state known = {.etag = ""};

        assert_int_equal(fetch_from(hosts[i], "/ok", &public, &known), RC_REFUSED);
        assert_non_null(strstr(err.text, "private"));
    }
    assert_int_equal(atomic_load(&requests), before);
}

static void large_replies_are_cut_off(void **state)
{
    static const char *const paths[] = {"/endless", "/announced", "/bomb"};

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_int_equal(fetch(paths[i]), RC_BAD);
        assert_non_null(strstr(err.text, "longer than 4 KiB"));
    }
}

static void what_may_work_later(void **state)
{
    struct http_state known = {.etag = "", .body_hash = 7};

    (void)state;
    assert_int_equal(fetch("/busy"), RC_AGAIN);
    assert_int_equal(fetch("/none"), RC_BAD);
    assert_int_equal(fetch("/garbage"), RC_BAD);
    /* the last one: the server goes on for two seconds, and nobody is there */
    assert_int_equal(fetch_from("127.0.0.1", "/slow", &limits, &known), RC_AGAIN);
    assert_int_equal(known.body_hash, 7);
}

static void urls_that_are_none(void **state)
{
    static const char *const refused[] = {"file:///etc/passwd", "gopher://127.0.0.1/", "ftp://x/",
                                          "/etc/passwd", ""};
    struct http_state known = {.etag = ""};
    char url[HTTP_URL_MAX + 100];

    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        assert_int_equal(http_fetch(str_of(refused[i]), true, &known, &body, &err), RC_REFUSED);
    memset(url, 'a', sizeof url);
    memcpy(url, "http://", 7);
    assert_int_equal(http_fetch((struct str){url, sizeof url}, true, &known, &body, &err), RC_BAD);
}

static bool is_public(const char *text)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return http_address_is_public((struct sockaddr *)&v4);
    assert_int_equal(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return http_address_is_public((struct sockaddr *)&v6);
}

static void which_addresses_are_public(void **state)
{
    static const char *const public[] = {
        "1.1.1.1",     "9.255.255.255",  "11.0.0.0",         "100.63.255.255",
        "100.128.0.0", "126.0.0.1",      "128.0.0.1",        "172.15.0.1",
        "172.32.0.1",  "192.167.0.1",    "223.255.0.1",      "2606:4700::1",
        "2001:4860::", "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::"};
    static const char *const reserved[] = {"0.0.0.0",
                                           "10.0.0.1",
                                           "100.64.0.1",
                                           "127.255.255.254",
                                           "169.254.169.254",
                                           "172.16.0.1",
                                           "172.31.255.255",
                                           "192.0.0.1",
                                           "192.168.1.1",
                                           "198.18.0.1",
                                           "224.0.0.1",
                                           "255.255.255.255",
                                           "::",
                                           "::1",
                                           "::ffff:127.0.0.1",
                                           "::ffff:10.0.0.1",
                                           "64:ff9b::a00:1",
                                           "64:ff9b:1::1",
                                           "2002:7f00:1::",
                                           "2002:a00:1::",
                                           "fc00::1",
                                           "fdff::1",
                                           "fe80::1",
                                           "fec0::1",
                                           "ff02::1",
                                           "2001:db8::1",
                                           "2001::1",
                                           "::7f00:1",
                                           "::ffff:0:7f00:1",
                                           "100::1"};
    struct sockaddr local = {.sa_family = AF_UNIX};

    (void)state;
    for (size_t i = 0; i < sizeof public / sizeof *public; i++)
        assert_true(is_public(public[i]));
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        assert_false(is_public(reserved[i]));
    assert_false(http_address_is_public(&local));
}

static void which_urls_name_accounts(void **state)
{
    static const char *const accounts[] = {
        "https://m.example/@an",
        "https://m.example/@an.rss",
        "https://m.example/%40an/feed",
        "https://m.example/users/an.atom",
        "https://b.example/profile/did:plc:abc/rss",
        "https://b.example/feed/did:plc:abc",
        "https://www.facebook.com/an.nguyen",
        "https://X.com/an",
        "https://youtube.com/feeds/videos.xml?channel_id=U1",
        "https://www.youtube.com/channel/U1",
        "https://tin.example/author/an/feed",
        "https://tin.example/?author=3",
        "https://r.example/user/an/.rss",
        "https://r.example/u/an.rss",
        "https://m.example/api/v1/timelines/list/7",
        "https://m.example/api/v1/accounts/7/statuses",
        "//m.example/@an",
        "acct:an@m.example",
        "at://did:plc:abc/app.bsky.feed.post",
        "https://user@t.me/an",
    };
    static const char *const others[] = {
        "https://tin.example/rss",
        "https://tin.example/rss/thoi-su.rss?page=2",
        "https://tin.example/users/feed",
        "https://m.example/tags/ngap.rss",
        "https://r.example/r/hanoi/.rss",
        "https://tin.example/channel/news.xml",
        "https://tin.example/tim?q=a@b",
        "https://boxx.com/an",
        "https://facebook.com/",
        "https://facebook.com/groups/7",
        "",
        "://",
        "@",
    };

    (void)state;
    for (size_t i = 0; i < sizeof accounts / sizeof *accounts; i++)
        if (!http_url_names_account(str_of(accounts[i])))
            fail_msg("is an account: %s", accounts[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (http_url_names_account(str_of(others[i])))
            fail_msg("is no account: %s", others[i]);
}

static int empty(void **state)
{
    (void)state;
    buf_free(&body);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_body_comes_once),
        cmocka_unit_test(nothing_of_us_is_told),
        cmocka_unit_test(redirects),
        cmocka_unit_test(private_addresses_are_refused),
        cmocka_unit_test(large_replies_are_cut_off),
        cmocka_unit_test(what_may_work_later),
        cmocka_unit_test(urls_that_are_none),
        cmocka_unit_test(which_addresses_are_public),
        cmocka_unit_test_teardown(which_urls_name_accounts, empty),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
