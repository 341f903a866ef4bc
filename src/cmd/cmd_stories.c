/* cmd_stories.c - soundings stories: a filter that clusters, and list and show over the database.
 */
#include "cmd/stage.h"
#include "cmd/show.h"

#include "publish/released_json.h"

#include "story/stories.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *begin(const struct settings *settings, struct arena *process)
{
    struct stories *stories = stories_new(&stories_defaults);

    (void)settings, (void)process;
    if (!stories) {
        fputs("soundings stories: out of memory for its window; close other programs\n", stderr);
        exit(EXIT_AGAIN);
    }
    return stories;
}

static void end(void *state)
{
    stories_free(state);
}

static void add_change(const struct stories_change *change, struct json_writer *json)
{
    if (change->turn == STORIES_STAY)
        return;
    if (change->turn == STORIES_MERGED)
        json_key(json, "merged");
    else
        json_key(json, "split");
    json_open(json, '{');
    json_key(json, "from");
    json_int(json, (int64_t)change->from);
    json_key(json, "into");
    json_int(json, (int64_t)change->into);
    json_close(json, '}');
}

static void add(void *state, const struct filter_item *item, struct json_writer *json)
{
    struct stories_answer answer =
        stories_add(state, &item->tokens, item->gated.post.heard, item->batch);

    json_key(json, "story");
    json_int(json, (int64_t)answer.story);
    json_key(json, "first");
    json_bool(json, answer.first);
    json_key(json, "novelty");
    json_double(json, answer.novelty);
    add_change(&answer.change, json);
}

static enum rc list(struct session *session, int argc, char **argv, struct err *err)
{
    struct story_choice choice = {STORIES_BY_LAST, 50};
    struct story_list stories;
    struct arena *request = &session->process;
    int64_t limit;
    enum rc rc;

    if (argc > 1 || (argc == 1 && (!str_to_int(str_of(argv[0]), &limit) || limit < 1)))
        return err_set(err, RC_USAGE, "say stories list [HOW-MANY]");
    if (argc == 1)
        choice.limit = (size_t)limit;
    rc = show_leaf(session, LEDGER_READ, STR("stories list"), err);
    if (rc == RC_OK)
        rc = story_view_list(session->store, &session->settings, &choice, request, &stories, err);
    if (rc != RC_OK)
        return rc;
    if (!session->json)
        printf("%6s  %-40s %-22s %8s %8s %8s\n", "id", "story", "topic", "voices", "messages",
               "copies");
    for (size_t i = 0; i < stories.n; i++) {
        const struct story_view *view = &stories.views[i];
        struct buf line;
        struct json_writer json = {.out = &line};

        if (session->json) {
            buf_init(&line, 65536);
            json_open(&json, '{');
            show_story_json(session, view, &json);
            json_close(&json, '}');
            puts(line.p);
            buf_free(&line);
            continue;
        }
        printf("%6llu  ", (unsigned long long)view->id);
        show_column(show_label(session, view), 40);
        putchar(' ');
        show_column(show_topic(session, view->topic), 22);
        putchar(' ');
        show_count(session, view->voices);
        putchar(' ');
        show_count(session, view->messages);
        putchar(' ');
        show_count(session, view->copies);
        putchar('\n');
    }
    return RC_OK;
}

/* A bar as long as the share of the largest day; days below k are dots, never zero. */
static void print_day(struct session *session, const struct story_day *day, uint32_t most)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    bool below = released_kind(day->voices) == RELEASED_BELOW;
    uint32_t length = below ? 0 : released_number(day->voices) * 30 * 8 / (most ? most : 1);
    char date[TIME_TEXT];

    printf("  %s ", day_format(time_day(day->start, session->settings.zone), date));
    show_count(session, day->voices);
    putchar(' ');
    if (below)
        fputs("·", stdout);
    for (uint32_t i = 0; i < length / 8; i++)
        fputs("█", stdout);
    printf("%s\n", eighths[length % 8]);
}

static void print_story(struct session *session, const struct story_view *view)
{
    struct str voices = show_number(session, view->voices);
    struct str messages = show_number(session, view->messages);
    struct str copies = show_number(session, view->copies);
    bool english = session_english(session);
    const struct zone zone = session->settings.zone;
    char first[TIME_TEXT], last[TIME_TEXT];
    uint32_t most = 0;

    printf("%llu  %.*s\n", (unsigned long long)view->id, STR_ARG(show_label(session, view)));
    printf(english
               ? "Topic %.*s; heard from %s to %s: in the window of most people %.*s people; in "
                 "all %.*s messages, %.*s of them copies, %u publications.\n"
               : "Lĩnh vực %.*s; nghe thấy từ %s đến %s: kỳ đông nhất có %.*s người; tổng cộng "
                 "%.*s tin, trong đó %.*s bản chép, %u bài đăng.\n",
           STR_ARG(show_topic(session, view->topic)), show_day(view->first, zone, first),
           show_day(view->last, zone, last), STR_ARG(voices), STR_ARG(messages), STR_ARG(copies),
           view->publications);
    for (uint32_t i = 0; i < view->phrase_count; i++) {
        struct text text = released_text(view->phrases[i]);

        printf("  “%.*s”\n", (int)text.n, text.p);
    }
    for (size_t i = 0; i < view->day_count; i++)
        if (released_kind(view->days[i].voices) != RELEASED_BELOW &&
            released_number(view->days[i].voices) > most)
            most = released_number(view->days[i].voices);
    puts(english ? "People a day:" : "Số người mỗi ngày:");
    for (size_t i = 0; i < view->day_count; i++)
        print_day(session, &view->days[i], most);
}

static void print_story_json(const struct session *session, const struct story_view *view)
{
    struct buf out;
    struct json_writer json = {.out = &out};
    char date[TIME_TEXT];

    buf_init(&out, 4 * 1024 * 1024);
    json_open(&json, '{');
    show_story_json(session, view, &json);
    json_key(&json, "days");
    json_open(&json, '[');
    for (size_t i = 0; i < view->day_count; i++) {
        const struct story_day *day = &view->days[i];

        json_open(&json, '{');
        json_key(&json, "day");
        json_str(&json, str_of(day_format(time_day(day->start, session->settings.zone), date)));
        json_key(&json, "voices");
        released_json(&json, day->voices);
        json_key(&json, "messages");
        released_json(&json, day->messages);
        json_key(&json, "copies");
        released_json(&json, day->copies);
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
    puts(out.p);
    buf_free(&out);
}

/* A story that was merged is shown as the one that took it in. */
static void say_merged(const struct session *session, const struct story_view *view)
{
    if (!session->quiet)
        fprintf(stderr,
                session_english(session) ? "Story %llu turned out to be part of story %llu.\n"
                                         : "Chuyện %llu hóa ra là một phần của chuyện %llu.\n",
                (unsigned long long)view->id, (unsigned long long)view->merged_into);
}

static enum rc show(struct session *session, int argc, char **argv, struct err *err)
{
    struct story_view view;
    int64_t id;
    enum rc rc;

    if (argc != 1 || !str_to_int(str_of(argv[0]), &id) || id < 1)
        return err_set(err, RC_USAGE, "say stories show ID; stories list tells the ids");
    rc = show_leaf(session, LEDGER_READ, STR("stories show"), err);
    if (rc == RC_OK)
        rc = story_view_get(session->store, &session->settings, (uint64_t)id, &session->process,
                            &view, err);
    if (rc == RC_OK && view.merged_into) {
        struct story_view asked = view;

        rc = story_view_get(session->store, &session->settings, asked.merged_into,
                            &session->process, &view, err);
        if (rc == RC_OK)
            say_merged(session, &asked);
    }
    if (rc == RC_OK && session->json)
        print_story_json(session, &view);
    else if (rc == RC_OK)
        print_story(session, &view);
    return rc;
}

static int run_noun(int argc, char **argv,
                    enum rc (*verb)(struct session *, int, char **, struct err *))
{
    struct session session;
    struct err err;
    int operands;
    enum rc rc;

    if (!session_begin(&session, argc, argv, NULL, 0, &operands))
        return EXIT_USAGE;
    rc = session_store(&session, STORE_READ, &err);
    if (rc == RC_OK)
        rc = verb(&session, argc - operands, argv + operands, &err);
    session_end(&session);
    return rc == RC_OK ? EXIT_OK : session_fail("stories", &err);
}

static int run(int argc, char **argv)
{
    static const struct filter filter = {.name = "stories",
                                         .models = MODELS_OF_READING,
                                         .reads_tokens = true,
                                         .begin = begin,
                                         .end = end,
                                         .add = add};

    if (argc > 1 && strcmp(argv[1], "list") == 0)
        return run_noun(argc - 1, argv + 1, list);
    if (argc > 1 && strcmp(argv[1], "show") == 0)
        return run_noun(argc - 1, argv + 1, show);
    return stage_run(&filter, NULL, argc, argv);
}

const struct command cmd_stories = {
    "stories", "list or show stories; or, as a filter, cluster items",
    "Usage: soundings stories list [HOW-MANY] [--json] [--db FILE]\n"
    "       soundings stories show ID [--json] [--db FILE]\n"
    "       soundings stories [--as KIND] [--keep NAME]… [FILE…]\n"
    "\n"
    "list and show tell of stories what staff may see: numbers from k people on (\"<k\" below), "
    "phrases\n"
    "that at least k people used.  Each is a leaf in the log.\n"
    "As a filter: items in, JSON Lines out; adds \"story\", \"first\" and \"novelty\", 0 to 1.\n"
    "\n"
    "Example: soundings stories show 12\n",
    run};
