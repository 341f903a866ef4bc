/* locate.h - from what people write to a place of the gazetteer, never finer than the ward.
 *
 * "phường Bến Đò", "p. ben do", "P.Bến Đò" and a name from before a merger resolve to the current
 * ward.  In running text a bare name counts only behind a cue of its level (phường, p., xã, khu
 * vực, quận, tp…) or when it has at least two syllables and its diacritics are written; in a
 * `place` field every name counts.  An alias that is written with a cue ("quận Tây") counts behind
 * a cue alone.  Method: a lexicon of names without their cues; a hit that is written exactly wins
 * over one that only folds to the same.  Cost: that of lexicon.h.  Pure.
 */
#ifndef INTAKE_LOCATE_H
#define INTAKE_LOCATE_H

#include "model/place.h"
#include "text/lexicon.h"

struct locator;

/* Lives in `process`, its tables until locator_free; `gazetteer` must live as long. */
struct locator *locator_new(const struct gazetteer *gazetteer, struct arena *process);
void locator_free(struct locator *locator);
/* A `place` field: a code or a name.  0 when it resolves to nothing. */
uint32_t locate_field(const struct locator *locator, struct text field, struct arena *scratch);
/* The one place that a text speaks of: of a place and one that contains it, the finer.  0 when
 * none, or when it names two that differ. */
uint32_t locate_text(const struct locator *locator, struct text text, const struct tokens *tokens);

#endif
