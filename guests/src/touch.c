/*
 * touch [PAGES] [STRIDE_PAGES] [r|w|rw]: allocates PAGES pages and touches each of them
 * once, STRIDE_PAGES apart, in as many sweeps as that takes. Every first touch is a
 * zero-fill fault; the fault benchmarks run this with thousands of pages.
 *
 * r reads, w writes, rw reads and then writes. What is read for the first time must be
 * zero. Written pages are read back in a second pass.
 */
#include "rt/guest.h"

enum { WORDS_PER_PAGE = PAGE_SIZE / sizeof(u64) };

struct touches {
    u64 count, not_zero, checksum;
};

static u64 mix(u64 checksum, u64 value) { return (checksum ^ value) * 0x100000001b3; }

static void touch(struct touches *touches, volatile u64 *page, u64 number, int read, int write) {
    touches->count++;
    if (read) {
        u64 first = page[0];
        touches->not_zero += first != 0;
        touches->checksum = mix(touches->checksum, first + number);
    }
    if (write) {
        page[number % WORDS_PER_PAGE] = number + 1;
        /* The neighbour was never written: still part of the zero fill. */
        touches->not_zero += page[(number + 1) % WORDS_PER_PAGE] != 0;
    }
}

int main(int argc, char **argv) {
    u64 pages = argument_u64(argc, argv, 1, 64, 1, 1 << 20);
    u64 stride = argument_u64(argc, argv, 2, 1, 1, 1 << 20);
    const char *mode = argc > 3 ? argv[3] : "rw";
    int read = mode[0] == 'r';
    int write = mode[0] == 'w' || (read && mode[1] == 'w');
    if (strcmp(mode, "r") != 0 && strcmp(mode, "w") != 0 && strcmp(mode, "rw") != 0) {
        print_error("usage: touch [PAGES] [STRIDE_PAGES] [r|w|rw]\n");
        return 2;
    }

    void *memory;
    long error = vm_allocate(&memory, pages * PAGE_SIZE);
    if (error) {
        print_error("touch: %lu pages: %s\n", pages, error_text(error));
        return 1;
    }
    volatile u64 *words = memory;
    struct touches touches = {.checksum = 0xcbf29ce484222325};
    for (u64 sweep = 0; sweep < stride; sweep++)
        for (u64 n = sweep; n < pages; n += stride)
            touch(&touches, words + n * WORDS_PER_PAGE, n, read, write);

    u64 wrong = 0;
    if (write) {
        for (u64 n = 0; n < pages; n++) {
            u64 value = words[n * WORDS_PER_PAGE + n % WORDS_PER_PAGE];
            wrong += value != n + 1;
            touches.checksum = mix(touches.checksum, value);
        }
    }
    print("%lu touches, stride %lu, mode %s\n", touches.count, stride, mode);
    print("not zero at first: %lu\n", touches.not_zero);
    if (write) print("wrong when read back: %lu\n", wrong);
    print("checksum %016lx\n", touches.checksum);
    vm_deallocate(memory, pages * PAGE_SIZE);
    return touches.not_zero == 0 && wrong == 0 ? 0 : 1;
}
