/* source_input.c - tests of source/input: windows, lines, byte order marks, content names. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "source/input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[64];

static int make_path(void **state)
{
    (void)state;
    snprintf(path, sizeof path, "/tmp/source_input.XXXXXX");
    close(mkstemp(path));
    return 0;
}

static int remove_path(void **state)
{
    (void)state;
    return unlink(path);
}

static void write_file(struct str bytes)
{
    FILE *out = fopen(path, "wb");

    assert_non_null(out);
    assert_int_equal(fwrite(bytes.p, 1, bytes.n, out), bytes.n);
    fclose(out);
}

static void expect_line(struct input *input, const char *wanted)
{
    struct str line;
    struct err err;

    assert_int_equal(input_line(input, &line, &err), RC_OK);
    assert_int_equal(line.n, strlen(wanted));
    assert_memory_equal(line.p, wanted, line.n);
}

static void lines_of_every_ending(void **state)
{
    struct str bytes = STR("\xEF\xBB\xBF"
                           "một\nhai\r\n\n\rba\r\nbốn");
    struct input input;
    struct str line;
    struct err err;

    (void)state;
    input_memory(&input, "x", bytes);
    expect_line(&input, "một");
    expect_line(&input, "hai");
    expect_line(&input, "");
    expect_line(&input, "\rba");
    expect_line(&input, "bốn");
    assert_int_equal(input_line(&input, &line, &err), RC_ABSENT);
    assert_int_equal(input.offset, bytes.n);
}

/* The longest line passes, one byte more costs that line alone: also across many reads. */
static void a_long_line_costs_itself(void **state)
{
    size_t n = 3 * (size_t)RECORD_MAX + 100;
    char *bytes = malloc(n);
    struct input input;
    struct str line;
    struct err err;

    (void)state;
    memset(bytes, 'a', n);
    bytes[RECORD_MAX] = '\n';
    bytes[3 * RECORD_MAX] = '\n';
    write_file((struct str){bytes, n});
    assert_int_equal(input_open(&input, path, &err), RC_OK);
    assert_int_equal(input_line(&input, &line, &err), RC_OK);
    assert_int_equal(line.n, RECORD_MAX);
    assert_int_equal(input_line(&input, &line, &err), RC_BAD);
    assert_non_null(strstr(err.text, "1 MiB"));
    assert_int_equal(input_line(&input, &line, &err), RC_OK);
    assert_int_equal(line.n, 99);
    assert_int_equal(input_line(&input, &line, &err), RC_ABSENT);
    assert_int_equal(input.offset, n);
    input_close(&input);
    free(bytes);
}

static void a_document_has_a_maximum(void **state)
{
    struct input input;
    struct str document;
    struct err err;

    (void)state;
    write_file(STR("0123456789"));
    assert_int_equal(input_open(&input, path, &err), RC_OK);
    assert_int_equal(input_document(&input, 9, &document, &err), RC_BAD);
    assert_int_equal(input_document(&input, 10, &document, &err), RC_OK);
    assert_int_equal(document.n, 10);
    assert_int_equal(input.offset, 0);
    input_close(&input);
}

static void what_is_not_there(void **state)
{
    struct input input;
    struct err err;

    (void)state;
    assert_int_equal(input_open(&input, "/nonexistent/x", &err), RC_ABSENT);
    assert_int_equal(input_open(&input, "/tmp", &err), RC_BROKEN);
}

static void name_through_a_pipe(struct str bytes, size_t lines_first, char name[33])
{
    int ends[2], standard = dup(STDIN_FILENO);
    struct input input;
    struct str line;
    struct err err;

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], bytes.p, bytes.n), bytes.n);
    close(ends[1]);
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    assert_int_equal(input_open(&input, "-", &err), RC_OK);
    for (size_t i = 0; i < lines_first; i++)
        assert_int_equal(input_line(&input, &line, &err), RC_OK);
    assert_int_equal(input_content_name(&input, name, &err), RC_OK);
    if (lines_first)
        expect_line(&input, "ba"); /* reading goes on where it was */
    input_close(&input);
    dup2(standard, STDIN_FILENO);
    close(standard);
}

/* The same bytes have the same name whatever they come through and however far they were read. */
static void content_has_one_name(void **state)
{
    struct str bytes = STR("một\nhai\nba\n");
    char file[33], memory[33], fresh[33], later[33];
    struct input input;
    struct str line;
    struct err err;

    (void)state;
    write_file(bytes);
    assert_int_equal(input_open(&input, path, &err), RC_OK);
    assert_int_equal(input_line(&input, &line, &err), RC_OK);
    assert_int_equal(input_content_name(&input, file, &err), RC_OK);
    expect_line(&input, "hai");
    input_close(&input);
    input_memory(&input, "x", bytes);
    input_skip(&input, bytes.n);
    assert_int_equal(input_content_name(&input, memory, &err), RC_OK);
    name_through_a_pipe(bytes, 0, fresh);
    name_through_a_pipe(bytes, 2, later);
    assert_string_equal(file, memory);
    assert_string_equal(file, fresh);
    assert_string_equal(file, later);
    name_through_a_pipe(STR("một\nhai\nbb\n"), 0, fresh);
    assert_string_not_equal(file, fresh);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_of_every_ending),    cmocka_unit_test(a_long_line_costs_itself),
        cmocka_unit_test(a_document_has_a_maximum), cmocka_unit_test(what_is_not_there),
        cmocka_unit_test(content_has_one_name),
    };

    return cmocka_run_group_tests(tests, make_path, remove_path);
}
