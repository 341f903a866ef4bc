/* told_city.h - a small city of three groups and eight wards, five weeks of it, in a store of
 * arrays: what the tests of the briefing and of the export tell about.
 *
 * Voices follow from a formula, rows are made by release/, so that what is hidden is hidden by it.
 * `whisper` changes every number that stands below k and nothing else: no face may differ by it.
 */
#ifndef RUN_TOLD_CITY_H
#define RUN_TOLD_CITY_H

#include "base/vec.h"
#include "release/release.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

enum { CITY_DAYS = 35, CITY_GAP = 12, WARDS = 8, GROUPS = 3, TOPICS = 5 };

struct told_city {
    struct store store;
    struct arena arena;
    struct settings settings;
    uint32_t whisper;
    VEC(struct release_row) days;
    VEC(struct release_row) weeks;
    VEC(struct cell) cells; /* of stories */
    VEC(struct alarm) alarms;
    VEC(struct story_row) stories;
    VEC(struct stored_publication) publications;
    VEC(struct coverage) coverage;
    VEC(struct ledger_leaf) leaves;
    int64_t now, first; /* first: midnight of a Monday */
};

static const char city_places[] = "code\tname\tkind\tparent\taliases\tvalid_from\tvalid_to\t"
                                  "successor\n"
                                  "BT\tBến Trúc\tcity\t-\t-\t-\t-\t-\n"
                                  "A\tCụm Thượng\tgroup\tBT\t-\t-\t-\t-\n"
                                  "B\tCụm Chợ\tgroup\tBT\t-\t-\t-\t-\n"
                                  "C\tCụm Bãi Bồi\tgroup\tBT\t-\t-\t-\t-\n"
                                  "A1\tGiếng Ngọc\tward\tA\t-\t-\t-\t-\n"
                                  "A2\tCầu Tre\tward\tA\t-\t-\t-\t-\n"
                                  "A3\tĐồi Sim\tward\tA\t-\t-\t-\t-\n"
                                  "B1\tChợ Mới\tward\tB\t-\t-\t-\t-\n"
                                  "B2\tHàng Nón\tward\tB\t-\t-\t-\t-\n"
                                  "B3\tPhố Lò\tward\tB\t-\t-\t-\t-\n"
                                  "C1\tXóm Lưới\tward\tC\t-\t-\t-\t-\n"
                                  "C2\tBãi Ngô\tward\tC\t-\t-\t-\t-\n";
static const char city_topics[] = "code\tvi\ten\tphrases\n"
                                  "water\tNước sạch\tWater supply\tmất nước\n"
                                  "waste\tRác thải\tWaste\tđổ rác\n"
                                  "road\tĐường sá\tRoads\tổ gà\n"
                                  "transport\tXe buýt\tBuses\txe buýt\n"
                                  "noise\tTiếng ồn\tNoise\tồn ào\n";

static inline struct told_city *city_of(struct store *store)
{
    return (struct told_city *)store; /* store is its first member */
}

static inline uint32_t city_share(uint32_t ward, uint32_t topic, int day)
{
    static const uint32_t usual[TOPICS + 1] = {0, 14, 26, 6, 10, 9};
    uint32_t voices = usual[topic] + (uint32_t)(day * 7 + (int)(ward * 5 + topic * 3)) % 9;

    if (topic == 1 && day >= CITY_DAYS - 3 && ward < 2)
        voices += 60 + 25 * (uint32_t)(day - (CITY_DAYS - 3)) - 15 * ward;
    if (topic == 2 && day == CITY_DAYS - 1 && ward == 4)
        voices += 58;
    return voices;
}

static inline struct cell *city_cell(struct cell *cells, struct cell_key key, uint32_t voices)
{
    struct cell *cell = &cells[key.place * (TOPICS + 1) + key.topic];

    cell->key = key;
    cell->voices += voices;
    cell->voices_sum = cell->fresh = cell->voices;
    cell->messages = cell->voices + cell->voices / 4;
    cell->copies = cell->voices / 8;
    cell->sources = 3;
    cell->top_source = cell->voices / 2;
    cell->parts = 1;
    return cell;
}

/* The cells of one window from the shares of its days. */
static inline struct cell *city_window(struct told_city *city, enum window window, int first,
                                       int days)
{
    uint32_t places = city->settings.places.n;
    struct cell *cells = arena_array(&city->arena, (places + 1) * (TOPICS + 1), sizeof *cells);
    struct cell_key key = {.window = window, .start = city->first + first * DAY_MS};

    for (uint32_t place = 1; place < places; place++)
        for (uint32_t topic = 0; topic <= TOPICS; topic++) {
            key.place = place;
            key.topic = topic;
            city_cell(cells, key, place == 1 && topic == 0 ? 90 * (uint32_t)days : 0);
        }
    for (int day = first; day < first + days; day++)
        for (uint32_t ward = 0; ward < WARDS; ward++)
            for (uint32_t topic = 1; topic <= TOPICS; topic++) {
                uint32_t place = 5 + ward, voices = city_share(ward, topic, day);
                const uint32_t at[] = {1, city->settings.places.places[place].parent, place};

                for (int i = 0; i < 3 && day != CITY_GAP; i++) {
                    key.place = at[i];
                    key.topic = topic;
                    city_cell(cells, key, voices);
                    key.topic = 0;
                    city_cell(cells, key, voices);
                }
            }
    return cells + TOPICS + 1; /* without place 0 */
}

static inline void city_release(struct told_city *city, enum window window, int first, int days)
{
    struct release_question question = {
        .cells = city_window(city, window, first, days),
        .cell_count = (city->settings.places.n - 1) * (size_t)(TOPICS + 1),
        .places = &city->settings.places,
        .k = city->settings.k,
        .topic_count = TOPICS + 1,
    };
    struct release_row *rows;
    size_t n;

    release_rows(&question, &city->arena, &rows, &n);
    for (size_t i = 0; i < n; i++) {
        if (rows[i].shown == RELEASED_BELOW) { /* none of these may be read */
            rows[i].voices = rows[i].voices_upper = 12 + city->whisper;
            rows[i].messages = 60 + city->whisper;
            rows[i].copies = rows[i].sources = 3 + city->whisper;
        }
        if (window == WINDOW_DAY)
            *vec_push(&city->days, &city->arena) = rows[i];
        else
            *vec_push(&city->weeks, &city->arena) = rows[i];
    }
}

static inline void city_story_cell(struct told_city *city, uint64_t story, enum window window,
                                   const uint32_t counts[4])
{
    int64_t start = city->first + (window == WINDOW_DAY ? CITY_DAYS - 1 : CITY_DAYS - 7) * DAY_MS;

    *vec_push(&city->cells, &city->arena) =
        (struct cell){.key = {.window = window, .start = start, .story = story},
                      .voices = counts[0],
                      .voices_sum = counts[0],
                      .fresh = counts[0],
                      .messages = counts[1],
                      .copies = counts[2],
                      .sources = counts[3],
                      .parts = 1};
}

static inline struct story_row *city_story(struct told_city *city, uint64_t id, uint32_t topic)
{
    struct story_row *row = vec_push(&city->stories, &city->arena);

    *row = (struct story_row){.id = id,
                              .topic = topic,
                              .first = city->first + (CITY_DAYS - 3) * DAY_MS + 11 * HOUR_MS,
                              .last = city->now - 9 * HOUR_MS,
                              .messages = 400};
    return row;
}

static inline void city_phrase(struct story_row *row, const char *text, uint32_t voices)
{
    row->phrases[row->phrase_count++] = (struct story_phrase){{text, strlen(text)}, voices, false};
}

static inline void city_stories(struct told_city *city)
{
    static const uint32_t murky[] = {214, 312, 41, 4}, murky_day[] = {167, 230, 30, 3},
                          pasted[] = {61, 260, 226, 1}, nameless[] = {45, 52, 0, 2};
    const uint32_t small[] = {14 - city->whisper, 18 - city->whisper, 3, 2};
    struct story_row *row = city_story(city, 7, 1);

    city_phrase(row, "nước đục", 180);
    city_phrase(row, "mùi tanh như bùn", 60);
    city_phrase(row, "sau nhà tôi ở đầu hẻm", 12 + city->whisper);
    city_story_cell(city, 7, WINDOW_DAY, murky_day);
    city_story_cell(city, 7, WINDOW_WEEK, murky);
    row = city_story(city, 9, 4);
    city_phrase(row, "giữ tên tuyến số bốn", 40);
    city_story_cell(city, 9, WINDOW_WEEK, pasted);
    city_story(city, 11, 0);
    city_story_cell(city, 11, WINDOW_WEEK, nameless);
    row = city_story(city, 13, 5);
    row->messages = 18 - city->whisper;
    city_phrase(row, "loa kéo nhà bên", 13);
    city_story_cell(city, 13, WINDOW_WEEK, small);
}

static inline void city_publication(struct told_city *city, uint64_t story, const char *title,
                                    const char *url)
{
    struct stored_publication *row = vec_push(&city->publications, &city->arena);

    row->publication.title = (struct text){title, strlen(title)};
    row->publication.summary = (struct text){"Tóm tắt.", strlen("Tóm tắt.")};
    row->publication.url = str_of(url);
    row->publication.id = STR("p-1");
    row->story = story;
    row->item = 1000 + city->publications.n;
    row->time = row->heard = city->now - 30 * HOUR_MS;
    row->source = 3;
}

static inline void city_alarm(struct told_city *city, int day, struct cell_key key,
                              const double numbers[3], uint32_t sources)
{
    int64_t start = city->first + day * DAY_MS;

    *vec_push(&city->alarms, &city->arena) = (struct alarm){
        .id = city->alarms.n,
        .known = start + DAY_MS + HOUR_MS,
        .window = WINDOW_DAY,
        .start = start,
        .place = key.place,
        .topic = key.topic,
        .story = key.story,
        .observed = (uint32_t)numbers[0],
        .expected = numbers[1],
        .score = 5 + 10 / numbers[1],
        .p = 1e-6,
        .q = numbers[2],
        .sources = sources,
    };
}

static inline void city_alarms(struct told_city *city)
{
    const double whisper = city->whisper;

    for (int day = CITY_DAYS - 3; day < CITY_DAYS; day++) {
        city_alarm(city, day, (struct cell_key){.place = 1, .topic = 1},
                   (double[]){290, 118, 0.0004}, 3);
        city_alarm(city, day, (struct cell_key){.place = 2, .topic = 1},
                   (double[]){230, 47, 0.0001}, 3);
        city_alarm(city, day, (struct cell_key){.place = 5, .topic = 1},
                   (double[]){100, 15.2 + whisper, 0.0001}, 3);
    }
    city_alarm(city, CITY_DAYS - 1, (struct cell_key){.story = 7},
               (double[]){166, 0.5 + whisper, 0.0001}, 3);
    city_alarm(city, CITY_DAYS - 1, (struct cell_key){.place = 9, .topic = 2},
               (double[]){80, 29, 0.008}, 1);
    city_alarm(city, CITY_DAYS - 4, (struct cell_key){.story = 11},
               (double[]){33, 2 + whisper, 0.03}, 2);
}

static inline void city_coverage(struct told_city *city)
{
    static const struct {
        const char *source;
        uint32_t usual;
        int until;
    } heard[] = {{"forum", 120, CITY_DAYS + 1},
                 {"social", 160, CITY_DAYS - 4},
                 {"news", 5, CITY_DAYS + 1},
                 {"desk", 80, CITY_DAYS + 1}};

    for (size_t i = 0; i < sizeof heard / sizeof *heard; i++)
        for (int day = 0; day < heard[i].until; day++) {
            uint32_t items = heard[i].usual + (uint32_t)(day * 3 + (int)i) % 7;

            if (i == 3 && day > CITY_DAYS - 9)
                items /= 4;
            if (day != CITY_GAP)
                *vec_push(&city->coverage, &city->arena) = (struct coverage){
                    .source = str_of(heard[i].source),
                    .day = time_day(city->first + day * DAY_MS, city->settings.zone),
                    .items = items,
                    .bad = i == 0 && day == CITY_DAYS - 2 ? 3 : 0,
                    .last_heard = city->first + day * DAY_MS + 20 * HOUR_MS};
        }
}

/* ---- The store ---- */

static inline enum rc city_cells(struct store *store, const struct cell_query *query,
                                 struct arena *request, struct cell **out, size_t *n,
                                 struct err *err)
{
    struct told_city *city = city_of(store);

    (void)err;
    *out = arena_array(request, city->cells.n + 1, sizeof **out);
    *n = 0;
    for (size_t i = 0; query->stories && i < city->cells.n; i++) {
        struct cell_key key = city->cells.v[i].key;

        if (key.window == query->window && key.start >= query->from && key.start < query->to &&
            (!query->story || query->story == key.story))
            (*out)[(*n)++] = city->cells.v[i];
    }
    return RC_OK;
}

static inline enum rc city_releases(struct store *store, enum window window, int64_t from,
                                    int64_t to, struct arena *request, struct release_row **out,
                                    size_t *n, struct err *err)
{
    struct told_city *city = city_of(store);
    bool day = window == WINDOW_DAY;
    size_t count = day ? city->days.n : window == WINDOW_WEEK ? city->weeks.n : 0;
    const struct release_row *rows = day ? city->days.v : city->weeks.v;

    (void)err;
    *out = arena_array(request, count + 1, sizeof **out);
    *n = 0;
    for (size_t i = 0; i < count; i++)
        if (rows[i].key.start >= from && rows[i].key.start < to)
            (*out)[(*n)++] = rows[i];
    return RC_OK;
}

static inline enum rc city_alarm_rows(struct store *store, int64_t from, int64_t to,
                                      struct arena *request, struct alarm **out, size_t *n,
                                      struct err *err)
{
    struct told_city *city = city_of(store);

    (void)err;
    *out = arena_array(request, city->alarms.n + 1, sizeof **out);
    *n = 0;
    for (size_t i = 0; i < city->alarms.n; i++)
        if (city->alarms.v[i].known >= from && city->alarms.v[i].known < to)
            (*out)[(*n)++] = city->alarms.v[i];
    return RC_OK;
}

static inline enum rc city_story_row(struct store *store, uint64_t id, struct arena *request,
                                     struct story_row *out, struct err *err)
{
    struct told_city *city = city_of(store);

    (void)request;
    for (size_t i = 0; i < city->stories.n; i++)
        if (city->stories.v[i].id == id) {
            *out = city->stories.v[i];
            return RC_OK;
        }
    return err_set(err, RC_ABSENT, "no story %llu", (unsigned long long)id);
}

static inline enum rc city_publication_rows(struct store *store, uint64_t story, size_t limit,
                                            struct arena *request, struct stored_publication **out,
                                            size_t *n, struct err *err)
{
    struct told_city *city = city_of(store);

    (void)err;
    *out = arena_array(request, city->publications.n + 1, sizeof **out);
    *n = 0;
    for (size_t i = 0; i < city->publications.n && *n < limit; i++)
        if (!story || city->publications.v[i].story == story)
            (*out)[(*n)++] = city->publications.v[i];
    return RC_OK;
}

static inline enum rc city_coverage_rows(struct store *store, int64_t from_day, int64_t to_day,
                                         struct arena *request, struct coverage **out, size_t *n,
                                         struct err *err)
{
    struct told_city *city = city_of(store);

    (void)err;
    *out = arena_array(request, city->coverage.n + 1, sizeof **out);
    *n = 0;
    for (size_t i = 0; i < city->coverage.n; i++)
        if (city->coverage.v[i].day >= from_day && city->coverage.v[i].day < to_day)
            (*out)[(*n)++] = city->coverage.v[i];
    return RC_OK;
}

static inline enum rc city_counters(struct store *store, struct store_counters *out,
                                    struct err *err)
{
    struct told_city *city = city_of(store);

    (void)err;
    *out = (struct store_counters){.releases = city->days.n + city->weeks.n,
                                   .publications = city->publications.n,
                                   .stories = city->stories.n,
                                   .leaves = city->leaves.n,
                                   .next_story = 20,
                                   .next_item = 2000,
                                   .last_heard = city->days.n ? city->now - HOUR_MS : TIME_UNKNOWN};
    return RC_OK;
}

static inline enum rc city_leaves(struct store *store, uint64_t from, size_t limit,
                                  struct arena *request, struct ledger_leaf **out, size_t *n,
                                  struct err *err)
{
    struct told_city *city = city_of(store);

    (void)err;
    *out = arena_array(request, city->leaves.n + 1, sizeof **out);
    *n = 0;
    for (size_t i = from; i < city->leaves.n && *n < limit; i++)
        (*out)[(*n)++] = city->leaves.v[i];
    return RC_OK;
}

static inline enum rc city_sink(void *context, const struct ledger_leaf *leaf, struct err *err)
{
    struct told_city *city = context;
    struct ledger_leaf *kept;

    if (city->settings.retention_days == 0)
        return err_set(err, RC_FULL, "the log cannot be written");
    kept = vec_push(&city->leaves, &city->arena);
    *kept = *leaf;
    kept->detail.p = arena_copy(&city->arena, leaf->detail.p, leaf->detail.n);
    return RC_OK;
}

static inline void city_settings(struct told_city *city)
{
    static struct source_settings sources[] = {
        {.name = {"file", 4}, .family = {"file", 4}},
        {.name = {"forum", 5}, .title = {"Diễn đàn Bến Trúc", 21}, .family = {"forum", 5}},
        {.name = {"social", 6}, .title = {"Mạng Bến Trúc", 17}, .family = {"social", 6}},
        {.name = {"news", 4},
         .title = {"Báo Bến Trúc", 17},
         .publisher = {"Báo Bến Trúc", 17},
         .family = {"news", 4}},
        {.name = {"desk", 4}, .title = {"Hộp thư 1022", 14}, .family = {"desk", 4}},
        {.name = {"radio", 5}, .title = {"Đài truyền thanh", 20}, .family = {"news", 4}},
    };
    struct err err;

    for (size_t i = 1; i < sizeof sources / sizeof *sources; i++) {
        sources[i].title.n = strlen(sources[i].title.p);
        sources[i].publisher.n = sources[i].publisher.p ? strlen(sources[i].publisher.p) : 0;
    }
    city->settings = (struct settings){.k = 20,
                                       .retention_days = 30,
                                       .zone = {7 * HOUR_MS},
                                       .city = STR("BT"),
                                       .sources = sources,
                                       .source_count = sizeof sources / sizeof *sources};
    MUST(gazetteer_read(str_of(city_places), &city->arena, &city->settings.places, &err) == RC_OK);
    MUST(topics_read(str_of(city_topics), &city->arena, &city->settings.topics, &err) == RC_OK);
}

static const struct store_driver city_driver = {
    .name = "city",
    .cells = city_cells,
    .releases = city_releases,
    .alarms = city_alarm_rows,
    .story = city_story_row,
    .publications = city_publication_rows,
    .coverage = city_coverage_rows,
    .counters = city_counters,
    .leaves = city_leaves,
};

/* An empty one when `heard` is false. */
static inline struct told_city *city_new(uint32_t whisper, bool heard)
{
    struct told_city *city = calloc(1, sizeof *city);

    MUST(city);
    arena_init(&city->arena, "job", 64 << 20);
    city->store.driver = &city_driver;
    city->store.ledger.sink = city_sink;
    city->store.ledger.context = city;
    city->whisper = whisper;
    city_settings(city);
    city->store.zone = city->settings.zone;
    city->first = day_start(day_of_date(2026, 2, 16), city->settings.zone);
    city->now = city->first + CITY_DAYS * DAY_MS + 7 * HOUR_MS;
    if (!heard)
        return city;
    for (int day = 0; day < CITY_DAYS; day++)
        if (day != CITY_GAP)
            city_release(city, WINDOW_DAY, day, 1);
    for (int day = 0; day < CITY_DAYS; day += 7)
        city_release(city, WINDOW_WEEK, day, 7);
    city_stories(city);
    city_publication(city, 7, "Công ty cấp nước: nước đục do súc xả đường ống",
                     "https://bao.bentruc.example/nuoc-duc?a=1&b=2");
    city_publication(city, 7, "<script>alert('x')</script> & \"nước\"\033[31m \xE2\x80\xAE đỏ",
                     "javascript:alert(1)");
    city_alarms(city);
    city_coverage(city);
    return city;
}

static inline void city_free(struct told_city *city)
{
    arena_free(&city->arena);
    free(city);
}

#endif
