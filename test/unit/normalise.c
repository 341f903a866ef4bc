/* normalise.c - what people meant: every old encoding and style read, and what is right left alone.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rng.h"
#include "text/fold.h"
#include "text/nfc.h"
#include "text/normalise.h"
#include "text/plain.h"
#include "text/syllable.h"
#include "text/tone.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static struct arena batch;

static int set_up(void **state)
{
    (void)state;
    arena_init(&batch, "batch", (size_t)512 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&batch);
    return 0;
}

static struct str normalised(struct str s, struct normalise_counts *counts)
{
    struct text text = normalise_text(s, &batch, counts);

    return (struct str){text.p, text.n};
}

/* `from` becomes `to` with `n` repairs of one kind and no other; twice is once. */
static void assert_repair(const char *from, const char *to, enum normalise_kind kind, uint32_t n)
{
    struct normalise_counts counts = {{0}};
    struct str got = normalised(str_of(from), &counts);

    if (!str_eq(got, str_of(to)))
        fail_msg("\"%s\" became \"%.*s\"", from, STR_ARG(got));
    for (int i = 0; i < NORMALISE_KINDS; i++)
        if (counts.of[i] != (i == (int)kind ? n : 0))
            fail_msg("\"%s\": %s is counted %u times", from, normalise_names[i], counts.of[i]);
    counts = (struct normalise_counts){{0}};
    assert_true(str_eq(normalised(got, &counts), got));
}

static void assert_same(const char *text)
{
    assert_repair(text, text, NORMALISE_NFC, 0);
}

static const char flood[] = "Đường ngập từ sáng, cả xóm chờ nước rút";

static void bytes_of_old_encodings(void **state)
{
    (void)state;
    assert_repair("\xA7\xAD\xEA\x6E\x67 ng\xCB\x70 t\xF5 s\xB8ng, c\xB6 x\xE3m ch\xEA n\xAD\xED"
                  "c r\xF3t",
                  flood, NORMALISE_TCVN3, 1);
    assert_repair("\xD0\xDF\xB6ng ng\xA7p t\xD7 s\xE1ng, c\xE4 x\xF3m ch\xB6 n\xDF\xBE"
                  "c r\xFAt",
                  flood, NORMALISE_VISCII, 1);
    assert_repair("\xD0\xFD\xF5\xCCng ng\xE2\xF2p t\xFD\xCC s\xE1ng, ca\xD2 x\xF3m ch\xF5\xCC "
                  "n\xFD\xF5\xEC"
                  "c r\xFAt",
                  flood, NORMALISE_1258, 1);
    assert_repair("\xD1\xF6\xF4\xF8ng nga\xE4p t\xF6\xF8 sa\xF9ng, ca\xFB xo\xF9m ch\xF4\xF8 "
                  "n\xF6\xF4\xF9"
                  "c ru\xF9t",
                  flood, NORMALISE_VNI, 1);
}

static void old_encodings_taken_for_western(void **state)
{
    (void)state;
    assert_repair("§­êng ngËp tõ s¸ng, c¶ xãm chê n­íc rót", flood, NORMALISE_TCVN3, 1);
    assert_repair("Ñöôøng ngaäp töø saùng, caû xoùm chôø nöôùc ruùt", flood, NORMALISE_VNI, 1);
    assert_repair("Ðß¶ng ng§p t× sáng, cä xóm ch¶ nß¾c rút", flood, NORMALISE_VISCII, 1);
    assert_repair("ÐýõÌng ngâòp týÌ sáng, caÒ xóm chõÌ nýõìc rút", flood, NORMALISE_1258, 1);
    assert_repair("Câu này đúng rồi ạ.\nÑöôøng ngaäp töø saùng, caû xoùm\nvà câu này cũng vậy",
                  "Câu này đúng rồi ạ.\nĐường ngập từ sáng, cả xóm\nvà câu này cũng vậy",
                  NORMALISE_VNI, 1);
}

static void viqr_when_dense(void **state)
{
    (void)state;
    assert_repair("DDu+o+`ng nga^.p tu+` sa'ng, ca? xo'm cho+` nu+o+'c ru't", flood, NORMALISE_VIQR,
                  1);
    assert_repair("Bao gio+` co' nu+o+'c la.i va^.y?", "Bao giờ có nước lại vậy?", NORMALISE_VIQR,
                  1);
    assert_same("y = x^2 + a^2, see http://a.example/?q=a^b");
    assert_same("I can't go. Don't ask me why? ^^ haha");
    assert_same("troi oi met qua ^_^ mai di lam nua? khong biet");
}

static void utf8_encoded_twice(void **state)
{
    (void)state;
    assert_repair("NÆ°á»\x9B"
                  "c",
                  "NÆ°á»\xEF\xBF\xBD"
                  "c",
                  NORMALISE_NFC, 1); /* half of it is lost: nothing to go by */
    assert_repair("NÆ°á»›c yáº¿u quÃ¡", "Nước yếu quá", NORMALISE_TWICE, 3);
    assert_repair("NÃ†Â°Ã¡Â»â€ºc", "Nước", NORMALISE_TWICE, 2); /* twice over */
    assert_repair("quÃ¡ Ä‘Æ¡n â€œA", "quá đơn “A", NORMALISE_TWICE, 3);
}

static void what_pretends(void **state)
{
    (void)state;
    assert_repair("nư\u200Bớc m\uFEFFáy \u00ADyếu", "nước máy yếu", NORMALISE_INVISIBLE, 3);
    assert_repair("Ｃảm ơn ９！", "Cảm ơn 9!", NORMALISE_FULL_WIDTH, 3);
    assert_repair("nư\u043Ec m\u0430y \u0441húng tôi", "nưoc may chúng tôi", NORMALISE_LOOK_ALIKE,
                  3);
    assert_same("👨\u200D👩\u200D👧 می\u200Cخواهم 你好，世界！");
    assert_same("Нет воды с утра, когда дадут? Δεν έχει νερό, TNFα, 5 µm");
}

static void tone_marks(void **state)
{
    (void)state;
    assert_repair("hoà khoẻ thuỷ", "hòa khỏe thủy", NORMALISE_TONE, 3);
    assert_repair("Hoà HOÁ tuỳ, xoè. loà", "Hòa HÓA tùy, xòe. lòa", NORMALISE_TONE, 5);
    assert_same("hòa khỏe thủy quý quả quẻ hoàn toán khoẻn khuỷu thuyền xoài ngoáy");
    assert_same("abcoà xyzoá foà oàoàoà 9oà");
    assert_repair("hòan tóan gíup qúa thúôc gìa HÒAN", "hoàn toán giúp quá thuốc già HOÀN",
                  NORMALISE_TONE, 7);
    assert_repair("muà này người ngòai", "mùa này người ngoài", NORMALISE_TONE, 2);
    assert_same("È più bello, ma già aí");
}

static void what_is_right_stays(void **state)
{
    static const char *const texts[] = {
        "L'été à Noël, ça va là-bas ? Où êtes-vous ; voilà le garçon",
        "Über die Straße für große Mädchen, schöne Grüße aus Köln",
        "Så må du gå på båden, så får vi se på den",
        "¿Dónde está el niño? La señora comió más jamón «ayer» por 5€",
        "Não há água à noite, então ligue já para a administração",
        "30 °C, 12 m², 100 ± 5 µm, § 4, © 2026, naïve café déjà vu",
        "Nước yếu quá, 3 ngày rồi – ai sửa giúp ₫ 😀❤️ với… "
        "“đường” "
        "«này»",
        "Công ty Coca-Cola® và café Trung Nguyên™ mở cửa lại",
        "Gäng går för nära, då får båda säga så här åt dem",
        "Příliš žluťoučký kůň úpěl ďábelské ódy, jó étvágyat",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_same(texts[i]);
    assert_ptr_equal(normalised(str_of(flood), &(struct normalise_counts){{0}}).p, flood);
}

/* Other bytes than UTF-8 that are no Vietnamese are replaced as nfc_text does it. */
static void western_bytes_are_not_vietnamese(void **state)
{
    static const char *const texts[] = {"\xDC"
                                        "ber die Stra\xDF"
                                        "e f\xFCr gro\xDF"
                                        "e M\xE4"
                                        "dchen",
                                        "S\xE5 m\xE5 du g\xE5 p\xE5 b\xE5"
                                        "den",
                                        "L'\xE9t\xE9 \xE0 No\xEBl, \xE7"
                                        "a va"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct normalise_counts counts = {{0}};
        struct text want = nfc_text(str_of(texts[i]), &batch, NULL);

        assert_true(str_eq(normalised(str_of(texts[i]), &counts), (struct str){want.p, want.n}));
    }
}

static size_t put_rime(char *out, const char *onset, uint32_t first, uint32_t second)
{
    size_t n = strlen(onset);

    memcpy(out, onset, n);
    n += utf8_put(out + n, first);
    return n + utf8_put(out + n, second);
}

/* Every onset with oa, oe, uy in every tone: both styles become one, and it stays. */
static void both_styles_of_every_syllable(void **state)
{
    static const char *const onsets[] = {"",  "b", "ch", "d",  "đ",  "g", "h",  "kh",
                                         "l", "m", "n",  "ng", "nh", "p", "ph", "r",
                                         "s", "t", "th", "tr", "v",  "x"};
    static const char rimes[][3] = {"oa", "oe", "uy"};

    (void)state;
    for (size_t onset = 0; onset < sizeof onsets / sizeof *onsets; onset++)
        for (size_t rime = 0; rime < 3; rime++)
            for (uint8_t tone = 1; tone < 6; tone++) {
                uint32_t a = (unsigned char)rimes[rime][0], b = (unsigned char)rimes[rime][1];
                char first[16], second[16];
                size_t n = put_rime(first, onsets[onset], syllable_with_tone(a, tone), b);
                size_t m = put_rime(second, onsets[onset], a, syllable_with_tone(b, tone));
                struct normalise_counts counts = {{0}};
                struct str want = {first, n};

                assert_true(str_eq(normalised(want, &counts), want));
                assert_int_equal(counts.of[NORMALISE_TONE], 0);
                assert_true(str_eq(normalised((struct str){second, m}, &counts), want));
                assert_int_equal(counts.of[NORMALISE_TONE], 1);
            }
}

/* A word with its tone on the vowel at `index` instead; returns the length, 0 when that is none. */
static size_t put_misplaced(char *out, const struct syllable *syllable, uint8_t index, uint8_t tone)
{
    size_t n = 0;

    if (syllable_with_tone(syllable->letter[index], tone) == syllable->letter[index])
        return 0;
    for (uint8_t i = 0; i < syllable->letters; i++)
        n += utf8_put(out + n, syllable_with_tone(syllable->letter[i], i == index ? tone : 0));
    return n;
}

/* Behind `before` bytes, in front of `after`; the text is Vietnamese by the đ in front. */
static struct str surrounded(struct str word, size_t before, const char *after)
{
    char *out = arena_alloc(&batch, before + word.n + strlen(after) + 4);

    memset(out, ' ', before + 3);
    memcpy(out, "đ", 2);
    memcpy(out + 3 + before, word.p, word.n);
    memcpy(out + 3 + before + word.n, after, strlen(after));
    return (struct str){out, 3 + before + word.n + strlen(after)};
}

static uint32_t check_misplaced(struct str word, uint32_t round)
{
    struct syllable syllable;
    uint32_t moved = 0;
    char right[32], wrong[32];

    if (!syllable_read(word, &syllable))
        return 0;
    for (uint8_t tone = 1; tone < 6; tone++)
        for (uint8_t i = 0; i < syllable.letters; i++) {
            size_t n = put_misplaced(right, &syllable, syllable_tone_place(&syllable), tone);
            size_t m = put_misplaced(wrong, &syllable, i, tone);
            const char *after = (round + i) % 3 == 0 ? "" : (round + i) % 3 == 1 ? " là" : "…";
            struct str from = surrounded((struct str){wrong, m}, round % 67, after), got;
            struct normalise_counts counts = {{0}};
            struct syllable read;

            if (!m || !syllable_read((struct str){wrong, m}, &read))
                continue;
            got = normalised(from, &counts);
            if (!str_eq(got, surrounded((struct str){right, n}, round % 67, after)) ||
                counts.of[NORMALISE_TONE] != (i != syllable_tone_place(&syllable)))
                fail_msg("%.*s became %.*s", STR_ARG(from), STR_ARG(got));
            moved += counts.of[NORMALISE_TONE];
        }
    return moved;
}

/* Every onset with every rime, the tone on every vowel: one form, at every offset in a block. */
static void every_place_of_every_syllable(void **state)
{
    static const char *const onsets[] = {"",  "b",  "g",  "gi", "h", "l",  "ng", "ngh",
                                         "m", "qu", "th", "tr", "Đ", "KH", "G",  "Qu"};
    static const char *const vowels[] = {
        "ai",  "ao",  "au",  "ay", "âu",  "ây",  "eo",  "êu", "ia", "iê", "iêu", "iu",  "oa", "oă",
        "oai", "oao", "oay", "oe", "oeo", "oi",  "ôi",  "ơi", "oo", "ua", "uâ",  "uây", "uê", "ui",
        "uô",  "uôi", "uơ",  "uy", "uya", "uyê", "uyu", "ưa", "ưi", "ươ", "ươi", "ươu", "ưu", "yê",
        "yêu", "a",   "â",   "ê",  "i",   "o",   "ô",   "ơ",  "u",  "ư",  "y"};
    static const char *const codas[] = {"", "c", "ch", "m", "n", "ng", "nh", "p", "t"};
    uint32_t moved = 0, round = 0;

    (void)state;
    for (size_t o = 0; o < sizeof onsets / sizeof *onsets; o++)
        for (size_t v = 0; v < sizeof vowels / sizeof *vowels; v++)
            for (size_t c = 0; c < sizeof codas / sizeof *codas; c++) {
                char word[32];
                int n = snprintf(word, sizeof word, "%s%s%s", onsets[o], vowels[v], codas[c]);

                moved += check_misplaced((struct str){word, (size_t)n}, round++);
                arena_reset(&batch);
            }
    assert_true(moved > 5000);
}

/* All ways stop at the same places, whether they begin there or come from the last stop. */
static void check_ways(struct str s)
{
    struct plain_scan ways[] = {{.s = s, .way = PLAIN_BEST},
                                {.s = s, .way = PLAIN_AVX2},
                                {.s = s, .way = PLAIN_SSSE3},
                                {.s = s, .way = PLAIN_TABLES}};

    for (size_t from = 0; from < s.n;) {
        struct plain_scan anew = {.s = s};
        size_t stop = plain_until(&anew, from);

        for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
            assert_int_equal(plain_until(&ways[i], from), stop);
        assert_in_range(stop, from, s.n);
        assert_true(nfc_until((struct str){s.p, stop}, from) == stop);
        from = stop < s.n ? plain_resume(s, stop) : s.n;
    }
}

/* What the vectors stop at, the tables stop at, wherever the text begins. */
static void all_ways_of_scanning_agree(void **state)
{
    static const char *const pieces[] = {
        "a",  "o", "u",    "i",     "q",      "g",      "t",    " ",        "à",      "á",
        "ạ",  "ế", "ì",    "ị",     "ú",      "ụ",      "ư",    "ơ",        "đ",      "Đ",
        "ă",  "ỳ", "“",    "…",     "\u200B", "😀",      "\xF0", "\xE1\xBB", "\xC3",   "\x80",
        "^",  "~", "9",    "\n",    "\t",     "ð",      "Ɖ",    "ü",        "\u0301", "я",
        "中", "ẹ", "\x7F", "nước ", "ngày ",  "không ", "ũ",    "é"};
    struct rng rng;

    (void)state;
    rng_seed(&rng, 11);
    for (int round = 0; round < 30000; round++) {
        char s[600];
        size_t n = 0;

        for (uint64_t i = rng_below(&rng, 80); i > 0; i--) {
            const char *piece = pieces[rng_below(&rng, sizeof pieces / sizeof *pieces)];

            memcpy(s + n, piece, strlen(piece));
            n += strlen(piece);
        }
        check_ways((struct str){s, n});
    }
}

/* A word with its mark where it belongs, the slow way; `out` has room. */
static size_t put_word_slowly(char *out, struct str word, bool vietnamese)
{
    struct syllable syllable;
    uint8_t place;

    memcpy(out, word.p, word.n);
    if (!syllable_read(word, &syllable) || !syllable.tone)
        return word.n;
    place = syllable_tone_place(&syllable);
    if (place == syllable.toned)
        return word.n;
    if (!vietnamese && place == syllable.onset && syllable.toned == place + 1 &&
        syllable.letters == place + 2 && syllable.shape[place] >= 'a' &&
        syllable.shape[place + 1] >= 'a' && strcmp(syllable.shape + place, "oa") != 0 &&
        strcmp(syllable.shape + place, "oe") != 0 && strcmp(syllable.shape + place, "uy") != 0)
        return word.n;
    return put_misplaced(out, &syllable, place, syllable.tone);
}

/* Every word of text in NFC that has nothing else to repair, until nothing changes. */
static struct str tones_slowly(struct str s)
{
    char *out = arena_alloc(&batch, s.n * 2 + 1);
    bool vietnamese = tone_is_vietnamese(s);
    size_t n = 0;

    for (size_t at = 0, end, next; at < s.n; at = end) {
        for (end = next = at; next < s.n; end = next)
            if (!fold_is_word(utf8_next(s, &next, NULL)))
                break;
        n += put_word_slowly(out + n, str_part(s, at, end - at), vietnamese);
        if (end < s.n) {
            next = end;
            utf8_next(s, &next, NULL);
            memcpy(out + n, s.p + end, next - end);
            n += next - end;
            end = next;
        }
    }
    return str_eq((struct str){out, n}, s) ? s : tones_slowly((struct str){out, n});
}

/* Syllables with their marks anywhere, composed or not, line ends and controls: what the one
 * reading makes of them is what NFC and then a word at a time make. */
static void one_reading_as_slowly(void **state)
{
    static const char *const pieces[] = {
        "hoà",  "hòan", "qúa ", "più ", "muà",    "khoẻ ",  "thuỷ",   "oeõ ",  "uỳ ", "gìa",
        "già ", "oà",   "th",   "ng",   "\u0301", "\u0302", "\u0323", "a",     "ô",   "i",
        "u",    "y",    " ",    "\r",   "\r\n",   "\n",     "\x01",   ".",     "“",   "😀",
        "9",    "đ",    "ươ",   "ì",    "ế",      "tiêng ", "ạ",      "nước ", "e",   "ỵ"};
    struct rng rng;
    uint32_t moved = 0;

    (void)state;
    rng_seed(&rng, 5);
    for (int round = 0; round < 40000; round++) {
        char bytes[1024];
        struct str s = {bytes, 0}, got, want;
        struct normalise_counts counts = {{0}};
        uint64_t kinds = sizeof pieces / sizeof *pieces;
        struct text composed;

        for (uint64_t i = rng_below(&rng, rng_below(&rng, 2) ? 100 : 8); i > 0; i--) {
            const char *piece = pieces[rng_below(&rng, kinds)];

            memcpy(bytes + s.n, piece, strlen(piece));
            s.n += strlen(piece);
        }
        got = normalised(s, &counts);
        composed = nfc_text(s, &batch, NULL);
        want = tones_slowly((struct str){composed.p, composed.n});
        if (!str_eq(got, want))
            fail_msg("round %d: \"%.*s\" became \"%.*s\", not \"%.*s\"", round, STR_ARG(s),
                     STR_ARG(got), STR_ARG(want));
        assert_true(str_eq(normalised(got, &(struct normalise_counts){{0}}), got));
        moved += counts.of[NORMALISE_TONE];
        arena_reset(&batch);
    }
    assert_true(moved > 20000);
}

/* A line with '^' makes every reading go the long way, repairs in order and until nothing changes:
 * the lines before it become what they become without it. */
static void long_way_makes_the_same(void **state)
{
    static const char *const pieces[] = {
        "hoà ",   "a",       "o",  "n",      "g",      "\u0301", "\u0323", "ế",  "đ", " ",
        "\r\n",   "\x01",    "ｏ", "\u043E", "\u0430", "\u0441", "c",      "Ｈ", "ð", "Đ",
        "\u200B", "NÆ°á»›c", "ư",  "ơ",      "hòan",   "qúa ",   "không ", "9",  ".", "я",
        "\uFEFF", "muà ",    "e",  "ì",      "“",      "nước ",  "\u0327", "y",  "u", "😀"};
    struct rng rng;

    (void)state;
    rng_seed(&rng, 31);
    for (int round = 0; round < 20000; round++) {
        char bytes[1024] = "đ ";
        struct normalise_counts counts = {{0}};
        struct str s = {bytes, strlen(bytes)}, alone, before;

        for (uint64_t i = rng_below(&rng, 60); i > 0; i--) {
            const char *piece = pieces[rng_below(&rng, sizeof pieces / sizeof *pieces)];

            memcpy(bytes + s.n, piece, strlen(piece));
            s.n += strlen(piece);
        }
        memcpy(bytes + s.n, "\n^", 2);
        alone = normalised(s, &counts);
        before = normalised((struct str){bytes, s.n + 2}, &counts);
        assert_true(before.n >= 2 && memcmp(before.p + before.n - 2, "\n^", 2) == 0);
        if (!str_eq(alone, str_part(before, 0, before.n - 2)))
            fail_msg("round %d: \"%.*s\" became \"%.*s\"", round, STR_ARG(s), STR_ARG(alone));
        for (int i = 0; i < NORMALISE_KINDS; i++)
            assert_int_equal(counts.of[i] % 2, 0);
        arena_reset(&batch);
    }
}

static void eth_is_no_d_with_stroke(void **state)
{
    (void)state;
    assert_repair("Ðường Ɖiện Biên, ðèn tắt", "Đường Điện Biên, đèn tắt", NORMALISE_LOOK_ALIKE, 3);
    assert_same("Það er gott veður á Íslandi");
    assert_same("Ðxyz aÐà");
}

/* The mark of its own word moves too, and others, because đ makes the text Vietnamese. */
static void eth_and_tone_marks(void **state)
{
    static const char *const both[][2] = {{"Ðoà", "Đòa"},
                                          {"Ðà muà", "Đà mùa"},
                                          {"muà Ðà", "mùa Đà"},
                                          {"hoà\r\nÐoài muà\r\n", "hòa\nĐoài mùa\n"}};

    (void)state;
    for (size_t i = 0; i < sizeof both / sizeof *both; i++) {
        struct normalise_counts counts = {{0}};

        assert_true(str_eq(normalised(str_of(both[i][0]), &counts), str_of(both[i][1])));
        assert_int_equal(counts.of[NORMALISE_LOOK_ALIKE], 1);
        assert_int_equal(counts.of[NORMALISE_TONE], i == 3 ? 2 : 1);
        assert_int_equal(counts.of[NORMALISE_NFC], i == 3 ? 2 : 0);
    }
}

static bool only_composed(const struct normalise_counts *counts)
{
    for (int i = 0; i < NORMALISE_KINDS; i++)
        if (i != NORMALISE_NFC && counts->of[i])
            return false;
    return true;
}

/* Behind a letter, and between marks: NFC to the byte where nothing else was repaired, and stable;
 * what is repaired is little. */
static void every_code_point_as_nfc(void **state)
{
    uint32_t repaired = 0;

    (void)state;
    for (uint32_t cp = 0x80; cp <= 0x1FFFF; cp++) {
        char s[16] = "xe\xCC\x81";
        struct normalise_counts counts = {{0}};
        struct str from = {s, 4 + utf8_put(s + 4, cp)}, once = normalised(from, &counts);
        struct text want = nfc_text(from, &batch, NULL);

        if (only_composed(&counts))
            assert_true(str_eq(once, (struct str){want.p, want.n}));
        else
            repaired++;
        counts = (struct normalise_counts){{0}};
        assert_true(str_eq(normalised(once, &counts), once) && only_composed(&counts));
        arena_reset(&batch);
    }
    assert_in_range(repaired, 94 + 40, 94 + 80); /* full width, look-alikes, without width */
}

static void hostile_text_is_linear(void **state)
{
    static const char *const pieces[] = {"oà",   "\xC3\xA3", "a^", "\xE1",     "\xCC\x81",
                                         "а",    "aа",       "Ã",  "\u200B",   "Æ°",
                                         "oà\n", "®",        "Ã†", "Ａ\u0430", "^\xFF\n"};
    enum { BYTES = 1 << 20 };

    (void)state;
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        struct normalise_counts counts = {{0}};
        size_t n = strlen(pieces[i]), length = 0;
        clock_t from = clock();
        struct str once;
        char *s;

        arena_reset(&batch);
        s = arena_alloc(&batch, BYTES);
        for (; length + n <= BYTES; length += n)
            memcpy(s + length, pieces[i], n);
        once = normalised((struct str){s, length}, &counts);
        assert_true(utf8_valid(once));
        assert_true(clock() - from < 4 * CLOCKS_PER_SEC);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_of_old_encodings),
        cmocka_unit_test(old_encodings_taken_for_western),
        cmocka_unit_test(viqr_when_dense),
        cmocka_unit_test(utf8_encoded_twice),
        cmocka_unit_test(what_pretends),
        cmocka_unit_test(tone_marks),
        cmocka_unit_test(what_is_right_stays),
        cmocka_unit_test(western_bytes_are_not_vietnamese),
        cmocka_unit_test(both_styles_of_every_syllable),
        cmocka_unit_test(every_place_of_every_syllable),
        cmocka_unit_test(all_ways_of_scanning_agree),
        cmocka_unit_test(one_reading_as_slowly),
        cmocka_unit_test(long_way_makes_the_same),
        cmocka_unit_test(eth_is_no_d_with_stroke),
        cmocka_unit_test(eth_and_tone_marks),
        cmocka_unit_test(every_code_point_as_nfc),
        cmocka_unit_test(hostile_text_is_linear),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
