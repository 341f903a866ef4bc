/* chart.c - drawing four weeks of days; see chart.h. */
#include "publish/chart.h"

#include <stdio.h>

/* In the units of the view box. */
enum { WIDTH = 640, HEIGHT = 168, LEFT = 44, RIGHT = 8, TOP = 10, BOTTOM = 26 };

static double plot_width(void)
{
    return WIDTH - LEFT - RIGHT;
}

static double x_of(int day)
{
    return LEFT + plot_width() * day / TREND_DAYS;
}

static double y_of(double people, double top)
{
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * people / top;
}

/* The first of 1, 2, 5 x 10^n that is not below `most`. */
static double round_up(double most)
{
    double step = 10;

    for (;;) {
        const double steps[] = {step, 2 * step, 2.5 * step, 5 * step};

        for (int i = 0; i < 4; i++)
            if (steps[i] >= most)
                return steps[i];
        step *= 10;
    }
}

static double top_of(const struct chart *chart)
{
    double most = chart->trend.usual ? released_number(chart->trend.usual) : 0;

    for (int i = 0; i < TREND_DAYS; i++)
        if (tell_shown(chart->trend.days[i].voices) &&
            released_upper(chart->trend.days[i].voices) > most)
            most = released_upper(chart->trend.days[i].voices);
    return round_up(most);
}

static void line(struct markup *page, const char *class_name, const double at[4])
{
    markup_open(page, "line");
    markup_attr(page, "class", str_of(class_name));
    markup_number(page, "x1", at[0]);
    markup_number(page, "y1", at[1]);
    markup_number(page, "x2", at[2]);
    markup_number(page, "y2", at[3]);
    markup_close(page);
}

static void box(struct markup *page, const char *class_name, const double at[4])
{
    markup_open(page, "rect");
    markup_attr(page, "class", str_of(class_name));
    markup_number(page, "x", at[0]);
    markup_number(page, "y", at[1]);
    markup_number(page, "width", at[2]);
    markup_number(page, "height", at[3]);
}

static void label(struct markup *page, double x, double y, const char *anchor, struct str text)
{
    markup_open(page, "text");
    markup_number(page, "x", x);
    markup_number(page, "y", y);
    markup_attr(page, "text-anchor", str_of(anchor));
    markup_text(page, text);
    markup_close(page);
}

static struct str name_of(const struct teller *teller, char letter, int serial)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%c%d", letter, serial);

    return (struct str){arena_copy(teller->job, text, (size_t)n), (size_t)n};
}

static void draw_hatch(const struct teller *teller, int serial, struct markup *page)
{
    const double stroke[4] = {0, 0, 0, 6};

    markup_open(page, "defs");
    markup_open(page, "pattern");
    markup_attr(page, "id", name_of(teller, 'h', serial));
    markup_number(page, "width", 6);
    markup_number(page, "height", 6);
    markup_attr(page, "patternUnits", STR("userSpaceOnUse"));
    markup_attr(page, "patternTransform", STR("rotate(45)"));
    line(page, "hatch", stroke);
    markup_close(page);
    markup_close(page);
}

static void draw_scale(const struct teller *teller, double top, struct markup *page)
{
    for (int i = 0; i <= 2; i++) {
        double y = y_of(top * i / 2, top);
        const double at[4] = {LEFT, y, WIDTH - RIGHT, y};

        line(page, i ? "grid" : "axis", at);
        label(page, LEFT - 6, y + 4, "end", tell_plain(teller, (uint64_t)(top * i / 2)));
    }
}

static void draw_day(const struct teller *teller, const struct chart *chart, int day, double top,
                     struct markup *page)
{
    const struct released *voices = chart->trend.days[day].voices;
    double left = x_of(day) + 1.5, width = plot_width() / TREND_DAYS - 3;
    char fill[24];

    if (!voices)
        return;
    if (!tell_shown(voices)) {
        const double all[4] = {x_of(day), TOP, plot_width() / TREND_DAYS, HEIGHT - TOP - BOTTOM};

        box(page, "hidden", all);
        snprintf(fill, sizeof fill, "url(#h%d)", chart->serial);
        markup_attr(page, "fill", str_of(fill));
    } else {
        double y = y_of(released_number(voices), top);
        const double bar[4] = {left, y, width, HEIGHT - BOTTOM - y};

        box(page, "bar", bar);
        markup_attr(page, "rx", STR("1.5"));
    }
    markup_leaf(page, "title", NULL,
                TELL(teller, W_PLACE_PEOPLE, tell_day(teller, chart->trend.days[day].day),
                     tell_number(teller, voices)));
    markup_close(page);
    if (tell_shown(voices) && released_kind(voices) == RELEASED_RANGE) {
        double x = left + width / 2;
        const double whisker[4] = {x, y_of(released_number(voices), top), x,
                                   y_of(released_upper(voices), top)};

        line(page, "whisker", whisker);
    }
}

static void draw(const struct teller *teller, const struct chart *chart, struct str sentence,
                 struct markup *page)
{
    double top = top_of(chart);
    char names[48];

    snprintf(names, sizeof names, "t%d d%d", chart->serial, chart->serial);
    markup_open(page, "svg");
    markup_attr(page, "viewBox", STR("0 0 640 168"));
    markup_attr(page, "role", STR("img"));
    markup_attr(page, "aria-labelledby", str_of(names));
    markup_open(page, "title");
    markup_attr(page, "id", name_of(teller, 't', chart->serial));
    markup_text(page, chart->title);
    markup_close(page);
    markup_open(page, "desc");
    markup_attr(page, "id", name_of(teller, 'd', chart->serial));
    markup_text(page, sentence);
    markup_close(page);
    draw_hatch(teller, chart->serial, page);
    draw_scale(teller, top, page);
    for (int i = 0; i < TREND_DAYS; i++)
        draw_day(teller, chart, i, top, page);
    for (int i = TREND_DAYS - 1; i >= 0; i -= 7) {
        bool last = i == TREND_DAYS - 1; /* a long date must not run out of the picture */
        double x = x_of(i) + plot_width() / TREND_DAYS / (last ? 1 : 2);

        label(page, x, HEIGHT - 8, last ? "end" : "middle",
              tell_day(teller, chart->trend.days[i].day));
    }
    if (chart->trend.usual) {
        double y = y_of(released_number(chart->trend.usual), top);
        const double at[4] = {LEFT, y, WIDTH - RIGHT, y};

        line(page, tell_shown(chart->trend.usual) ? "usual" : "usual below", at);
    }
    markup_close(page);
}

static void write_table(const struct teller *teller, const struct chart *chart, struct markup *page)
{
    markup_open(page, "details");
    markup_leaf(page, "summary", NULL, TELL_WORD(teller, W_CHART_TABLE));
    markup_open(page, "table");
    markup_attr(page, "class", STR("numbers"));
    markup_leaf(page, "caption", NULL, chart->title);
    markup_open(page, "thead");
    markup_open(page, "tr");
    for (int i = 0; i < 2; i++) {
        markup_open(page, "th");
        markup_attr(page, "scope", STR("col"));
        markup_text(page, TELL_WORD(teller, i ? W_PEOPLE_COLUMN : W_DAY));
        markup_close(page);
    }
    markup_close(page);
    markup_close(page);
    markup_open(page, "tbody");
    for (int i = 0; i < TREND_DAYS; i++) {
        const struct released *voices = chart->trend.days[i].voices;

        markup_open(page, "tr");
        markup_open(page, "th");
        markup_attr(page, "scope", STR("row"));
        markup_text(page, tell_long_day(teller, chart->trend.days[i].day));
        markup_close(page);
        markup_leaf(page, "td", NULL,
                    !voices              ? TELL_WORD(teller, W_NOTHING_CELL)
                    : tell_shown(voices) ? tell_cell(teller, voices)
                                         : TELL(teller, W_HIDDEN_CELL, tell_cell(teller, voices)));
        markup_close(page);
    }
    markup_close(page);
    markup_close(page);
    markup_close(page);
}

static bool any_shown(const struct chart *chart)
{
    for (int i = 0; i < TREND_DAYS; i++)
        if (tell_shown(chart->trend.days[i].voices))
            return true;
    return false;
}

void chart_write(const struct teller *teller, const struct chart *chart, struct markup *page)
{
    struct str sentence = tell_trend(teller, &chart->trend);

    if (!any_shown(chart)) {
        markup_leaf(page, "p", "soft", sentence);
        return;
    }
    markup_open(page, "figure");
    draw(teller, chart, sentence, page);
    markup_open(page, "figcaption");
    markup_leaf(page, "p", NULL, sentence);
    markup_close(page);
    write_table(teller, chart, page);
    markup_close(page);
}
