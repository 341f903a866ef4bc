/* brief_text.c - the briefing on a terminal of 60 columns or more. */
#include "publish/faces.h"

#include "publish/columns.h"

enum { INDENT = 2, DEEP = 4, WIDTH_MIN = 60, WIDTH_MAX = 120, BAR_COLUMNS = 20 };

struct paper {
    const struct teller *teller;
    struct buf *out;
    int width;
    bool colour;
};

enum ink { INK_HEADING, INK_STRONG, INK_ALARM, INK_FAINT };

static void add(struct paper *paper, struct str text)
{
    buf_add(paper->out, text);
}

static void ink_on(struct paper *paper, enum ink ink)
{
    static const char *const codes[] = {"\033[1;36m", "\033[1m", "\033[1;33m", "\033[2m"};

    if (paper->colour)
        add(paper, str_of(codes[ink]));
}

static void ink_off(struct paper *paper)
{
    if (paper->colour)
        add(paper, STR("\033[0m"));
}

static void spaces(struct paper *paper, int n)
{
    columns_cell(paper->out, STR(""), n, false);
}

/* A paragraph behind `indent` spaces; nothing for an empty one. */
static void paragraph(struct paper *paper, struct str text, int indent)
{
    if (!text.n)
        return;
    spaces(paper, indent);
    columns_wrap(paper->out, text, paper->width, indent, indent);
    buf_add_byte(paper->out, '\n');
}

static void faint(struct paper *paper, struct str text, int indent)
{
    ink_on(paper, INK_FAINT);
    paragraph(paper, text, indent);
    ink_off(paper);
}

static void heading(struct paper *paper, enum word word)
{
    struct str text = TELL_WORD(paper->teller, word);
    int left = paper->width - columns_width(text) - 4;

    buf_add_byte(paper->out, '\n');
    ink_on(paper, INK_HEADING);
    add(paper, STR("── "));
    add(paper, text);
    buf_add_byte(paper->out, ' ');
    while (left-- > 0)
        add(paper, STR("─"));
    ink_off(paper);
    add(paper, STR("\n\n"));
}

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
            add(paper, STR("░"));
        else
            add(paper, str_of(steps[(uint64_t)released_number(voices) * 7 / most]));
    }
}

/* "26/10 ▁░░▂▅▇ 22/11" and its sentence. */
static void write_trend(struct paper *paper, const struct told_trend *trend, int indent)
{
    const struct teller *teller = paper->teller;

    spaces(paper, indent);
    add(paper, tell_day(teller, trend->days[0].day));
    buf_add_byte(paper->out, ' ');
    ink_on(paper, INK_STRONG);
    sparkline(paper, trend->days);
    ink_off(paper);
    buf_add_byte(paper->out, ' ');
    add(paper, tell_day(teller, trend->days[TREND_DAYS - 1].day));
    buf_add_byte(paper->out, '\n');
    paragraph(paper, tell_trend(teller, trend), indent);
}

static void bar(struct paper *paper, uint64_t part, uint64_t whole, int columns)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    uint64_t length = whole ? part * 8 * (uint64_t)columns / whole : 0;
    int used = (int)(length / 8) + (length % 8 > 0);

    for (uint64_t i = 0; i < length / 8; i++)
        add(paper, STR("█"));
    add(paper, str_of(eighths[length % 8]));
    spaces(paper, columns - used);
}

static void write_head(struct paper *paper)
{
    const struct teller *teller = paper->teller;
    const struct brief_facts *facts = teller->facts;
    const struct told_trend heard = {facts->heard, NULL, THE_CITY};

    ink_on(paper, INK_STRONG);
    paragraph(paper, tell_title(teller), 0);
    ink_off(paper);
    paragraph(paper, tell_range(teller), 0);
    if (facts->replayed)
        faint(paper, TELL_WORD(teller, W_REPLAYED), 0);
    buf_add_byte(paper->out, '\n');
    ink_on(paper, INK_STRONG);
    paragraph(paper, tell_summary(teller), INDENT);
    ink_off(paper);
    buf_add_byte(paper->out, '\n');
    paragraph(paper, tell_heard(teller, &facts->day_counts, W_HEARD_DAY), INDENT);
    paragraph(paper, tell_heard(teller, &facts->week_counts, W_HEARD_WEEK), INDENT);
    write_trend(paper, &heard, INDENT);
    faint(paper, TELL_WORD(teller, W_CHART_KEY), INDENT);
}

static void write_titles(struct paper *paper, const struct told_story *story, int indent)
{
    const struct teller *teller = paper->teller;

    for (size_t i = 0; i < story->title_count; i++) {
        const struct told_title *title = &story->titles[i];

        spaces(paper, indent);
        add(paper, i ? STR("") : TELL_WORD(teller, W_PUBLISHED));
        add(paper, i ? STR("") : STR(":\n"));
        if (!i)
            spaces(paper, indent);
        add(paper, STR("– "));
        columns_wrap(paper->out, tell_words(teller, title->title), paper->width, indent + 2,
                     indent + 2);
        add(paper, STR(" ("));
        add(paper, title->publisher);
        add(paper, STR(", "));
        add(paper, tell_day(teller, title->day));
        add(paper, STR(")\n"));
        if (title->url.n)
            faint(paper, title->url, indent + 2);
    }
}

static void write_rise(struct paper *paper, const struct told_rise *rise)
{
    const struct teller *teller = paper->teller;
    struct told_trend trend = tell_trend_of_rise(rise);

    spaces(paper, INDENT);
    ink_on(paper, rise->rising ? INK_ALARM : INK_STRONG);
    add(paper, rise->rising && rise->current ? STR("▲ ") : STR("△ "));
    add(paper, tell_rise_title(teller, rise));
    ink_off(paper);
    add(paper, STR("  ["));
    add(paper, tell_rise_tag(teller, rise));
    add(paper, STR("]\n"));
    ink_on(paper, INK_STRONG);
    paragraph(paper, tell_rise_people(teller, rise), DEEP);
    ink_off(paper);
    paragraph(paper, tell_sure(teller, rise->q_at_most), DEEP);
    paragraph(paper, tell_rise_counts(teller, rise), DEEP);
    paragraph(paper, tell_rise_sources(teller, rise), DEEP);
    paragraph(paper, tell_rise_since(teller, rise), DEEP);
    paragraph(paper, tell_rise_places(teller, rise), DEEP);
    paragraph(paper, tell_rise_wards(teller, rise), DEEP);
    for (size_t i = 0; i < rise->story_count; i++)
        paragraph(paper, tell_phrases(teller, &rise->stories[i]), DEEP);
    write_trend(paper, &trend, DEEP);
    for (size_t i = 0; i < rise->story_count; i++)
        write_titles(paper, &rise->stories[i], DEEP);
    buf_add_byte(paper->out, '\n');
}

static void write_rising(struct paper *paper)
{
    const struct brief_facts *facts = paper->teller->facts;

    heading(paper, W_S_RISING);
    if (!facts->rise_count)
        paragraph(paper, TELL_WORD(paper->teller, W_RISE_NONE), INDENT);
    for (size_t i = 0; i < facts->rise_count; i++)
        write_rise(paper, &facts->rises[i]);
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
        spaces(paper, INDENT);
        columns_cell(paper->out, line ? STR("") : TELL_WORD(teller, W_TOPIC), TOPIC_COLUMNS, false);
        column_head(paper, TELL_WORD(teller, W_CITY), line, NUMBER_COLUMNS - 1);
        for (size_t i = from; i < to; i++)
            column_head(paper, tell_place(teller, facts->groups[i]), line, NUMBER_COLUMNS);
        buf_add_byte(paper->out, '\n');
    }
    for (size_t i = 0; i < facts->topic_count; i++) {
        const struct told_topic *topic = &facts->topics[i];

        spaces(paper, INDENT);
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

    heading(paper, W_S_WHERE);
    if (!facts->has_week) {
        paragraph(paper, TELL_WORD(teller, W_WHERE_NONE), INDENT);
        return;
    }
    paragraph(paper, TELL(teller, W_WHERE_LEAD, tell_week(teller, facts->week)), INDENT);
    do {
        size_t to = from + step < facts->group_count ? from + step : facts->group_count;

        buf_add_byte(paper->out, '\n');
        write_block(paper, from, to);
        from = to;
    } while (from < facts->group_count);
    buf_add_byte(paper->out, '\n');
    faint(paper, tell_where_key(teller), INDENT);
    if (facts->topics_hidden)
        faint(paper, TELL(teller, W_WHERE_HIDDEN, tell_plain(teller, facts->topics_hidden)),
              INDENT);
}

/* People, then messages of their own, then copies: bars to one scale. */
static void write_story(struct paper *paper, const struct told_story *story, uint32_t most,
                        size_t rank)
{
    const struct teller *teller = paper->teller;
    struct str topic = tell_topic(teller, story->topic);

    spaces(paper, INDENT);
    columns_cell(paper->out, tell_plain(teller, rank), 2, true);
    add(paper, STR(". "));
    bar(paper, released_number(story->counts.voices), most, BAR_COLUMNS);
    buf_add_byte(paper->out, ' ');
    ink_on(paper, INK_STRONG);
    add(paper, tell_story_label(teller, story));
    ink_off(paper);
    if (story->topic && story->phrase_count) {
        add(paper, STR(" · "));
        add(paper, topic);
    }
    buf_add_byte(paper->out, '\n');
    paragraph(paper, tell_story_counts(teller, story), INDENT + 4);
    if (story->campaign) {
        ink_on(paper, story->few ? INK_ALARM : INK_FAINT);
        paragraph(paper, tell_campaign(teller, story), INDENT + 4);
        ink_off(paper);
    }
}

static void write_talked(struct paper *paper)
{
    const struct teller *teller = paper->teller;
    const struct brief_facts *facts = teller->facts;

    heading(paper, W_S_TALKED);
    if (!facts->story_count) {
        paragraph(paper, TELL(teller, W_TALKED_NONE, tell_plain(teller, facts->k)), INDENT);
        return;
    }
    paragraph(paper, TELL(teller, W_TALKED_LEAD, tell_week(teller, facts->week)), INDENT);
    buf_add_byte(paper->out, '\n');
    for (size_t i = 0; i < facts->story_count; i++)
        write_story(paper, &facts->stories[i], released_number(facts->stories[0].counts.voices),
                    i + 1);
}

static void write_source(struct paper *paper, const struct told_source *source)
{
    static const char *const levels[] = {"∙", "▄", "█"};
    const struct teller *teller = paper->teller;

    spaces(paper, INDENT);
    columns_cell(paper->out, source->title, 27, false);
    buf_add_byte(paper->out, ' ');
    for (int i = 0; i < TREND_DAYS; i++)
        add(paper, str_of(levels[source->days[i]]));
    buf_add_byte(paper->out, ' ');
    if (source->hearing != HEARD_USUAL)
        ink_on(paper, INK_ALARM);
    columns_wrap(paper->out, tell_source(teller, source), paper->width, INDENT + 28,
                 INDENT + 29 + TREND_DAYS);
    if (source->hearing != HEARD_USUAL)
        ink_off(paper);
    buf_add_byte(paper->out, '\n');
}

static void write_unheard(struct paper *paper)
{
    const struct teller *teller = paper->teller;
    const struct brief_facts *facts = teller->facts;
    struct str notes[TOLD_NOTES];
    size_t n = tell_unheard(teller, notes);

    heading(paper, W_S_UNHEARD);
    if (!facts->quiet_sources)
        paragraph(paper, TELL_WORD(teller, W_UNHEARD_OK), INDENT);
    for (size_t i = 0; i < facts->source_count; i++)
        write_source(paper, &facts->sources[i]);
    faint(paper, TELL_WORD(teller, W_STRIP_KEY), INDENT);
    buf_add_byte(paper->out, '\n');
    for (size_t i = 0; i < n; i++)
        paragraph(paper, notes[i], INDENT);
}

static void write_how(struct paper *paper)
{
    struct str notes[TOLD_NOTES];
    size_t n = tell_how(paper->teller, notes);

    heading(paper, W_S_HOW);
    for (size_t i = 0; i < n; i++)
        faint(paper, notes[i], INDENT);
}

void brief_text(const struct teller *teller, const struct brief_options *options, struct buf *out)
{
    struct paper paper = {
        .teller = teller, .out = out, .width = options->width, .colour = options->colour};

    if (paper.width < WIDTH_MIN)
        paper.width = WIDTH_MIN;
    if (paper.width > WIDTH_MAX)
        paper.width = WIDTH_MAX;
    write_head(&paper);
    write_rising(&paper);
    write_where(&paper);
    write_talked(&paper);
    write_unheard(&paper);
    write_how(&paper);
}
