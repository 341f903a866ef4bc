/* xml_declaration.c - byte order marks and encoding="…"; see xml_declaration.h. */
#include "source/xml_declaration.h"

enum { HEAD = 256 };

struct str xml_declared_encoding(struct str document)
{
    struct str head = str_part(document, 0, HEAD), value;

    head = str_part(head, 0, str_find(head, STR("?>")));
    value = str_from(head, str_find(head, STR("encoding")));
    value = str_trim(str_from(value, 8));
    if (!str_starts(value, STR("=")))
        return (struct str){NULL, 0};
    value = str_trim(str_from(value, 1));
    if (value.n < 2)
        return (struct str){NULL, 0};
    return str_part(value, 1, str_find_byte(str_from(value, 1), value.p[0]));
}

bool xml_encoding_contradicts(struct str document)
{
    bool utf8 = str_starts(document, STR("\xEF\xBB\xBF"));
    bool utf16 = str_starts(document, STR("\xFF\xFE")) || str_starts(document, STR("\xFE\xFF"));
    char narrow[HEAD];
    struct str declared;
    size_t n = 0;

    if (!utf8 && !utf16)
        return false;
    for (size_t i = utf8 ? 3 : 2; i < document.n && n < HEAD; i++)
        if (document.p[i])
            narrow[n++] = document.p[i];
    declared = xml_declared_encoding((struct str){narrow, n});
    if (!declared.n)
        return false;
    return utf8 ? !str_eq_nocase(declared, STR("utf-8"))
                : str_eq_nocase(declared, STR("utf-8")) || str_eq_nocase(declared, STR("us-ascii"));
}
