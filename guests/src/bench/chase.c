/*
 * Pointer chase: one random cycle through BYTES of memory, a cache line a node. Each load's address is the
 * result of the load before, so nothing overlaps. A pass is 2^16 loads.
 */
#include "workload.h"

enum { LINE = 64, LINES = BYTES / LINE };

struct line {
    u64 next; /* as a byte offset, so that a node is the same in 32-bit and 64-bit address spaces */
    u64 rest[LINE / 8 - 1];
};

static struct line lines[LINES];

/* Sattolo's shuffle of the identity is a single cycle. */
static void make_cycle(void) {
    u64 seed = LINES;
    for (u32 i = 0; i < LINES; i++) lines[i].next = i * (u64)LINE;
    for (u32 i = LINES - 1; i > 0; i--) {
        u32 j = next_random(&seed) % i;
        u64 next = lines[i].next;
        lines[i].next = lines[j].next;
        lines[j].next = next;
    }
}

u64 workload(u64 size) {
    make_cycle();
    const u8 *base = (const u8 *)lines;
    u64 at = 0, checksum = CHECKSUM_START;
    for (u64 pass = 0; pass < size; pass++) {
        for (u32 i = 0; i < 1 << 16; i++) at = *(const u64 *)(base + at);
        checksum = mixed(checksum, at);
    }
    return checksum;
}
