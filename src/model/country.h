/* country.h - the gazetteer of one province of Viet Nam, or of all of it, from the national table.
 *
 * Table: data/places.tsv, which tools/places makes; data/SOURCE describes its columns.  Its rows
 * are told apart by their codes: two digits are a province, three a district (there are none since
 * 2025-07-01), five a ward; "o" before a code stands for the unit that had it until 2025-07-01, "n"
 * for the one that had it until 2026-04-30, since official codes are given again.
 *
 * The desk of a province counts its wards of today, in groups: the former districts, since people
 * go on saying "quận 3"; each ward is in the one that gave most of it.  The desk of the country
 * ("VN") counts provinces and their wards.  Everything else is known by name: former units, and for
 * a province the other provinces and their districts.  Cost: linear, some 20 ms.  Pure.
 */
#ifndef MODEL_COUNTRY_H
#define MODEL_COUNTRY_H

#include "model/place.h"

/* Is it meant as a code, not as the name of a file?  "VN", or digits. */
bool country_is_code(struct str code);
/* Views in *out point into `bytes`, which must live as long; arrays live in `process`.  RC_USAGE:
 * no province of today has that code.  RC_BAD: the table is no such table; names the line. */
enum rc country_cut(struct str bytes, struct str code, struct arena *process, struct gazetteer *out,
                    struct err *err);

#endif
