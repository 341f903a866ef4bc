/* alarm.c - the words of a verdict; see alarm.h. */
#include "model/alarm.h"

enum verdict alarm_verdict(const struct alarm *alarm)
{
    return alarm->desk ? alarm->desk : alarm->verdict;
}

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[VERDICTS] = {"early", "right", "wrong", "unsure"};

    return names[verdict];
}
