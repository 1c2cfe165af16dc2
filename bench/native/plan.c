#include "plan.h"

#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *file;

static void take(void *into, size_t size) {
    if (fread(into, 1, size, file) != size) give_up("the plan ends too soon");
}

static uint32_t number(void) {
    uint8_t bytes[4];
    take(bytes, sizeof bytes);
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static char *text(size_t *size) {
    *size = number();
    char *found = must(malloc(*size + 1));
    take(found, *size);
    found[*size] = 0;
    return found;
}

static struct line read_line(void) {
    struct line line = {.device = (int)number(), .listeners = number(), .seq = number()};
    size_t size;
    char *payload = text(&size);
    line.frame = must(malloc(size + 14));
    line.size = client_frame(line.frame, TEXT, payload, size);
    free(payload);
    if (line.device >= SEATS || line.listeners >> SEATS || !line.listeners) give_up("a strange line in the plan");
    return line;
}

static struct script read_script(void) {
    struct script script = {.count = (int)number()};
    script.lines = must(calloc((size_t)script.count, sizeof *script.lines));
    for (int n = 0; n < script.count; n++) script.lines[n] = read_line();
    return script;
}

static struct meeting read_meeting(const struct plan *plan) {
    uint32_t script = number();
    if (script >= (uint32_t)plan->script_count) give_up("a strange meeting in the plan");
    struct meeting meeting = {.script = &plan->scripts[script], .start = (int)number()};
    size_t size;
    meeting.path = text(&size);
    for (int n = 0; n < SEATS; n++) meeting.tickets[n] = text(&size);
    if (meeting.start >= meeting.script->count) give_up("a meeting in the plan starts after its end");
    return meeting;
}

struct plan read_plan(const char *path) {
    char mark[8];
    file = fopen(path, "rb");
    if (!file) give_up("no plan at %s", path);
    take(mark, sizeof mark);
    if (memcmp(mark, "KRINGPL1", sizeof mark) != 0) give_up("%s is no plan", path);
    struct plan plan = {.script_count = (int)number(), .meeting_count = (int)number()};
    plan.scripts = must(calloc((size_t)plan.script_count, sizeof *plan.scripts));
    plan.meetings = must(calloc((size_t)plan.meeting_count, sizeof *plan.meetings));
    for (int n = 0; n < plan.script_count; n++) plan.scripts[n] = read_script();
    for (int n = 0; n < plan.meeting_count; n++) plan.meetings[n] = read_meeting(&plan);
    fclose(file);
    return plan;
}
