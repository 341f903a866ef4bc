/* locate.c - weighing the places that a text may speak of; see locate.h.
 *
 * Each mention (mention.h) has candidates with weights, and a belief that it names a place at all.
 * Then, from districts down to wards, a candidate loses weight for each other mention whose own
 * candidates above it do not hold it: in full where the two stand side by side ("P12 PN"), less
 * where they are apart.  A mention that holds another one's best candidate is its address and steps
 * back.  What is left is mixed by belief, and the finest unit with half of the whole is the answer.
 * Sums run in the order of the text, so the same text gives the same bits.
 */
#include "intake/locate.h"

#include "intake/mention.h"

enum { MENTIONS_MAX = 12, CANDIDATES_MAX = 256, PLACES_MAX = 64, THE_CITY = 1 };

#define ENOUGH 0.5         /* an answer is at least this likely */
#define CONTRADICTED 0.001 /* what a candidate keeps at least */
#define UNLISTED 0.02      /* that a place is meant which bears the name and is not in the table */
#define DATED 0.3    /* of wards of today beside former ones of one name, and the other way round */
#define HARDLY 0.1   /* a word that is as good as no name, unless a container stands beside it */
#define BESIDE 0.998 /* how much a container counts side by side, one syllable apart, anywhere */
#define NEAR 0.99
#define APART 0.8

struct locator {
    const struct gazetteer *gazetteer;
    struct mention_index *index;
    uint32_t (*above)[PLACE_ABOVE]; /* [named]: the units that hold each place, then 0 */
};

struct candidate {
    uint32_t place;
    uint8_t rank; /* of variant.rank */
    double weight;
};

struct weighed {
    struct mention mention;
    struct candidate candidates[CANDIDATES_MAX];
    uint32_t n;
    uint8_t top;          /* highest rank of a candidate */
    double sum, unlisted; /* of all weights; of places that are not in the table */
    double belief;        /* that it names a place */
    bool initials, steps_back;
};

struct weighing {
    const struct locator *locator;
    bool field;    /* every name counts */
    bool unmarked; /* the text is written without diacritics */
    uint32_t n;
    struct weighed mentions[MENTIONS_MAX];
};

/* Masses of places of one level. */
struct masses {
    uint32_t n;
    uint32_t place[PLACES_MAX];
    double mass[PLACES_MAX];
};

struct locator *locator_new(const struct gazetteer *gazetteer, struct arena *process)
{
    struct locator *locator = arena_alloc(process, sizeof *locator);

    *locator = (struct locator){gazetteer, mention_index_new(gazetteer, process),
                                arena_array(process, gazetteer->named, sizeof *locator->above)};
    for (uint32_t place = 1; place < gazetteer->named; place++)
        place_above(gazetteer, place, locator->above[place]);
    return locator;
}

void locator_free(struct locator *locator)
{
    mention_index_free(locator->index);
}

static bool holds(const struct locator *locator, uint32_t large, uint32_t small)
{
    const uint32_t *above = locator->above[small];
    bool found = false;

    for (int i = 0; i < PLACE_ABOVE; i++)
        found |= above[i] == large;
    return found;
}

static const struct place *place_of(const struct weighing *weighing, const struct candidate *c)
{
    return &weighing->locator->gazetteer->places[c->place];
}

/* How well a way to write a place fits what is written; 0: not at all. */
static double weight_of(const struct weighing *weighing, const struct mention *mention,
                        const struct variant *variant, enum spelling spelling)
{
    static const double spelled[] = {0.02, 0.8, 1}, bare[] = {0, 0.05, 0.3, 1};
    const struct place *place = &weighing->locator->gazetteer->places[variant->place];
    double weight = spelled[spelling];

    if (mention->kinds)
        weight *= mention->kinds & variant->kinds ? 1 : 0.2;
    else
        weight *= bare[variant->rank];
    if (variant->initials && !variant->plain)
        weight *= 0.15;
    return place->level == LEVEL_NONE && variant->rank < 3 ? weight * 0.05 : weight;
}

/* What is left of the belief in a bare name by how it is spelled, and whether it is a word. */
static double spelled_belief(const struct weighing *weighing, const struct mention *mention,
                             const struct variant *variant, enum spelling spelling)
{
    static const double unmarked[] = {0, 0.3, 0.55, 0.75};
    static const double capital[] = {0, 0.65, 0.85, 0.95}, lower[] = {0, 0.55, 0.6, 0.85};
    enum place_name sort = weighing->locator->gazetteer->places[variant->place].sort;
    bool abbreviation = variant->plain && variant->syllables == 1,
         country = weighing->locator->gazetteer->country;
    double belief = mention->capital ? capital[variant->rank] : lower[variant->rank];

    if (variant->rank == 1 && country)
        belief *= mention->capital ? 0.9 : 0.4;
    if (spelling == SPELLING_PLAIN && !abbreviation) {
        belief = unmarked[variant->rank];
        if (!weighing->unmarked || sort == NAME_LIKE_WORD || variant->syllables == 1)
            belief *= 0.4;
    }
    if (sort != NAME_WORD)
        return belief;
    if (!mention->capital || spelling != SPELLING_EXACT)
        return belief * 0.15;
    return belief * (variant->rank > 1 ? 0.75 : 0.45);
}

/* That a name without a cue names a place, by the way it is written. */
static double bare_belief(const struct weighing *weighing, const struct mention *mention,
                          const struct variant *variant, enum spelling spelling)
{
    double belief = spelled_belief(weighing, mention, variant, spelling);

    if (variant->glued)
        return variant->rank > 1 ? 0.8 : 0.45;
    if (variant->initials) {
        belief = variant->plain ? 0.5 : mention->capital ? 0.35 : 0.2;
        return mention->after_at ? belief + 0.25 : belief;
    }
    if (mention->after_street || mention->after_name)
        belief *= 0.4;
    return mention->after_at ? belief + (1 - belief) * (belief > 0.2 ? 0.3 : 0.1) : belief;
}

static double belief_in(const struct weighing *weighing, const struct mention *mention,
                        const struct variant *variant, enum spelling spelling)
{
    double belief = weighing->field ? 0.95 : mention->short_cue ? 0.9 : 0.97;

    if (!mention->kinds && !weighing->field)
        return bare_belief(weighing, mention, variant, spelling);
    if (spelling == SPELLING_OTHER)
        belief *= mention->short_cue || variant->syllables < 2 ? 0.1 : 0.6;
    return belief;
}

/* May the variant stand for the mention? */
static bool is_candidate(const struct weighing *weighing, const struct mention *mention,
                         const struct variant *variant, enum spelling spelling)
{
    static const unsigned of_rank[] = {0, KINDS_WARD, KINDS_GROUP, KINDS_PROVINCE};

    if (mention->kinds)
        return mention->kinds & of_rank[variant->rank];
    return weighing->field || (!variant->only_cued && spelling != SPELLING_OTHER);
}

/* Of the ways to write one place, which stand side by side in a chain, the best counts. */
static void add_candidate(struct weighed *weighed, struct candidate candidate)
{
    struct candidate *last = weighed->n ? &weighed->candidates[weighed->n - 1] : NULL;

    if (last && last->place == candidate.place) {
        weighed->sum -= last->weight;
        last->weight = last->weight > candidate.weight ? last->weight : candidate.weight;
        weighed->sum += last->weight;
    } else if (weighed->n < CANDIDATES_MAX) {
        weighed->candidates[weighed->n++] = candidate;
        weighed->sum += candidate.weight;
    }
}

/* Fills the candidates of weighed->mention; false when it has none. */
static bool weigh(const struct weighing *weighing, struct weighed *weighed)
{
    const struct mention_index *index = weighing->locator->index;
    const struct mention *mention = &weighed->mention;
    const struct variant *variant;
    double best = 0;

    weighed->n = weighed->top = 0;
    weighed->sum = weighed->belief = 0;
    weighed->initials = weighed->steps_back = false;
    for (uint32_t v = mention->variant; v; v = variant->next) {
        enum spelling spelling;
        double weight;

        variant = mention_variant(index, v);
        spelling = mention_spelling(index, mention, variant);
        if (!is_candidate(weighing, mention, variant, spelling))
            continue;
        weight = weight_of(weighing, mention, variant, spelling);
        add_candidate(weighed, (struct candidate){variant->place, variant->rank, weight});
        weighed->top = variant->rank > weighed->top ? variant->rank : weighed->top;
        if (weight > best) {
            best = weight;
            weighed->belief = belief_in(weighing, mention, variant, spelling);
            weighed->initials = variant->initials;
        }
    }
    weighed->unlisted = UNLISTED * weighed->sum;
    return weighed->n > 0;
}

/* How much one mention counts as the container of another. */
static double trust(const struct weighed *of, const struct weighed *container)
{
    uint32_t gap = container->mention.begin >= of->mention.end
                       ? container->mention.begin - of->mention.end
                       : of->mention.begin - container->mention.end;

    if (container->mention.after_street && !container->mention.kinds)
        return 0;
    if (gap < 2)
        return gap ? NEAR : BESIDE;
    return container->initials && !container->mention.kinds ? 0 : APART * container->belief;
}

/* The share of a mention's weight that stands above `rank`, and of it what holds the place. */
static void count_above(const struct weighing *weighing, const struct weighed *container,
                        const struct candidate *c, double *above, double *holding)
{
    *above = *holding = 0;
    for (uint32_t i = 0; i < container->n; i++) {
        const struct candidate *d = &container->candidates[i];

        if (d->rank <= c->rank)
            continue;
        *above += d->weight;
        if (holds(weighing->locator, d->place, c->place))
            *holding += d->weight;
    }
    *above /= container->sum;
    *holding /= container->sum;
}

/* What is left of a candidate when another mention has spoken; *support is how much that holds it.
 */
static double left_of(const struct weighing *weighing, const struct weighed *of,
                      const struct candidate *c, const struct weighed *container, double *support)
{
    double above, holding, left, trusted = trust(of, container);

    count_above(weighing, container, c, &above, &holding);
    *support = holding;
    if (above == 0)
        return 1;
    if (trusted >= NEAR) /* side by side: not two wards */
        left = 1 - trusted * (1 - holding / above);
    else
        left = 1 - trusted * (above - holding);
    return left > CONTRADICTED ? left : CONTRADICTED;
}

/* The part of a mention's weight that is of places of another city. */
static double elsewhere(const struct weighing *weighing, const struct weighed *weighed)
{
    double sum = weighed->unlisted;

    for (uint32_t i = 0; i < weighed->n; i++)
        if (place_of(weighing, &weighed->candidates[i])->level == LEVEL_NONE)
            sum += weighed->candidates[i].weight;
    return sum / (weighed->sum + weighed->unlisted);
}

/* One mention hears another: its candidates of `rank` that are not held lose weight. */
static void hear(const struct weighing *weighing, struct weighed *of,
                 const struct weighed *container, uint8_t rank)
{
    double most = 0, near = trust(of, container);

    if (container->top <= rank || near == 0 || (near < NEAR && of->belief < HARDLY))
        return;
    for (uint32_t i = 0; i < of->n; i++) {
        struct candidate *c = &of->candidates[i];
        double support, left;

        if (c->rank != rank)
            continue;
        left = left_of(weighing, of, c, container, &support);
        of->sum -= c->weight * (1 - left);
        c->weight *= left;
        most = support > most ? support : most;
    }
    if (of->initials && !of->mention.capital)
        return;
    if (most > 0.3 && near >= NEAR)
        of->belief = of->belief < 0.92 ? 0.92 : of->belief;
    else if (most > 0.3)
        of->belief += (1 - of->belief) * 0.3 * near;
    if (most > 0)
        of->unlisted *= 1 - near * (1 - elsewhere(weighing, container)) * 0.9;
}

/* What holds no candidate of the mention beside it is hardly meant: "P12 BT" is no district without
 * a ward 12. */
static void look_below(const struct weighing *weighing, const struct weighed *below,
                       struct weighed *container)
{
    if (container->n < 2 || container->top < 2 || trust(below, container) < NEAR)
        return;
    for (uint32_t i = 0; i < container->n; i++) {
        struct candidate *d = &container->candidates[i];
        bool fitting = false, lower = false;

        for (uint32_t k = 0; k < below->n && !fitting; k++)
            if (below->candidates[k].rank < d->rank) {
                lower = true;
                fitting = holds(weighing->locator, d->place, below->candidates[k].place);
            }
        if (lower && !fitting) {
            container->sum -= d->weight * 0.95;
            d->weight *= 0.05;
        }
    }
}

static void hear_each_other(struct weighing *weighing)
{
    for (uint32_t i = 0; i < weighing->n; i++)
        for (uint32_t j = i ? i - 1 : 0; j < weighing->n && j < i + 2; j++)
            if (i != j)
                look_below(weighing, &weighing->mentions[i], &weighing->mentions[j]);
    for (uint8_t rank = 2; rank > 0; rank--)
        for (uint32_t i = 0; i < weighing->n; i++)
            for (uint32_t j = 0; j < weighing->n; j++)
                if (i != j && weighing->mentions[i].sum > 0 && weighing->mentions[j].sum > 0)
                    hear(weighing, &weighing->mentions[i], &weighing->mentions[j], rank);
}

/* Is the candidate a ward that is no more? */
static bool is_former(const struct weighing *weighing, const struct candidate *c)
{
    return c->rank == 1 && place_of(weighing, c)->successor;
}

/* "X cũ", "thị trấn X", and a name beside a district that is no more mean former wards; else rather
 * those of today are meant. */
static bool is_dated(const struct weighing *weighing, uint32_t of)
{
    const struct mention *mention = &weighing->mentions[of].mention;

    if (mention->former || mention->kinds == KIND_TOWN)
        return true;
    for (uint32_t j = of ? of - 1 : 0; j < weighing->n && j < of + 2; j++) {
        const struct weighed *beside = &weighing->mentions[j];

        if (j == of || trust(&weighing->mentions[of], beside) < NEAR)
            continue;
        for (uint32_t i = 0; i < beside->n; i++)
            if (beside->candidates[i].rank == 2 &&
                place_of(weighing, &beside->candidates[i])->valid_to != INT64_MAX)
                return true;
    }
    return false;
}

/* Scales the weights of the former wards, or of those of today. */
static void scale_wards(const struct weighing *weighing, struct weighed *weighed, bool former,
                        double factor)
{
    for (uint32_t i = 0; i < weighed->n; i++) {
        struct candidate *c = &weighed->candidates[i];

        if (c->rank != 1 || is_former(weighing, c) != former)
            continue;
        weighed->sum += c->weight * (factor - 1);
        c->weight *= factor;
    }
}

/* However many wards once bore the name of one of today: together they have a fixed part of its
 * weight. */
static void weigh_dates(struct weighing *weighing, uint32_t of)
{
    struct weighed *weighed = &weighing->mentions[of];
    double former = 0, today = 0;

    for (uint32_t i = 0; i < weighed->n; i++)
        if (is_former(weighing, &weighed->candidates[i]))
            former += weighed->candidates[i].weight;
        else if (weighed->candidates[i].rank == 1)
            today += weighed->candidates[i].weight;
    if (is_dated(weighing, of)) {
        if (today > former * DATED)
            scale_wards(weighing, weighed, false, former > 0 ? former * DATED / today : 1);
    } else if (former > today * DATED) {
        scale_wards(weighing, weighed, true, today > 0 ? today * DATED / former : 1);
    }
}

static const struct candidate *best_of(const struct weighed *weighed)
{
    const struct candidate *best = weighed->candidates;

    for (uint32_t i = 1; i < weighed->n; i++)
        if (weighed->candidates[i].weight > best->weight)
            best = &weighed->candidates[i];
    return best;
}

/* Is `container` the address of what `of` most likely is? */
static bool is_address_of(const struct weighing *weighing, const struct weighed *container,
                          const struct weighed *of)
{
    double above, holding;

    if (of->belief < ENOUGH || container->top < 2)
        return false;
    count_above(weighing, container, best_of(of), &above, &holding);
    return holding > 0.1;
}

static void step_back(struct weighing *weighing)
{
    for (uint32_t j = 0; j < weighing->n; j++)
        for (uint32_t i = 0; i < weighing->n; i++)
            if (i != j && !weighing->mentions[j].steps_back)
                weighing->mentions[j].steps_back =
                    is_address_of(weighing, &weighing->mentions[j], &weighing->mentions[i]);
}

static void add_mass(struct masses *masses, uint32_t place, double mass)
{
    uint32_t i = 0;

    while (i < masses->n && masses->place[i] != place)
        i++;
    if (!place || i == PLACES_MAX)
        return;
    if (i == masses->n) {
        masses->place[masses->n++] = place;
        masses->mass[i] = 0;
    }
    masses->mass[i] += mass;
}

/* What a candidate stands for today, at each level; of a ward that was split the first heir has the
 * larger share, and the rest is somewhere in its own group. */
static void spread(const struct weighing *weighing, const struct candidate *c, double mass,
                   struct masses *levels)
{
    const struct gazetteer *g = weighing->locator->gazetteer;
    uint32_t heirs = g->places[c->place].heirs, now = place_current(g, c->place);
    uint32_t own = place_at(g, c->place, LEVEL_GROUP);
    double first = heirs > 1 ? 2.0 / (heirs + 1) : 1;

    if (g->places[now].level == LEVEL_NONE)
        return;
    add_mass(&levels[LEVEL_WARD], place_at(g, now, LEVEL_WARD),
             mass * (first > 0.55 ? first : 0.55));
    add_mass(&levels[LEVEL_GROUP],
             place_at(g, heirs > 1 ? place_current(g, own) : now, LEVEL_GROUP), mass);
    if (!g->country)
        add_mass(&levels[LEVEL_CITY], place_at(g, now, LEVEL_CITY), mass);
}

static double hundredths(double probability)
{
    return (double)(int)(probability * 100 + 0.5) / 100;
}

static struct located choose(const struct masses *levels, double scale)
{
    struct located none = {0};

    for (int level = LEVEL_WARD; level >= LEVEL_CITY; level--) {
        uint32_t best = 0;

        for (uint32_t i = 1; i < levels[level].n; i++)
            if (levels[level].mass[i] > levels[level].mass[best])
                best = i;
        if (levels[level].n && levels[level].mass[best] * scale >= ENOUGH)
            return (struct located){levels[level].place[best],
                                    hundredths(levels[level].mass[best] * scale)};
    }
    return none;
}

/* Mentions that name a place more likely than not have one voice each. */
static double voice_of(const struct weighed *weighed)
{
    if (weighed->steps_back)
        return 0;
    return weighed->belief >= ENOUGH ? 1 : weighed->belief;
}

static struct located conclude(struct weighing *weighing)
{
    struct masses levels[LEVEL_WARD + 1];
    double voices = 0, most = 0;

    for (int level = 0; level <= LEVEL_WARD; level++)
        levels[level].n = 0;
    for (uint32_t i = 0; i < weighing->n; i++) {
        const struct weighed *weighed = &weighing->mentions[i];
        double voice = voice_of(weighed);

        voices += voice;
        most = voice > 0 && weighed->belief > most ? weighed->belief : most;
        for (uint32_t c = 0; voice > 0 && c < weighed->n; c++)
            spread(weighing, &weighed->candidates[c],
                   voice * weighed->candidates[c].weight / (weighed->sum + weighed->unlisted),
                   levels);
    }
    return choose(levels, voices > 0 ? most / voices : 0);
}

static struct located locate(const struct locator *locator, struct text text,
                             const struct tokens *tokens, bool field)
{
    struct weighing weighing;
    uint32_t from = 0;

    weighing.locator = locator;
    weighing.field = field;
    weighing.n = 0;
    while (weighing.n < MENTIONS_MAX && mention_next(locator->index, text, tokens, &from, field,
                                                     &weighing.mentions[weighing.n].mention)) {
        if (!weighing.n)
            weighing.unmarked = utf8_ascii_prefix((struct str){text.p, text.n}) == text.n;
        weighing.n += weigh(&weighing, &weighing.mentions[weighing.n]);
    }
    if (!weighing.n)
        return (struct located){0};
    hear_each_other(&weighing);
    for (uint32_t i = 0; i < weighing.n; i++)
        weigh_dates(&weighing, i);
    step_back(&weighing);
    return conclude(&weighing);
}

struct located locate_field(const struct locator *locator, struct text field, struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    uint32_t code = mention_code(locator->index, str_trim((struct str){field.p, field.n}));
    struct located located = {.probability = 1};
    struct tokens tokens;

    if (code) {
        located.place = place_current(locator->gazetteer, code);
        return locator->gazetteer->places[located.place].level ? located : (struct located){0};
    }
    tokens = tokens_of(field, scratch);
    located = locate(locator, field, &tokens, true);
    arena_rewind(scratch, mark);
    return located;
}

struct located locate_text(const struct locator *locator, struct text text,
                           const struct tokens *tokens)
{
    return locate(locator, text, tokens, false);
}
