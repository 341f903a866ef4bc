/* show.c - released values and stories, printed; see show.h. */
#include "cmd/show.h"

#include "publish/columns.h"
#include "publish/released_json.h"
#include "publish/telling.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COUNT_COLUMNS = 8 };

static struct teller teller_of(struct session *session)
{
    return (struct teller){.english = session_english(session), .job = &session->process};
}

void show_count(struct session *session, const struct released *value)
{
    struct teller teller = teller_of(session);
    struct buf cell;

    buf_init(&cell, 256);
    columns_cell(&cell, tell_cell(&teller, value), COUNT_COLUMNS, true);
    fwrite(cell.p, 1, cell.n, stdout);
    buf_free(&cell);
}

struct str show_number(struct session *session, const struct released *value)
{
    struct teller teller = teller_of(session);

    return tell_number(&teller, value);
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
        return show_topic(session, view->topic);
    text = released_text(view->phrases[0]);
    return (struct str){text.p, text.n};
}

const char *show_day(int64_t start, struct zone zone, char out[TIME_TEXT])
{
    return start == TIME_UNKNOWN ? "—" : day_format(time_day(start, zone), out);
}

static void json_day(struct json_writer *json, int64_t start, struct zone zone)
{
    char day[TIME_TEXT];

    if (start == TIME_UNKNOWN)
        json_null(json);
    else
        json_str(json, str_of(show_day(start, zone, day)));
}

void show_story_json(const struct session *session, const struct story_view *view,
                     struct json_writer *json)
{
    const struct settings *settings = &session->settings;

    json_key(json, "id");
    json_int(json, (int64_t)view->id);
    json_key(json, "label");
    json_str(json, show_label(session, view));
    json_key(json, "topic");
    if (view->topic)
        json_str(json, settings->topics.topics[view->topic].code);
    else
        json_null(json);
    json_key(json, "first");
    json_day(json, view->first, settings->zone);
    json_key(json, "last");
    json_day(json, view->last, settings->zone);
    json_key(json, "voices");
    released_json(json, view->voices);
    json_key(json, "messages");
    released_json(json, view->messages);
    json_key(json, "copies");
    released_json(json, view->copies);
    json_key(json, "publications");
    json_int(json, view->publications);
    json_key(json, "phrases");
    json_open(json, '[');
    for (uint32_t i = 0; i < view->phrase_count; i++) {
        struct text text = released_text(view->phrases[i]);

        json_str(json, (struct str){text.p, text.n});
    }
    json_close(json, ']');
}

void show_column(struct str text, int columns)
{
    struct buf cell;

    buf_init(&cell, 4096);
    columns_cell(&cell, text, columns, false);
    fwrite(cell.p, 1, cell.n, stdout);
    buf_free(&cell);
}

enum rc show_leaf(struct session *session, enum ledger_action action, struct str detail,
                  struct err *err)
{
    return ledger_append(&session->store->ledger, clock_now(), action, detail, err);
}

int show_columns(void)
{
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return SHOW_COLUMNS;
}
