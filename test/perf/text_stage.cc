/* text_stage.cc - the whole text stage on one core, beside the same stage built from Debian parts.
 *
 *   text_stage WORDS NAME=FILE...      test/perf/bench builds and runs it, from the repository root
 *
 * A file has a text a line, plain or as "text" of a JSON object; the first CORPUS_MAX bytes count.
 * Ours: normalise, language, tokens, words, redact.  The other chain: ICU's NFC from UTF-8 to
 * UTF-8, CLD2 on the same first bytes, ICU's word break on UTF-8, longest match in the list WORDS
 * (one a line), PCRE2-JIT with the patterns that one writes for phones, mail addresses, handles,
 * profile links, identity numbers, plates and accounts.  It does less: no old encodings, no
 * look-alikes, no tone marks, no keys, and what is disguised stays.  Without the model, the list or
 * CLD2 both chains go without that part, and say so.
 * Told are MB of text a second of processor time, medians of ROUNDS, and the median ratio of
 * neighbouring runs (ours, theirs, ours, theirs).
 */
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#if __has_include(<cld2/public/compact_lang_det.h>)
#include <cld2/public/compact_lang_det.h>
#define HAVE_CLD2 1
#else
#define HAVE_CLD2 0
#endif
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <unicode/brkiter.h>
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/utext.h>

#include "peer_patterns.hpp"

#define _Noreturn [[noreturn]]
extern "C" {
#include "intake/redact.h"
#include "shim/json.h"
#include "text/language.h"
#include "text/normalise.h"
#include "text/segment.h"
#include "text/token.h"
}

constexpr int ROUNDS = 7;
constexpr size_t CORPUS_MAX = 12'000'000, BATCH_POSTS = 512;

using texts = std::vector<std::string>;

static struct arena batch;
static const struct language_model *model;
static const struct segmenter *segmenter;

/* --- ours ---------------------------------------------------------------------------------------
 */

static struct text our_normal(const std::string &s)
{
    struct normalise_counts counts = {};
    return normalise_text({s.data(), s.size()}, &batch, &counts);
}

static size_t our_language(struct text text)
{
    return language_of(model, {text.p, text.n}).tag.n;
}

static size_t our_tokens(struct text text)
{
    return tokens_of(text, &batch).n;
}

static size_t our_words(struct text text)
{
    return segment_text(segmenter, text, &batch).n;
}

static size_t our_redaction(struct text text)
{
    struct redaction_counts counts = {};
    return redact_text(text, REDACT_PEOPLE, &batch, &counts).n;
}

/* --- theirs -------------------------------------------------------------------------------------
 */

static std::string their_normal(const std::string &s)
{
    UErrorCode status = U_ZERO_ERROR;
    std::string out;
    icu::StringByteSink<std::string> sink(&out, (int32_t)s.size());
    icu::Normalizer2::getNFCInstance(status)->normalizeUTF8(0, s, sink, nullptr, status);
    return out;
}

static size_t their_language(const std::string &s)
{
#if HAVE_CLD2
    size_t n = s.size();
    if (n > LANGUAGE_READS)
        for (n = LANGUAGE_READS; n && ((unsigned char)s[n] & 0xC0) == 0x80;)
            n--;
    bool reliable;
    return (size_t)CLD2::DetectLanguage(s.data(), (int)n, true, &reliable);
#else
    return s.size();
#endif
}

static size_t their_tokens(const std::string &s)
{
    static UErrorCode status = U_ZERO_ERROR;
    static const std::unique_ptr<icu::BreakIterator> words(
        icu::BreakIterator::createWordInstance(icu::Locale("vi"), status));
    static UText *text;
    size_t n = 0;
    text = utext_openUTF8(text, s.data(), (int64_t)s.size(), &status);
    words->setText(text, status);
    while (words->next() != icu::BreakIterator::DONE)
        n += words->getRuleStatus() != UBRK_WORD_NONE;
    return n;
}

static std::unordered_set<std::string> dictionary;
constexpr size_t LONGEST = 5; /* syllables */

/* Syllables between spaces and signs of ASCII, in lower case; the longest run that is listed is a
 * word. */
static size_t their_words(const std::string &s)
{
    static std::vector<size_t> ends;
    static icu::UnicodeString wide;
    static std::string lower;
    size_t n = 0;
    lower.clear();
    wide = icu::UnicodeString::fromUTF8(s);
    wide.toLower().toUTF8String(lower);
    for (size_t at = 0; at < lower.size();) {
        ends.clear();
        for (size_t i = at; i < lower.size() && ends.size() < LONGEST; i++) {
            size_t end = lower.find_first_of(" .,;:!?()\"\n", i);
            ends.push_back(i = end == std::string::npos ? lower.size() : end);
            if (i < lower.size() && lower[i] != ' ')
                break;
        }
        while (ends.size() > 1 && !dictionary.count(lower.substr(at, ends.back() - at)))
            ends.pop_back();
        at = ends.back() + 1;
        n++;
    }
    return n;
}

static std::vector<pcre2_code *> compiled()
{
    std::vector<pcre2_code *> codes;
    for (const char *pattern : patterns) {
        int error;
        PCRE2_SIZE at;
        codes.push_back(pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                                      PCRE2_UTF | PCRE2_UCP, &error, &at, nullptr));
        if (!codes.back() || pcre2_jit_compile(codes.back(), PCRE2_JIT_COMPLETE) != 0) {
            fprintf(stderr, "text_stage: PCRE2 takes no \"%s\"\n", pattern);
            exit(1);
        }
    }
    return codes;
}

static size_t their_redaction(std::string s)
{
    static const std::vector<pcre2_code *> codes = compiled();
    static pcre2_match_data *const match = pcre2_match_data_create(16, nullptr);
    for (const pcre2_code *code : codes)
        for (size_t at = 0; pcre2_match(code, (PCRE2_SPTR)s.data(), s.size(), at,
                                        PCRE2_NO_UTF_CHECK, match, nullptr) > 0;) {
            const PCRE2_SIZE *span = pcre2_get_ovector_pointer(match);
            at = span[0] + 3;
            s.replace(span[0], span[1] - span[0], "[*]");
        }
    return s.size();
}

/* --- the parts and the whole --------------------------------------------------------------------
 */

struct part {
    const char *name;
    bool raw; /* takes text as written, else normalised */
    size_t (*ours)(const std::string &), (*theirs)(const std::string &);
};

static struct text clean(const std::string &s)
{
    return {s.data(), s.size()};
}

static size_t our_stage(const std::string &s)
{
    struct text text = our_normal(s);
    size_t words = segmenter ? our_words(text) : 0;
    return our_language(text) + our_tokens(text) + words + our_redaction(text);
}

static size_t their_stage(const std::string &s)
{
    std::string text = their_normal(s);
    size_t words = segmenter ? their_words(text) : 0;
    return their_language(text) + their_tokens(text) + words + their_redaction(text);
}

static const part parts[] = {
    {"normalise", true, [](const std::string &s) { return our_normal(s).n; },
     [](const std::string &s) { return their_normal(s).size(); }},
    {"language", false, [](const std::string &s) { return our_language(clean(s)); },
     their_language},
    {"tokens", false, [](const std::string &s) { return our_tokens(clean(s)); }, their_tokens},
    {"words", false, [](const std::string &s) { return our_words(clean(s)); }, their_words},
    {"redact", false, [](const std::string &s) { return our_redaction(clean(s)); },
     [](const std::string &s) { return their_redaction(s); }},
    {"whole stage", true, our_stage, their_stage},
};

static volatile size_t kept; /* so that nothing is left out */

static double seconds(const texts &corpus, size_t (*run)(const std::string &))
{
    struct timespec from, to;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from);
    for (size_t i = 0; i < corpus.size(); i++) {
        kept = kept + run(corpus[i]);
        if (i % BATCH_POSTS == 0)
            arena_reset(&batch);
    }
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &to);
    arena_reset(&batch);
    return (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9;
}

static double median(std::vector<double> v)
{
    std::sort(v.begin(), v.end());
    return v[v.size() / 2];
}

static void measure(const char *name, const part &part, const texts &corpus)
{
    std::vector<double> ours, theirs, ratios;
    double bytes = 0;
    for (const std::string &s : corpus)
        bytes += (double)s.size();
    for (int round = 0; round < ROUNDS; round++) {
        ours.push_back(seconds(corpus, part.ours));
        theirs.push_back(seconds(corpus, part.theirs));
        ratios.push_back(theirs.back() / ours.back());
    }
    printf("%-20s %-12s %8.0f %8.1f %8.1fx\n", name, part.name, bytes / 1e6 / median(ours),
           bytes / 1e6 / median(theirs), median(ratios));
    fflush(stdout);
}

static bool on_value(void *context, const struct json_event *event)
{
    if (event->type == JSON_STRING && std::string(event->key.p, event->key.n) == "text")
        static_cast<texts *>(context)->emplace_back(event->string.p, event->string.n);
    return true;
}

static texts read_texts(const std::string &path)
{
    std::unique_ptr<struct json_parser, void (*)(struct json_parser *)> parser(json_parser_new(),
                                                                               json_parser_free);
    std::ifstream in(path);
    texts out;
    size_t bytes = 0;
    for (std::string line; bytes < CORPUS_MAX && std::getline(in, line);) {
        size_t before = out.size();
        if (line[0] != '{')
            out.push_back(line);
        else if (!json_parse(parser.get(), {line.data(), line.size()}))
            json_walk(parser.get(), on_value, &out);
        if (out.size() > before)
            bytes += out.back().size();
    }
    return out;
}

static std::string file(const char *path)
{
    std::stringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

/* The models from the repository, the words of the other chain from a list. */
static void begin(struct arena *process, const char *list)
{
    static const std::string languages = file("data/languages.tsv"),
                             rates = file("data/models/syllables.tsv"),
                             words = file("data/models/languages.bin"),
                             weights = file("data/models/segment.bin");
    struct err err;
    if (language_read({languages.data(), languages.size()}, {rates.data(), rates.size()},
                      {words.data(), words.size()}, process, &model, &err) != RC_OK) {
        fprintf(stderr, "text_stage: %s\n", err.text);
        exit(1);
    }
    std::ifstream in(list);
    for (std::string word; std::getline(in, word);)
        dictionary.insert(word);
    if (dictionary.empty() ||
        segmenter_read({weights.data(), weights.size()}, process, &segmenter, &err) != RC_OK)
        puts("(both chains without words: there is no list for the other one, or no model)");
    if (!HAVE_CLD2)
        puts("(without CLD2, which is not installed: the other chain tells no language)");
}

static void measure_file(const char *argument)
{
    const char *equals = strchr(argument, '=');
    std::string name(argument, equals ? (size_t)(equals - argument) : strlen(argument));
    texts raw = read_texts(equals ? equals + 1 : argument), normal;
    for (const std::string &s : raw) {
        struct text text = our_normal(s);
        normal.emplace_back(text.p, text.n);
        arena_reset(&batch);
    }
    for (const part &part : parts)
        if (!raw.empty() && (segmenter || strcmp(part.name, "words") != 0))
            measure(name.c_str(), part, part.raw ? raw : normal);
}

int main(int argc, char **argv)
{
    struct arena process;
    if (argc < 3)
        return 2;
    arena_init(&process, "process", 1 << 26);
    arena_init(&batch, "batch", 1 << 28);
    begin(&process, argv[1]);
    printf("%-20s %-12s %8s %8s %9s\n", "MB/s on one core", "", "ours", "theirs", "");
    for (int i = 2; i < argc; i++)
        measure_file(argv[i]);
    return 0;
}
