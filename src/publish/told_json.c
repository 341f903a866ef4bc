/* told_json.c - the parts that JSON of a briefing and of an alarm share; see told_json.h. */
#include "publish/told_json.h"

#include "publish/released_json.h"

void told_json_day(struct json_writer *json, const char *key, int64_t day)
{
    char text[TIME_TEXT];

    json_key(json, key);
    json_str(json, str_of(day_format(day, text)));
}

void told_json_text(struct json_writer *json, const char *key, struct str text)
{
    json_key(json, key);
    json_str(json, text);
}

void told_json_number(struct json_writer *json, const char *key, const struct released *number)
{
    json_key(json, key);
    released_json(json, number);
}

void told_json_counts(struct json_writer *json, const struct told_counts *counts)
{
    told_json_number(json, "voices", counts->voices);
    told_json_number(json, "messages", counts->messages);
    told_json_number(json, "copies", counts->copies);
    told_json_number(json, "sources", counts->sources);
}

void told_json_topic(const struct teller *teller, struct json_writer *json, uint32_t topic)
{
    json_key(json, "topic");
    if (topic)
        json_str(json, teller->facts->settings->topics.topics[topic].code);
    else
        json_null(json);
}

void told_json_place(const struct teller *teller, struct json_writer *json, uint32_t place)
{
    const struct place *row = &teller->facts->settings->places.places[place];

    told_json_text(json, "place", row->code);
    told_json_text(json, "name", row->name);
}

void told_json_story(const struct teller *teller, struct json_writer *json,
                     const struct told_story *story)
{
    json_open(json, '{');
    json_key(json, "story");
    json_int(json, (int64_t)story->id);
    told_json_text(json, "label", tell_story_label(teller, story));
    told_json_topic(teller, json, story->topic);
    told_json_counts(json, &story->counts);
    json_key(json, "at_least");
    json_bool(json, story->counts.at_least);
    json_key(json, "campaign");
    json_bool(json, story->campaign);
    json_key(json, "few_people");
    json_bool(json, story->few);
    json_key(json, "phrases");
    json_open(json, '[');
    for (size_t i = 0; i < story->phrase_count; i++)
        json_str(json, tell_words(teller, story->phrases[i]));
    json_close(json, ']');
    json_key(json, "publications");
    json_open(json, '[');
    for (size_t i = 0; i < story->title_count; i++) {
        const struct told_title *title = &story->titles[i];

        json_open(json, '{');
        told_json_text(json, "title", tell_words(teller, title->title));
        told_json_text(json, "publisher", title->publisher);
        told_json_day(json, "day", title->day);
        if (title->url.n)
            told_json_text(json, "url", title->url);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
}

static void write_time(const struct teller *teller, struct json_writer *json, const char *key,
                       int64_t time)
{
    char text[TIME_TEXT];

    told_json_text(json, key, str_of(time_format(time, teller->facts->settings->zone, text)));
}

void told_json_alarm(const struct teller *teller, struct json_writer *json,
                     const struct alarm_view *alarm)
{
    json_key(json, "alarm");
    json_int(json, (int64_t)alarm->id);
    write_time(teller, json, "known", alarm->known);
    told_json_text(json, "window", str_of(window_name(alarm->window)));
    write_time(teller, json, "start", alarm->start);
    told_json_topic(teller, json, alarm->topic);
    told_json_place(teller, json, alarm->place ? alarm->place : THE_CITY);
    json_key(json, "story");
    if (alarm->story)
        json_int(json, (int64_t)alarm->story);
    else
        json_null(json);
    told_json_number(json, "people", alarm->people);
    told_json_number(json, "expected", alarm->expected);
    told_json_number(json, "kinds_of_sources", alarm->sources);
    json_key(json, "q_at_most");
    json_double(json, alarm->q_at_most);
    told_json_text(json, "verdict", str_of(verdict_name(alarm->verdict)));
    told_json_text(json, "verdict_by", alarm->by_desk ? STR("desk") : STR("rule"));
    json_key(json, "replayed");
    json_bool(json, alarm->replayed);
}
