/* embedded.c - the table of embedded files; see embedded.h. */
#include "cmd/embedded.h"

/* tools/embed makes two symbols of each path: its first byte and the byte behind its last. */
#define EMBEDDED(symbol) extern const char symbol[], symbol##_end[];
EMBEDDED(data_function_words_tsv)
EMBEDDED(data_languages_tsv)
EMBEDDED(data_topics_tsv)
EMBEDDED(data_models_syllables_tsv)
EMBEDDED(data_demo_grammar_tsv)
EMBEDDED(data_demo_messages_jsonl)
EMBEDDED(data_demo_places_tsv)
EMBEDDED(data_demo_publications_jsonl)
EMBEDDED(data_demo_soundings_conf)
EMBEDDED(data_demo_stories_tsv)
EMBEDDED(data_demo_truth_tsv)
EMBEDDED(data_demo_units_tsv)

static const struct {
    const char *path, *begin, *end;
} files[] = {
    {"data/function-words.tsv", data_function_words_tsv, data_function_words_tsv_end},
    {"data/languages.tsv", data_languages_tsv, data_languages_tsv_end},
    {"data/topics.tsv", data_topics_tsv, data_topics_tsv_end},
    {"data/models/syllables.tsv", data_models_syllables_tsv, data_models_syllables_tsv_end},
    {"data/demo/grammar.tsv", data_demo_grammar_tsv, data_demo_grammar_tsv_end},
    {"data/demo/messages.jsonl", data_demo_messages_jsonl, data_demo_messages_jsonl_end},
    {"data/demo/places.tsv", data_demo_places_tsv, data_demo_places_tsv_end},
    {"data/demo/publications.jsonl", data_demo_publications_jsonl,
     data_demo_publications_jsonl_end},
    {"data/demo/soundings.conf", data_demo_soundings_conf, data_demo_soundings_conf_end},
    {"data/demo/stories.tsv", data_demo_stories_tsv, data_demo_stories_tsv_end},
    {"data/demo/truth.tsv", data_demo_truth_tsv, data_demo_truth_tsv_end},
    {"data/demo/units.tsv", data_demo_units_tsv, data_demo_units_tsv_end},
};

struct str embedded_file(const char *path)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (str_eq(str_of(files[i].path), str_of(path)))
            return (struct str){files[i].begin, (size_t)(files[i].end - files[i].begin)};
    return (struct str){NULL, 0};
}
