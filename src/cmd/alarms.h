/* alarms.h - soundings rises list, show and judge: the alarms of a database.
 */
#ifndef CMD_ALARMS_H
#define CMD_ALARMS_H

#include "cmd/session.h"

/* Whether the operand is one of these verbs. */
bool alarms_verb(const char *operand);
/* argv[0] is the verb, behind it its operands.  RC_USAGE, RC_ABSENT. */
enum rc alarms_run(struct session *session, int argc, char **argv, struct err *err);

#endif
