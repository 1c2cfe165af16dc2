#include "turns.h"

#include "latency.h"
#include "wire.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <unistd.h>

static const int AT_ONCE = 64;
static const double PATIENCE = 10, DRAIN = 5;

static enum { RESTING, BEGINNING, CLOSED, OPEN, STORM } mode;
static struct plan plan;
static struct room *rooms;
static struct slot *slots;
static int slot_count, room_count, next_meeting, timer;
static long shed, dry;
static double opened, closed; /* the window in which it counts; `closed` is 0 while it is open */

/* -- places and rooms */

static bool without_rules(const struct room *room) { return room->meeting->script->lines[0].seq == 0; }

static bool has_begun(const struct room *room) { return room->at >= room->meeting->start; }

static bool ready(const struct room *room) {
    return !room->slot && !room_is_over(room) && room_is_in(room) && has_begun(room);
}

/* The place's next room, when its own is over. */
static bool has_room(struct slot *slot) {
    if (slot->room && !room_is_over(slot->room)) return true;
    if (slot->room) slot->room->slot = NULL;
    slot->room = NULL;
    for (int n = 0; n < room_count && !slot->room; n++)
        if (ready(&rooms[n])) slot->room = &rooms[n];
    if (slot->room) slot->room->slot = slot;
    else dry++;
    return slot->room;
}

static void next_line(struct slot *slot) {
    if (slot->room && slot->room->waiting) return;
    if (mode == CLOSED) {
        if (!closed && has_room(slot)) room_say(slot->room, seconds_now());
    } else if (mode == OPEN && slot->said != slot->meant && has_room(slot)) {
        room_say(slot->room, slot->due[slot->said++ % RING]);
    }
}

void turns_start(struct plan whole, int wanted, int standby) {
    plan = whole;
    slot_count = wanted;
    room_count = wanted + standby;
    slots = must(calloc((size_t)slot_count, sizeof *slots));
    rooms = must(calloc((size_t)room_count, sizeof *rooms));
    timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
}

struct room *turns_rooms(int *count) {
    *count = room_count;
    return rooms;
}

/* -- told by the player */

void on_welcome(struct device *device) {
    struct room *room = device->room;
    if (mode == STORM) {
        latency_add(seconds_now() - opened);
        if (room_is_in(room) && room->waiting) room_say_again(room);
    } else if (mode == BEGINNING && room_is_in(room) && !has_begun(room)) {
        if (without_rules(room)) room->at = room->meeting->start;
        else room_say(room, 0);
    }
}

void on_others_heard(struct room *room) {
    if ((mode == CLOSED && opened && !closed) || (mode == OPEN && opened && room->since >= opened))
        latency_add(seconds_now() - room->since);
}

void on_all_heard(struct room *room) {
    if (room_is_over(room) && without_rules(room)) room->at = room->meeting->start;
    if (mode == BEGINNING && !has_begun(room)) room_say(room, 0);
    else if (room->slot) next_line(room->slot);
}

void on_fault(struct room *room) {
    room->meeting = NULL;
    if (room->slot && (mode == CLOSED || mode == OPEN)) next_line(room->slot);
}

/* -- before */

static bool beginning(void) {
    for (int n = 0; n < room_count; n++)
        if (rooms[n].meeting && (!room_is_in(&rooms[n]) || !has_begun(&rooms[n]))) return true;
    return false;
}

void turns_fill(void) {
    double began = seconds_now();
    mode = BEGINNING;
    for (int n = 0; n < room_count; n++) {
        if (!room_is_over(&rooms[n])) continue;
        if (next_meeting == plan.meeting_count) give_up("the plan has too few meetings");
        room_take(&rooms[n], &plan.meetings[next_meeting++]);
        room_connect(&rooms[n], 0, SEATS);
    }
    while (beginning() && seconds_now() - began < 120) player_turn(100, AT_ONCE);
    if (beginning()) give_up("the meetings don't begin");
    for (int n = 0; n < slot_count; n++) has_room(&slots[n]);
    mode = RESTING;
    printf("{\"event\": \"filled\", \"seconds\": %.3f, \"faults\": %ld, \"first_fault\": \"%s\"}\n",
           seconds_now() - began, counts.faults, counts.first_fault);
}

void turns_seat(int from, int to) {
    double began = seconds_now();
    for (int n = 0; n < room_count; n++) {
        if (!rooms[n].meeting) room_take(&rooms[n], &plan.meetings[next_meeting++ % plan.meeting_count]);
        room_connect(&rooms[n], from, to);
    }
    while (player_coming()) player_turn(100, AT_ONCE);
    printf("{\"event\": \"seated\", \"seats\": %d, \"seconds\": %.3f, \"faults\": %ld, \"first_fault\": \"%s\"}\n",
           room_count * (to - from), seconds_now() - began, counts.faults, counts.first_fault);
}

/* -- measuring */

struct mark {
    double time, busy;
    struct counts counts;
};

static struct mark mark(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double user = (double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec / 1e6;
    double system = (double)used.ru_stime.tv_sec + (double)used.ru_stime.tv_usec / 1e6;
    return (struct mark){.time = seconds_now(), .busy = user + system, .counts = counts};
}

/* Seats that have not heard of what was said in their room. */
static long missing(void) {
    long found = 0;
    for (int n = 0; n < room_count; n++)
        for (unsigned left = rooms[n].waiting ? rooms[n].missing : 0; left; left &= left - 1) found++;
    return found;
}

static void print_result(const char *event, struct mark before, struct mark after, double rate) {
    double seconds = after.time - before.time;
    printf("{\"event\": \"%s\", \"rooms\": %d, \"seconds\": %.4f, \"offered\": %.2f, \"contributions\": %ld, "
           "\"deliveries\": %ld, \"bytes\": %ld, \"generator_busy\": %.4f, \"timed\": %zu, \"shed\": %ld, \"dry\": %ld, "
           "\"lost\": %ld, \"retries\": %ld, \"missing\": %ld, \"faults\": %ld, \"first_fault\": \"%s\", ",
           event, slot_count, seconds, rate, after.counts.contributions - before.counts.contributions,
           after.counts.deliveries - before.counts.deliveries, after.counts.bytes - before.counts.bytes,
           (after.busy - before.busy) / seconds, latency_count(), shed, dry, counts.lost, counts.retries, missing(), counts.faults,
           counts.first_fault);
    latency_print();
    printf("}\n");
}

/* A line that nobody answers: the next one, where there are no rules; elsewhere the room is lost. */
static void lose_patience(double now) {
    static double looked;
    if (now - looked < 1) return;
    looked = now;
    for (int n = 0; n < room_count; n++) {
        struct room *room = &rooms[n];
        if (!room->waiting || now - room->said < PATIENCE) continue;
        counts.lost++;
        if (!without_rules(room)) {
            room_fault(room, "no answer", 9);
            continue;
        }
        latency_add(now - room->since);
        room->waiting = false;
        room->at++;
        on_all_heard(room);
    }
}

/* The time until the next line: exponentially distributed, from a fixed seed. */
static double gap(double rate) {
    static uint64_t state = 0x9e3779b97f4a7c15u;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return -log(((double)(state >> 11) + 1) / 9007199254740993.0) / rate;
}

static void sleep_on(void) { timerfd_settime(timer, 0, &(struct itimerspec){0}, NULL); }

static void wake_at(double when, double now) {
    double wait = when > now ? when - now : 1e-9;
    struct itimerspec until = {.it_value = {.tv_sec = (time_t)wait, .tv_nsec = (long)((wait - floor(wait)) * 1e9)}};
    if (!until.it_value.tv_sec && !until.it_value.tv_nsec) until.it_value.tv_nsec = 1;
    timerfd_settime(timer, 0, &until, NULL);
}

/* Plays until `end`; in the open loop, lines fall due whether or not the server keeps up. */
static void play_until(double end, double rate, double *next) {
    static int turn;
    for (double now; (now = seconds_now()) < end;) {
        for (; rate && *next <= now; *next += gap(rate)) {
            struct slot *slot = &slots[turn++ % slot_count];
            if (slot->meant - slot->said == RING) {
                shed++;
                continue;
            }
            slot->due[slot->meant++ % RING] = *next;
            next_line(slot);
        }
        if (rate) wake_at(*next < end ? *next : end, now);
        player_turn(rate ? 50 : 10, AT_ONCE);
        lose_patience(now);
    }
}

/* Waits for what was said or due within the window; what doesn't come counts with the time that it took so far. */
static void drain(double until) {
    for (bool going = true; going && seconds_now() < until;) {
        player_turn(10, AT_ONCE);
        going = false;
        for (int n = 0; n < slot_count; n++)
            going |= (slots[n].room && slots[n].room->waiting) || slots[n].said != slots[n].meant;
    }
    double now = seconds_now();
    for (int n = 0; n < slot_count && mode == OPEN; n++) {
        if (slots[n].room && slots[n].room->waiting) latency_add(now - slots[n].room->since);
        while (slots[n].said != slots[n].meant) latency_add(now - slots[n].due[slots[n].said++ % RING]);
    }
}

void turns_play(double rate, double warm, double seconds) {
    static bool watched;
    if (!watched) player_watch(timer);
    watched = true;
    double began = seconds_now(), next = began;
    mode = rate ? OPEN : CLOSED;
    opened = closed = 0;
    shed = dry = 0;
    for (int n = 0; n < slot_count && !rate; n++) next_line(&slots[n]);
    play_until(began + warm, rate, &next);
    latency_clear();
    opened = seconds_now();
    struct mark before = mark();
    printf("{\"event\": \"open\"}\n");
    fflush(stdout);
    play_until(opened + seconds, rate, &next);
    struct mark after = mark();
    closed = after.time;
    sleep_on();
    printf("{\"event\": \"closed\"}\n");
    fflush(stdout);
    drain(closed + DRAIN);
    mode = RESTING;
    print_result("result", before, after, rate);
}

/* -- the storm */

static bool all_back(void) {
    for (int n = 0; n < room_count; n++)
        if (rooms[n].meeting && (!room_is_in(&rooms[n]) || rooms[n].waiting)) return false;
    return true;
}

void turns_storm(void) {
    mode = STORM;
    resuming = true;
    latency_clear();
    for (int n = 0; n < room_count; n++)
        if (!room_is_over(&rooms[n])) room_say(&rooms[n], 0);
    opened = seconds_now();
    struct mark before = mark();
    for (int n = 0; n < room_count; n++) {
        bool under_way = rooms[n].waiting;
        room_close(&rooms[n]);
        rooms[n].waiting = under_way;
        room_connect(&rooms[n], 0, SEATS);
    }
    while (!all_back() && seconds_now() - opened < 60) player_turn(100, 1 << 15);
    struct mark after = mark();
    resuming = false;
    mode = RESTING;
    print_result("storm", before, after, 0);
}
