/* Who speaks when: as fast as it goes (closed loop), or at times that don't wait for the server (open loop). */
#ifndef KRING_TURNS_H
#define KRING_TURNS_H

#include "player.h"

enum { RING = 512 };

/* A place in the measurement, where one meeting after another is played. */
struct slot {
    struct room *room;
    double due[RING]; /* when lines were meant to be said that haven't been said yet */
    unsigned said, meant;
};

void turns_start(struct plan plan, int slots, int standby);
/* All rooms, for the player to make ready. */
struct room *turns_rooms(int *count);

/* Gives every place and every standby a meeting that has begun. */
void turns_fill(void);
/* Connects devices FROM to TO of every room, and nothing else. */
void turns_seat(int from, int to);
/* Plays for `warm` + `seconds`. `rate`: lines per second of all places together, at random; 0: as fast as it goes. */
void turns_play(double rate, double warm, double seconds);
/* Every device is cut off with a line under way, and comes back at once. */
void turns_storm(void);

#endif
