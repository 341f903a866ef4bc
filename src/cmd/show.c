/* show.c - released values and stories, printed; see show.h. */
#include "cmd/show.h"

#include <stdio.h>

const char *show_count(const struct released *value, struct arena *request)
{
    char text[32];
    int n;

    if (released_kind(value) == RELEASED_BELOW)
        n = snprintf(text, sizeof text, "<%u", released_number(value));
    else if (released_kind(value) == RELEASED_RANGE)
        n = snprintf(text, sizeof text, "%u–%u", released_number(value), released_upper(value));
    else
        n = snprintf(text, sizeof text, "%u", released_number(value));
    return arena_copy(request, text, (size_t)n);
}

void show_count_json(struct json_writer *json, const struct released *value)
{
    if (released_kind(value) == RELEASED_NUMBER) {
        json_int(json, released_number(value));
        return;
    }
    json_open(json, '{');
    json_key(json, released_kind(value) == RELEASED_BELOW ? "below" : "from");
    json_int(json, released_number(value));
    if (released_kind(value) == RELEASED_RANGE) {
        json_key(json, "to");
        json_int(json, released_upper(value));
    }
    json_close(json, '}');
}

struct str show_topic(const struct session *session, uint32_t topic)
{
    const struct topic *row = &session->settings.topics.topics[topic];

    if (!topic)
        return STR("—");
    return session_english(session) ? row->en : row->vi;
}

struct str show_label(const struct session *session, const struct story_view *view)
{
    struct text text;

    if (!view->phrase_count)
        return show_topic(session, view->row.topic);
    text = released_text(view->phrases[0]);
    return (struct str){text.p, text.n};
}

void show_story_json(const struct session *session, const struct story_view *view,
                     struct json_writer *json)
{
    const struct settings *settings = &session->settings;
    char day[TIME_TEXT];

    json_key(json, "id");
    json_int(json, (int64_t)view->row.id);
    json_key(json, "label");
    json_str(json, show_label(session, view));
    json_key(json, "topic");
    if (view->row.topic)
        json_str(json, settings->topics.topics[view->row.topic].code);
    else
        json_null(json);
    json_key(json, "first");
    json_str(json, str_of(day_format(time_day(view->row.first, settings->zone), day)));
    json_key(json, "last");
    json_str(json, str_of(day_format(time_day(view->row.last, settings->zone), day)));
    json_key(json, "voices");
    show_count_json(json, view->voices);
    json_key(json, "messages");
    show_count_json(json, view->messages);
    json_key(json, "copies");
    show_count_json(json, view->copies);
    json_key(json, "publications");
    json_int(json, view->row.publications);
    json_key(json, "phrases");
    json_open(json, '[');
    for (uint32_t i = 0; i < view->phrase_count; i++) {
        struct text text = released_text(view->phrases[i]);

        json_str(json, (struct str){text.p, text.n});
    }
    json_close(json, ']');
}

/* East Asian wide ranges that matter for a terminal (UAX #11 W and F, in blocks). */
static int columns_of(uint32_t cp)
{
    if (cp >= 0x300 && cp <= 0x36F)
        return 0;
    return (cp >= 0x1100 && cp <= 0x115F) || (cp >= 0x2E80 && cp <= 0xA4CF) ||
                   (cp >= 0xAC00 && cp <= 0xD7A3) || (cp >= 0xF900 && cp <= 0xFAFF) ||
                   (cp >= 0xFE30 && cp <= 0xFE6F) || (cp >= 0xFF00 && cp <= 0xFF60) ||
                   (cp >= 0x1F300 && cp <= 0x1FAFF) || (cp >= 0x20000 && cp <= 0x3FFFD)
               ? 2
               : 1;
}

int show_width(struct str text)
{
    int width = 0;

    for (size_t at = 0; at < text.n;)
        width += columns_of(utf8_next(text, &at, NULL));
    return width;
}

void show_column(struct str text, int columns)
{
    bool cut = show_width(text) > columns;
    int width = 0, room = cut ? columns - 1 : columns;
    size_t at = 0;

    while (at < text.n) {
        size_t next = at;
        int more = columns_of(utf8_next(text, &next, NULL));

        if (width + more > room)
            break;
        width += more;
        at = next;
    }
    printf("%.*s%s%*s", (int)at, text.p, cut ? "…" : "", columns - width - cut, "");
}

enum rc show_leaf(struct session *session, enum ledger_action action, struct str detail,
                  struct err *err)
{
    return ledger_append(&session->store->ledger, clock_now(), action, detail, err);
}
