/* post.c - names of the kinds of items; see post.h. */
#include "model/post.h"

static const char *const names[KINDS] = {"post", "publication", "tip", "request"};

const char *kind_name(enum kind kind)
{
    return names[kind];
}

bool kind_find(struct str name, enum kind *out)
{
    for (int i = 0; i < KINDS; i++)
        if (str_eq(name, str_of(names[i]))) {
            *out = (enum kind)i;
            return true;
        }
    return false;
}

uint32_t language_number(struct language lang)
{
    uint32_t number = 0;

    for (int i = 0; i < 4 && lang.tag[i] && lang.tag[i] != '-'; i++)
        number |= (uint32_t)(unsigned char)lang.tag[i] << 8 * i;
    return number;
}

struct language language_of_number(uint32_t number)
{
    struct language lang = {.tag = ""};

    for (int i = 0; i < 4; i++)
        lang.tag[i] = (char)(number >> 8 * i & 0xff);
    return lang;
}
