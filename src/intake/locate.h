/* locate.h - from what people write to a place of the gazetteer, never finer than the ward.
 *
 * "phường Bến Đò", "p. ben do", "P12 PN", "xã X huyện Y" and names from before a merger resolve to
 * the unit of today, with a probability.  Every place that bears a name is a candidate, weighed by
 * the cue before the name, its diacritics, whether the unit still exists, and the other places the
 * text names: a district speaks for its wards and against all others.  What cannot be told apart
 * goes to the smallest unit that holds it: "phường 5" alone is a ward of the city, no more.  A bare
 * name needs its diacritics; one that is an ordinary word needs a cue, or the unit around it beside
 * it.  A text that speaks of another city's places has none here.  In a `place` field every name
 * counts.  Probabilities were set by hand and measured (test/eval/places).  Cost: that of
 * mention.h, and for each of at most 12 mentions its candidates times those of the others.  Pure.
 */
#ifndef INTAKE_LOCATE_H
#define INTAKE_LOCATE_H

#include "model/place.h"
#include "text/token.h"

struct locator;

struct located {
    uint32_t place;     /* 0: nowhere, or somewhere else */
    double probability; /* that the text speaks of it, 0 to 1 in hundredths; 0 when place is 0 */
};

/* Lives in `process`, its tables until locator_free; `gazetteer` must live as long. */
struct locator *locator_new(const struct gazetteer *gazetteer, struct arena *process);
void locator_free(struct locator *locator);
/* A `place` field: a code or a name. */
struct located locate_field(const struct locator *locator, struct text field,
                            struct arena *scratch);
/* The one place that a text speaks of: of a place and one that contains it, the finer; of places
 * that differ, what holds them all. */
struct located locate_text(const struct locator *locator, struct text text,
                           const struct tokens *tokens);

#endif
