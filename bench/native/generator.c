/* The load: real meetings over the public protocol. `generator PORTS PLAN ROOMS STANDBY`, then a command on each line of
 * standard input: `fill`, `seat FROM TO`, `play RATE WARM SECONDS` (RATE 0: as fast as it goes), `storm`. Answers with
 * JSON, an object a line. PORTS are separated by commas: the devices of a room go to one after the other. */
#include "turns.h"
#include "wire.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void obey(const char *words) {
    double rate, warm, seconds;
    int from, to;
    if (strcmp(words, "fill") == 0) turns_fill();
    else if (strcmp(words, "storm") == 0) turns_storm();
    else if (sscanf(words, "seat %d %d", &from, &to) == 2 && from >= 0 && to <= SEATS) turns_seat(from, to);
    else if (sscanf(words, "play %lf %lf %lf", &rate, &warm, &seconds) == 3) turns_play(rate, warm, seconds);
    else give_up("unknown: %s", words);
    fflush(stdout);
}

/* A line of standard input; connections are looked after meanwhile. Returns false at its end. */
static int read_words(char *words, size_t space) {
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    for (size_t size = 0; size < space;) {
        while (poll(&input, 1, 0) == 0) player_turn(20, 64);
        if (read(STDIN_FILENO, words + size, 1) != 1) return 0;
        if (words[size] == '\n') {
            words[size] = 0;
            return 1;
        }
        size++;
    }
    give_up("a line is too long");
}

int main(int count, char **words) {
    if (count != 5) give_up("usage: generator PORTS PLAN ROOMS STANDBY");
    char line[256];
    int room_count;
    turns_start(read_plan(words[2]), atoi(words[3]), atoi(words[4]));
    struct room *rooms = turns_rooms(&room_count);
    player_start(words[1], rooms, room_count);
    while (read_words(line, sizeof line)) obey(line);
    return 0;
}
