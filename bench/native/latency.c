#include "latency.h"

#include "wire.h"

#include <stdio.h>
#include <stdlib.h>

static float *spent;
static size_t count, room;

void latency_clear(void) { count = 0; }

size_t latency_count(void) { return count; }

void latency_add(double seconds) {
    if (count == room) {
        room = room ? room * 2 : 1 << 16;
        spent = must(realloc(spent, room * sizeof *spent));
    }
    spent[count++] = (float)(seconds * 1e3);
}

static int ascending(const void *one, const void *other) {
    float a = *(const float *)one, b = *(const float *)other;
    return (a > b) - (a < b);
}

static double at(double share) {
    if (!count) return 0;
    size_t place = (size_t)(share * (double)count);
    return spent[place < count ? place : count - 1];
}

void latency_print(void) {
    qsort(spent, count, sizeof *spent, ascending);
    printf("\"p50_ms\": %.3f, \"p90_ms\": %.3f, \"p99_ms\": %.3f, \"p999_ms\": %.3f, \"max_ms\": %.3f", at(0.5),
           at(0.9), at(0.99), at(0.999), at(1));
}
