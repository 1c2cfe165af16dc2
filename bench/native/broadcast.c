/* The floor: what a broadcast to rooms of seven costs the kernel. `broadcast BYTES`: no storage, no rules, no parsing.
 *
 * A `hello` is answered with a `welcome`; every other message with a message of BYTES bytes to all of its room (the room
 * is the path). Prints {"port": N}. Stops when standard input is closed. */
#define _GNU_SOURCE
#include "wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SEATS = 16, BUFFER = 1 << 16, EVENTS = 512, MOST = 1 << 15 };

struct room {
    char path[64];
    int guests[SEATS], count;
    struct room *next;
};

struct guest {
    struct room *room;
    uint8_t *left; /* of a frame that isn't whole yet */
    size_t left_size;
};

static struct room *rooms[4096];
static struct guest guests[MOST];
static uint8_t told[BUFFER + 16], welcome[64];
static size_t told_size, welcome_size;

static struct room *room_of(const char *path, size_t size) {
    if (size >= sizeof rooms[0]->path) give_up("path too long");
    uint32_t hash = 2166136261u;
    for (size_t n = 0; n < size; n++) hash = (hash ^ (uint8_t)path[n]) * 16777619u;
    struct room **at = &rooms[hash % 4096];
    while (*at && (strlen((*at)->path) != size || memcmp((*at)->path, path, size) != 0)) at = &(*at)->next;
    if (!*at) {
        *at = must(calloc(1, sizeof **at));
        memcpy((*at)->path, path, size);
    }
    return *at;
}

static void leave(int fd) {
    struct room *room = guests[fd].room;
    for (int n = 0; room && n < room->count; n++)
        if (room->guests[n] == fd) room->guests[n] = room->guests[--room->count];
    free(guests[fd].left);
    memset(&guests[fd], 0, sizeof guests[fd]);
    close(fd);
}

static void say(int fd, const uint8_t *bytes, size_t size) {
    if (send(fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) shutdown(fd, SHUT_RDWR); /* full or gone */
}

/* The upgrade. Returns the bytes that were used. */
static size_t shake_hands(int fd, uint8_t *bytes, size_t count) {
    size_t end = head_end(bytes, count);
    if (!end) return 0;
    uint8_t *path = bytes + 4, *stop = memchr(path, ' ', end - 4);
    if (!stop || !memmem(bytes, end, KEY, strlen(KEY))) give_up("a strange request");
    guests[fd].room = room_of((char *)path, (size_t)(stop - path));
    if (guests[fd].room->count == SEATS) give_up("room full");
    guests[fd].room->guests[guests[fd].room->count++] = fd;
    static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                 "Sec-WebSocket-Accept: " ACCEPT "\r\nSec-WebSocket-Protocol: kring.1\r\n\r\n";
    say(fd, (const uint8_t *)answer, sizeof answer - 1);
    return end;
}

static long message(int fd, uint8_t *bytes, size_t count) {
    struct frame frame;
    long used = read_frame(bytes, count, &frame);
    if (used <= 0 || frame.opcode != TEXT) return used;
    if (frame.size > 15 && memcmp(frame.payload, "{\"type\":\"hello\"", 15) == 0) {
        say(fd, welcome, welcome_size);
        return used;
    }
    struct room *room = guests[fd].room;
    for (int n = 0; n < room->count; n++) say(room->guests[n], told, told_size);
    return used;
}

static void hear(int fd) {
    static uint8_t buffer[BUFFER * 2];
    struct guest *guest = &guests[fd];
    memcpy(buffer, guest->left ? guest->left : buffer, guest->left_size);
    long got = recv(fd, buffer + guest->left_size, BUFFER, MSG_DONTWAIT);
    if (got <= 0) {
        leave(fd);
        return;
    }
    size_t count = guest->left_size + (size_t)got, at = 0;
    guest->left_size = 0;
    if (!guest->room) at = shake_hands(fd, buffer, count);
    while (guest->room && at < count) {
        long used = message(fd, buffer + at, count - at);
        if (used < 0) give_up("a strange frame");
        if (used == 0) break;
        at += (size_t)used;
    }
    if (at < count) {
        guest->left = must(realloc(guest->left, count - at));
        guest->left_size = count - at;
        memcpy(guest->left, buffer + at, guest->left_size);
    }
}

static int listening(void) {
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof place;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* what is accepted inherits it */
    if (bind(fd, (struct sockaddr *)&place, size) || listen(fd, 4096)) give_up("can't listen");
    getsockname(fd, (struct sockaddr *)&place, &size);
    printf("{\"port\": %d}\n", ntohs(place.sin_port));
    fflush(stdout);
    return fd;
}

static void watch(int poll, int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event)) give_up("can't watch");
}

static void let_in(int poll, int door) {
    for (int fd; (fd = accept4(door, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
        if (fd >= MOST) give_up("too many");
        watch(poll, fd);
    }
}

static void prepare(long size) {
    static uint8_t payload[BUFFER];
    static const char start[] = "{\"type\":\"facts\",\"x\":\"", greeting[] = "{\"type\":\"welcome\",\"seq\":0}";
    if (size < 32 || size > BUFFER) give_up("BYTES must be 32 to 65536");
    memset(payload, 'x', (size_t)size);
    memcpy(payload, start, sizeof start - 1);
    memcpy(payload + size - 2, "\"}", 2);
    told_size = server_frame(told, TEXT, payload, (size_t)size);
    welcome_size = server_frame(welcome, TEXT, greeting, sizeof greeting - 1);
}

int main(int count, char **words) {
    static struct epoll_event events[EVENTS];
    prepare(count == 2 ? atol(words[1]) : 0);
    int poll = epoll_create1(0), door = listening();
    watch(poll, door);
    watch(poll, STDIN_FILENO);
    for (;;) {
        int ready = epoll_wait(poll, events, EVENTS, -1);
        for (int n = 0; n < ready; n++) {
            int fd = events[n].data.fd;
            if (fd == STDIN_FILENO) return 0;
            if (fd == door) let_in(poll, door);
            else hear(fd);
        }
    }
}
