/* Rooms of seven devices that play meetings over the public protocol. Knows no schedule: `turns.c` has that. */
#ifndef KRING_PLAYER_H
#define KRING_PLAYER_H

#include "plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum device_state { AWAY, CONNECTING, SHAKING, GREETING, IN };

struct room;

struct device {
    struct room *room;
    int number, fd;
    enum device_state state;
    uint32_t seq; /* the last that it heard of */
    bool coming;  /* waits for its turn to connect */
    uint8_t *left;
    size_t left_size, left_space;
};

struct room {
    const struct meeting *meeting;
    struct slot *slot;
    struct device devices[SEATS];
    int number, at; /* the line that is being said, or is next */
    bool waiting, told;
    unsigned missing; /* devices that haven't heard of the line */
    double since;     /* when the line was meant to be said */
    double said;      /* when it was */
};

/* What happened so far; whoever measures takes differences. */
struct counts {
    long contributions, deliveries, bytes, faults, lost, retries;
    char first_fault[400];
};

extern struct counts counts;
extern bool resuming; /* devices come back with `since`, and try again when a connection fails */

void player_start(const char *ports, struct room *rooms, int count);
void room_take(struct room *room, const struct meeting *meeting);
void room_connect(struct room *room, int from, int to);
void room_close(struct room *room);
void room_say(struct room *room, double meant);
void room_say_again(struct room *room);
bool room_is_in(const struct room *room);
bool room_is_over(const struct room *room);
void room_fault(struct room *room, const char *what, size_t size);

/* Devices that are to connect or on their way. */
int player_coming(void);
/* Handles what comes in until something did or so many milliseconds went by. Lets in at most `at_once` at a time. */
void player_turn(int milliseconds, int at_once);
/* Makes player_turn come back when this descriptor can be read. */
void player_watch(int fd);

/* Told by the player to the schedule. */
void on_welcome(struct device *device);
void on_others_heard(struct room *room);
void on_all_heard(struct room *room);
void on_fault(struct room *room);

#endif
