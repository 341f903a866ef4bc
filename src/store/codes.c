/* codes.c - indexes of the settings to numbers at rest and back; see codes.h. */
#include "store/codes.h"

#include "base/err.h"
#include "base/vec.h"

static struct str code_of(const struct settings *settings, enum code_kind kind, uint32_t index)
{
    switch (kind) {
    case CODE_PLACE:
        return settings->places.places[index].code;
    case CODE_TOPIC:
        return settings->topics.topics[index].code;
    case CODE_SOURCE:
        return settings->sources[index].name;
    }
    return STR("");
}

static uint32_t known_number(const struct code_row *known, size_t n, enum code_kind kind,
                             struct str code)
{
    for (size_t i = 0; i < n; i++)
        if (known[i].kind == kind && str_eq(known[i].code, code))
            return known[i].number;
    return 0;
}

/* Gives a number to each index of one kind; what the store does not know gets the next ones. */
static void join_kind(struct codes *codes, enum code_kind kind, const struct code_row *known,
                      size_t n, struct arena *process)
{
    uint32_t count = codes->count[kind], next = 1;
    uint32_t *number = arena_array(process, count, sizeof *number);

    for (size_t i = 0; i < n; i++)
        if (known[i].kind == kind && known[i].number >= next)
            next = known[i].number + 1;
    for (uint32_t i = 1; i < count; i++) {
        number[i] = known_number(known, n, kind, code_of(codes->settings, kind, i));
        if (!number[i])
            number[i] = next++;
    }
    codes->number_of[kind] = number;
    codes->numbers[kind] = next;
    codes->index_of[kind] = arena_array(process, next, sizeof(uint32_t));
    for (uint32_t i = 1; i < next; i++)
        codes->index_of[kind][i] = CODE_GONE;
    for (uint32_t i = 1; i < count; i++)
        codes->index_of[kind][number[i]] = i;
}

void codes_join(struct codes *codes, const struct settings *settings, const struct code_row *known,
                size_t n, struct arena *process)
{
    *codes = (struct codes){.settings = settings};
    codes->count[CODE_PLACE] = settings->places.n ? settings->places.n : 1;
    codes->count[CODE_TOPIC] = settings->topics.n ? settings->topics.n : 1;
    codes->count[CODE_SOURCE] = settings->source_count ? settings->source_count : 1;
    for (int kind = 0; kind < CODE_KINDS; kind++)
        join_kind(codes, (enum code_kind)kind, known, n, process);
}

size_t codes_fresh(const struct codes *codes, const struct code_row *known, size_t n,
                   struct arena *scratch, struct code_row **fresh)
{
    VEC(struct code_row) rows = {0};

    for (enum code_kind kind = CODE_PLACE; kind <= CODE_SOURCE; kind++)
        for (uint32_t i = 1; i < codes->count[kind]; i++) {
            struct str code = code_of(codes->settings, kind, i);

            if (!known_number(known, n, kind, code))
                *vec_push(&rows, scratch) =
                    (struct code_row){kind, codes->number_of[kind][i], code};
        }
    *fresh = rows.v;
    return rows.n;
}

uint32_t code_number(const struct codes *codes, enum code_kind kind, uint32_t index)
{
    MUST(index < codes->count[kind]);
    return codes->number_of[kind][index];
}

uint32_t code_index(const struct codes *codes, enum code_kind kind, uint32_t number)
{
    return number < codes->numbers[kind] ? codes->index_of[kind][number] : CODE_GONE;
}
