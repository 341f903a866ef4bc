/* view_as_text.c - a view of a redacted text is not text: whoever takes one is listed. */
/* expect: incompatible type */
#include "model/redacted.h"
#include "text/token.h"

struct tokens probe(const struct redacted *redacted, struct text text, struct arena *batch)
{
#ifdef CORRECT
    (void)redacted;
    return tokens_of(text, batch);
#else
    (void)text;
    return tokens_of(redacted_view(redacted), batch);
#endif
}
