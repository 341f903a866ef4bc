/* services.h - which service a text names, by the cue phrases of the public table of topics.
 *
 * Every phrase found votes for its service with its syllables; most votes win, a tie is nobody's.
 * Phrases are found whatever the case and the marks (text/lexicon.h), and then looked at: a
 * syllable that has marks must have the letters of the phrase's, tones aside, which many people
 * confuse ("vĩa hè" is "vỉa hè", but "ở ga" is no "ổ gà" and "sơ đồ" no "sổ đỏ"); names of places
 * and what is written like a name ("cầu Đò Ngang") name no service.
 */
#ifndef ENGINE_SERVICES_H
#define ENGINE_SERVICES_H

#include "base/vec.h"
#include "model/settings.h"
#include "text/lexicon.h"

struct services {
    struct lexicon lexicon; /* -> index of the cue + 1 */
    VEC(struct cue) cues;
};

/* The cues live in `process`, the lexicon until services_free. */
void services_init(struct services *services, const struct settings *settings,
                   struct arena *process);
void services_free(struct services *services);
/* The topic of the service that most cue phrases name; 0 when none or undecided.  `tokens` are of
 * `text`. */
uint32_t services_topic(const struct services *services, struct text text,
                        const struct tokens *tokens, struct arena *scratch);

#endif
