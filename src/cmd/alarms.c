/* alarms.c - the alarms of a database: which there were, why they fired, whether they were right;
 * see alarms.h.
 */
#include "cmd/alarms.h"

#include "cmd/show.h"
#include "publish/told_json.h"
#include "publish/why.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ALARMS_LISTED = 50, ANSWER_MAX = 4 << 20 };

static int latest_first(const void *a, const void *b)
{
    const struct alarm *x = a, *y = b;

    if (x->known != y->known)
        return x->known < y->known ? 1 : -1;
    return x->id < y->id ? 1 : x->id > y->id ? -1 : 0;
}

/* The name of its topic, or of its story when that may be seen. */
static struct str name_of(struct session *session, const struct alarm_view *alarm)
{
    struct story_view story;
    struct err absent;

    if (!alarm->story)
        return show_topic(session, alarm->topic);
    if (story_view_get(session->store, &session->settings, alarm->story, &session->process, &story,
                       &absent) != RC_OK)
        return STR("—");
    return show_label(session, &story);
}

static const char *verdict_word(const struct session *session, const struct alarm_view *alarm)
{
    static const char *const vi[VERDICTS] = {"còn sớm", "đúng", "nhầm", "không rõ"};

    return session_english(session) ? verdict_name(alarm->verdict) : vi[alarm->verdict];
}

static void print_line(struct session *session, const struct alarm_view *alarm)
{
    const struct settings *settings = &session->settings;
    char known[TIME_TEXT];

    printf("%6llu  %.16s  %-5s ", (unsigned long long)alarm->id,
           time_format(alarm->known, settings->zone, known), window_name(alarm->window));
    show_column(name_of(session, alarm), 24);
    putchar(' ');
    show_column(settings->places.places[alarm->place ? alarm->place : THE_CITY].name, 18);
    putchar(' ');
    show_count(session, alarm->people);
    putchar(' ');
    show_count(session, alarm->expected);
    printf("  %s%s\n", verdict_word(session, alarm), alarm->by_desk ? " *" : "");
}

static void print_json(const struct session *session, const struct alarm_view *alarm,
                       struct arena *request)
{
    struct brief_facts facts = {.settings = &session->settings};
    const struct teller teller = {.facts = &facts, .job = request};
    struct buf line;
    struct json_writer json = {.out = &line};

    buf_init(&line, 65536);
    json_open(&json, '{');
    told_json_alarm(&teller, &json, alarm);
    json_close(&json, '}');
    puts(line.p);
    buf_free(&line);
}

static enum rc list(struct session *session, int argc, char **argv, struct err *err)
{
    int64_t limit = ALARMS_LISTED;
    struct alarm_list alarms;
    enum rc rc;

    if (argc > 1 || (argc == 1 && (!str_to_int(str_of(argv[0]), &limit) || limit < 1)))
        return err_set(err, RC_USAGE, "say rises list [HOW-MANY]");
    rc = show_leaf(session, LEDGER_READ, STR("rises list"), err);
    if (rc == RC_OK)
        rc = session->store->driver->alarms(session->store, (struct span){INT64_MIN, INT64_MAX},
                                            &session->process, &alarms, err);
    if (rc != RC_OK)
        return rc;
    if (alarms.n)
        qsort(alarms.v, alarms.n, sizeof *alarms.v, latest_first);
    if (!session->json)
        puts(session_english(session)
                 ? "    id  known             span  what                     where            "
                   "   people   usual  right?"
                 : "    số  biết lúc          kỳ    việc                     ở đâu            "
                   "    người  thường  đúng?");
    for (size_t i = 0; rc == RC_OK && i < alarms.n && (int64_t)i < limit; i++) {
        struct alarm_view view;

        rc = alarm_view_of(session->store, &session->settings, &alarms.v[i], &session->process,
                           &view, err);
        if (rc == RC_OK && session->json)
            print_json(session, &view, &session->process);
        else if (rc == RC_OK)
            print_line(session, &view);
    }
    return rc;
}

static enum rc read_id(const char *text, uint64_t *out, struct err *err)
{
    int64_t id;

    if (!str_to_int(str_of(text), &id) || id < 1)
        return err_set(err, RC_USAGE, "an alarm goes by its number; rises list tells them");
    *out = (uint64_t)id;
    return RC_OK;
}

static enum rc show(struct session *session, int argc, char **argv, struct err *err)
{
    struct why_options options = {.json = session->json,
                                  .english = session_english(session),
                                  .colour = !session->no_colour && isatty(STDOUT_FILENO),
                                  .width = show_columns()};
    struct buf out;
    enum rc rc;

    if (argc != 1)
        return err_set(err, RC_USAGE, "say rises show ID; rises list tells the ids");
    rc = read_id(argv[0], &options.alarm, err);
    if (rc == RC_OK)
        rc = show_leaf(session, LEDGER_READ, STR("rises show"), err);
    if (rc != RC_OK)
        return rc;
    buf_init(&out, ANSWER_MAX);
    rc = why_write(session->store, &session->settings, &options, &session->process, &out, err);
    if (rc == RC_OK)
        fwrite(out.p, 1, out.n, stdout);
    buf_free(&out);
    return rc;
}

/* The leaf is written by the store, before the word it is about (PRIVACY P10). */
static enum rc judge(struct session *session, int argc, char **argv, struct err *err)
{
    enum verdict verdict = VERDICT_RIGHT;
    uint64_t id = 0;
    enum rc rc;

    if (argc != 2)
        return err_set(err, RC_USAGE, "say rises judge ID right, wrong, unsure or none");
    rc = read_id(argv[0], &id, err);
    if (rc != RC_OK)
        return rc;
    while (verdict < VERDICTS && strcmp(argv[1], verdict_name(verdict)) != 0)
        verdict++;
    if (verdict == VERDICTS && strcmp(argv[1], "none") != 0)
        return err_set(err, RC_USAGE, "an alarm is right, wrong or unsure; none takes that back");
    return session->store->driver->judge(
        session->store, id, verdict == VERDICTS ? VERDICT_NONE : verdict, clock_now(), err);
}

static const struct {
    const char *name;
    enum rc (*run)(struct session *session, int argc, char **argv, struct err *err);
} verbs[] = {{"list", list}, {"show", show}, {"judge", judge}};
enum { VERBS = sizeof verbs / sizeof *verbs };

bool alarms_verb(const char *operand)
{
    for (int i = 0; i < VERBS; i++)
        if (strcmp(operand, verbs[i].name) == 0)
            return true;
    return false;
}

enum rc alarms_run(struct session *session, int argc, char **argv, struct err *err)
{
    int i = 0;
    enum rc rc = session_store(session, STORE_READ, err);

    while (strcmp(argv[0], verbs[i].name) != 0)
        MUST(++i < VERBS);
    return rc == RC_OK ? verbs[i].run(session, argc - 1, argv + 1, err) : rc;
}
