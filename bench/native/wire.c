#define _GNU_SOURCE
#include "wire.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Not zero: servers shall do the work of unmasking. */
static const uint8_t MASK[4] = {0x37, 0xfa, 0x21, 0x3d};

static size_t head(uint8_t *out, int opcode, size_t size, uint8_t masked) {
    out[0] = (uint8_t)(0x80 | opcode);
    if (size < 126) {
        out[1] = masked | (uint8_t)size;
        return 2;
    }
    if (size < 65536) {
        out[1] = masked | 126;
        out[2] = (uint8_t)(size >> 8);
        out[3] = (uint8_t)size;
        return 4;
    }
    out[1] = masked | 127;
    for (int n = 0; n < 8; n++) out[2 + n] = (uint8_t)(size >> (56 - 8 * n));
    return 10;
}

size_t server_frame(uint8_t *out, int opcode, const void *payload, size_t size) {
    size_t at = head(out, opcode, size, 0);
    memcpy(out + at, payload, size);
    return at + size;
}

size_t client_frame(uint8_t *out, int opcode, const void *payload, size_t size) {
    const uint8_t *from = payload;
    size_t at = head(out, opcode, size, 0x80);
    memcpy(out + at, MASK, 4);
    at += 4;
    for (size_t n = 0; n < size; n++) out[at + n] = from[n] ^ MASK[n & 3];
    return at + size;
}

long read_frame(uint8_t *bytes, size_t count, struct frame *frame) {
    if (count < 2) return 0;
    if (!(bytes[0] & 0x80) || bytes[0] & 0x70) return -1; /* in pieces, or extended: nobody here sends that */
    size_t at = 2, size = bytes[1] & 0x7f;
    if (size >= 126) {
        size_t width = size == 126 ? 2 : 8;
        if (count < at + width) return 0;
        size = 0;
        for (size_t n = 0; n < width; n++) size = size << 8 | bytes[at + n];
        at += width;
    }
    uint8_t *mask = bytes[1] & 0x80 ? bytes + at : NULL;
    if (mask) at += 4;
    if (count < at + size) return 0;
    frame->opcode = bytes[0] & 0x0f;
    frame->payload = bytes + at;
    frame->size = size;
    for (size_t n = 0; mask && n < size; n++) frame->payload[n] ^= mask[n & 3];
    return (long)(at + size);
}

size_t head_end(const uint8_t *bytes, size_t count) {
    const uint8_t *end = memmem(bytes, count, "\r\n\r\n", 4);
    return end ? (size_t)(end - bytes) + 4 : 0;
}

void *must(void *made) {
    if (!made) give_up("out of memory");
    return made;
}

void give_up(const char *format, ...) {
    va_list values;
    va_start(values, format);
    vfprintf(stderr, format, values);
    va_end(values);
    fputc('\n', stderr);
    exit(1);
}

double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
