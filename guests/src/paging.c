/*
 * paging [PAGES] [ROUNDS] [FORKS]: a working set of PAGES pages with contents of many
 * kinds: zeroes, one value, small numbers, text, noise. Each round visits every page in an
 * order that looks random, checks what it left there, and changes some of it. With FORKS, so
 * many children do the same to their copies, all at once.
 *
 * The checksums depend on nothing but the arguments, however little memory there is.
 */
#include "rt/guest.h"
#include "random.h"

enum { WORDS = PAGE_SIZE / sizeof(u64), KINDS = 8, SAMPLES = 8 };

static u64 mix(u64 checksum, u64 value) { return (checksum ^ value) * 0x100000001b3; }

static void fill(u64 *page, u64 number) {
    u64 state = number + 1;
    u8 *bytes = (u8 *)page;
    switch (number % KINDS) {
    case 0: break;
    case 1:
        for (u64 i = 0; i < WORDS; i++) page[i] = 0x0101010101010101 * (number % 251);
        break;
    case 2:
        for (u64 i = 0; i < WORDS; i += 64) page[i] = number + i;
        break;
    case 3:
    case 4:
        for (u64 i = 0; i < WORDS; i++) page[i] = 0x100004000 + 16 * (next_random(&state) % 200);
        break;
    case 5:
    case 6:
        for (u64 i = 0; i < PAGE_SIZE; i++) bytes[i] = "the quick brown fox "[(i * number) % 20];
        break;
    default:
        for (u64 i = 0; i < WORDS; i++) page[i] = (u64)next_random(&state) << 32 | next_random(&state);
    }
    page[0] = number;
}

/* Checks and changes a page; returns what it read. */
static u64 visit(u64 *page, u64 number, u64 round, u64 *wrong) {
    *wrong += page[0] % (1ul << 32) != number;
    u64 state = number * 977 + round;
    u64 checksum = page[0];
    for (u64 i = 0; i < SAMPLES; i++) {
        u64 at = next_random(&state) % WORDS;
        checksum = mix(checksum, page[at]);
        if (at != 0) page[at] += round + i;
    }
    return checksum;
}

static int work(u64 *memory, u64 pages, u64 rounds, u64 who) {
    u64 checksum = 0xcbf29ce484222325, wrong = 0;
    for (u64 round = 1; round <= rounds; round++) {
        /* 1 + 4k steps through a power of two visit everything; larger numbers are skipped. */
        u64 size = 1;
        while (size < pages) size *= 2;
        u64 at = round;
        for (u64 i = 0; i < size; i++) {
            at = (at * 1664525 + 1013904223 + 2 * who) % size;
            if (at < pages) checksum = mix(checksum, visit(memory + at * WORDS, at, round, &wrong));
        }
    }
    print("process %lu: checksum %016lx, wrong pages: %lu\n", who, checksum, wrong);
    return wrong != 0;
}

int main(int argc, char **argv) {
    u64 pages = argument_u64(argc, argv, 1, 64, 1, 1 << 20);
    u64 rounds = argument_u64(argc, argv, 2, 1, 0, 1000);
    u64 forks = argument_u64(argc, argv, 3, 0, 0, 16);
    void *memory;
    long error = vm_allocate(&memory, pages * PAGE_SIZE);
    if (error) {
        print_error("paging: %lu pages: %s\n", pages, error_text(error));
        return 1;
    }
    for (u64 i = 0; i < pages; i++) fill((u64 *)memory + i * WORDS, i);
    for (u64 child = 1; child <= forks; child++) {
        long pid = os_fork();
        if (pid < 0) {
            print_error("paging: fork: %s\n", error_text(pid));
            return 1;
        }
        if (pid == 0) exit(work(memory, pages, rounds, child));
    }
    int status = work(memory, pages, rounds, 0);
    for (u64 child = 1; child <= forks; child++) {
        struct wait_result result;
        if (os_wait(-1, &result) < 0 || result.signal != 0 || result.exit_status != 0) status = 1;
    }
    return status;
}
