/* brief_text.c - the briefing on a terminal of 60 columns or more. */
#include "publish/faces.h"

#include "publish/columns.h"
#include "publish/paper.h"

enum { INDENT = 2, DEEP = 4, BAR_COLUMNS = 20 };

static uint32_t most_of(const struct told_day *days)
{
    uint32_t most = 1;

    for (int i = 0; i < TREND_DAYS; i++)
        if (tell_shown(days[i].voices) && released_number(days[i].voices) > most)
            most = released_number(days[i].voices);
    return most;
}

static void sparkline(struct paper *paper, const struct told_day *days)
{
    static const char *const steps[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    uint32_t most = most_of(days);

    for (int i = 0; i < TREND_DAYS; i++) {
        const struct released *voices = days[i].voices;

        if (!voices)
            buf_add_byte(paper->out, ' ');
        else if (!tell_shown(voices))
            paper_add(paper, STR("░"));
        else
            paper_add(paper, str_of(steps[(uint64_t)released_number(voices) * 7 / most]));
    }
}

/* "26/10 ▁░░▂▅▇ 22/11" and its sentence. */
static void write_trend(struct paper *paper, const struct told_trend *trend, int indent)
{
    const struct teller *teller = paper->teller;

    paper_spaces(paper, indent);
    paper_add(paper, tell_day(teller, trend->days[0].day));
    buf_add_byte(paper->out, ' ');
    paper_ink_on(paper, INK_STRONG);
    sparkline(paper, trend->days);
    paper_ink_off(paper);
    buf_add_byte(paper->out, ' ');
    paper_add(paper, tell_day(teller, trend->days[TREND_DAYS - 1].day));
    buf_add_byte(paper->out, '\n');
    paper_paragraph(paper, tell_trend(teller, trend), indent);
}

static void write_head(struct paper *paper)
{
    const struct teller *teller = paper->teller;
    const struct brief_facts *facts = teller->facts;
    const struct told_trend heard = {facts->heard, NULL, THE_CITY};

    paper_ink_on(paper, INK_STRONG);
    paper_paragraph(paper, tell_title(teller), 0);
    paper_ink_off(paper);
    paper_paragraph(paper, tell_range(teller), 0);
    if (facts->replayed)
        paper_faint(paper, TELL_WORD(teller, W_REPLAYED), 0);
    buf_add_byte(paper->out, '\n');
    paper_ink_on(paper, INK_STRONG);
    paper_paragraph(paper, tell_summary(teller), INDENT);
    paper_ink_off(paper);
    buf_add_byte(paper->out, '\n');
    paper_paragraph(paper, tell_heard(teller, &facts->day_counts, W_HEARD_DAY), INDENT);
    paper_paragraph(paper, tell_heard(teller, &facts->week_counts, W_HEARD_WEEK), INDENT);
    write_trend(paper, &heard, INDENT);
    paper_faint(paper, TELL_WORD(teller, W_CHART_KEY), INDENT);
}

static void write_rise(struct paper *paper, const struct told_rise *rise)
{
    const struct teller *teller = paper->teller;
    struct told_trend trend = tell_trend_of_rise(rise);

    paper_spaces(paper, INDENT);
    paper_ink_on(paper, rise->rising ? INK_ALARM : INK_STRONG);
    paper_add(paper, rise->rising && rise->current ? STR("▲ ") : STR("△ "));
    paper_add(paper, tell_rise_title(teller, rise));
    paper_ink_off(paper);
    paper_add(paper, STR("  ["));
    paper_add(paper, tell_rise_tag(teller, rise));
    paper_add(paper, STR("]\n"));
    paper_ink_on(paper, INK_STRONG);
    paper_paragraph(paper, tell_rise_people(teller, rise), DEEP);
    paper_ink_off(paper);
    paper_paragraph(paper, tell_sure(teller, rise->q_at_most), DEEP);
    paper_paragraph(paper, tell_rise_counts(teller, rise), DEEP);
    paper_paragraph(paper, tell_rise_sources(teller, rise), DEEP);
    paper_paragraph(paper, tell_rise_since(teller, rise), DEEP);
    paper_paragraph(paper, tell_rise_places(teller, rise), DEEP);
    paper_paragraph(paper, tell_rise_wards(teller, rise), DEEP);
    for (size_t i = 0; i < rise->story_count; i++)
        paper_paragraph(paper, tell_phrases(teller, &rise->stories[i]), DEEP);
    write_trend(paper, &trend, DEEP);
    for (size_t i = 0; i < rise->story_count; i++)
        paper_titles(paper, &rise->stories[i], DEEP);
    paper_faint(paper, tell_rise_why(teller, rise), DEEP);
    buf_add_byte(paper->out, '\n');
}

static void write_rising(struct paper *paper)
{
    const struct brief_facts *facts = paper->teller->facts;

    paper_heading(paper, W_S_RISING);
    if (!facts->rise_count)
        paper_paragraph(paper, TELL_WORD(paper->teller, W_RISE_NONE), INDENT);
    for (size_t i = 0; i < facts->rise_count; i++)
        write_rise(paper, &facts->rises[i]);
    paper_paragraph(paper, tell_score(paper->teller), INDENT);
}

enum { TOPIC_COLUMNS = 25, NUMBER_COLUMNS = 10 };

/* The head of a column: a long name over two lines, a short one on the second. */
static void column_head(struct paper *paper, struct str name, int line, int width)
{
    size_t cut = 0;

    if (columns_width(name) >= NUMBER_COLUMNS)
        for (size_t i = 0; i < name.n; i++)
            if (name.p[i] == ' ' && (!cut || columns_width(str_part(name, 0, i)) <= 5))
                cut = i;
    columns_cell(paper->out, str_trim(line ? str_from(name, cut) : str_part(name, 0, cut)), width,
                 true);
}

/* The groups [from, to) over all topics that have a number. */
static void write_block(struct paper *paper, size_t from, size_t to)
{
    const struct teller *teller = paper->teller;
    const struct brief_facts *facts = teller->facts;

    for (int line = 0; line < 2; line++) {
        paper_spaces(paper, INDENT);
        columns_cell(paper->out, line ? STR("") : TELL_WORD(teller, W_TOPIC), TOPIC_COLUMNS, false);
        column_head(paper, TELL_WORD(teller, W_CITY), line, NUMBER_COLUMNS - 1);
        for (size_t i = from; i < to; i++)
            column_head(paper, tell_place(teller, facts->groups[i]), line, NUMBER_COLUMNS);
        buf_add_byte(paper->out, '\n');
    }
    for (size_t i = 0; i < facts->topic_count; i++) {
        const struct told_topic *topic = &facts->topics[i];

        paper_spaces(paper, INDENT);
        columns_cell(paper->out, tell_topic(teller, topic->topic), TOPIC_COLUMNS - 1, false);
        buf_add_byte(paper->out, ' ');
        columns_cell(paper->out, tell_city_sum(teller, topic), NUMBER_COLUMNS - 1, true);
        for (size_t j = from; j < to; j++)
            columns_cell(paper->out, tell_sum(teller, topic, j), NUMBER_COLUMNS, true);
        buf_add_byte(paper->out, '\n');
    }
}

static void write_where(struct paper *paper)
{
    const struct teller *teller = paper->teller;
    const struct brief_facts *facts = teller->facts;
    int room = (paper->width - INDENT - TOPIC_COLUMNS) / NUMBER_COLUMNS - 1;
    size_t step = room < 1 ? 1 : (size_t)room, from = 0;

    paper_heading(paper, W_S_WHERE);
    if (!facts->has_week) {
        paper_paragraph(paper, TELL_WORD(teller, W_WHERE_NONE), INDENT);
        return;
    }
    paper_paragraph(paper, TELL(teller, W_WHERE_LEAD, tell_week(teller, facts->week)), INDENT);
    do {
        size_t to = from + step < facts->group_count ? from + step : facts->group_count;

        buf_add_byte(paper->out, '\n');
        write_block(paper, from, to);
        from = to;
    } while (from < facts->group_count);
    buf_add_byte(paper->out, '\n');
    paper_faint(paper, tell_where_key(teller), INDENT);
    if (facts->topics_hidden)
        paper_faint(paper, TELL(teller, W_WHERE_HIDDEN, tell_plain(teller, facts->topics_hidden)),
                    INDENT);
}

/* People, then messages of their own, then copies: bars to one scale. */
static void write_story(struct paper *paper, const struct told_story *story, uint32_t most,
                        size_t rank)
{
    const struct teller *teller = paper->teller;
    struct str topic = tell_topic(teller, story->topic);

    paper_spaces(paper, INDENT);
    columns_cell(paper->out, tell_plain(teller, rank), 2, true);
    paper_add(paper, STR(". "));
    paper_bar(paper, released_number(story->counts.voices), most, BAR_COLUMNS);
    buf_add_byte(paper->out, ' ');
    paper_ink_on(paper, INK_STRONG);
    paper_add(paper, tell_story_label(teller, story));
    paper_ink_off(paper);
    if (story->topic && story->phrase_count) {
        paper_add(paper, STR(" · "));
        paper_add(paper, topic);
    }
    buf_add_byte(paper->out, '\n');
    paper_paragraph(paper, tell_story_counts(teller, story), INDENT + 4);
    if (story->campaign) {
        paper_ink_on(paper, story->few ? INK_ALARM : INK_FAINT);
        paper_paragraph(paper, tell_campaign(teller, story), INDENT + 4);
        paper_ink_off(paper);
    }
}

static void write_talked(struct paper *paper)
{
    const struct teller *teller = paper->teller;
    const struct brief_facts *facts = teller->facts;

    paper_heading(paper, W_S_TALKED);
    if (!facts->story_count) {
        paper_paragraph(paper, TELL(teller, W_TALKED_NONE, tell_plain(teller, facts->k)), INDENT);
        return;
    }
    paper_paragraph(paper, TELL(teller, W_TALKED_LEAD, tell_week(teller, facts->week)), INDENT);
    buf_add_byte(paper->out, '\n');
    for (size_t i = 0; i < facts->story_count; i++)
        write_story(paper, &facts->stories[i], released_number(facts->stories[0].counts.voices),
                    i + 1);
}

static void write_source(struct paper *paper, const struct told_source *source)
{
    static const char *const levels[] = {"∙", "▄", "█"};
    const struct teller *teller = paper->teller;

    paper_spaces(paper, INDENT);
    columns_cell(paper->out, source->title, 27, false);
    buf_add_byte(paper->out, ' ');
    for (int i = 0; i < TREND_DAYS; i++)
        paper_add(paper, str_of(levels[source->days[i]]));
    buf_add_byte(paper->out, ' ');
    if (source->hearing != HEARD_USUAL)
        paper_ink_on(paper, INK_ALARM);
    columns_wrap(paper->out, tell_source(teller, source), paper->width, INDENT + 28,
                 INDENT + 29 + TREND_DAYS);
    if (source->hearing != HEARD_USUAL)
        paper_ink_off(paper);
    buf_add_byte(paper->out, '\n');
}

static void write_unheard(struct paper *paper)
{
    const struct teller *teller = paper->teller;
    const struct brief_facts *facts = teller->facts;
    struct str notes[TOLD_NOTES];
    size_t n = tell_unheard(teller, notes);

    paper_heading(paper, W_S_UNHEARD);
    if (!facts->quiet_sources)
        paper_paragraph(paper, TELL_WORD(teller, W_UNHEARD_OK), INDENT);
    for (size_t i = 0; i < facts->source_count; i++)
        write_source(paper, &facts->sources[i]);
    paper_faint(paper, TELL_WORD(teller, W_STRIP_KEY), INDENT);
    buf_add_byte(paper->out, '\n');
    for (size_t i = 0; i < n; i++)
        paper_paragraph(paper, notes[i], INDENT);
}

static void write_how(struct paper *paper)
{
    struct str notes[TOLD_NOTES];
    size_t n = tell_how(paper->teller, notes);

    paper_heading(paper, W_S_HOW);
    for (size_t i = 0; i < n; i++)
        paper_faint(paper, notes[i], INDENT);
}

void brief_text(const struct teller *teller, const struct brief_options *options, struct buf *out)
{
    struct paper paper = {
        .teller = teller, .out = out, .width = options->width, .colour = options->colour};

    if (paper.width < PAPER_WIDTH_MIN)
        paper.width = PAPER_WIDTH_MIN;
    if (paper.width > PAPER_WIDTH_MAX)
        paper.width = PAPER_WIDTH_MAX;
    write_head(&paper);
    write_rising(&paper);
    write_where(&paper);
    write_talked(&paper);
    write_unheard(&paper);
    write_how(&paper);
}
