/* why_faces.c - why an alarm fired, as text for a terminal and as JSON; see why.h. */
#include "publish/why.h"

#include "publish/columns.h"
#include "publish/paper.h"
#include "publish/told_json.h"

#include <stdio.h>

enum { INDENT = 2, CHART_COLUMNS = 36, DAY_COLUMNS = 22, NUMBER_COLUMNS = 8, SENTENCES = 12 };

/* A small number with what is behind its point: "2", "0,25". */
static struct str decimal(const struct teller *teller, double number)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%.4g", number);

    for (int i = 0; i < n && !teller->english; i++)
        if (text[i] == '.')
            text[i] = ',';
    return (struct str){arena_copy(teller->job, text, (size_t)n), (size_t)n};
}

static struct str window_day(const struct teller *teller, const struct why *why,
                             const struct why_window *window)
{
    if (why->unit == WINDOW_DAY)
        return tell_day(teller, window->day);
    return tell_week(teller, day_start(window->day, teller->facts->settings->zone));
}

/* The highest number before the alarm's own day or week. */
static struct str tell_before(const struct teller *teller, const struct why *why)
{
    const struct why_window *highest = NULL;

    for (size_t i = 0; i < why->window_count && !why->windows[i].fired; i++) {
        const struct why_window *window = &why->windows[i];

        if (tell_shown(window->people) &&
            (!highest || released_number(window->people) > released_number(highest->people)))
            highest = window;
    }
    return highest ? TELL(teller, W_WHY_BEFORE, tell_number(teller, highest->people),
                          window_day(teller, why, highest))
                   : TELL_WORD(teller, W_WHY_BEFORE_HIDDEN);
}

static struct str tell_share(const struct teller *teller, const struct why *why)
{
    if (why->share == SHARE_TENTHS)
        return TELL(teller, W_WHY_SHARE, tell_plain(teller, 10 * why->tenths));
    return why->share == SHARE_OVER_HALF ? TELL_WORD(teller, W_WHY_OVER_HALF)
                                         : (struct str){NULL, 0};
}

static struct str tell_known(const struct teller *teller, const struct why *why)
{
    struct zone zone = teller->facts->settings->zone;
    int64_t day = time_day(why->alarm.known, zone);
    int64_t minutes = (why->alarm.known - day_start(day, zone)) / MINUTE_MS;
    char text[32];
    struct buf out;
    struct str made;

    snprintf(text, sizeof text, "%02d:%02d, ", (int)(minutes / 60), (int)(minutes % 60));
    buf_init(&out, 4096);
    buf_add(&out, str_of(text));
    buf_add(&out, tell_long_day(teller, day));
    made = TELL(teller, W_WHY_KNOWN, buf_str(&out));
    buf_free(&out);
    return made;
}

static struct str tell_verdict(const struct teller *teller, const struct alarm_view *alarm)
{
    return TELL_WORD(teller, alarm->by_desk
                                 ? W_DESK_RIGHT + (enum word)alarm->verdict - VERDICT_RIGHT
                                 : W_VERDICT_EARLY + (enum word)alarm->verdict);
}

static bool is_short(const struct why *why)
{
    return why->alarm.window != why->unit;
}

/* The sentences before the chart; how many. */
static size_t tell_sentences(const struct teller *teller, const struct why *why,
                             struct str out[SENTENCES])
{
    const struct told_rise *rise = &why->rise;
    const struct alarm_view *alarm = &why->alarm;
    size_t n = 0;

    out[n++] = tell_rise_people(teller, rise);
    if (tell_shown(alarm->most))
        out[n++] = TELL(teller, tell_shown(alarm->least) ? W_WHY_USUAL : W_WHY_USUAL_UP_TO,
                        tell_number(teller, alarm->least), tell_number(teller, alarm->most));
    out[n++] = tell_sure(teller, alarm->q_at_most);
    if (!is_short(why))
        out[n++] = tell_rise_counts(teller, rise);
    out[n++] = tell_rise_sources(teller, rise);
    out[n++] = tell_share(teller, why);
    out[n++] = tell_known(teller, why);
    if (alarm->q_max > 0)
        out[n++] = TELL(teller, W_WHY_RULE, decimal(teller, 100 * alarm->q_max),
                        decimal(teller, alarm->ratio_min), tell_plain(teller, teller->facts->k));
    if (is_short(why))
        out[n++] = TELL_WORD(teller, W_WHY_SHORT);
    return n;
}

static struct str tell_heading(const struct teller *teller, const struct why *why)
{
    return TELL(teller, W_WHY_TITLE, tell_id(teller, why->alarm.id),
                tell_rise_title(teller, &why->rise));
}

static uint32_t scale_of(const struct why *why)
{
    uint32_t most = tell_shown(why->alarm.most) ? released_number(why->alarm.most) : 1;

    for (size_t i = 0; i < why->window_count; i++)
        if (tell_shown(why->windows[i].people) && released_number(why->windows[i].people) > most)
            most = released_number(why->windows[i].people);
    return most;
}

/* A bar, and behind it the band of what would be nothing unusual; padded before a mark. */
static void draw_window(struct paper *paper, const struct why *why, const struct why_window *window,
                        uint32_t scale)
{
    const struct released *people = window->people;
    bool marked = window->fired || window->rose;
    bool band = tell_shown(why->alarm.most);
    uint64_t bar = tell_shown(people) ? (uint64_t)released_number(people) * CHART_COLUMNS : 0;
    uint64_t least = tell_shown(why->alarm.least)
                         ? (uint64_t)released_number(why->alarm.least) * CHART_COLUMNS
                         : 0;
    uint64_t most = band ? (uint64_t)released_number(why->alarm.most) * CHART_COLUMNS : 0;

    for (uint64_t i = 0; i < CHART_COLUMNS; i++) {
        uint64_t middle = i * scale + scale / 2;

        if (!marked && middle >= bar && middle >= most)
            break;
        paper_add(paper, middle < bar                       ? STR("█")
                         : middle >= least && middle < most ? STR("░")
                                                            : STR(" "));
    }
}

static void write_window(struct paper *paper, const struct why *why,
                         const struct why_window *window, uint32_t scale)
{
    const struct teller *teller = paper->teller;

    paper_spaces(paper, INDENT);
    columns_cell(paper->out, window_day(teller, why, window),
                 why->unit == WINDOW_DAY ? DAY_COLUMNS / 2 : DAY_COLUMNS, false);
    columns_cell(paper->out,
                 window->people ? tell_cell(teller, window->people) : TELL_WORD(teller, W_NEVER),
                 NUMBER_COLUMNS, true);
    if (tell_shown(window->people) || tell_shown(why->alarm.most) || window->fired || window->rose)
        paper_add(paper, STR(" "));
    paper_ink_on(paper, window->fired ? INK_ALARM : INK_STRONG);
    draw_window(paper, why, window, scale);
    paper_ink_off(paper);
    if (window->fired || window->rose) {
        paper_add(paper, STR(" "));
        paper_add(paper, TELL_WORD(teller, window->fired ? W_WHY_FIRED : W_WHY_ROSE));
    }
    paper_add(paper, STR("\n"));
}

static void write_chart(struct paper *paper, const struct why *why)
{
    uint32_t scale = scale_of(why);

    paper_heading(paper, why->unit == WINDOW_DAY ? W_WHY_DAYS : W_WHY_WEEKS);
    for (size_t i = 0; i < why->window_count; i++)
        write_window(paper, why, &why->windows[i], scale);
    if (tell_shown(why->alarm.most))
        paper_faint(paper, TELL_WORD(paper->teller, W_WHY_KEY), INDENT);
    paper_paragraph(paper, tell_before(paper->teller, why), INDENT);
}

static void write_places(struct paper *paper, const struct why *why)
{
    const struct teller *teller = paper->teller;

    if (!why->place_count)
        return;
    paper_heading(paper, W_S_WHERE);
    for (size_t i = 0; i < why->place_count; i++) {
        const struct why_place *place = &why->places[i];

        paper_spaces(paper, INDENT);
        columns_cell(paper->out, tell_place(teller, place->place), DAY_COLUMNS + 4, false);
        columns_cell(paper->out, tell_cell(teller, place->people), NUMBER_COLUMNS, true);
        if (place->rose) {
            paper_add(paper, STR(" "));
            paper_add(paper, TELL_WORD(teller, W_WHY_ROSE));
        }
        paper_add(paper, STR("\n"));
    }
}

static void write_stories(struct paper *paper, const struct why *why)
{
    const struct teller *teller = paper->teller;

    if (!why->story_count)
        return;
    paper_heading(paper, W_WHY_WORDS);
    for (size_t i = 0; i < why->story_count; i++) {
        const struct told_story *story = &why->stories[i];

        paper_spaces(paper, INDENT);
        paper_ink_on(paper, INK_STRONG);
        paper_add(paper, tell_id(teller, story->id));
        paper_add(paper, STR("  "));
        paper_add(paper, tell_story_label(teller, story));
        paper_ink_off(paper);
        paper_add(paper, STR("\n"));
        paper_paragraph(paper, tell_phrases(teller, story), 2 * INDENT);
        paper_paragraph(paper, tell_story_counts(teller, story), 2 * INDENT);
        if (story->campaign)
            paper_paragraph(paper, tell_campaign(teller, story), 2 * INDENT);
        paper_titles(paper, story, 2 * INDENT);
    }
}

static void write_text(const struct teller *teller, const struct why *why,
                       const struct why_options *options, struct buf *out)
{
    struct paper paper = {
        .teller = teller, .out = out, .width = options->width, .colour = options->colour};
    struct str sentences[SENTENCES];
    size_t n = tell_sentences(teller, why, sentences);

    if (paper.width < PAPER_WIDTH_MIN)
        paper.width = PAPER_WIDTH_MIN;
    if (paper.width > PAPER_WIDTH_MAX)
        paper.width = PAPER_WIDTH_MAX;
    paper_ink_on(&paper, INK_STRONG);
    paper_paragraph(&paper, tell_heading(teller, why), 0);
    paper_ink_off(&paper);
    if (why->alarm.replayed)
        paper_faint(&paper, TELL_WORD(teller, W_REPLAYED), 0);
    paper_add(&paper, STR("\n"));
    for (size_t i = 0; i < n; i++)
        paper_paragraph(&paper, sentences[i], INDENT);
    write_chart(&paper, why);
    write_places(&paper, why);
    write_stories(&paper, why);
    paper_heading(&paper, W_WHY_VERDICT);
    paper_paragraph(&paper, tell_verdict(teller, &why->alarm), INDENT);
}

static void json_windows(struct json_writer *json, const struct why *why)
{
    json_key(json, "windows");
    json_open(json, '[');
    for (size_t i = 0; i < why->window_count; i++) {
        const struct why_window *window = &why->windows[i];

        json_open(json, '{');
        told_json_day(json, "day", window->day);
        told_json_number(json, "people", window->people);
        json_key(json, "fired");
        json_bool(json, window->fired);
        json_key(json, "rose");
        json_bool(json, window->rose);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void json_places(const struct teller *teller, struct json_writer *json,
                        const struct why *why)
{
    json_key(json, "places");
    json_open(json, '[');
    for (size_t i = 0; i < why->place_count; i++) {
        json_open(json, '{');
        told_json_place(teller, json, why->places[i].place);
        told_json_number(json, "people", why->places[i].people);
        json_key(json, "rose");
        json_bool(json, why->places[i].rose);
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void json_rule(const struct teller *teller, struct json_writer *json,
                      const struct alarm_view *alarm)
{
    json_key(json, "rule");
    json_open(json, '{');
    json_key(json, "q_max");
    json_double(json, alarm->q_max);
    json_key(json, "ratio_min");
    json_double(json, alarm->ratio_min);
    json_key(json, "k");
    json_int(json, teller->facts->k);
    json_close(json, '}');
}

static void json_share(struct json_writer *json, const struct why *why)
{
    json_key(json, "share_of_top_source");
    if (why->share == SHARE_TENTHS)
        json_double(json, why->tenths / 10.0);
    else
        json_null(json);
    json_key(json, "over_half_from_one_source");
    if (why->share == SHARE_UNTOLD)
        json_null(json);
    else
        json_bool(json, why->share == SHARE_OVER_HALF || why->tenths > 5);
}

static void json_sentences(const struct teller *teller, struct json_writer *json,
                           const struct why *why)
{
    struct str sentences[SENTENCES];
    size_t n = tell_sentences(teller, why, sentences);

    json_key(json, "sentences");
    json_open(json, '[');
    for (size_t i = 0; i < n; i++)
        if (sentences[i].n)
            json_str(json, sentences[i]);
    json_close(json, ']');
}

static void write_json(const struct teller *teller, const struct why *why, struct buf *out)
{
    const struct alarm_view *alarm = &why->alarm;
    struct json_writer json = {.out = out};

    json_open(&json, '{');
    told_json_alarm(teller, &json, alarm);
    told_json_text(&json, "title", tell_rise_title(teller, &why->rise));
    told_json_number(&json, "usual_from", alarm->least);
    told_json_number(&json, "usual_to", alarm->most);
    json_rule(teller, &json, alarm);
    json_key(&json, "cell");
    json_open(&json, '{');
    told_json_counts(&json, &why->rise.counts);
    json_close(&json, '}');
    json_share(&json, why);
    told_json_text(&json, "unit", str_of(window_name(why->unit)));
    json_windows(&json, why);
    json_places(teller, &json, why);
    json_key(&json, "stories");
    json_open(&json, '[');
    for (size_t i = 0; i < why->story_count; i++)
        told_json_story(teller, &json, &why->stories[i]);
    json_close(&json, ']');
    json_sentences(teller, &json, why);
    json_close(&json, '}');
    buf_add_byte(out, '\n');
}

enum rc why_write(struct store *store, const struct settings *settings,
                  const struct why_options *options, struct arena *request, struct buf *out,
                  struct err *err)
{
    struct brief_facts facts = {.settings = settings,
                                .k = settings->k < K_FLOOR ? K_FLOOR : settings->k};
    struct teller teller = {.facts = &facts, .english = options->english, .job = request};
    struct why *why = arena_alloc(request, sizeof *why);
    enum rc rc = why_gather(store, &facts, options->alarm, request, why, err);

    if (rc == RC_OK && options->json)
        write_json(&teller, why, out);
    else if (rc == RC_OK)
        write_text(&teller, why, options, out);
    return rc;
}
