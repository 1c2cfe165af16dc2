/* How long things took: every one is kept, so that percentiles are exact. */
#ifndef KRING_LATENCY_H
#define KRING_LATENCY_H

#include <stddef.h>

void latency_clear(void);
void latency_add(double seconds);
size_t latency_count(void);

/* Prints `"p50_ms": ..., ..., "max_ms": ...`. */
void latency_print(void);

#endif
