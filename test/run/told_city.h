/* told_city.h - a small city of three groups and eight wards, five weeks of it: what the tests of
 * the briefing and of the export tell about.
 *
 * Voices follow from a formula, rows are made by release/, so that what is hidden is hidden by it.
 * `whisper` changes every number that stands below k and nothing else: no face may differ by it.
 */
#ifndef RUN_TOLD_CITY_H
#define RUN_TOLD_CITY_H

#include "release/release.h"
#include "run/told_news.h"

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
