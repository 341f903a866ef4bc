/* brief_json.c - the briefing as one JSON document; doc/brief.md lists its keys. */
#include "publish/faces.h"

#include "publish/told_json.h"

#include <stdio.h>

static void write_places(const struct teller *teller, struct json_writer *json, const char *key,
                         const struct told_place *places, size_t n)
{
    json_key(json, key);
    json_open(json, '[');
    for (size_t i = 0; i < n; i++) {
        json_open(json, '{');
        told_json_place(teller, json, places[i].place);
        told_json_number(json, "people", places[i].people);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_days(struct json_writer *json, const char *key, const struct told_day *days)
{
    json_key(json, key);
    json_open(json, '[');
    for (int i = 0; i < TREND_DAYS; i++) {
        json_open(json, '{');
        told_json_day(json, "day", days[i].day);
        told_json_number(json, "voices", days[i].voices);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_rise(const struct teller *teller, struct json_writer *json,
                       const struct told_rise *rise)
{
    struct zone zone = teller->facts->settings->zone;
    struct told_trend trend = tell_trend_of_rise(rise);
    char start[TIME_TEXT];

    json_open(json, '{');
    json_key(json, "alarm");
    json_int(json, (int64_t)rise->alarm);
    told_json_text(json, "title", tell_rise_title(teller, rise));
    told_json_topic(teller, json, rise->topic);
    told_json_place(teller, json, rise->place);
    told_json_text(json, "centre", teller->facts->settings->places.places[rise->centre].code);
    told_json_text(json, "window", str_of(window_name(rise->window)));
    told_json_text(json, "start", str_of(time_format(rise->start, zone, start)));
    told_json_number(json, "people", rise->people);
    told_json_number(json, "expected", rise->expected);
    json_key(json, "q_at_most");
    json_double(json, rise->q_at_most);
    json_key(json, "rising");
    json_bool(json, rise->rising);
    json_key(json, "current");
    json_bool(json, rise->current);
    json_key(json, "replayed");
    json_bool(json, rise->replayed);
    told_json_number(json, "kinds_of_sources", rise->sources);
    told_json_day(json, "since", rise->since);
    json_key(json, "cell");
    json_open(json, '{');
    told_json_counts(json, &rise->counts);
    json_close(json, '}');
    write_places(teller, json, "places", rise->places, rise->place_count);
    write_places(teller, json, "wards_of_the_week", rise->wards, rise->ward_count);
    write_days(json, "days", rise->trend);
    told_json_text(json, "days_place",
                   teller->facts->settings->places.places[rise->trend_place].code);
    told_json_text(json, "days_sentence", tell_trend(teller, &trend));
    json_key(json, "stories");
    json_open(json, '[');
    for (size_t i = 0; i < rise->story_count; i++)
        told_json_story(teller, json, &rise->stories[i]);
    json_close(json, ']');
    json_close(json, '}');
}

static void write_where(const struct teller *teller, struct json_writer *json)
{
    const struct brief_facts *facts = teller->facts;

    json_key(json, "where");
    json_open(json, '[');
    for (size_t i = 0; i < facts->topic_count; i++) {
        const struct told_topic *topic = &facts->topics[i];

        json_open(json, '{');
        told_json_topic(teller, json, topic->topic);
        told_json_number(json, "city", topic->city);
        json_key(json, "groups");
        json_open(json, '[');
        for (size_t j = 0; j < facts->group_count; j++) {
            json_open(json, '{');
            told_json_place(teller, json, facts->groups[j]);
            told_json_number(json, "voices", topic->groups[j]);
            json_close(json, '}');
        }
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_source(const struct teller *teller, struct json_writer *json,
                         const struct told_source *source)
{
    static const char *const names[] = {"usual", "low", "silent", "never"};

    json_open(json, '{');
    told_json_text(json, "source", source->title);
    told_json_text(json, "hearing", str_of(names[source->hearing]));
    told_json_text(json, "sentence", tell_source(teller, source));
    if (source->hearing != HEARD_NEVER) {
        told_json_day(json, "last_day", source->last_day);
        json_key(json, "silent_days");
        json_int(json, source->silent);
        json_key(json, "longest_pause_days");
        json_int(json, source->rhythm);
    }
    json_close(json, '}');
}

static void write_unheard(const struct teller *teller, struct json_writer *json)
{
    const struct brief_facts *facts = teller->facts;
    char day[TIME_TEXT];

    json_key(json, "unheard");
    json_open(json, '{');
    json_key(json, "sources");
    json_open(json, '[');
    for (size_t i = 0; i < facts->source_count; i++)
        write_source(teller, json, &facts->sources[i]);
    json_close(json, ']');
    json_key(json, "days_without_anything");
    json_open(json, '[');
    for (size_t i = 0; i < facts->gap_count; i++)
        json_str(json, str_of(day_format(facts->gaps[i], day)));
    json_close(json, ']');
    json_key(json, "bad_lines");
    json_int(json, (int64_t)facts->bad);
    json_key(json, "failures");
    json_int(json, (int64_t)facts->failures);
    json_key(json, "interrupted_days");
    json_int(json, (int64_t)facts->interrupted);
    told_json_number(json, "service_messages", facts->services);
    told_json_number(json, "service_messages_told_by_place", facts->placed);
    json_close(json, '}');
}

static void write_window(const struct teller *teller, struct json_writer *json, enum window window)
{
    const struct brief_facts *facts = teller->facts;
    bool day = window == WINDOW_DAY;
    const struct told_counts *counts = day ? &facts->day_counts : &facts->week_counts;

    json_key(json, window_name(window));
    if (!counts->voices) {
        json_null(json);
        return;
    }
    json_open(json, '{');
    told_json_day(json, "first_day",
                  time_day(day ? facts->day : facts->week, facts->settings->zone));
    told_json_counts(json, counts);
    json_close(json, '}');
}

static void write_log(const struct teller *teller, struct json_writer *json)
{
    const struct brief_facts *facts = teller->facts;
    char head[2 * LEDGER_HASH + 1];

    for (int i = 0; i < LEDGER_HASH; i++)
        snprintf(head + 2 * i, 3, "%02x", facts->log_head[i]);
    json_key(json, "releases");
    json_int(json, (int64_t)facts->releases);
    json_key(json, "log");
    json_open(json, '{');
    json_key(json, "length");
    json_int(json, (int64_t)facts->log_length);
    told_json_text(json, "head", str_of(head));
    json_close(json, '}');
}

void brief_json(const struct teller *teller, struct buf *out)
{
    const struct brief_facts *facts = teller->facts;
    struct json_writer json = {.out = out};
    char now[TIME_TEXT];

    json_open(&json, '{');
    told_json_text(&json, "format", STR("soundings-brief/1"));
    told_json_text(&json, "lang", teller->english ? STR("en") : STR("vi"));
    told_json_text(&json, "city", facts->settings->places.places[THE_CITY].code);
    told_json_text(&json, "now", str_of(time_format(facts->now, facts->settings->zone, now)));
    json_key(&json, "k");
    json_int(&json, facts->k);
    json_key(&json, "replayed");
    json_bool(&json, facts->replayed);
    told_json_text(&json, "summary", tell_summary(teller));
    write_window(teller, &json, WINDOW_DAY);
    write_window(teller, &json, WINDOW_WEEK);
    write_days(&json, "days", facts->heard);
    json_key(&json, "rising");
    json_open(&json, '[');
    for (size_t i = 0; i < facts->rise_count; i++)
        write_rise(teller, &json, &facts->rises[i]);
    json_close(&json, ']');
    json_key(&json, "alarms_right");
    json_int(&json, (int64_t)facts->alarms_right);
    json_key(&json, "alarms_judged");
    json_int(&json, (int64_t)(facts->alarms_right + facts->alarms_wrong));
    write_where(teller, &json);
    json_key(&json, "stories");
    json_open(&json, '[');
    for (size_t i = 0; i < facts->story_count; i++)
        told_json_story(teller, &json, &facts->stories[i]);
    json_close(&json, ']');
    write_unheard(teller, &json);
    write_log(teller, &json);
    json_close(&json, '}');
    buf_add_byte(out, '\n');
}
