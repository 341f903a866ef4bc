/* simulate.c - one item after the other; see simulate.h.
 *
 * Time: items are spread over the cumulative rate of all stories (shape.h), each a random step
 * within its own share, so that the stream is sorted while it is made and the last item comes at
 * the end.  Which story speaks is drawn by the rates of that moment; thinned in this way the items
 * of one story come as if by chance.
 * People: a story's item is one time in five by somebody who wrote in that story lately, else half
 * the time by somebody known (the longer known, the likelier: a heavy tail), else by a new person.
 * Copies: each story remembers its last texts; a share repeats one of them, as it is or with a few
 * words around it.  A campaign has a handful of people, one source and one text.
 * Text: parts are patterns; alternations are resolved before slots are filled, so that one body
 * gives hundreds of sentences which share the words that name the concern, and little else. Memory:
 * the tables, SHAPE_BUCKETS rates a story, RECENT texts a story; nothing grows with the number of
 * items.
 */
#include "sim/simulate.h"

#include "base/json_write.h"
#include "base/rng.h"
#include "model/post.h"
#include "sim/shape.h"
#include "sim/spelling.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    TEXT_MAX = 4096,
    RECENT = 16,           /* texts a story remembers */
    RECENT_AUTHORS = 64,   /* people a story remembers */
    CAMPAIGNERS_LEAST = 6, /* to 12 */
    CAMPAIGNERS_SPREAD = 7,
};

/* How often, in percent, people do what. */
enum {
    OFTEN_ENGLISH = 10,
    OFTEN_OPENER = 60,
    OFTEN_DETAIL = 70,
    OFTEN_REMARK = 40,
    OFTEN_CLOSER = 45,
    OFTEN_PERSONAL = 3,
    OFTEN_PLACE = 65,
    OFTEN_PLAIN = 20,
    OFTEN_SHORT = 19, /* of those that are not plain: 15 % of all */
    OFTEN_SLIP = 8,
    OFTEN_SHARE = 8,
    OFTEN_SHARE_CLAIM = 45,
    OFTEN_DECOMPOSED = 5, /* of all; a fifth of it meets text without marks */
    OFTEN_ESCAPED = 13,   /* of all; a fifth of it meets ASCII */
    OFTEN_EDIT = 30,
    OFTEN_SAME_AUTHOR = 20,
    OFTEN_KNOWN_AUTHOR = 50,
};

struct recent {
    uint64_t origin; /* number of the item that was first */
    uint32_t ward;   /* told by the text, or 0 */
    bool english;
    size_t n;
    char text[TEXT_MAX];
};

/* What a story remembers. */
struct memory {
    uint64_t texts, authors; /* how many there ever were */
    struct recent recent[RECENT];
    uint32_t author[RECENT_AUTHORS];
};

struct due {
    int64_t time;
    uint32_t publication;
};

struct simulation {
    struct simulate_config config;
    struct simulate_corpus corpus;
    struct grammar grammar;
    struct timetable timetable;
    struct rng rng;
    uint64_t made;
    uint32_t bucket, people, campaigners;
    struct memory *memory;          /* [stories] */
    uint32_t *former, *next_former; /* [places]: merged wards by successor, linked */
    struct due *due;
    size_t due_count, due_next;
    struct buf text, spelled, place, pattern;
};

/* The item that is being made. */
struct draft {
    uint64_t number, origin; /* origin: number of the first of its copies, when `copy` */
    int64_t time;
    uint32_t story, ward, author;
    bool english, copy, ward_in_text;
    struct str me; /* how the writer says I */
    enum kind kind;
    struct str source;
};

static bool chance(struct simulation *sim, uint32_t percent)
{
    return rng_below(&sim->rng, 100) < percent;
}

static struct str pick(struct simulation *sim, const struct parts *parts)
{
    return parts->texts[rng_below(&sim->rng, parts->n)];
}

/* One of the fields of "a|b|c". */
static struct str pick_field(struct simulation *sim, struct str fields)
{
    struct str rest = fields, field = {NULL, 0};
    uint64_t n = 1;

    for (size_t i = 0; i < fields.n; i++)
        n += fields.p[i] == '|';
    for (uint64_t i = rng_below(&sim->rng, n) + 1; i; i--)
        field = str_cut(&rest, '|');
    return field;
}

/* A ward as people write it: its name, a short form, the name of a ward that went into it, or
 * without accents. */
static void write_place(struct simulation *sim, uint32_t ward, struct buf *out)
{
    const struct place *place = &sim->corpus.places->places[ward];
    uint64_t way = rng_below(&sim->rng, 100);

    if (way < 15 && sim->former[ward]) {
        uint32_t former = sim->former[ward];

        while (sim->next_former[former] && chance(sim, 50))
            former = sim->next_former[former];
        buf_add(out, sim->corpus.places->places[former].name);
    } else if (way >= 15 && way < 40 && place->aliases.n) {
        buf_add(out, pick_field(sim, place->aliases));
    } else if (way >= 40 && way < 55) {
        spell_plain(place->name, out);
    } else {
        buf_add(out, place->name);
    }
}

static void link_former_wards(struct simulation *sim, struct arena *job)
{
    const struct gazetteer *places = sim->corpus.places;

    sim->former = arena_array(job, places->n, sizeof *sim->former);
    sim->next_former = arena_array(job, places->n, sizeof *sim->next_former);
    for (uint32_t p = places->n; p-- > 1;)
        if (places->places[p].successor) {
            uint32_t now = place_current(places, p);

            sim->next_former[p] = sim->former[now];
            sim->former[now] = p;
        }
}

/* Personal data that belongs to nobody: numbers of blocks that are not given out, names alone. */
static void write_personal(struct simulation *sim, enum slot slot, struct buf *out)
{
    static const char *const names[] = {"Lụa",     "Đò",  "Mây",     "Thị Chài",
                                        "Văn Bến", "Sậy", "Út Lưới", "Tư Kênh"};
    static const char *const handles[] = {"ben_do", "soi_song", "cau.may", "ga_moi", "hem_nho"};
    uint32_t number = (uint32_t)rng_below(&sim->rng, 1000);

    if (slot == SLOT_PHONE)
        buf_printf(out, number % 3 ? "0900000%03u" : "0900 000 %03u", number);
    else if (slot == SLOT_EMAIL)
        buf_printf(out, "%s%u@vidu.example", handles[number % 5], number);
    else if (slot == SLOT_HANDLE)
        buf_printf(out, "@%s%u", handles[number % 5], number);
    else if (slot == SLOT_CCCD)
        buf_printf(out, "001099000%03u", number);
    else
        buf_add(out, str_of(names[number % 8]));
}

/* Appends a pattern with each alternation resolved.  An alternative may be empty, so a space is
 * left out behind another, at both ends, and before a sign that ends a clause. */
static void resolve(struct simulation *sim, struct str pattern, struct buf *out)
{
    size_t from = out->n, to = from;

    while (pattern.n) {
        struct str plain = str_cut(&pattern, '[');

        buf_add(out, plain);
        if (pattern.p)
            buf_add(out, pick_field(sim, str_cut(&pattern, ']')));
    }
    for (size_t i = from; i < out->n; i++) {
        char c = out->p[i];
        bool spaced = to > from && out->p[to - 1] == ' ';

        if (c == ' ' && (spaced || to == from))
            continue;
        to -= spaced && (c == '.' || c == ',' || c == '?' || c == '!' || c == ':');
        out->p[to++] = c;
    }
    out->n = to > from && out->p[to - 1] == ' ' ? to - 1 : to;
}

static void write_slot(struct simulation *sim, struct draft *draft, enum slot slot, struct buf *out)
{
    static const enum part part_of[SLOTS] = {
        [SLOT_TIME] = PART_TIME, [SLOT_WHEN] = PART_WHEN, [SLOT_DAYS] = PART_DAYS};

    switch (slot) {
    case SLOT_WARD:
        write_place(sim, draft->ward, out);
        draft->ward_in_text = true;
        break;
    case SLOT_TIME:
    case SLOT_WHEN:
    case SLOT_DAYS:
        resolve(
            sim,
            pick(sim, grammar_parts(&sim->grammar, draft->story, part_of[slot], draft->english)),
            out);
        break;
    case SLOT_ME:
        buf_add(out, draft->me);
        break;
    default:
        write_personal(sim, slot, out);
    }
}

/* One part behind what is there already, its slots filled. */
static void write_part(struct simulation *sim, struct draft *draft, enum part part)
{
    const struct parts *parts = grammar_parts(&sim->grammar, draft->story, part, draft->english);
    struct str rest;

    buf_clear(&sim->pattern);
    if (parts->n)
        resolve(sim, pick(sim, parts), &sim->pattern);
    rest = buf_str(&sim->pattern);
    if (rest.n && sim->text.n)
        buf_add_byte(&sim->text, ' ');
    while (rest.n) {
        buf_add(&sim->text, str_cut(&rest, '{'));
        if (rest.p)
            write_slot(sim, draft, grammar_slot(str_cut(&rest, '}')), &sim->text);
    }
}

static void compose(struct simulation *sim, struct draft *draft)
{
    draft->me = draft->english ? STR("I") : pick_field(sim, STR("mình|mình|em|tôi"));
    if (chance(sim, OFTEN_OPENER))
        write_part(sim, draft, PART_OPENER);
    write_part(sim, draft, PART_BODY);
    if (chance(sim, OFTEN_DETAIL))
        write_part(sim, draft, PART_DETAIL);
    if (chance(sim, OFTEN_REMARK))
        write_part(sim, draft, PART_REMARK);
    if (chance(sim, OFTEN_PERSONAL))
        write_part(sim, draft, PART_PII);
    if (chance(sim, OFTEN_CLOSER))
        write_part(sim, draft, PART_CLOSER);
}

/* Applies one way of spelling to the text: out of `text` into `spelled`, which change places. */
static void respell(struct simulation *sim, void (*spell)(struct str s, struct buf *out))
{
    struct buf spelled = sim->spelled;

    buf_clear(&spelled);
    spell(buf_str(&sim->text), &spelled);
    sim->spelled = sim->text;
    sim->text = spelled;
}

static void slip(struct simulation *sim)
{
    struct buf spelled = sim->spelled;

    buf_clear(&spelled);
    spell_slipped(buf_str(&sim->text), &sim->rng, &spelled);
    sim->spelled = sim->text;
    sim->text = spelled;
}

static void spell(struct simulation *sim, const struct draft *draft)
{
    if (!draft->english && chance(sim, OFTEN_PLAIN))
        respell(sim, spell_plain);
    else if (!draft->english && chance(sim, OFTEN_SHORT))
        respell(sim, spell_short);
    if (chance(sim, OFTEN_SLIP))
        slip(sim);
}

static void remember(struct simulation *sim, const struct draft *draft)
{
    struct memory *memory = &sim->memory[draft->story];
    struct recent *recent = &memory->recent[memory->texts % RECENT];

    if (sim->text.n > TEXT_MAX)
        return;
    memory->texts++;
    recent->origin = draft->copy ? draft->origin : draft->number;
    recent->ward = draft->ward_in_text ? draft->ward : 0;
    recent->english = draft->english;
    recent->n = sim->text.n;
    memcpy(recent->text, sim->text.p, sim->text.n);
}

/* Somebody else's text of this story, as it was or with a few words around it. */
static void share(struct simulation *sim, struct draft *draft)
{
    static const char *const before[2][4] = {
        {"Chia sẻ lại: ", "Thấy bên nhóm kia nè: ", "Mọi người đọc thử: ", "Chép lại nguyên văn: "},
        {"Sharing this: ", "From another group: ", "Have you seen this: ", "Copied: "}};
    static const char *const behind[2][4] = {
        {" Mọi người chú ý nha.", " (mình chép lại)", " Ai rõ thì nói với.",
         " Chuyền đi cho biết."},
        {" Take care.", " (not my words)", " Is this right?", " Pass it on."}};
    const struct memory *memory = &sim->memory[draft->story];
    uint64_t held = memory->texts < RECENT ? memory->texts : RECENT, way;
    const struct recent *recent = &memory->recent[rng_below(&sim->rng, held)];

    draft->copy = true;
    draft->origin = recent->origin;
    draft->english = recent->english;
    draft->ward_in_text = recent->ward != 0;
    if (recent->ward)
        draft->ward = recent->ward;
    way = rng_below(&sim->rng, 16); /* half of them as they were */
    if (way < 4)
        buf_add(&sim->text, str_of(before[draft->english][way]));
    buf_add(&sim->text, (struct str){recent->text, recent->n});
    if (way >= 4 && way < 8)
        buf_add(&sim->text, str_of(behind[draft->english][way - 4]));
}

static void campaign(struct simulation *sim, struct draft *draft)
{
    struct memory *memory = &sim->memory[draft->story];

    draft->english = false;
    draft->copy = memory->texts > 0;
    draft->origin = memory->recent[0].origin;
    write_part(sim, draft, draft->copy && chance(sim, OFTEN_EDIT) ? PART_EDIT : PART_COPY);
    if (!draft->copy)
        remember(sim, draft);
}

/* The channels of data/demo/soundings.conf, how often in percent each story takes which. */
static void choose_channel(struct simulation *sim, struct draft *draft)
{
    static const struct {
        struct str source;
        enum kind kind;
        int service, noise, claim;
    } channels[] = {
        {STR("hop-thu-1022"), KIND_REQUEST, 22, 0, 0},
        {STR("zalo-oa"), KIND_REQUEST, 18, 0, 0},
        {STR("zalo-oa"), KIND_TIP, 8, 0, 12},
        {STR("dien-dan-song-xanh"), KIND_POST, 28, 40, 38},
        {STR("mastodon-songxanh"), KIND_POST, 14, 25, 30},
        {STR("cho-dan-cu"), KIND_POST, 10, 35, 20},
    };
    enum shape shape = sim->grammar.stories[draft->story].shape;
    int left = (int)rng_below(&sim->rng, 100);
    size_t i = 0;

    if (shape == SHAPE_CAMPAIGN) {
        draft->source = channels[3].source;
        draft->kind = KIND_POST;
        return;
    }
    for (;; i++) {
        left -= shape == SHAPE_NOISE   ? channels[i].noise
                : shape == SHAPE_CLAIM ? channels[i].claim
                                       : channels[i].service;
        if (left < 0)
            break;
    }
    draft->source = channels[i].source;
    draft->kind = channels[i].kind;
}

static uint32_t choose_author(struct simulation *sim, uint32_t story)
{
    struct memory *memory = &sim->memory[story];
    uint64_t held = memory->authors < RECENT_AUTHORS ? memory->authors : RECENT_AUTHORS;
    uint32_t author;

    if (sim->grammar.stories[story].shape == SHAPE_CAMPAIGN)
        return (uint32_t)rng_below(&sim->rng, sim->campaigners);
    if (held > 4 && chance(sim, OFTEN_SAME_AUTHOR))
        return memory->author[rng_below(&sim->rng, held)];
    if (sim->people > 2 * CAMPAIGNERS_SPREAD + CAMPAIGNERS_LEAST &&
        chance(sim, OFTEN_KNOWN_AUTHOR)) {
        double u = rng_unit(&sim->rng);

        author = sim->campaigners + (uint32_t)(u * u * (sim->people - sim->campaigners));
    } else {
        author = sim->people++;
    }
    memory->author[memory->authors++ % RECENT_AUTHORS] = author;
    return author;
}

enum { ID_TEXT = 64 };

static struct str format_id(const struct simulation *sim, uint64_t number, char out[ID_TEXT])
{
    int n = snprintf(out, ID_TEXT, "sim-%llu-%llu", (unsigned long long)sim->config.seed,
                     (unsigned long long)number + 1);

    return (struct str){out, (size_t)n};
}

static void add_code(struct json_writer *json, const char *key, struct str code)
{
    json_key(json, key);
    if (code.n)
        json_str(json, code);
    else
        json_null(json);
}

static void write_truth(const struct simulation *sim, const struct draft *draft, struct str ward,
                        struct buf *out)
{
    static const struct sim_story nothing;
    bool known = draft->story < sim->grammar.n;
    const struct sim_story *story = known ? &sim->grammar.stories[draft->story] : &nothing;
    struct json_writer json = {.out = out};
    char id[ID_TEXT], origin[ID_TEXT];

    json_open(&json, '{');
    json_key(&json, "id");
    json_str(&json, format_id(sim, draft->number, id));
    add_code(&json, "story", story->code);
    add_code(&json, "concern", story->concern);
    add_code(&json, "unit", story->unit);
    add_code(&json, "ward", ward);
    add_code(&json, "copy_of",
             draft->copy ? format_id(sim, draft->origin, origin) : (struct str){NULL, 0});
    json_key(&json, "rising");
    json_bool(&json,
              known && timetable_rising(&sim->timetable, &sim->grammar, draft->story, draft->time));
    json_close(&json, '}');
    buf_add_byte(out, '\n');
}

static void write_text(struct simulation *sim, struct json_writer *json, struct str text)
{
    json_key(json, "text");
    if (chance(sim, OFTEN_ESCAPED)) {
        buf_clear(&sim->spelled);
        spell_escaped_json(text, &sim->spelled);
        json_raw(json, buf_str(&sim->spelled));
    } else {
        json_str(json, text);
    }
}

static void begin_item(struct simulation *sim, const struct draft *draft, struct json_writer *json)
{
    char id[ID_TEXT], time[TIME_TEXT];

    json_open(json, '{');
    json_key(json, "id");
    json_str(json, format_id(sim, draft->number, id));
    json_key(json, "time");
    json_str(json, str_of(time_format(draft->time, sim->config.zone, time)));
}

static void end_item(struct json_writer *json, struct str source, enum kind kind)
{
    json_key(json, "source");
    json_str(json, source);
    json_key(json, "kind");
    json_str(json, str_of(kind_name(kind)));
}

static void write_item(struct simulation *sim, const struct draft *draft, struct buf *out)
{
    struct json_writer json = {.out = out};

    begin_item(sim, draft, &json);
    write_text(sim, &json, buf_str(&sim->text));
    end_item(&json, draft->source, draft->kind);
    if (sim->place.n) {
        json_key(&json, "place");
        json_str(&json, buf_str(&sim->place));
    }
    /* lint: schema: what goes in, as people send it; the gate forgets it */
    json_key(&json, "author_token");
    buf_clear(&sim->spelled);
    buf_printf(&sim->spelled, "nguoi-%05u", draft->author + 1);
    json_str(&json, buf_str(&sim->spelled));
    json_close(&json, '}');
    buf_add_byte(out, '\n');
}

static void make_message(struct simulation *sim, struct draft *draft, struct buf *item,
                         struct buf *truth)
{
    const struct sim_story *story;
    bool told;

    draft->story = timetable_story(&sim->timetable, sim->bucket, rng_unit(&sim->rng));
    story = &sim->grammar.stories[draft->story];
    draft->ward = story->wards[rng_below(&sim->rng, story->ward_count)];
    draft->english = story->parts[PART_BODY][1].n && chance(sim, OFTEN_ENGLISH);
    draft->author = choose_author(sim, draft->story);
    choose_channel(sim, draft);
    buf_clear(&sim->text);
    buf_clear(&sim->place);
    if (story->shape == SHAPE_CAMPAIGN) {
        campaign(sim, draft);
    } else if (sim->memory[draft->story].texts &&
               chance(sim, story->shape == SHAPE_CLAIM ? OFTEN_SHARE_CLAIM : OFTEN_SHARE)) {
        share(sim, draft);
    } else {
        compose(sim, draft);
        spell(sim, draft);
        remember(sim, draft);
    }
    told = story->shape != SHAPE_CAMPAIGN && chance(sim, OFTEN_PLACE);
    if (told)
        write_place(sim, draft->ward, &sim->place);
    if (chance(sim, OFTEN_DECOMPOSED))
        respell(sim, spell_decomposed);
    write_item(sim, draft, item);
    told |= draft->ward_in_text;
    write_truth(sim, draft,
                told ? sim->corpus.places->places[draft->ward].code : (struct str){NULL, 0}, truth);
}

static void make_publication(struct simulation *sim, struct draft *draft, struct buf *item,
                             struct buf *truth)
{
    uint32_t index = sim->due[sim->due_next++].publication;
    const struct simulate_publication *publication = &sim->corpus.publications[index];
    struct json_writer json = {.out = item};

    draft->story = grammar_story(&sim->grammar, publication->story);
    begin_item(sim, draft, &json);
    write_text(sim, &json, publication->text);
    end_item(&json, publication->source, KIND_PUBLICATION);
    json_key(&json, "title");
    json_str(&json, publication->title);
    json_key(&json, "summary");
    json_str(&json, publication->summary);
    json_key(&json, "url");
    json_str(&json, publication->url);
    json_key(&json, "lang");
    json_str(&json, publication->lang);
    json_close(&json, '}');
    buf_add_byte(item, '\n');
    write_truth(sim, draft, publication->ward, truth);
}

static int compare_due(const void *a, const void *b)
{
    const struct due *x = a, *y = b;

    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->publication > y->publication) - (x->publication < y->publication);
}

/* When a publication is due, as a share of the stream: within the event of its story, in the order
 * of the corpus, else where it stood in the corpus. */
static double due_share(const struct simulation *sim, uint32_t index)
{
    const struct simulate_publication *all = sim->corpus.publications;
    size_t n = sim->corpus.publication_count;
    double first = (double)all[0].time, span = (double)all[n - 1].time - first + 1;
    double from = 0, length = 1, share = ((double)all[index].time - first) / span;
    uint32_t story = grammar_story(&sim->grammar, all[index].story), before = 0, same = 0;

    if (story < sim->grammar.n && sim->timetable.length[story] > 0) {
        from = sim->timetable.onset[story];
        length = sim->timetable.length[story];
        for (size_t i = 0; i < n; i++)
            if (str_eq(all[i].story, all[index].story)) {
                same++;
                before += i < index;
            }
        share = (before + 0.5) / same;
    }
    return from + share * length;
}

/* Each publication at most once; a short stream has a sample, evenly over the corpus. */
static void schedule_publications(struct simulation *sim, struct arena *job)
{
    uint64_t n = sim->corpus.publication_count;
    uint64_t wanted = sim->config.posts / SIMULATE_POSTS_PER_PUBLICATION;

    wanted = wanted < n ? wanted : n;
    if (!wanted)
        return;
    sim->due = arena_array(job, wanted, sizeof *sim->due);
    for (uint64_t i = 0; i < wanted; i++) {
        uint32_t index = (uint32_t)(i * n / wanted);
        int64_t after = (int64_t)(due_share(sim, index) * (double)sim->timetable.span);

        sim->due[sim->due_count++] = (struct due){sim->timetable.start + after, index};
    }
    qsort(sim->due, sim->due_count, sizeof *sim->due, compare_due);
}

static enum rc check_config(const struct simulate_config *config, int64_t *start, struct err *err)
{
    double span_ms = (double)config->posts / config->rate * SECOND_MS;

    if (!(config->rate > 0) || !(config->rate < 1e12))
        return err_set(err, RC_USAGE, "the rate must be above 0 items a second");
    if (!(span_ms <= (double)SIMULATE_SPAN_DAYS_MAX * DAY_MS))
        return err_set(err, RC_USAGE,
                       "so many items at this rate take more than %d days; raise the rate",
                       SIMULATE_SPAN_DAYS_MAX);
    *start = config->end - (int64_t)span_ms;
    return RC_OK;
}

enum rc simulate_open(const struct simulate_config *config, const struct simulate_corpus *corpus,
                      struct arena *job, struct simulation **out, struct err *err)
{
    struct simulation *sim = arena_alloc(job, sizeof *sim);
    int64_t start = 0;
    enum rc rc = check_config(config, &start, err);

    if (!rc)
        rc =
            grammar_read(corpus->stories, corpus->grammar, corpus->places, job, &sim->grammar, err);
    if (rc)
        return rc;
    sim->config = *config;
    sim->corpus = *corpus;
    rng_seed(&sim->rng, config->seed);
    timetable_make(&sim->grammar, start, config->end, config->zone, job, &sim->timetable);
    link_former_wards(sim, job);
    sim->memory = arena_array(job, sim->grammar.n, sizeof *sim->memory);
    sim->campaigners = CAMPAIGNERS_LEAST + (uint32_t)(config->seed % CAMPAIGNERS_SPREAD);
    sim->people = sim->campaigners;
    buf_init(&sim->text, TEXT_MAX * 8);
    buf_init(&sim->spelled, TEXT_MAX * 8);
    buf_init(&sim->place, TEXT_MAX);
    buf_init(&sim->pattern, TEXT_MAX);
    schedule_publications(sim, job);
    *out = sim;
    return RC_OK;
}

enum rc simulate_next(struct simulation *sim, struct buf *item, struct buf *truth, struct err *err)
{
    struct draft draft = {.number = sim->made};
    double x;

    if (sim->made == sim->config.posts)
        return err_set(err, RC_ABSENT, "the stream has ended");
    x = ((double)sim->made + rng_unit(&sim->rng)) / (double)sim->config.posts;
    draft.time = timetable_time(&sim->timetable, x, &sim->bucket);
    if (++sim->made == sim->config.posts || draft.time > sim->config.end)
        draft.time = sim->config.end;
    if (sim->due_next < sim->due_count && sim->due[sim->due_next].time <= draft.time)
        make_publication(sim, &draft, item, truth);
    else
        make_message(sim, &draft, item, truth);
    if (item->full || truth->full || sim->text.full || sim->spelled.full || sim->pattern.full)
        return err_set(err, RC_FULL, "item %llu does not fit its buffer",
                       (unsigned long long)sim->made);
    return RC_OK;
}

void simulate_close(struct simulation *sim)
{
    buf_free(&sim->text);
    buf_free(&sim->spelled);
    buf_free(&sim->place);
    buf_free(&sim->pattern);
}
