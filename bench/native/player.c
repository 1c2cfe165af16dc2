#define _GNU_SOURCE
#include "player.h"

#include "wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER = 1 << 18, EVENTS = 512, PORTS = 8, MOST = 1 << 15 };

struct counts counts;
bool resuming;
static int poll, ports[PORTS], port_count, on_the_way;
static struct device *queue[MOST];
static int first, last;

void player_start(const char *list, struct room *rooms, int count) {
    for (const char *at = list; at && port_count < PORTS; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
        ports[port_count++] = atoi(at);
    poll = epoll_create1(0);
    for (int n = 0; n < count; n++) {
        rooms[n].number = n;
        for (int d = 0; d < SEATS; d++) rooms[n].devices[d] = (struct device){.room = &rooms[n], .number = d, .fd = -1};
    }
}

void room_take(struct room *room, const struct meeting *meeting) {
    room_close(room);
    room->meeting = meeting;
    room->at = 0;
    for (int n = 0; n < SEATS; n++) room->devices[n].seq = 0;
}

bool room_is_in(const struct room *room) {
    for (int n = 0; n < SEATS; n++)
        if (room->devices[n].state != IN) return false;
    return true;
}

bool room_is_over(const struct room *room) { return !room->meeting || room->at >= room->meeting->script->count; }

/* -- coming and going */

int player_coming(void) { return on_the_way + (last - first + MOST) % MOST; }

static void to_state(struct device *device, enum device_state state) {
    bool was = device->state > AWAY && device->state < IN, is = state > AWAY && state < IN;
    on_the_way += is - was;
    device->state = state;
}

static void hang_up(struct device *device) {
    if (device->fd >= 0) close(device->fd);
    device->fd = -1;
    device->left_size = 0;
    to_state(device, AWAY);
}

void room_close(struct room *room) {
    for (int n = 0; n < SEATS; n++) {
        hang_up(&room->devices[n]);
        room->devices[n].coming = false;
    }
    room->waiting = false;
}

static void come(struct device *device) {
    device->coming = true;
    queue[last] = device;
    last = (last + 1) % MOST;
    if (last == first) give_up("too many devices");
}

void room_connect(struct room *room, int from, int to) {
    for (int n = from; n < to; n++)
        if (room->devices[n].state == AWAY && !room->devices[n].coming) come(&room->devices[n]);
}

static void connect_next(void) {
    struct device *device = queue[first];
    first = (first + 1) % MOST;
    if (!device->coming) return; /* its room was closed meanwhile */
    device->coming = false;
    int port = ports[(device->room->number + device->number) % port_count], on = 1;
    struct sockaddr_in place = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    device->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (device->fd < 0) give_up("no more sockets: %s", strerror(errno));
    setsockopt(device->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(device->fd, (struct sockaddr *)&place, sizeof place) && errno != EINPROGRESS)
        give_up("can't connect: %s", strerror(errno));
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = device};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, device->fd, &event)) give_up("can't watch: %s", strerror(errno));
    to_state(device, CONNECTING);
}

static void lost(struct device *device, const char *why) {
    if (resuming && device->state != IN) {
        counts.retries++;
        hang_up(device);
        come(device);
    } else room_fault(device->room, why, strlen(why));
}

void room_fault(struct room *room, const char *what, size_t size) {
    if (!counts.faults++) {
        size_t kept = size < sizeof counts.first_fault ? size : sizeof counts.first_fault - 1;
        for (size_t n = 0; n < kept; n++) counts.first_fault[n] = what[n] == '"' || what[n] < ' ' ? '\'' : what[n];
    }
    room_close(room);
    on_fault(room);
}

/* -- saying */

static bool write_all(struct device *device, const void *bytes, size_t size) {
    long written = device->fd < 0 ? -1 : send(device->fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (written == (long)size) return true;
    lost(device, "could not write");
    return false;
}

static void say_line(struct room *room) {
    const struct line *line = &room->meeting->script->lines[room->at];
    write_all(&room->devices[line->device], line->frame, line->size);
}

void room_say(struct room *room, double meant) {
    room->waiting = true;
    room->told = false;
    room->missing = room->meeting->script->lines[room->at].listeners;
    room->since = meant;
    room->said = seconds_now();
    say_line(room);
}

void room_say_again(struct room *room) { say_line(room); }

static void ask_upgrade(struct device *device) {
    char request[512];
    int size = snprintf(request, sizeof request,
                        "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Key: " KEY "\r\nSec-WebSocket-Version: 13\r\n"
                        "Sec-WebSocket-Protocol: kring.1\r\n\r\n",
                        device->room->meeting->path);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = device};
    epoll_ctl(poll, EPOLL_CTL_MOD, device->fd, &event);
    to_state(device, SHAKING);
    write_all(device, request, (size_t)size);
}

static void say_hello(struct device *device) {
    char hello[1024];
    uint8_t frame[1100];
    const char *ticket = device->room->meeting->tickets[device->number];
    int size = resuming ? snprintf(hello, sizeof hello, "{\"type\":\"hello\",\"ticket\":\"%s\",\"since\":%u}", ticket, device->seq)
                        : snprintf(hello, sizeof hello, "{\"type\":\"hello\",\"ticket\":\"%s\"}", ticket);
    if (size >= (int)sizeof hello) give_up("a ticket is too long");
    to_state(device, GREETING);
    write_all(device, frame, client_frame(frame, TEXT, hello, (size_t)size));
}

/* -- hearing */

static void heard(struct device *device) {
    struct room *room = device->room;
    if (!room->waiting) return;
    const struct line *line = &room->meeting->script->lines[room->at];
    if (line->seq && device->seq < line->seq) return;
    room->missing &= ~(1u << device->number);
    if (!room->told && !(room->missing & ~(1u << line->device))) {
        room->told = true;
        on_others_heard(room);
    }
    if (room->missing) return;
    room->waiting = false;
    room->at++;
    counts.contributions++;
    on_all_heard(room);
}

/* The number in `{"type":"facts","seq":123,...` or `{"type":"welcome","seq":123,...`; 0 when there is none. */
static uint32_t seq_of(const uint8_t *text, size_t size, size_t at) {
    uint32_t seq = 0;
    if (size < at + 8 || memcmp(text + at, ",\"seq\":", 7) != 0) return 0;
    for (at += 7; at < size && text[at] >= '0' && text[at] <= '9'; at++) seq = seq * 10 + text[at] - '0';
    return seq;
}

static void told_facts(struct device *device, const uint8_t *text, size_t size) {
    struct room *room = device->room;
    counts.deliveries++;
    counts.bytes += (long)size;
    uint32_t seq = seq_of(text, size, 15);
    if (seq) {
        /* Nothing later than this line may be told; a room that never played hears whatever comes. */
        int ahead = room->waiting ? 0 : -1;
        const struct line *line = room->at + ahead >= 0 ? &room->meeting->script->lines[room->at + ahead] : NULL;
        if (line && seq > line->seq) {
            room_fault(room, (const char *)text, size);
            return;
        }
        device->seq = seq;
    }
    heard(device);
}

static void text_frame(struct device *device, const uint8_t *text, size_t size) {
    char kind = size > 12 && memcmp(text, "{\"type\":\"", 9) == 0 ? (char)text[9] : 0;
    if (kind == 'f') told_facts(device, text, size);
    else if (kind == 'w' && device->state == GREETING) {
        uint32_t seq = seq_of(text, size, 17);
        if (seq > device->seq) device->seq = seq;
        to_state(device, IN);
        on_welcome(device);
        heard(device);
    } else if (kind != 'd') room_fault(device->room, (const char *)text, size); /* `done` is no news */
}

static void take_frame(struct device *device, const struct frame *frame) {
    uint8_t answer[256];
    if (frame->opcode == TEXT) text_frame(device, frame->payload, frame->size);
    else if (frame->opcode == PING && frame->size < 126)
        write_all(device, answer, client_frame(answer, PONG, frame->payload, frame->size));
    else if (frame->opcode != PONG) lost(device, "closed by the server");
}

static size_t shaken(struct device *device, const uint8_t *bytes, size_t count) {
    size_t end = head_end(bytes, count);
    if (!end) return 0;
    if (memcmp(bytes, "HTTP/1.1 101", 12) == 0) say_hello(device);
    else room_fault(device->room, (const char *)bytes, end);
    return end;
}

static void keep(struct device *device, const uint8_t *bytes, size_t count) {
    if (device->left_space < count) {
        device->left = must(realloc(device->left, count));
        device->left_space = count;
    }
    memcpy(device->left, bytes, count);
    device->left_size = count;
}

static void hear(struct device *device) {
    static uint8_t buffer[BUFFER * 16];
    size_t count = device->left_size, at = 0;
    if (count + BUFFER > sizeof buffer) give_up("a frame is too large");
    if (count) memcpy(buffer, device->left, count);
    long got = recv(device->fd, buffer + count, BUFFER, MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) {
        lost(device, "connection lost");
        return;
    }
    int fd = device->fd;
    count += (size_t)got;
    device->left_size = 0;
    if (device->state == SHAKING) at = shaken(device, buffer, count);
    while (device->fd == fd && device->state >= GREETING && at < count) {
        struct frame frame;
        long used = read_frame(buffer + at, count - at, &frame);
        if (used < 0) give_up("the server sent a strange frame");
        if (used == 0) break;
        at += (size_t)used;
        take_frame(device, &frame);
    }
    if (device->fd == fd && at < count) keep(device, buffer + at, count - at);
}

void player_watch(int fd) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event)) give_up("can't watch: %s", strerror(errno));
}

void player_turn(int milliseconds, int at_once) {
    static struct epoll_event events[EVENTS];
    while (first != last && on_the_way < at_once) connect_next();
    int ready = epoll_wait(poll, events, EVENTS, milliseconds);
    for (int n = 0; n < ready; n++) {
        struct device *device = events[n].data.ptr;
        if (!device || device->fd < 0) continue;
        if (device->state != CONNECTING) hear(device);
        else if (events[n].events & (EPOLLERR | EPOLLHUP)) lost(device, "can't connect");
        else ask_upgrade(device);
    }
}
