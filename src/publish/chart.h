/* chart.h - a chart of days as SVG, with its sentence and its table.
 *
 * Heights come from released numbers alone.  A day that is not told is hatched over the whole
 * height, so that it is neither zero nor small; a day on which nothing was heard is left blank.
 */
#ifndef PUBLISH_CHART_H
#define PUBLISH_CHART_H

#include "publish/markup.h"
#include "publish/telling.h"

struct chart {
    struct str title;
    struct told_trend trend; /* `usual` is drawn as a dashed line */
    int serial;              /* different for each chart of a page: makes its ids */
};

/* A <figure>: svg with title and description, the sentence, the table.  The sentence alone when no
 * day is told. */
void chart_write(const struct teller *teller, const struct chart *chart, struct markup *page);

#endif
