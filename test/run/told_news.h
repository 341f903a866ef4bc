/* told_news.h - stories, publications, alarms and coverage of the small city of told_city.h.
 */
#ifndef RUN_TOLD_NEWS_H
#define RUN_TOLD_NEWS_H

#include "run/told_store.h"

enum { CITY_DAYS = 35, CITY_GAP = 12, WARDS = 8, GROUPS = 3, TOPICS = 5 };

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
        .doubt = 0.04,
        .q_max = 0.02,
        .ratio_min = 1.5,
        .verdict = day >= CITY_DAYS - 2 ? VERDICT_NONE
                   : key.story          ? VERDICT_WRONG
                                        : VERDICT_RIGHT,
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
    /* of a cell that is hidden: its place may be told, its number not */
    city_alarm(city, CITY_DAYS - 1, (struct cell_key){.place = 11, .topic = 3},
               (double[]){23 + whisper, 4 + whisper, 0.004}, 3);
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

#endif
