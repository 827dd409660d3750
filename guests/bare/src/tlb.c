/*
 * Loads that hit the TLB, miss it, walk the tables each time, or follow the loss of everything: for timing. The last
 * two words of the command line say which and how many.
 */
#include "bare.h"

enum {
    PAGE = 4096,
    PAGES = 8192, /* more than any TLB here or there holds */
    FRAME = 0x44000000,
    AREA = 0x80000000u,
    TABLE = 3,
    LEAF = 3 | 1 << 10 | 3 << 8, /* a page, accessed, inner shareable, memory type 0 */
    BLOCK = 1 | 1 << 10 | 3 << 8,
    DEVICE = 1 << 2, /* memory type 1 */
    ENTRIES = 512,
};

void handle(enum group group, enum kind kind, struct frame *frame) {
    (void)group, (void)kind, (void)frame;
    exit(1);
}

static u64 root[ENTRIES] __attribute__((aligned(PAGE)));
static u64 middle[ENTRIES] __attribute__((aligned(PAGE)));
static u64 leaves[PAGES] __attribute__((aligned(PAGE)));

/* 4 KiB pages, 39 bits of address: devices and RAM where they are, and the area, every page of it one frame. */
static void translate(void) {
    root[0] = BLOCK | DEVICE; /* the UART */
    root[1] = 0x40000000 | BLOCK;
    root[2] = (u64)middle | TABLE;
    for (int i = 0; i < PAGES / ENTRIES; i++) middle[i] = (u64)(leaves + i * ENTRIES) | TABLE;
    for (int i = 0; i < PAGES; i++) leaves[i] = FRAME | LEAF;
    write_sysreg(mair_el1, 0xff);
    write_sysreg(tcr_el1, 25 | 1 << 8 | 1 << 10 | 3 << 12 | 1 << 23 | 2ul << 32);
    write_sysreg(ttbr0_el1, (u64)root);
    __asm__ volatile("dsb ish\n\ttlbi vmalle1\n\tdsb ish\n\tisb" ::: "memory");
    write_sysreg(sctlr_el1, read_sysreg(sctlr_el1) | 1);
}

static u64 load(u64 address) { return *(volatile u64 *)address; }

static u64 hits(u64 count) {
    u64 sum = 0;
    for (u64 i = 0; i < count; i++) sum += load(AREA + (i & 63) * 8);
    return sum;
}

static u64 misses(u64 count) {
    u64 sum = 0;
    for (u64 i = 0; i < count; i++) sum += load(AREA + (i % PAGES) * PAGE);
    return sum;
}

static u64 walks(u64 count) {
    u64 sum = 0;
    for (u64 i = 0; i < count; i++) {
        __asm__ volatile("tlbi vae1, %0\n\tdsb nsh\n\tisb" ::"r"((u64)AREA >> 12) : "memory");
        sum += load(AREA);
    }
    return sum;
}

static u64 storms(u64 count) {
    u64 sum = 0;
    for (u64 i = 0; i < count; i++) {
        __asm__ volatile("tlbi vmalle1\n\tdsb nsh\n\tisb" ::: "memory");
        sum += load(AREA);
    }
    return sum;
}

int main(int argc, char **argv) {
    (void)argc, (void)argv;
    static char line[256];
    semihost(SYS_GET_CMDLINE, (const u64[2]){(u64)line, sizeof line});
    const char *what = line, *number = line;
    for (char *at = line; *at; at++) {
        if (*at != ' ') continue;
        *at = 0;
        what = number;
        number = at + 1;
    }
    u64 count = 0;
    if (parse_u64(number, &count) != 0) return 2;
    translate();
    for (int i = 0; i < 64; i++) ((volatile u64 *)FRAME)[i] = i + 1;
    u64 sum = *what == 'h'   ? hits(count)
              : *what == 'm' ? misses(count)
              : *what == 'w' ? walks(count)
                             : storms(count);
    print("%lu %s: %lu\n", count, what, sum);
    return 0;
}
