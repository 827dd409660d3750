/*
 * A program that keeps writing code and running it: SIZE generations, or until standard input ends if that
 * is 0. A generation fills a page with 256 functions, does the cache maintenance the architecture asks for,
 * makes the page executable, calls the functions and compares with what C computes. Each page of a buffer
 * is used twice, the second time over code that ran; then another buffer takes its place.
 */
#include "../rt/guest.h"
#include "workload.h"

enum { PAGES = 64, USES = 2 * PAGES, STEPS = 15, FUNCTIONS = PAGE_SIZE / (STEPS + 1) / 4, GENERATIONS_A_READ = 16 };

typedef u64 generated(u64 value);

static void must(long error) {
    if (error == 0) return;
    print_error("codegen: %s\n", error_text(error));
    exit(1);
}

/* Writes one instruction on x0 and does the same to `*expected`. */
static u32 make_step(u64 *seed, u64 *expected) {
    u32 amount = next_random(seed) % 63 + 1;
    switch (next_random(seed) % 3) {
    case 0: /* ADD x0, x0, #amount */
        *expected += amount;
        return 0x91000000 | amount << 10;
    case 1: /* EOR x0, x0, x0, LSR #amount */
        *expected ^= *expected >> amount;
        return 0xca400000 | amount << 10;
    default: /* ADD x0, x0, x0, LSL #amount */
        *expected += *expected << amount;
        return 0x8b000000 | amount << 10;
    }
}

/* Lines of 64 bytes: Darwin does not let a program ask CTR_EL0, and no emulator here says less. */
static void synchronise(const u32 *from, const u32 *to) {
    enum { LINE = 64 };
    for (u64 at = (u64)from; at < (u64)to; at += LINE)
        __asm__ volatile("dc cvau, %0" : : "r"(at) : "memory");
    __asm__ volatile("dsb ish" : : : "memory");
    for (u64 at = (u64)from; at < (u64)to; at += LINE)
        __asm__ volatile("ic ivau, %0" : : "r"(at) : "memory");
    __asm__ volatile("dsb ish\nisb" : : : "memory");
}

static void generation(u32 *page, u64 *seed, u64 *checksum) {
    static u64 expected[FUNCTIONS];
    must(os_protect(page, PAGE_SIZE, PROT_READ | PROT_WRITE));
    u32 *at = page;
    for (u32 i = 0; i < FUNCTIONS; i++) {
        expected[i] = i;
        for (u32 step = 0; step < STEPS; step++) *at++ = make_step(seed, &expected[i]);
        *at++ = 0xd65f03c0; /* RET */
    }
    synchronise(page, at);
    must(os_protect(page, PAGE_SIZE, PROT_READ | PROT_EXEC));
    for (u32 i = 0; i < FUNCTIONS; i++) {
        u64 result = ((generated *)(page + i * (STEPS + 1)))(i);
        if (result != expected[i]) {
            print_error("codegen: function %u returned %lx, not %lx\n", i, result, expected[i]);
            exit(1);
        }
        *checksum = mixed(*checksum, result);
    }
}

u64 workload(u64 size) {
    u64 seed = 1, checksum = CHECKSUM_START;
    void *buffer = NULL;
    for (u64 i = 0; size == 0 || i < size; i++) {
        u8 byte;
        if (size == 0 && i % GENERATIONS_A_READ == 0 && os_read(STDIN, &byte, 1) <= 0) break;
        if (i % USES == 0) {
            if (buffer != NULL) must(os_unmap(buffer, PAGES * PAGE_SIZE));
            must(os_map_anonymous(PAGES * PAGE_SIZE, PROT_READ | PROT_WRITE, &buffer));
        }
        generation((u32 *)((u8 *)buffer + i % PAGES * PAGE_SIZE), &seed, &checksum);
    }
    return checksum;
}
