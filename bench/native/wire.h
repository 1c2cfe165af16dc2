/* The little of WebSocket (RFC 6455) that a load generator and a floor need: text frames, pings, the upgrade. */
#ifndef KRING_WIRE_H
#define KRING_WIRE_H

#include <stddef.h>
#include <stdint.h>

enum { TEXT = 1, CLOSE = 8, PING = 9, PONG = 10 };

/* The key of RFC 6455's own example, and the answer to it: everybody here uses this one. */
#define KEY "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
#define MASKED_HEAD 8

struct frame {
    int opcode;
    uint8_t *payload; /* unmasked in place */
    size_t size;
};

/* Reads one frame. Returns the bytes that it takes, 0 when it isn't whole yet, -1 when nobody may send it. */
long read_frame(uint8_t *bytes, size_t count, struct frame *frame);

/* Writes a client's frame (masked) or a server's into `out`, which has room for `size` + 14. Returns its length. */
size_t client_frame(uint8_t *out, int opcode, const void *payload, size_t size);
size_t server_frame(uint8_t *out, int opcode, const void *payload, size_t size);

/* Where the head of an HTTP message ends, 0 when it isn't whole. */
size_t head_end(const uint8_t *bytes, size_t count);

void *must(void *made);
_Noreturn void give_up(const char *format, ...) __attribute__((format(printf, 1, 2)));
double seconds_now(void);

#endif
