/* telling.c - sentences from facts; see telling.h. */
#include "publish/telling.h"

#include "base/buf.h"

#include <stdio.h>

enum { SENTENCE_MAX = 65536, HEAD_DIGITS = 16, SUMMARY_RISES = 4 };

bool tell_shown(const struct released *released)
{
    return released && released_kind(released) != RELEASED_BELOW;
}

struct str tell_plain(const struct teller *teller, uint64_t number)
{
    char digits[24], out[32];
    int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number), at = 0;

    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0)
            out[at++] = teller->english ? ',' : '.';
        out[at++] = digits[i];
    }
    return (struct str){arena_copy(teller->job, out, (size_t)at), (size_t)at};
}

struct str tell_id(const struct teller *teller, uint64_t id)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)id);

    return (struct str){arena_copy(teller->job, digits, (size_t)n), (size_t)n};
}

static struct str tell_kind(const struct teller *teller, const struct released *released,
                            enum word below, enum word at_least)
{
    struct str number = tell_plain(teller, released_number(released));

    if (released_kind(released) == RELEASED_BELOW)
        return TELL(teller, below, number);
    if (released_kind(released) == RELEASED_AT_LEAST)
        return TELL(teller, at_least, number);
    if (released_kind(released) == RELEASED_RANGE)
        return TELL(teller, W_NUMBER_RANGE, number, tell_plain(teller, released_upper(released)));
    return number;
}

struct str tell_number(const struct teller *teller, const struct released *released)
{
    return tell_kind(teller, released, W_BELOW, W_AT_LEAST);
}

/* The same, to begin a sentence with. */
static struct str tell_first(const struct teller *teller, const struct released *released)
{
    return tell_kind(teller, released, W_BELOW, W_AT_LEAST_FIRST);
}

struct str tell_cell(const struct teller *teller, const struct released *released)
{
    return tell_kind(teller, released, W_BELOW_SHORT, W_AT_LEAST_SHORT);
}

static struct str hidden_sum(const struct teller *teller, const struct released *sum,
                             bool part_shown)
{
    return !tell_shown(sum) && part_shown ? TELL_WORD(teller, W_HIDDEN) : tell_cell(teller, sum);
}

struct str tell_sum(const struct teller *teller, const struct told_topic *topic, size_t group)
{
    const struct brief_facts *facts = teller->facts;
    bool shown = topic->ward_shown[group];

    for (size_t i = 0; !topic->topic && i < facts->topic_count; i++)
        shown |= tell_shown(facts->topics[i].groups[group]);
    return hidden_sum(teller, topic->groups[group], shown);
}

struct str tell_city_sum(const struct teller *teller, const struct told_topic *topic)
{
    const struct brief_facts *facts = teller->facts;
    bool shown = false;

    for (size_t i = 0; i < facts->group_count; i++)
        shown |= tell_shown(topic->groups[i]) || topic->ward_shown[i];
    for (size_t i = 0; !topic->topic && i < facts->topic_count; i++)
        shown |= tell_shown(facts->topics[i].city);
    return hidden_sum(teller, topic->city, shown);
}

struct str tell_where_key(const struct teller *teller)
{
    struct str k = tell_plain(teller, teller->facts->k);

    return TELL(teller, W_WHERE_KEY, TELL(teller, W_BELOW_SHORT, k), TELL(teller, W_BELOW, k),
                TELL_WORD(teller, W_HIDDEN));
}

/* C0, C1, and the marks that turn the direction of a line. */
static bool is_control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069) || c == 0x2028 || c == 0x2029;
}

struct str tell_words(const struct teller *teller, const struct released *released)
{
    struct text text = released_text(released);
    struct str all = {text.p, text.n}, made;
    struct buf out;
    size_t at = 0;

    buf_init(&out, SENTENCE_MAX);
    while (at < all.n) {
        char bytes[4];
        uint32_t c = utf8_next(all, &at, NULL);

        buf_add(&out, (struct str){bytes, utf8_put(bytes, is_control(c) ? ' ' : c)});
    }
    made = str_trim(buf_str(&out));
    made.p = arena_copy(teller->job, made.n ? made.p : "", made.n);
    buf_free(&out);
    return made;
}

static struct str tell_date(const struct teller *teller, int64_t day, enum word word)
{
    int year, month, day_of_month;
    char number[16];
    int n;

    date_of_day(day, &year, &month, &day_of_month);
    n = snprintf(number, sizeof number, "%d", year);
    return TELL(teller, word, tell_plain(teller, (uint64_t)day_of_month),
                tell_plain(teller, (uint64_t)month), wording_month(month),
                wording_weekday(teller->english, day_weekday(day)),
                (struct str){number, (size_t)n});
}

struct str tell_day(const struct teller *teller, int64_t day)
{
    return tell_date(teller, day, W_DATE_SHORT);
}

struct str tell_long_day(const struct teller *teller, int64_t day)
{
    return tell_date(teller, day, W_DATE_LONG);
}

struct str tell_week(const struct teller *teller, int64_t start)
{
    int64_t day = time_day(start, teller->facts->settings->zone);

    return TELL(teller, W_DAYS_RANGE, tell_day(teller, day), tell_day(teller, day + 6));
}

struct str tell_topic(const struct teller *teller, uint32_t topic)
{
    const struct topic *row = &teller->facts->settings->topics.topics[topic];

    if (!topic)
        return TELL_WORD(teller, W_ALL_TOPICS);
    return teller->english && row->en.n ? row->en : row->vi;
}

struct str tell_place(const struct teller *teller, uint32_t place)
{
    return teller->facts->settings->places.places[place].name;
}

static struct str tell_where(const struct teller *teller, uint32_t place)
{
    return place == THE_CITY ? TELL_WORD(teller, W_IN_CITY)
                             : TELL(teller, W_IN_PLACE, tell_place(teller, place));
}

struct told_trend tell_trend_of_rise(const struct told_rise *rise)
{
    return (struct told_trend){rise->trend, rise->usual, rise->trend_place};
}

/* Parts joined by commas, the last by "and". */
static struct str join(const struct teller *teller, const struct str *parts, size_t n)
{
    struct buf out;
    struct str made;

    buf_init(&out, SENTENCE_MAX);
    for (size_t i = 0; i < n; i++) {
        if (i)
            buf_add(&out, i + 1 == n ? TELL_WORD(teller, W_AND) : STR(", "));
        buf_add(&out, parts[i]);
    }
    made = (struct str){arena_copy(teller->job, out.n ? out.p : "", out.n), out.n};
    buf_free(&out);
    return made;
}

static struct str both(const struct teller *teller, struct str a, struct str b)
{
    struct buf out;
    struct str made;

    if (!a.n || !b.n)
        return a.n ? a : b;
    buf_init(&out, SENTENCE_MAX);
    buf_add(&out, a);
    buf_add_byte(&out, ' ');
    buf_add(&out, b);
    made = (struct str){arena_copy(teller->job, out.p, out.n), out.n};
    buf_free(&out);
    return made;
}

struct str tell_title(const struct teller *teller)
{
    return TELL(teller, W_TITLE, tell_place(teller, THE_CITY));
}

struct str tell_range(const struct teller *teller)
{
    const struct brief_facts *facts = teller->facts;
    struct str day = tell_long_day(teller, time_day(facts->day, facts->settings->zone));

    if (!facts->has_day)
        return TELL_WORD(teller, W_NO_DAY);
    return facts->has_week ? TELL(teller, W_RANGE, day, tell_week(teller, facts->week))
                           : TELL(teller, W_RANGE_DAY, day);
}

static struct str tell_sources(const struct teller *teller, const struct released *sources)
{
    return released_number(sources) == 1 ? TELL_WORD(teller, W_KIND_ONE)
                                         : TELL(teller, W_KINDS, tell_number(teller, sources));
}

struct str tell_heard(const struct teller *teller, const struct told_counts *counts, enum word word)
{
    if (!counts->voices)
        return (struct str){NULL, 0};
    if (!tell_shown(counts->voices))
        return TELL(teller, word == W_HEARD_DAY ? W_HEARD_HIDDEN_DAY : W_HEARD_HIDDEN_WEEK,
                    tell_number(teller, counts->voices));
    return TELL(teller, word, tell_number(teller, counts->voices),
                tell_number(teller, counts->messages), tell_number(teller, counts->copies),
                tell_sources(teller, counts->sources));
}

static struct str tell_last_day(const struct teller *teller)
{
    const struct brief_facts *facts = teller->facts;
    int64_t day = time_day(facts->day, facts->settings->zone);

    if (day == time_day(facts->now, facts->settings->zone) - 1)
        return TELL_WORD(teller, W_YESTERDAY);
    return TELL(teller, W_ON_DAY, tell_day(teller, day));
}

static struct str rise_name(const struct teller *teller, const struct told_rise *rise)
{
    if (rise->topic)
        return tell_topic(teller, rise->topic);
    return rise->story_count ? tell_story_label(teller, &rise->stories[0])
                             : TELL_WORD(teller, W_UNNAMED);
}

static struct str summary_entry(const struct teller *teller, const struct told_rise *rise)
{
    struct str name = rise_name(teller, rise), place = tell_place(teller, rise->centre);

    if (tell_shown(rise->people) && rise->centre != rise->place)
        return TELL(teller, W_SUM_ENTRY_WITHIN, name, place, tell_number(teller, rise->people),
                    tell_number(teller, rise->expected),
                    rise->place == THE_CITY ? TELL_WORD(teller, W_WHOLE_CITY)
                                            : tell_place(teller, rise->place));
    if (!tell_shown(rise->people))
        return TELL(teller, W_SUM_ENTRY_HIDDEN, name, place);
    return TELL(teller, W_SUM_ENTRY, name, place, tell_number(teller, rise->people),
                tell_number(teller, rise->expected));
}

enum summary_part { RISEN_ON_DAY, RISEN_IN_WEEK, RISEN_BEFORE };

static enum summary_part part_of(const struct told_rise *rise)
{
    if (!rise->current)
        return RISEN_BEFORE;
    return rise->window == WINDOW_WEEK ? RISEN_IN_WEEK : RISEN_ON_DAY;
}

/* What rose, the first few by name; *n how many in all. */
static struct str summary_list(const struct teller *teller, enum summary_part part, size_t *n)
{
    const struct brief_facts *facts = teller->facts;
    struct str entries[SUMMARY_RISES + 1];
    size_t told;

    *n = 0;
    for (size_t i = 0; i < facts->rise_count; i++) {
        if (!facts->rises[i].rising || part_of(&facts->rises[i]) != part)
            continue;
        if (*n < SUMMARY_RISES)
            entries[*n] = summary_entry(teller, &facts->rises[i]);
        (*n)++;
    }
    told = *n < SUMMARY_RISES ? *n : SUMMARY_RISES;
    if (*n > told) {
        entries[told] = TELL(teller, W_SUM_MORE, tell_plain(teller, *n - told));
        told++;
    }
    return join(teller, entries, told);
}

/* "Yesterday two things rose: …  Over the week …  In the days before …" */
static struct str summary_risen(const struct teller *teller)
{
    struct str when = tell_last_day(teller), told, list;
    size_t n;

    list = summary_list(teller, RISEN_ON_DAY, &n);
    told = n == 0   ? TELL(teller, W_SUM_NONE, when)
           : n == 1 ? TELL(teller, W_SUM_DAY_ONE, when, list)
                    : TELL(teller, W_SUM_DAY, when, tell_plain(teller, n), list);
    list = summary_list(teller, RISEN_IN_WEEK, &n);
    if (n)
        told = both(teller, told,
                    TELL(teller, W_SUM_WEEK, tell_week(teller, teller->facts->week), list));
    list = summary_list(teller, RISEN_BEFORE, &n);
    return n ? both(teller, told, TELL(teller, W_SUM_PAST, list)) : told;
}

struct str tell_summary(const struct teller *teller)
{
    const struct brief_facts *facts = teller->facts;
    size_t few = facts->rise_count - facts->rising_count;
    struct str all;

    if (!facts->has_day)
        return TELL_WORD(teller, W_NO_DAY);
    all = summary_risen(teller);
    if (few)
        all = both(teller, all, TELL(teller, W_SUM_FEW, tell_plain(teller, few)));
    if (facts->quiet_sources)
        all = both(teller, all,
                   TELL(teller, W_SUM_QUIET_SOURCES, tell_plain(teller, facts->quiet_sources)));
    return all;
}

struct str tell_rise_title(const struct teller *teller, const struct told_rise *rise)
{
    return TELL(teller, W_RISE_TITLE, rise_name(teller, rise), tell_place(teller, rise->centre));
}

struct str tell_rise_tag(const struct teller *teller, const struct told_rise *rise)
{
    if (rise->rising)
        return TELL_WORD(teller, rise->current ? W_TAG_RISING : W_TAG_ROSE);
    return TELL_WORD(teller,
                     released_number(rise->sources) == 2 ? W_TAG_TWO_SOURCES : W_TAG_ONE_SOURCE);
}

static struct str rise_when(const struct teller *teller, const struct told_rise *rise)
{
    struct zone zone = teller->facts->settings->zone;
    struct str day = tell_day(teller, time_day(rise->start, zone));
    char clock[16];
    int64_t hour = (rise->start - day_start(time_day(rise->start, zone), zone)) / HOUR_MS;

    if (rise->window == WINDOW_DAY)
        return TELL(teller, W_WHEN_DAY, day);
    if (rise->window == WINDOW_WEEK)
        return TELL(teller, W_WHEN_WEEK, tell_week(teller, rise->start));
    snprintf(clock, sizeof clock, "%02d:00", (int)hour);
    return TELL(teller, W_WHEN_HOUR, both(teller, str_of(clock), day));
}

/* Whether people who only sent copies stand apart: at least k of them then (lattice.h). */
static bool has_copiers(const struct told_rise *rise)
{
    return tell_shown(rise->counts.voices) &&
           released_number(rise->counts.voices) > released_number(rise->people);
}

struct str tell_rise_people(const struct teller *teller, const struct told_rise *rise)
{
    struct str when = rise_when(teller, rise);

    if (!tell_shown(rise->people))
        return TELL(teller, W_PEOPLE_HIDDEN, when, tell_number(teller, rise->people));
    return TELL(teller, has_copiers(rise) ? W_PEOPLE_OWN : W_PEOPLE,
                tell_first(teller, rise->people), when, tell_number(teller, rise->expected),
                tell_where(teller, rise->place));
}

struct str tell_rise_counts(const struct teller *teller, const struct told_rise *rise)
{
    const struct told_counts *counts = &rise->counts;

    if (!tell_shown(counts->voices))
        return TELL_WORD(teller, W_COUNTS_HIDDEN);
    if (has_copiers(rise))
        return TELL(teller, W_COUNTS_ALL, tell_number(teller, counts->messages),
                    tell_number(teller, counts->copies), tell_number(teller, counts->voices));
    return TELL(teller, W_COUNTS, tell_first(teller, counts->messages),
                tell_number(teller, counts->copies), tell_number(teller, counts->voices));
}

struct str tell_rise_sources(const struct teller *teller, const struct told_rise *rise)
{
    uint32_t sources = released_number(rise->sources);

    if (sources >= KINDS_OF_SOURCES_TO_RISE)
        return TELL(teller, W_SOURCES_MORE, tell_number(teller, rise->sources));
    return TELL_WORD(teller, sources == 2 ? W_SOURCES_TWO : W_SOURCES_ONE);
}

struct str tell_rise_since(const struct teller *teller, const struct told_rise *rise)
{
    struct zone zone = teller->facts->settings->zone;
    int64_t day = time_day(rise->start, zone);
    struct str since = tell_long_day(teller, rise->since);
    struct str told = TELL(teller, rise->since == day ? W_SINCE_TODAY : W_SINCE, since);

    if (rise->current || rise->window == WINDOW_WEEK || !teller->facts->has_day)
        return told;
    if (day >= time_day(teller->facts->day, zone))
        return told;
    return both(teller, told, TELL(teller, W_OVER, tell_day(teller, day)));
}

struct str tell_score(const struct teller *teller)
{
    size_t right = teller->facts->alarms_right, judged = right + teller->facts->alarms_wrong;

    if (judged)
        return TELL(teller, W_SCORE, tell_plain(teller, right), tell_plain(teller, judged));
    return teller->facts->rise_count ? TELL_WORD(teller, W_SCORE_NONE) : (struct str){NULL, 0};
}

struct str tell_rise_why(const struct teller *teller, const struct told_rise *rise)
{
    return TELL(teller, W_RISE_WHY, tell_id(teller, rise->alarm));
}

struct str tell_sure(const struct teller *teller, double q_at_most)
{
    return TELL_WORD(teller, q_at_most <= 0.001  ? W_SURE_ALMOST
                             : q_at_most <= 0.01 ? W_SURE_VERY
                             : q_at_most <= 0.05 ? W_SURE_FAIRLY
                                                 : W_SURE_MAYBE);
}

/* "Cầu Mây (62 người) và Bến Đò (48 người)" put into the sentence `word`. */
static struct str tell_places(const struct teller *teller, const struct told_place *places,
                              size_t n, enum word word)
{
    struct str parts[RISE_PLACES];

    if (!n)
        return (struct str){NULL, 0};
    for (size_t i = 0; i < n; i++)
        parts[i] = tell_shown(places[i].people)
                       ? TELL(teller, W_PLACE_PEOPLE, tell_place(teller, places[i].place),
                              tell_number(teller, places[i].people))
                       : tell_place(teller, places[i].place);
    return TELL(teller, word, join(teller, parts, n));
}

struct str tell_rise_places(const struct teller *teller, const struct told_rise *rise)
{
    return tell_places(teller, rise->places, rise->place_count,
                       rise->place == THE_CITY ? W_PLACES_MOST : W_PLACES);
}

struct str tell_rise_wards(const struct teller *teller, const struct told_rise *rise)
{
    return tell_places(teller, rise->wards, rise->ward_count, W_WARDS);
}

struct str tell_phrases(const struct teller *teller, const struct told_story *story)
{
    struct buf out;
    struct str made = {NULL, 0};

    if (!story->phrase_count)
        return made;
    buf_init(&out, SENTENCE_MAX);
    for (size_t i = 0; i < story->phrase_count; i++) {
        buf_add(&out, i ? STR(", “") : STR("“"));
        buf_add(&out, tell_words(teller, story->phrases[i]));
        buf_add(&out, STR("”"));
    }
    made = TELL(teller, W_PEOPLE_SAY, buf_str(&out));
    buf_free(&out);
    return made;
}

struct str tell_trend(const struct teller *teller, const struct told_trend *trend)
{
    const struct told_day *highest = NULL;
    const struct told_day *days = trend->days;
    struct str told, where = tell_where(teller, trend->place);
    size_t hidden = 0, empty = 0;

    for (int i = 0; i < TREND_DAYS; i++) {
        empty += !days[i].voices;
        hidden += days[i].voices && !tell_shown(days[i].voices);
        if (tell_shown(days[i].voices) &&
            (!highest || released_number(days[i].voices) > released_number(highest->voices)))
            highest = &days[i];
    }
    told = highest ? TELL(teller, W_CHART_SENTENCE, tell_number(teller, highest->voices),
                          tell_long_day(teller, highest->day), where)
                   : TELL(teller, W_CHART_ALL_HIDDEN, where);
    if (trend->usual)
        told =
            both(teller, told,
                 TELL(teller, tell_shown(trend->usual) ? W_CHART_BASELINE : W_CHART_BASELINE_BELOW,
                      tell_number(teller, trend->usual)));
    if (hidden)
        told = both(teller, told, TELL(teller, W_CHART_HIDDEN_DAYS, tell_plain(teller, hidden)));
    if (empty)
        told = both(teller, told, TELL(teller, W_CHART_EMPTY_DAYS, tell_plain(teller, empty)));
    return told;
}

struct str tell_story_label(const struct teller *teller, const struct told_story *story)
{
    if (story->phrase_count)
        return tell_words(teller, story->phrases[0]);
    return story->topic ? tell_topic(teller, story->topic) : TELL_WORD(teller, W_UNNAMED);
}

/* "At least" is said once for people and messages: each person sent one of them or more. */
struct str tell_story_counts(const struct teller *teller, const struct told_story *story)
{
    const struct told_counts *counts = &story->counts;

    return TELL(teller, W_STORY_COUNTS, tell_first(teller, counts->voices),
                tell_plain(teller, released_number(counts->messages)),
                tell_number(teller, counts->copies), tell_sources(teller, counts->sources));
}

struct str tell_campaign(const struct teller *teller, const struct told_story *story)
{
    return TELL(teller, story->few ? W_CAMPAIGN : W_CAMPAIGN_MANY,
                tell_number(teller, story->counts.copies));
}

struct str tell_source(const struct teller *teller, const struct told_source *source)
{
    switch (source->hearing) {
    case HEARD_SILENT:
        return TELL(teller, W_SOURCE_SILENT, tell_plain(teller, (uint64_t)source->silent),
                    tell_plain(teller, (uint64_t)source->rhythm));
    case HEARD_LOW:
        return TELL_WORD(teller, W_SOURCE_LOW);
    case HEARD_NEVER:
        return TELL_WORD(teller, W_SOURCE_NEVER);
    default:
        return TELL_WORD(teller, W_SOURCE_USUAL);
    }
}

static struct str tell_gaps(const struct teller *teller)
{
    const struct brief_facts *facts = teller->facts;
    struct str days[TREND_DAYS];

    if (!facts->gap_count)
        return TELL_WORD(teller, W_GAPS_NONE);
    for (size_t i = 0; i < facts->gap_count; i++)
        days[i] = tell_day(teller, facts->gaps[i]);
    return TELL(teller, W_GAPS, join(teller, days, facts->gap_count));
}

size_t tell_unheard(const struct teller *teller, struct str notes[TOLD_NOTES])
{
    const struct brief_facts *facts = teller->facts;
    struct zone zone = facts->settings->zone;
    size_t n = 0;

    if (facts->has_day && time_day(facts->day, zone) < time_day(facts->now, zone) - 2)
        notes[n++] = TELL(teller, W_STALE, tell_long_day(teller, time_day(facts->day, zone)));
    notes[n++] = tell_gaps(teller);
    notes[n++] = facts->bad || facts->failures ? TELL(teller, W_BAD, tell_plain(teller, facts->bad),
                                                      tell_plain(teller, facts->failures))
                                               : TELL_WORD(teller, W_BAD_NONE);
    if (facts->interrupted)
        notes[n++] = TELL(teller, W_INTERRUPTED, tell_plain(teller, facts->interrupted));
    if (facts->has_week)
        notes[n++] = tell_shown(facts->services) && tell_shown(facts->placed)
                         ? TELL(teller, W_PLACED, tell_number(teller, facts->services),
                                tell_number(teller, facts->placed))
                         : TELL_WORD(teller, W_PLACED_HIDDEN);
    return n;
}

static struct str tell_zone(const struct teller *teller)
{
    int32_t minutes = teller->facts->settings->zone.offset_ms / MINUTE_MS;
    int32_t size = minutes < 0 ? -minutes : minutes;
    char text[16];
    int n = snprintf(text, sizeof text, "UTC%c%02d:%02d", minutes < 0 ? '-' : '+', size / 60 % 100,
                     size % 60);

    return (struct str){arena_copy(teller->job, text, (size_t)n), (size_t)n};
}

size_t tell_how(const struct teller *teller, struct str notes[TOLD_NOTES])
{
    const struct brief_facts *facts = teller->facts;
    struct str k = tell_plain(teller, facts->k), below = TELL(teller, W_BELOW, k);
    char head[HEAD_DIGITS + 1];
    size_t n = 0;

    for (int i = 0; i < HEAD_DIGITS / 2; i++)
        snprintf(head + 2 * i, 3, "%02x", facts->log_head[i]);
    notes[n++] = TELL(teller, W_HOW_K, TELL(teller, W_BELOW_SHORT, k), below);
    notes[n++] = TELL_WORD(teller, W_HOW_COUNTED);
    notes[n++] = TELL_WORD(teller, W_HOW_EXPECTED);
    notes[n++] = TELL(teller, W_HOW_STORIES, tell_plain(teller, facts->k));
    notes[n++] = TELL(teller, W_HOW_WINDOWS, tell_zone(teller));
    notes[n++] = TELL(teller, W_HOW_RELEASES, tell_plain(teller, facts->releases));
    notes[n++] = TELL(teller, W_HOW_LOG, tell_plain(teller, facts->log_length), str_of(head));
    return n;
}
