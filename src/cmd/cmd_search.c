/* cmd_search.c - soundings search: over what may be seen, and nothing else. */
#include "cmd/show.h"

#include "release/release.h"

#include <stdio.h>
#include <string.h>

enum { HITS = 20 };

static enum rc print_publication(struct session *session, uint64_t item, struct json_writer *json,
                                 struct err *err)
{
    struct stored_publication stored;
    struct arena *request = &session->process;
    enum rc rc = session->store->driver->publication(session->store, item, request, &stored, err);
    struct text title;
    char day[TIME_TEXT];
    struct str publisher;

    if (rc != RC_OK)
        return rc;
    title = released_text(release_published(&stored.publication, true, request));
    publisher = session->settings.sources[stored.source].publisher;
    day_format(
        time_day(stored.time == TIME_UNKNOWN ? stored.heard : stored.time, session->settings.zone),
        day);
    if (!json) {
        printf("  %s  %.*s: %.*s\n", day, STR_ARG(publisher), (int)title.n, title.p);
        if (stored.publication.url.n)
            printf("              %.*s\n", STR_ARG(stored.publication.url));
        return RC_OK;
    }
    json_key(json, "publication");
    json_open(json, '{');
    json_key(json, "date");
    json_str(json, str_of(day));
    json_key(json, "publisher");
    json_str(json, publisher);
    json_key(json, "title");
    json_str(json, (struct str){title.p, title.n});
    json_key(json, "url");
    json_str(json, stored.publication.url);
    json_close(json, '}');
    return RC_OK;
}

static enum rc print_story(struct session *session, uint64_t id, struct json_writer *json,
                           struct err *err)
{
    struct story_view view;
    struct arena *request = &session->process;
    enum rc rc = story_view_get(session->store, &session->settings, id, request, &view, err);

    if (rc != RC_OK)
        return rc;
    if (!json) {
        struct str voices = show_number(session, view.voices);
        struct str messages = show_number(session, view.messages);

        printf("  %6llu  ", (unsigned long long)id);
        show_column(show_label(session, &view), 48);
        printf(session_english(session) ? " %.*s people, %.*s messages\n"
                                        : " %.*s người, %.*s tin\n",
               STR_ARG(voices), STR_ARG(messages));
        return RC_OK;
    }
    json_key(json, "story");
    json_open(json, '{');
    show_story_json(session, &view, json);
    json_close(json, '}');
    return RC_OK;
}

/* RC_ABSENT: it may not be seen (yet), which is no more to tell than that nothing was found. */
static enum rc print_hit(struct session *session, const struct search_hit *hit, struct err *err)
{
    struct buf out;
    struct json_writer writer = {.out = &out}, *json = session->json ? &writer : NULL;
    enum rc rc;

    buf_init(&out, 1024 * 1024);
    if (json)
        json_open(json, '{');
    rc = hit->is_story ? print_story(session, hit->id, json, err)
                       : print_publication(session, hit->id, json, err);
    if (json && rc == RC_OK) {
        json_close(json, '}');
        puts(out.p);
    }
    buf_free(&out);
    return rc;
}

/* The words as one query, and the leaf that commits to them: the log shows that staff searched, and
 * within 30 days what for. */
static enum rc search(struct session *session, int argc, char **argv, size_t *n, struct err *err)
{
    struct hit_list hits;
    struct buf query;
    enum rc rc;

    buf_init(&query, 4096);
    for (int i = 0; i < argc; i++) {
        buf_add(&query, str_of(argv[i]));
        buf_add_byte(&query, ' ');
    }
    rc = query.full ? err_set(err, RC_USAGE, "the query is longer than 4,096 bytes")
                    : store_log_search(session->store, str_trim(buf_str(&query)), clock_now(), err);
    if (rc == RC_OK)
        rc = session->store->driver->search(session->store, str_trim(buf_str(&query)), HITS,
                                            &session->process, &hits, err);
    for (size_t i = 0; rc == RC_OK && i < hits.n; i++) {
        rc = print_hit(session, &hits.v[i], err);
        *n += rc == RC_OK;
        rc = rc == RC_ABSENT ? RC_OK : rc;
    }
    buf_free(&query);
    return rc;
}

static int run(int argc, char **argv)
{
    struct session session;
    struct err err;
    int operands;
    size_t n = 0;
    enum rc rc;

    if (!session_begin(&session, argc, argv, NULL, 0, &operands))
        return EXIT_USAGE;
    if (operands == argc)
        rc = err_set(&err, RC_USAGE, "say what to look for: soundings search WORD…");
    else
        rc = session_store(&session, STORE_READ, &err);
    if (rc == RC_OK)
        rc = search(&session, argc - operands, argv + operands, &n, &err);
    if (rc == RC_OK && n == 0)
        rc =
            err_set(&err, RC_ABSENT,
                    session_english(&session)
                        ? "nothing found that may be seen (stories of enough people, publications)"
                        : "không tìm thấy gì trong phần được phép xem (chuyện của đủ số người, bài "
                          "đã đăng)");
    session_end(&session);
    return rc == RC_OK ? EXIT_OK : session_fail("search", &err);
}

const struct command cmd_search = {
    "search", "find stories and publications",
    "Usage: soundings search [--json] [--db FILE] WORD…\n"
    "\n"
    "Finds stories by phrases that at least k people used, and publications of registered "
    "publishers.\n"
    "Case and diacritics do not matter: \"ngap nuoc\" finds \"ngập nước\".  The last word may be "
    "cut\n"
    "short.  No single post is ever found.  Each search is a leaf in the log.\n"
    "Exit status: 0 found, 4 nothing found.\n"
    "\n"
    "Example: soundings search nuoc duc\n",
    run};
