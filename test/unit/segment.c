/* segment.c - words and sentences: what stays whole, what is joined, other languages, any bytes. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rng.h"
#include "base/embedded.h"
#include "text/nfc.h"
#include "text/segment.h"
#include "text/sentence.h"

#include <stdio.h>
#include <string.h>

static struct arena process, batch;
static const struct segmenter *segmenter;
static struct piece_letters letters;

static int set_up(void **state)
{
    struct err err;

    (void)state;
    arena_init(&process, "process", (size_t)8 << 20);
    arena_init(&batch, "batch", (size_t)512 << 20);
    piece_letters_init(&letters);
    return segmenter_read(embedded_file("data/models/segment.bin"), &process, &segmenter, &err) !=
           RC_OK;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&batch);
    arena_free(&process);
    return 0;
}

static void assert_parts(const char *s, const struct words *parts, const char *want)
{
    char got[1024];
    size_t n = 0;

    for (uint32_t i = 0; i < parts->n; i++) {
        if (i)
            got[n++] = '|';
        memcpy(got + n, s + parts->offset[i], parts->length[i]);
        n += parts->length[i];
    }
    got[n] = '\0';
    assert_string_equal(got, want);
}

/* `want`: the words joined by '|'. */
static void assert_words(const char *s, const char *want)
{
    struct words words = segment_text(segmenter, (struct text){s, strlen(s)}, &batch);

    assert_parts(s, &words, want);
}

static void assert_sentences(const char *s, const char *want)
{
    struct text text = {s, strlen(s)};
    struct pieces pieces = pieces_of(&letters, text, false, &batch);
    struct sentences found = sentences_of(text, &pieces, &batch);

    assert_parts(s, &(struct words){found.n, found.offset, found.length}, want);
}

static void vietnamese(void **state)
{
    (void)state;
    assert_words("Công trình này chưa xây dựng xong.", "Công trình|này|chưa|xây dựng|xong|.");
    assert_words("Chính quyền địa phương hứa giải quyết vấn đề giao thông",
                 "Chính quyền|địa phương|hứa|giải quyết|vấn đề|giao thông");
    assert_words("Bà Lê Thị Hoa gặp anh Trần Văn Bình ở Đà Nẵng",
                 "Bà|Lê Thị Hoa|gặp|anh|Trần Văn Bình|ở|Đà Nẵng");
    assert_words("hợp tác xã vay tiền mua máy bơm", "hợp tác xã|vay|tiền|mua|máy bơm");
}

/* Which syllables go on with the word of the one before. */
static void words_of_syllables(void **state)
{
    struct text text = {"Nước máy, (công trình) chưa xây dựng 12/5 xong", 0};
    const char want[] = "0101001010";
    struct syllables read;

    (void)state;
    text.n = strlen(text.p);
    read = segment_read(segmenter, text, &batch);
    segment_tokens(segmenter, text, &read.pieces, &read.tokens, &batch);
    assert_int_equal(read.tokens.n, sizeof want - 1);
    for (uint32_t i = 0; i < read.tokens.n; i++)
        assert_int_equal(read.tokens.inside[i], want[i] - '0');
}

static void case_and_tone_place_change_nothing(void **state)
{
    (void)state;
    assert_words("nền hoà bình và nền hòa bình", "nền|hoà bình|và|nền|hòa bình");
    assert_words("THÔNG BÁO CÚP ĐIỆN KHU VỰC", "THÔNG BÁO|CÚP|ĐIỆN|KHU VỰC");
}

static void without_marks(void **state)
{
    (void)state;
    assert_words("chinh quyen dia phuong hua giai quyet van de giao thong",
                 "chinh quyen|dia phuong|hua|giai quyet|van de|giao thong");
}

static void a_line_or_a_sign_parts(void **state)
{
    (void)state;
    assert_words("người ta giải\nquyết xong", "người ta|giải|quyết|xong");
    assert_words("người ta giải, quyết xong", "người ta|giải|,|quyết|xong");
}

static void what_stays_whole(void **state)
{
    (void)state;
    assert_words("hết 1.000.000,5 đồng, 70% ngày 12/5 lúc 8:30",
                 "hết|1.000.000,5|đồng|,|70%|ngày|12/5|lúc|8:30");
    assert_words("mạng 3G, xe 43H-016, H2O.", "mạng|3G|,|xe|43H-016|,|H2O|.");
    assert_words("ở TP.HCM, Q. 3, ThS. Hà, v.v.", "ở|TP.|HCM|,|Q.|3|,|ThS.|Hà|,|v.v.");
    assert_words("gặp nsưt. Hà, ông Đ. Hùng. Mai về. Nay mr. T.",
                 "gặp|nsưt.|Hà|,|ông|Đ.|Hùng|.|Mai|về|.|Nay|mr.|T|.");
    assert_words("xem https://a.example/b?c=d, www.b.example/e. và tin.example nhé",
                 "xem|https://a.example/b?c=d|,|www.b.example/e|.|và|tin.example|nhé");
    assert_words("gửi to.dan@thu.example nhé", "gửi|to.dan@thu.example|nhé");
    assert_words("gọi [SĐT] hay [TÀI KHOẢN].", "gọi|[SĐT]|hay|[TÀI KHOẢN]|.");
    assert_words("ừ... gì?!! 😓😓 “thế”", "ừ|...|gì|?|!!|😓😓|“|thế|”");
    assert_words("hết rồi.Mai có", "hết|rồi|.|Mai|có");
}

static void other_languages(void **state)
{
    (void)state;
    assert_words("New York doesn't wait, Jean-Luc", "New|York|doesn't|wait|,|Jean|-|Luc");
    assert_words("В доме нет воды", "В|доме|нет|воды");
    assert_words("停水abc了", "停|水|abc|了");
    assert_words("", "");
    assert_words(" \t\n ", "");
}

static void sentences(void **state)
{
    (void)state;
    assert_sentences("Nước yếu lắm. Ai sửa giúp? Cảm ơn!", "Nước yếu lắm.|Ai sửa giúp?|Cảm ơn!");
    assert_sentences("Ở TP. Bến Đò, ThS. Hà đo được 1.5 m. Rồi về.",
                     "Ở TP. Bến Đò, ThS. Hà đo được 1.5 m.|Rồi về.");
    assert_sentences("Cam, ổi, v.v. đều rẻ… nhưng ít", "Cam, ổi, v.v. đều rẻ… nhưng ít");
    assert_sentences("Bà nói: “Mất rồi!” (thật à?) Ông đi.",
                     "Bà nói: “Mất rồi!”|(thật à?)|Ông đi.");
    assert_sentences("dòng một\ndòng hai", "dòng một|dòng hai");
    assert_sentences("Thật à?!! Ừ.", "Thật à?!!|Ừ.");
    assert_sentences("", "");
}

/* Words cover every byte that is no white space, in order. */
static void assert_covers(struct text text)
{
    struct words words = segment_text(segmenter, text, &batch);
    struct pieces pieces = pieces_of(&letters, text, false, &batch);
    size_t at = 0, covered = 0, of_pieces = 0;

    for (uint32_t i = 0; i < words.n; i++) {
        assert_true(words.offset[i] >= at && words.length[i] > 0);
        for (; at < words.offset[i]; at++)
            assert_true((unsigned char)text.p[at] <= ' ' || (unsigned char)text.p[at] >= 0x7F);
        at = words.offset[i] + words.length[i];
        assert_true(at <= text.n);
        covered += words.length[i];
    }
    for (uint32_t i = 0; i < pieces.n; i++)
        of_pieces += pieces.length[i];
    assert_true(covered >= of_pieces);
    arena_reset(&batch);
}

static void anything_is_covered(void **state)
{
    static const char *const parts[] = {"nước", " ",  "Đà", ".", "www.",  "v.", "12", "/", "@",
                                        "-",    "\n", "水", "’", "[SĐT]", "😓",  "U.", ":", "//"};
    struct rng rng;

    (void)state;
    rng_seed(&rng, 5);
    for (int round = 0; round < 5000; round++) {
        char s[512];
        size_t n = 0;

        for (uint64_t k = rng_below(&rng, 40); k > 0; k--) {
            const char *part = parts[rng_below(&rng, sizeof parts / sizeof *parts)];

            memcpy(s + n, part, strlen(part));
            n += strlen(part);
        }
        assert_covers((struct text){s, n});
    }
}

static size_t random_word(struct rng *rng, char *out)
{
    static const char *const some[] = {"a", "h", "n", "G", "T", "đ", "Đ", "ư",  "ờ", "Ế",
                                       "ổ", "ü", "ß", "ж", "ộ", "y", "É", "ng", "q", "ơ"};
    size_t n = 0;

    for (uint64_t k = 1 + rng_below(rng, 8); k > 0; k--) {
        const char *letter = some[rng_below(rng, sizeof some / sizeof *some)];

        memcpy(out + n, letter, strlen(letter));
        n += strlen(letter);
    }
    return n;
}

/* A joiner behind a word changes nothing but that the word is then read letter by letter. */
static void short_words_are_read_as_any(void **state)
{
    static const char *const behind[] = {"", " ", ",", ", a", "\n", "! Ở đó có người chờ"};
    struct rng rng;

    (void)state;
    rng_seed(&rng, 6);
    for (int round = 0; round < 20000; round++) {
        const char *rest = behind[rng_below(&rng, sizeof behind / sizeof *behind)];
        char word[64], one[128], other[128];
        int n = (int)random_word(&rng, word);
        struct pieces quick, slow;

        for (int bare = 0; bare < 2; bare++) {
            n = snprintf(one, sizeof one, "%.*s%s", n, word, rest) - (int)strlen(rest);
            snprintf(other, sizeof other, "%.*s\u200d%s", n, word, rest);
            quick = pieces_of(&letters, (struct text){one, strlen(one)}, bare, &batch);
            slow = pieces_of(&letters, (struct text){other, strlen(other)}, bare, &batch);
            assert_int_equal(quick.n, slow.n);
            assert_int_equal(quick.length[0], n);
            assert_memory_equal(quick.key, slow.key, quick.n * sizeof *quick.key);
            assert_memory_equal(quick.look, slow.look, quick.n);
            assert_memory_equal(quick.space, slow.space, quick.n);
            assert_int_equal(quick.letters, slow.letters);
            assert_int_equal(quick.marked, slow.marked);
            assert_int_equal(quick.capitals, slow.capitals);
        }
        arena_reset(&batch);
    }
}

static void assert_same_tokens(const char *s, size_t n)
{
    struct text text = nfc_text((struct str){s, n}, &batch, NULL);
    struct tokens want = tokens_of(text, &batch), tokens;
    struct pieces pieces = pieces_of(&letters, text, false, &batch), with;

    with = pieces_and_tokens(&letters, text, &tokens, &batch);
    assert_int_equal(tokens.n, want.n);
    assert_memory_equal(tokens.folded, want.folded, want.n * sizeof *want.folded);
    assert_memory_equal(tokens.offset, want.offset, want.n * sizeof *want.offset);
    assert_memory_equal(tokens.length, want.length, want.n * sizeof *want.length);
    assert_memory_equal(tokens.sentence, want.sentence, want.n * sizeof *want.sentence);
    assert_int_equal(tokens.doubled, want.doubled);
    assert_int_equal(with.n, pieces.n);
    assert_memory_equal(with.key, pieces.key, pieces.n * sizeof *pieces.key);
    arena_reset(&batch);
}

/* Between words stands what tokens and pieces are parted by differently. */
static void tokens_are_read_with_pieces(void **state)
{
    static const char *const between[] = {
        " ",      " ",    " ",       ", ",     ". ",           "\n",      "  ",     "www. ",
        "www.a ", "/",    "http://", "[SĐT] ", "\u0301",       " \u0301", "水",     "ก ",
        "\u200d", " 12 ", "5m",      "a'a ",   "\xEF\xBC\x8C", "tp. ",    " U.S.A "};
    struct rng rng;

    (void)state;
    rng_seed(&rng, 7);
    for (int round = 0; round < 20000; round++) {
        char s[1024];
        size_t n = 0;

        for (uint64_t k = rng_below(&rng, 12); k > 0; k--) {
            const char *part = between[rng_below(&rng, sizeof between / sizeof *between)];

            n += random_word(&rng, s + n);
            memcpy(s + n, part, strlen(part));
            n += strlen(part);
        }
        assert_same_tokens(s, n);
    }
}

static void every_letter_folds_with_pieces(void **state)
{
    (void)state;
    for (uint32_t cp = 0x80; cp < FOLD_TABLE; cp++) {
        char s[16] = "m";
        size_t n = 1;

        n += utf8_put(s + n, cp);
        s[n++] = 'n';
        assert_same_tokens(s, n);
    }
}

/* A megabyte of what could be slow comes out, and whole. */
static void long_texts(void **state)
{
    static const char *const parts[] = {"a", "a.", "@", "[", "www.", "cộng hòa xã hội ", "’", "A "};
    enum { N = 1 << 20 };
    char *s = arena_alloc(&process, N);

    (void)state;
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        size_t part = strlen(parts[k]), n = 0;

        for (; n + part <= N; n += part)
            memcpy(s + n, parts[k], part);
        assert_covers((struct text){s, n});
    }
}

static void another_model_is_refused(void **state)
{
    struct str model = embedded_file("data/models/segment.bin");
    const struct segmenter *out = NULL;
    struct err err;

    (void)state;
    model.n--;
    assert_int_equal(segmenter_read(model, &process, &out, &err), RC_BAD);
    assert_int_equal(segmenter_read(STR(""), &process, &out, &err), RC_BAD);
    assert_null(out);
    assert_non_null(strstr(err.text, "soundings train segment"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vietnamese),
        cmocka_unit_test(words_of_syllables),
        cmocka_unit_test(case_and_tone_place_change_nothing),
        cmocka_unit_test(without_marks),
        cmocka_unit_test(a_line_or_a_sign_parts),
        cmocka_unit_test(what_stays_whole),
        cmocka_unit_test(other_languages),
        cmocka_unit_test(sentences),
        cmocka_unit_test(anything_is_covered),
        cmocka_unit_test(long_texts),
        cmocka_unit_test(another_model_is_refused),
        cmocka_unit_test(short_words_are_read_as_any),
        cmocka_unit_test(tokens_are_read_with_pieces),
        cmocka_unit_test(every_letter_folds_with_pieces),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
