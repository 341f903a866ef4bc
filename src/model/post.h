/* post.h - one item after the gate.  There is no author in it, and nowhere to put one.
 *
 * What told people apart was a `struct voice`: it travels beside the post, in memory, as far as the
 * distinct counts (PRIVACY P2), and ends there.
 */
#ifndef MODEL_POST_H
#define MODEL_POST_H

#include "model/redacted.h"

enum kind { KIND_POST, KIND_PUBLICATION, KIND_TIP, KIND_REQUEST };
enum { KINDS = 4 };

/* A BCP 47 tag, NUL-terminated; "und" when unknown. */
struct language {
    char tag[12];
};

struct post {
    int64_t time;  /* event time, ms; TIME_UNKNOWN when the item had none */
    int64_t heard; /* time heard, ms: retention and windows count from it */
    enum kind kind;
    bool replayed;   /* from ingest --history */
    uint32_t source; /* index into settings.sources; 0 = "file" */
    uint32_t place;  /* index into the gazetteer; 0 = not known (the city as a whole) */
    struct language lang;
    const struct redacted *text; /* title, summary and text joined by newlines */
};

/* What a publisher publishes is shown as published (table "Who sees what"). */
struct publication {
    struct str id, url; /* as published */
    struct text title, summary;
};

/* Tells people apart within one process: a keyed digest of source and author token, the key drawn
 * at start.  Never written anywhere.  `known` false: the item had no token. */
struct voice {
    uint64_t h[2];
    bool known;
};

/* The 32-byte digest of (source as written, id) or of what stands for it; lives in memory only. At
 * rest it exists as a keyed tag (store/tag.h). `content` tells an edit from a repeat. */
struct identity {
    unsigned char digest[32];
    uint64_t content; /* hash of the item's text fields; CONTENT_DELETED */
};
/* Its source says that the item is gone: what it said is not kept, and if it comes again not taken.
 */
#define CONTENT_DELETED UINT64_MAX

const char *kind_name(enum kind kind); /* "post", "publication", "tip", "request" */
/* The first subtag as a number that is not 0, and back. */
uint32_t language_number(struct language lang);
struct language language_of_number(uint32_t number);
bool kind_find(struct str name, enum kind *out);

#endif
