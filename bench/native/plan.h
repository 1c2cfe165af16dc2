/* What is to be played: scripts (who says what, who must hear it) and meetings to play them in. Made by bench/plan.py. */
#ifndef KRING_PLAN_H
#define KRING_PLAN_H

#include <stddef.h>
#include <stdint.h>

enum { SEATS = 7 };

struct line {
    int device;
    unsigned listeners; /* a bit for each device that hears of it */
    uint32_t seq;       /* of the meeting after it; 0 when the server knows no rules and counts nothing */
    uint8_t *frame;
    size_t size;
};

struct script {
    int count;
    struct line *lines;
};

struct meeting {
    const struct script *script;
    int start; /* line with which the measured part begins */
    char *path, *tickets[SEATS];
};

struct plan {
    int script_count, meeting_count;
    struct script *scripts;
    struct meeting *meetings;
};

struct plan read_plan(const char *path);

#endif
