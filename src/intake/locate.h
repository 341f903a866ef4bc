/* locate.h - from what people write to a place of the gazetteer, never finer than the ward.
 *
 * "phường Bến Đò", "p. ben do", "P.Bến Đò" and a name from before a merger resolve to the current
 * ward.  In running text a ward's bare name counts only behind a cue (phường, p., xã, khu vực…) or
 * when the name has at least two syllables and its diacritics are written.  Pure.
 */
#ifndef INTAKE_LOCATE_H
#define INTAKE_LOCATE_H

#include "model/place.h"
#include "text/lexicon.h"

struct locator;

/* Lives in `process`; `gazetteer` must live as long. */
struct locator *locator_new(const struct gazetteer *gazetteer, struct arena *process);
/* A `place` field: a code or a name.  0 when it resolves to nothing. */
uint32_t locate_field(const struct locator *locator, struct text field, struct arena *scratch);
/* The one place that a text speaks of; 0 when none, or when it names two that differ. */
uint32_t locate_text(const struct locator *locator, struct text text, const struct tokens *tokens);

#endif
