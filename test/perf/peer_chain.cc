/* peer_chain.cc - what somebody would put together from the parts of Debian, as fast as that goes:
 * simdjson, ICU, CLD2, PCRE2-JIT, a MinHash with LSH over xxhash, SQLite with FTS5; one thread.
 *
 *   peer_chain [--identifiers] DATABASE <posts.jsonl
 *
 * For each post: parsed, NFC, language, identifiers of people out, near copies looked up, row and
 * full text kept (--identifiers: of the kinds that ours finds instead of a simple few); durable
 * with each 2,048, and SQLite set as ours (WAL, synchronous=FULL, 8 MiB of cache, a checkpoint each
 * 2,000 pages).  What it does beyond ours: an index of every word of every post, which ours must
 * not have (a quarter to a third of its time), and copies of all time (ours: of the last 262,144).
 * What it does not: stories; people, sources and copies counted by place, topic and window; rises;
 * what may be shown; places and topics in the text; words; names, addresses and other kinds of
 * identifiers; marks and HTML and old encodings; copies without marks or in other case; an edit or
 * a repeat by its identity (the index refuses it, the words stay); sealing under keys that expire,
 * the log, publications, what was heard of which source.  Prints posts, near copies and seconds.
 */
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <unordered_map>
#include <vector>

#include <cld2/public/compact_lang_det.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <simdjson.h>
#include <sqlite3.h>
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <xxhash.h>

#include "peer_identifiers.h"
#include "peer_patterns.hpp"

struct redactor {
    std::vector<pcre2_code *> codes;
    pcre2_match_data *match = pcre2_match_data_create(16, nullptr);

    void compile(const char *const *list, size_t n, uint32_t caseless)
    {
        for (size_t i = 0; i < n; i++) {
            int error;
            size_t at;
            pcre2_code *code =
                pcre2_compile((PCRE2_SPTR)list[i], PCRE2_ZERO_TERMINATED,
                              PCRE2_UTF | PCRE2_UCP | caseless, &error, &at, nullptr);
            if (!code || pcre2_jit_compile(code, PCRE2_JIT_COMPLETE))
                abort();
            codes.push_back(code);
        }
    }
    void run(std::string &text)
    {
        for (pcre2_code *code : codes)
            for (size_t from = 0; pcre2_match(code, (PCRE2_SPTR)text.data(), text.size(), from,
                                              PCRE2_NO_UTF_CHECK, match, nullptr) > 0;) {
                size_t *span = pcre2_get_ovector_pointer(match);
                text.replace(span[0], span[1] - span[0], "[*]");
                from = span[0] + 3;
            }
    }
};

/* One-permutation hashing of word pairs into 64 bins, eight bands of eight. */
struct copies {
    std::unordered_map<uint64_t, std::vector<uint32_t>> buckets;
    std::vector<std::array<uint32_t, 64>> signatures;

    bool add(const std::string &text)
    {
        std::array<uint32_t, 64> bins;
        bins.fill(UINT32_MAX);
        uint64_t before = 0;
        for (size_t at = 0; at < text.size();) {
            size_t end = text.find_first_of(" \n\t", at);
            if (end == std::string::npos)
                end = text.size();
            if (end > at) {
                uint64_t word = XXH3_64bits(text.data() + at, end - at);
                uint64_t pair = (word ^ before) * 0x9E3779B97F4A7C15u;
                uint32_t &bin = bins[pair >> 58];
                bin = std::min(bin, (uint32_t)pair);
                before = word << 1 | word >> 63;
            }
            at = end + 1;
        }
        for (size_t i = 0; i < bins.size(); i++)
            for (size_t j = i; bins[i] == UINT32_MAX && ++j < i + 64;)
                bins[i] = bins[j % 64];
        bool copy = false;
        for (size_t band = 0; band < 8; band++) {
            auto &bucket = buckets[XXH3_64bits_withSeed(&bins[band * 8], 32, band)];
            for (size_t i = bucket.size(); !copy && i-- > 0 && bucket.size() - i < 8;) {
                auto &other = signatures[bucket[i]];
                int equal = 0;
                for (size_t k = 0; k < 64; k++)
                    equal += other[k] == bins[k];
                copy = equal >= 45;
            }
            bucket.push_back((uint32_t)signatures.size());
        }
        signatures.push_back(bins);
        return copy;
    }
};

static void run(sqlite3 *db, const char *sql)
{
    char *message;
    if (sqlite3_exec(db, sql, nullptr, nullptr, &message)) {
        fprintf(stderr, "peer_chain: %s\n", message);
        exit(1);
    }
}

static sqlite3_stmt *prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, nullptr))
        exit(1);
    return statement;
}

int main(int argc, char **argv)
{
    bool all = argc == 3 && std::string_view(argv[1]) == "--identifiers";
    if (argc != 2 + all)
        return 2;
    sqlite3 *db;
    if (sqlite3_open(argv[argc - 1], &db))
        return 1;
    run(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "PRAGMA cache_size=-8192; PRAGMA wal_autocheckpoint=2000;"
            "CREATE TABLE post (n INTEGER PRIMARY KEY, id TEXT, time TEXT, lang TEXT, copy INT, "
            "text TEXT);"
            "CREATE UNIQUE INDEX post_id ON post (id);"
            "CREATE VIRTUAL TABLE word USING fts5 (text, content='post', content_rowid='n')");
    sqlite3_stmt *row = prepare(db, "INSERT INTO post VALUES (?, ?, ?, ?, ?, ?)");
    sqlite3_stmt *word = prepare(db, "INSERT INTO word (rowid, text) VALUES (?, ?)");
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2 *nfc = icu::Normalizer2::getNFCInstance(status);
    simdjson::dom::parser parser;
    redactor redactor;
    if (all)
        redactor.compile(identifiers, std::size(identifiers), PCRE2_CASELESS);
    else
        redactor.compile(patterns, std::size(patterns), 0);
    copies copies;
    std::string line, text, composed;
    uint64_t posts = 0, alike = 0;
    char *raw = nullptr;
    size_t room = 0;
    auto began = std::chrono::steady_clock::now();
    run(db, "BEGIN");
    for (ssize_t n; (n = getline(&raw, &room, stdin)) > 0;) {
        simdjson::dom::element item;
        std::string_view id, time, said;
        line.assign(raw, (size_t)n);
        line.reserve(line.size() + simdjson::SIMDJSON_PADDING);
        if (parser.parse(line).get(item) || item["text"].get(said))
            continue;
        if (item["id"].get(id) || item["time"].get(time))
            continue;
        icu::StringPiece piece(said.data(), (int32_t)said.size());
        if (nfc->isNormalizedUTF8(piece, status)) {
            composed.assign(said);
        } else {
            composed.clear();
            icu::StringByteSink<std::string> sink(&composed);
            nfc->normalizeUTF8(0, piece, sink, nullptr, status);
        }
        bool reliable;
        auto language =
            CLD2::DetectLanguage(composed.data(), (int)composed.size(), true, &reliable);
        text = composed;
        redactor.run(text);
        bool copy = copies.add(text);
        alike += copy;
        posts++;
        sqlite3_bind_int64(row, 1, (sqlite3_int64)posts);
        sqlite3_bind_text(row, 2, id.data(), (int)id.size(), SQLITE_STATIC);
        sqlite3_bind_text(row, 3, time.data(), (int)time.size(), SQLITE_STATIC);
        sqlite3_bind_text(row, 4, CLD2::LanguageCode(language), -1, SQLITE_STATIC);
        sqlite3_bind_int(row, 5, copy);
        sqlite3_bind_text(row, 6, text.data(), (int)text.size(), SQLITE_STATIC);
        sqlite3_step(row);
        sqlite3_reset(row);
        sqlite3_bind_int64(word, 1, (sqlite3_int64)posts);
        sqlite3_bind_text(word, 2, text.data(), (int)text.size(), SQLITE_STATIC);
        sqlite3_step(word);
        sqlite3_reset(word);
        if (posts % 2048 == 0)
            run(db, "COMMIT; BEGIN");
    }
    run(db, "COMMIT");
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    printf("%llu %llu %.3f\n", (unsigned long long)posts, (unsigned long long)alike, took.count());
    sqlite3_finalize(row);
    sqlite3_finalize(word);
    sqlite3_close(db);
    return 0;
}
