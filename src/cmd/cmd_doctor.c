/* cmd_doctor.c - soundings doctor: what is held, and what is wrong. */
#include "cmd/session.h"

#include "base/json_write.h"
#include "engine/holder.h"
#include "store/thresholds.h"

#include <stdio.h>

struct findings {
    bool json;
    struct json_writer *out;
    uint64_t n;
};

static void note(void *context, const char *line)
{
    struct findings *findings = context;

    findings->n++;
    if (findings->json)
        json_str(findings->out, str_of(line));
    else
        printf("  ! %s\n", line);
}

struct number {
    const char *key, *label;
    int64_t value;
};

enum { NUMBERS = 8 };

static void collect(const struct store_counters *counters, const struct settings *settings,
                    struct number out[NUMBERS])
{
    const struct number numbers[NUMBERS] = {
        {"items", "items held", (int64_t)counters->items},
        {"publications", "publications", (int64_t)counters->publications},
        {"stories", "stories", (int64_t)counters->stories},
        {"releases", "rows released", (int64_t)counters->releases},
        {"leaves", "leaves in the log", (int64_t)counters->leaves},
        {"bytes", "bytes on disk", (int64_t)counters->bytes},
        {"k", "k", settings->k},
        {"retention_days", "days of retention", settings->retention_days},
    };

    for (int i = 0; i < NUMBERS; i++)
        out[i] = numbers[i];
}

static void print_numbers(const struct number *numbers, bool as_json, struct json_writer *json)
{
    for (int i = 0; i < NUMBERS; i++) {
        if (as_json) {
            json_key(json, numbers[i].key);
            json_int(json, numbers[i].value);
        } else {
            printf("%-20s %lld\n", numbers[i].label, (long long)numbers[i].value);
        }
    }
}

/* Who holds the secrets of open windows between two runs. */
static void print_holder(bool as_json, struct json_writer *json)
{
    const char *who = holder_lasts() ? "kernel keyring" : "process only";

    if (as_json) {
        json_key(json, "window_secrets");
        json_str(json, str_of(who));
    } else {
        printf("%-20s %s\n", "window secrets", who);
    }
}

/* How small q must be for an alarm now: it moves with what proved right. */
static enum rc print_thresholds(struct session *session, struct json_writer *json, struct err *err)
{
    char name[THRESHOLD_NAME], label[THRESHOLD_NAME + 16];

    for (enum window window = WINDOW_5MIN; window <= WINDOW_WEEK; window++) {
        uint32_t millionths;
        enum rc rc = threshold_in_force(session->store, window, &millionths, err);

        if (rc != RC_OK)
            return rc;
        threshold_name(window, name);
        snprintf(label, sizeof label, "alarms, %s", window_name(window));
        if (session->json) {
            json_key(json, name);
            json_double(json, millionths / 1e6);
        } else {
            printf("%-20s q at most %g\n", label, millionths / 1e6);
        }
    }
    return RC_OK;
}

static enum rc examine(struct session *session, struct json_writer *json, struct err *err)
{
    struct findings findings = {.json = session->json, .out = json};
    struct store_counters counters;
    struct number numbers[NUMBERS];
    enum rc rc = session_store(session, STORE_READ, err);

    if (rc == RC_OK)
        rc = session->store->driver->counters(session->store, &counters, err);
    if (rc != RC_OK)
        return rc;
    collect(&counters, &session->settings, numbers);
    print_numbers(numbers, session->json, json);
    print_holder(session->json, json);
    rc = print_thresholds(session, json, err);
    if (rc != RC_OK)
        return rc;
    if (session->json) {
        json_key(json, "findings");
        json_open(json, '[');
    }
    rc = session->store->driver->check(session->store, note, &findings, err);
    if (session->json)
        json_close(json, ']');
    else if (rc == RC_OK)
        puts(findings.n ? "nothing is damaged; see the notes above"
                        : "everything is readable: keys, seals, the log's chain, the database");
    return rc;
}

static int run(int argc, char **argv)
{
    struct session session;
    struct buf buf;
    struct json_writer json = {.out = &buf};
    struct err err;
    int operands;
    enum rc rc;

    if (!session_begin(&session, argc, argv, NULL, 0, &operands))
        return EXIT_USAGE;
    buf_init(&buf, 1024 * 1024);
    json_open(&json, '{');
    rc = examine(&session, &json, &err);
    json_close(&json, '}');
    if (session.json && rc == RC_OK)
        puts(buf.p);
    buf_free(&buf);
    session_end(&session);
    return rc == RC_OK ? EXIT_OK : session_fail("doctor", &err);
}

const struct command cmd_doctor = {
    "doctor", "what is held, and what is wrong",
    "Usage: soundings doctor [--json] [--db FILE]\n"
    "\n"
    "Counts what is held and reads all of it once: keys, sealed batches, the log's chain, the "
    "database.\n"
    "\"window secrets\" says who keeps the secrets of open windows between two runs: the kernel "
    "keyring,\n"
    "so that an hourly ingest counts each person of a day once, or this process only.\n"
    "\"alarms\" is how small q must be for an alarm of a kind of window: it starts at 0.02 and "
    "moves "
    "with what\n"
    "proved right.\n"
    "Exit status: 0 nothing is damaged, 1 something is, 4 no such database.\n"
    "\n"
    "Example: soundings doctor --json | jq .items\n",
    run};
