/* str_as_text.c - bytes that nobody checked are not text. */
/* expect: incompatible type */
#include "text/nfc.h"
#include "text/token.h"

struct tokens probe(struct str raw, struct arena *batch)
{
#ifdef CORRECT
    return tokens_of(nfc_text(raw, batch, NULL), batch);
#else
    return tokens_of(raw, batch);
#endif
}
