/* brief_html.c - the briefing as one self-contained HTML file.
 *
 * No script, nothing fetched, nothing but this file; reads the same on paper, on an old phone and
 * by a screen reader.  Colours pass WCAG AA on both grounds.
 */
#include "publish/faces.h"

#include "publish/chart.h"

#include <stdio.h>

static const char css[] =
    ":root{color-scheme:light dark;--ground:#faf8f4;--card:#fff;--ink:#16262e;--soft:#4c5f68;"
    "--line:#d9d4c8;--accent:#0a6a72;--bar:#2b8791;--alarm:#a63c06;--alarm-ground:#fdeee4;"
    "--heat:10,106,114}"
    "@media(prefers-color-scheme:dark){:root{--ground:#10191d;--card:#182429;--ink:#e8eeee;"
    "--soft:#a9b8bd;--line:#34454c;--accent:#6fd0d6;--bar:#4fb3bb;--alarm:#ffab7a;"
    "--alarm-ground:#3a2418;--heat:79,179,187}}"
    "*{box-sizing:border-box}"
    "body{margin:0;background:var(--ground);color:var(--ink);"
    "font:1rem/1.55 system-ui,'Segoe UI','Noto Sans',Roboto,'Liberation Sans',sans-serif}"
    "main,header,footer{max-width:62rem;margin:0 auto;padding:0 1.25rem}"
    "header{padding-top:2.25rem;border-top:.4rem solid var(--accent)}"
    "h1{font-size:1.9rem;line-height:1.2;margin:0;letter-spacing:-.01em}"
    "h2{font-size:1.25rem;margin:2.6rem 0 .9rem;padding-bottom:.35rem;"
    "border-bottom:2px solid var(--accent)}"
    "h3{font-size:1.15rem;margin:0;line-height:1.3}"
    "p{margin:.35rem 0}.range,.soft,figcaption,.key{color:var(--soft)}"
    ".lead{font-size:1.3rem;line-height:1.45;margin:1.2rem 0 1rem;max-width:48rem}"
    ".skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--card);"
    "padding:.5rem}"
    "a{color:var(--accent)}a:focus-visible,summary:focus-visible{outline:3px solid var(--accent);"
    "outline-offset:2px}"
    ".figures{display:flex;flex-wrap:wrap;gap:.9rem;margin:1rem 0;padding:0;list-style:none}"
    ".figures li{flex:1 1 18rem;background:var(--card);border:1px solid var(--line);"
    "border-radius:.6rem;padding:.8rem 1rem}"
    ".card{background:var(--card);border:1px solid var(--line);border-left:.35rem solid "
    "var(--soft);border-radius:.6rem;padding:1.1rem 1.25rem;margin:1rem 0}"
    ".card.rising{border-left-color:var(--alarm)}"
    ".row{display:flex;flex-wrap:wrap;gap:.3rem .8rem;align-items:center;margin-bottom:.4rem}"
    ".tag{font-size:.85rem;font-weight:600;border:1px solid currentColor;border-radius:1rem;"
    "padding:.05rem .65rem;color:var(--soft)}"
    ".rising .tag,.tag.campaign{color:var(--alarm);background:var(--alarm-ground)}"
    ".people{font-size:1.2rem;font-weight:600;margin:.2rem 0 .5rem}"
    ".facts{margin:.2rem 0 .8rem;padding-left:1.1rem}.facts li{margin:.15rem 0}"
    "blockquote{margin:.6rem 0;padding:.1rem 0 .1rem .9rem;border-left:3px solid var(--line)}"
    "figure{margin:.9rem 0 0}svg{display:block;width:100%;height:auto;"
    "font:11px system-ui,'Noto Sans','Liberation Sans',sans-serif}"
    "svg text{fill:var(--soft)}.bar{fill:var(--bar)}.grid{stroke:var(--line)}"
    ".axis{stroke:var(--soft)}.whisker{stroke:var(--ink);stroke-width:1.5}"
    ".hatch{stroke:var(--soft);stroke-opacity:.38;stroke-width:1.6}"
    ".usual{stroke:var(--alarm);stroke-width:1.6;stroke-dasharray:6 4}"
    ".below{stroke-dasharray:2 4}"
    ".key{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;font-size:.9rem;margin:.4rem 0;"
    "list-style:none;padding:0}"
    ".key span{display:inline-block;width:.9rem;height:.9rem;margin-right:.4rem;"
    "vertical-align:-.1rem;border:1px solid var(--soft)}"
    ".key .k1{background:var(--bar);border-color:var(--bar)}"
    ".key .k5{background:var(--alarm);border-color:var(--alarm)}"
    ".key .k2{background:repeating-linear-gradient(135deg,var(--soft) 0 1px,transparent 1px 4px)}"
    ".key .k4{height:0;border:0;border-top:2px dashed var(--alarm);vertical-align:.25rem}"
    "details{margin:.4rem 0}summary{cursor:pointer;color:var(--accent)}"
    ".scroll{overflow-x:auto}"
    "table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.95rem}"
    "caption{text-align:left;color:var(--soft);padding:.3rem 0}"
    "th,td{padding:.34rem .7rem;border-bottom:1px solid var(--line);text-align:right;"
    "vertical-align:top}"
    "th[scope=row],th:first-child,.words td{text-align:left;font-weight:500}"
    "thead th{font-weight:600;vertical-align:bottom}"
    ".grid-of-places{width:100%}.grid-of-places td.off{color:var(--soft)}"
    ".h1{background:rgba(var(--heat),.08)}.h2{background:rgba(var(--heat),.16)}"
    ".h3{background:rgba(var(--heat),.25)}.h4{background:rgba(var(--heat),.34)}"
    "ol.stories{padding:0;margin:1rem 0;list-style:none;counter-reset:s}"
    "ol.stories>li{counter-increment:s;background:var(--card);border:1px solid var(--line);"
    "border-radius:.6rem;padding:.8rem 1rem .8rem 3.2rem;margin:.6rem 0;position:relative}"
    "ol.stories>li::before{content:counter(s);position:absolute;left:1rem;top:.75rem;"
    "font-size:1.3rem;font-weight:600;color:var(--soft)}"
    ".meter{height:.55rem;border-radius:.3rem;background:var(--line);margin:.5rem 0;"
    "overflow:hidden}.meter span{display:block;float:left;height:100%;background:var(--bar)}"
    ".meter .copy{background:var(--alarm)}"
    ".strip{white-space:nowrap;letter-spacing:1px}.strip i{display:inline-block;width:5px;"
    "height:1rem;margin-right:1px;vertical-align:-.15rem;border-bottom:1px solid var(--soft)}"
    ".strip .l1{background:linear-gradient(transparent 55%,var(--bar) 55%)}"
    ".strip .l2{background:var(--bar)}"
    ".quiet{color:var(--alarm);font-weight:600}"
    "footer{padding-bottom:3rem}footer ul{padding-left:1.1rem}"
    "@media print{:root{--ground:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb}"
    "body{font-size:10.5pt}main,header,footer{max-width:none;padding:0}"
    ".card,figure,ol.stories>li,tr{break-inside:avoid}.skip{display:none}"
    "a::after{content:' <' attr(href) '>';font-size:.8em}}";

static void paragraph(struct markup *page, const char *class_name, struct str text)
{
    if (text.n)
        markup_leaf(page, "p", class_name, text);
}

static void item(struct markup *page, struct str text)
{
    if (text.n)
        markup_leaf(page, "li", NULL, text);
}

static void section(struct markup *page, const struct teller *teller, enum word word,
                    const char *id)
{
    markup_open(page, "section");
    markup_attr(page, "aria-labelledby", str_of(id));
    markup_open(page, "h2");
    markup_attr(page, "id", str_of(id));
    markup_text(page, TELL_WORD(teller, word));
    markup_close(page);
}

static void open_class(struct markup *page, const char *element, const char *class_name)
{
    markup_open(page, element);
    markup_attr(page, "class", str_of(class_name));
}

static void head_cell(struct markup *page, const char *scope, struct str text)
{
    markup_open(page, "th");
    markup_attr(page, "scope", str_of(scope));
    markup_text(page, text);
    markup_close(page);
}

struct legend_entry {
    const char *class_name;
    enum word word;
};

static void legend(const struct teller *teller, const struct legend_entry *entries, size_t n,
                   struct markup *page)
{
    open_class(page, "ul", "key");
    for (size_t i = 0; i < n; i++) {
        markup_open(page, "li");
        open_class(page, "span", entries[i].class_name);
        markup_attr(page, "aria-hidden", STR("true"));
        markup_close(page);
        markup_text(page, TELL_WORD(teller, entries[i].word));
        markup_close(page);
    }
    markup_close(page);
}

static void write_head(const struct teller *teller, struct markup *page)
{
    const struct brief_facts *facts = teller->facts;
    static const struct legend_entry days_key[] = {{"k1", W_LEGEND_SHOWN},
                                                   {"k2", W_LEGEND_HIDDEN},
                                                   {"k3", W_LEGEND_EMPTY},
                                                   {"k4", W_LEGEND_USUAL}};
    struct chart chart = {.title = TELL_WORD(teller, W_HEARD_CHART),
                          .trend = {facts->heard, NULL, THE_CITY}};

    markup_open(page, "header");
    markup_leaf(page, "h1", NULL, tell_title(teller));
    paragraph(page, "range", tell_range(teller));
    if (facts->replayed)
        paragraph(page, "soft", TELL_WORD(teller, W_REPLAYED));
    paragraph(page, "lead", tell_summary(teller));
    open_class(page, "ul", "figures");
    item(page, tell_heard(teller, &facts->day_counts, W_HEARD_DAY));
    item(page, tell_heard(teller, &facts->week_counts, W_HEARD_WEEK));
    markup_close(page);
    chart_write(teller, &chart, page);
    legend(teller, days_key, sizeof days_key / sizeof *days_key, page);
    markup_close(page);
}

static void write_titles(const struct teller *teller, const struct told_story *story,
                         struct markup *page)
{
    if (!story->title_count)
        return;
    paragraph(page, "soft", TELL_WORD(teller, W_PUBLISHED));
    open_class(page, "ul", "facts");
    for (size_t i = 0; i < story->title_count; i++) {
        const struct told_title *title = &story->titles[i];

        markup_open(page, "li");
        markup_open(page, title->url.n ? "a" : "span");
        if (title->url.n) {
            markup_attr(page, "href", title->url);
            markup_attr(page, "rel", STR("noreferrer"));
        }
        markup_leaf(page, "bdi", NULL, tell_words(teller, title->title));
        markup_close(page);
        markup_text(page, STR(" – "));
        markup_text(page, title->publisher);
        markup_text(page, STR(", "));
        markup_text(page, tell_day(teller, title->day));
        markup_close(page);
    }
    markup_close(page);
}

static void write_rise(const struct teller *teller, const struct told_rise *rise, int serial,
                       struct markup *page)
{
    struct str name = rise->topic         ? tell_topic(teller, rise->topic)
                      : rise->story_count ? tell_story_label(teller, &rise->stories[0])
                                          : TELL_WORD(teller, W_UNNAMED);
    struct chart chart = {
        .title = TELL(teller, W_CHART_TITLE, name, tell_place(teller, rise->trend_place)),
        .trend = tell_trend_of_rise(rise),
        .serial = serial,
    };

    open_class(page, "article", rise->rising ? "card rising" : "card");
    open_class(page, "div", "row");
    markup_leaf(page, "h3", NULL, tell_rise_title(teller, rise));
    markup_leaf(page, "span", "tag", tell_rise_tag(teller, rise));
    markup_close(page);
    paragraph(page, "people", tell_rise_people(teller, rise));
    open_class(page, "ul", "facts");
    item(page, tell_sure(teller, rise->q_at_most));
    item(page, tell_rise_counts(teller, rise));
    item(page, tell_rise_sources(teller, rise));
    item(page, tell_rise_since(teller, rise));
    item(page, tell_rise_places(teller, rise));
    item(page, tell_rise_wards(teller, rise));
    item(page, tell_rise_why(teller, rise));
    markup_close(page);
    for (size_t i = 0; i < rise->story_count; i++)
        if (rise->stories[i].phrase_count)
            markup_leaf(page, "blockquote", NULL, tell_phrases(teller, &rise->stories[i]));
    chart_write(teller, &chart, page);
    for (size_t i = 0; i < rise->story_count; i++)
        write_titles(teller, &rise->stories[i], page);
    markup_close(page);
}

static void write_rising(const struct teller *teller, struct markup *page)
{
    const struct brief_facts *facts = teller->facts;

    section(page, teller, W_S_RISING, "rising");
    if (!facts->rise_count)
        paragraph(page, NULL, TELL_WORD(teller, W_RISE_NONE));
    for (size_t i = 0; i < facts->rise_count; i++)
        write_rise(teller, &facts->rises[i], (int)i + 1, page);
    paragraph(page, NULL, tell_score(teller));
    markup_close(page);
}

/* Shades by share of the largest of the row's groups: shown numbers alone have one. */
static const char *heat(const struct released *number, uint32_t most)
{
    static const char *const classes[] = {"h1", "h2", "h3", "h4"};
    uint32_t at;

    if (!tell_shown(number))
        return "off";
    at = most ? (uint32_t)((uint64_t)released_number(number) * 4 / most) : 0;
    return classes[at > 3 ? 3 : at];
}

static void write_topic(const struct teller *teller, const struct told_topic *topic,
                        struct markup *page)
{
    const struct brief_facts *facts = teller->facts;
    uint32_t most = 0;

    for (size_t i = 0; i < facts->group_count; i++)
        if (tell_shown(topic->groups[i]) && released_number(topic->groups[i]) > most)
            most = released_number(topic->groups[i]);
    markup_open(page, "tr");
    head_cell(page, "row", tell_topic(teller, topic->topic));
    markup_leaf(page, "td", tell_shown(topic->city) ? NULL : "off", tell_city_sum(teller, topic));
    for (size_t i = 0; i < facts->group_count; i++)
        markup_leaf(page, "td", heat(topic->groups[i], most), tell_sum(teller, topic, i));
    markup_close(page);
}

static void write_where(const struct teller *teller, struct markup *page)
{
    const struct brief_facts *facts = teller->facts;

    section(page, teller, W_S_WHERE, "where");
    if (!facts->has_week) {
        paragraph(page, NULL, TELL_WORD(teller, W_WHERE_NONE));
        markup_close(page);
        return;
    }
    open_class(page, "div", "scroll");
    markup_attr(page, "tabindex", STR("0"));
    markup_attr(page, "role", STR("region"));
    markup_attr(page, "aria-labelledby", STR("where"));
    open_class(page, "table", "grid-of-places");
    markup_leaf(page, "caption", NULL, TELL(teller, W_WHERE_LEAD, tell_week(teller, facts->week)));
    markup_open(page, "thead");
    markup_open(page, "tr");
    head_cell(page, "col", TELL_WORD(teller, W_TOPIC));
    head_cell(page, "col", TELL_WORD(teller, W_CITY));
    for (size_t i = 0; i < facts->group_count; i++)
        head_cell(page, "col", tell_place(teller, facts->groups[i]));
    markup_close(page);
    markup_close(page);
    markup_open(page, "tbody");
    for (size_t i = 0; i < facts->topic_count; i++)
        write_topic(teller, &facts->topics[i], page);
    markup_close(page);
    markup_close(page);
    markup_close(page);
    paragraph(page, "soft", tell_where_key(teller));
    if (facts->topics_hidden)
        paragraph(page, "soft",
                  TELL(teller, W_WHERE_HIDDEN, tell_plain(teller, facts->topics_hidden)));
    markup_close(page);
}

static void meter_part(struct markup *page, const char *class_name, uint64_t part, uint64_t whole)
{
    char style[32];

    snprintf(style, sizeof style, "width:%u%%", whole ? (unsigned)(part * 100 / whole) : 0);
    open_class(page, "span", class_name);
    markup_attr(page, "style", str_of(style));
    markup_close(page);
}

/* Messages to one scale, copies in the colour of alarm; the sentence below says the same. */
static void write_meter(const struct told_counts *counts, uint64_t most, struct markup *page)
{
    uint32_t messages = released_number(counts->messages);
    uint32_t copies = tell_shown(counts->copies) ? released_number(counts->copies) : 0;

    open_class(page, "div", "meter");
    markup_attr(page, "aria-hidden", STR("true"));
    meter_part(page, "own", messages - copies, most);
    meter_part(page, "copy", copies, most);
    markup_close(page);
}

static void write_story(const struct teller *teller, const struct told_story *story, uint64_t most,
                        struct markup *page)
{
    markup_open(page, "li");
    open_class(page, "div", "row");
    markup_leaf(page, "h3", NULL, tell_story_label(teller, story));
    if (story->topic && story->phrase_count)
        markup_leaf(page, "span", "tag", tell_topic(teller, story->topic));
    if (story->campaign) {
        open_class(page, "span", "tag campaign");
        markup_text(page, TELL_WORD(teller, W_SHARE_COPIES));
        markup_close(page);
    }
    markup_close(page);
    write_meter(&story->counts, most, page);
    paragraph(page, NULL, tell_story_counts(teller, story));
    if (story->campaign)
        paragraph(page, story->few ? "quiet" : NULL, tell_campaign(teller, story));
    paragraph(page, "soft", tell_phrases(teller, story));
    write_titles(teller, story, page);
    markup_close(page);
}

static void write_talked(const struct teller *teller, struct markup *page)
{
    const struct brief_facts *facts = teller->facts;
    static const struct legend_entry meter_key[] = {{"k1", W_LEGEND_OWN}, {"k5", W_LEGEND_COPY}};
    uint64_t most = 0;

    for (size_t i = 0; i < facts->story_count; i++)
        if (released_number(facts->stories[i].counts.messages) > most)
            most = released_number(facts->stories[i].counts.messages);
    section(page, teller, W_S_TALKED, "talked");
    if (!facts->story_count)
        paragraph(page, NULL, TELL(teller, W_TALKED_NONE, tell_plain(teller, facts->k)));
    else
        paragraph(page, "soft", TELL(teller, W_TALKED_LEAD, tell_week(teller, facts->week)));
    if (facts->story_count)
        legend(teller, meter_key, sizeof meter_key / sizeof *meter_key, page);
    open_class(page, "ol", "stories");
    for (size_t i = 0; i < facts->story_count; i++)
        write_story(teller, &facts->stories[i], most, page);
    markup_close(page);
    markup_close(page);
}

static void write_source(const struct teller *teller, const struct told_source *source,
                         struct markup *page)
{
    static const char *const levels[] = {"l0", "l1", "l2"};

    markup_open(page, "tr");
    head_cell(page, "row", source->title);
    markup_leaf(page, "td", source->hearing == HEARD_USUAL ? NULL : "quiet",
                tell_source(teller, source));
    markup_leaf(page, "td", NULL,
                source->hearing == HEARD_NEVER ? TELL_WORD(teller, W_NEVER)
                                               : tell_day(teller, source->last_day));
    open_class(page, "td", "strip");
    open_class(page, "span", "days");
    markup_attr(page, "aria-hidden", STR("true"));
    for (int i = 0; i < TREND_DAYS; i++) {
        open_class(page, "i", levels[source->days[i]]);
        markup_close(page);
    }
    markup_close(page);
    markup_close(page);
    markup_close(page);
}

static void write_unheard(const struct teller *teller, struct markup *page)
{
    static const enum word columns[] = {W_SOURCE, W_STATE, W_LAST_HEARD, W_LAST_DAYS};
    const struct brief_facts *facts = teller->facts;
    struct str notes[TOLD_NOTES];
    size_t n = tell_unheard(teller, notes);

    section(page, teller, W_S_UNHEARD, "unheard");
    if (!facts->quiet_sources)
        paragraph(page, NULL, TELL_WORD(teller, W_UNHEARD_OK));
    open_class(page, "div", "scroll");
    open_class(page, "table", "words");
    markup_open(page, "thead");
    markup_open(page, "tr");
    for (int i = 0; i < 4; i++)
        head_cell(page, "col", TELL_WORD(teller, columns[i]));
    markup_close(page);
    markup_close(page);
    markup_open(page, "tbody");
    for (size_t i = 0; i < facts->source_count; i++)
        write_source(teller, &facts->sources[i], page);
    markup_close(page);
    markup_close(page);
    markup_close(page);
    open_class(page, "ul", "facts");
    for (size_t i = 0; i < n; i++)
        item(page, notes[i]);
    markup_close(page);
    markup_close(page);
}

static void write_how(const struct teller *teller, struct markup *page)
{
    struct str notes[TOLD_NOTES];
    size_t n = tell_how(teller, notes);

    markup_open(page, "footer");
    section(page, teller, W_S_HOW, "how");
    open_class(page, "ul", "soft");
    for (size_t i = 0; i < n; i++)
        item(page, notes[i]);
    markup_close(page);
    markup_close(page);
    markup_close(page);
}

static void write_document_head(const struct teller *teller, struct markup *page)
{
    static const char *const metas[][2] = {
        {"viewport", "width=device-width, initial-scale=1"},
        {"color-scheme", "light dark"},
        {"referrer", "no-referrer"},
    };

    markup_open(page, "head");
    markup_void(page, "meta");
    markup_attr(page, "charset", STR("utf-8"));
    for (size_t i = 0; i < sizeof metas / sizeof *metas; i++) {
        markup_void(page, "meta");
        markup_attr(page, "name", str_of(metas[i][0]));
        markup_attr(page, "content", str_of(metas[i][1]));
    }
    markup_leaf(page, "title", NULL, tell_title(teller));
    markup_style(page, css);
    markup_close(page);
}

void brief_html(const struct teller *teller, struct buf *out)
{
    struct markup page = {.out = out};

    buf_add(out, STR("<!DOCTYPE html>\n"));
    markup_open(&page, "html");
    markup_attr(&page, "lang", teller->english ? STR("en") : STR("vi"));
    write_document_head(teller, &page);
    markup_open(&page, "body");
    write_head(teller, &page);
    markup_open(&page, "main");
    write_rising(teller, &page);
    write_where(teller, &page);
    write_talked(teller, &page);
    write_unheard(teller, &page);
    markup_close(&page);
    write_how(teller, &page);
    markup_close(&page);
    markup_close(&page);
    buf_add_byte(out, '\n');
}
