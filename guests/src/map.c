/*
 * Memory that the kernel moves: copied over other memory, mapped a second time, wired,
 * protected, unmapped. What each does is checked by looking at every word from inside.
 */
#include "rt/guest.h"

enum { PAGES = 8, WORDS = PAGES * PAGE_SIZE / sizeof(u64) };
static const size_t SIZE = PAGES * PAGE_SIZE;

static void fill(u64 *words, u64 seed) {
    for (u64 i = 0; i < WORDS; i++) words[i] = seed + i;
}

/* Whether words [from, to) are those of `fill` with this seed, which began `shift` words before. */
static int holds(const u64 *words, u64 from, u64 to, u64 seed, u64 shift) {
    for (u64 i = from; i < to; i++)
        if (words[i] != seed + i - shift) return 0;
    return 1;
}

static const char *yes(int truth) { return truth ? "yes" : "no"; }

static u64 *fresh(void) {
    void *memory;
    if (vm_allocate(&memory, SIZE) != 0) {
        print_error("map: no memory\n");
        exit(1);
    }
    return memory;
}

static void whole_pages(u64 *source, u64 *target) {
    print("copy 8 pages: %s\n", error_text(vm_copy(source, SIZE, target)));
    print("they arrived: %s\n", yes(holds(target, 0, WORDS, 1000, 0)));
    source[0] = 7;
    target[WORDS - 1] = 8;
    print("writes stay apart: %s\n",
          yes(target[0] == 1000 && source[WORDS - 1] == 1000 + WORDS - 1));
    source[0] = 1000;
    target[WORDS - 1] = 1000 + WORDS - 1;
}

static void odd_bytes(u64 *source, u64 *target) {
    fill(target, 5);
    /* From the middle of a page to the middle of another, more than three pages. */
    const u64 from = 100, to = 612, count = 4 * PAGE_SIZE / sizeof(u64);
    long error = vm_copy(source + from, count * sizeof(u64), target + to);
    print("copy from word 100 to word 612: %s\n", error_text(error));
    print("they arrived: %s\n", yes(holds(target, to, to + count, 1000, to - from)));
    print("what lies around stayed: %s\n",
          yes(holds(target, 0, to, 5, 0) && holds(target, to + count, WORDS, 5, 0)));
    print("copy a few bytes: %s\n", error_text(vm_copy((u8 *)source + 3, 21, (u8 *)target + 11)));
    print("they arrived: %s\n", yes(memcmp((u8 *)source + 3, (u8 *)target + 11, 21) == 0));
}

static void second_mapping(u64 *source) {
    void *memory;
    print("map again as a copy: %s\n", error_text(vm_remap_copy(&memory, SIZE, source)));
    u64 *copy = memory;
    print("it holds the same: %s\n", yes(copy != source && holds(copy, 0, WORDS, 1000, 0)));
    copy[1] = 9;
    source[2] = 9;
    print("writes stay apart: %s\n", yes(source[1] == 1001 && copy[2] == 1002));
    source[2] = 1002;
    print("unmap it: %s\n", error_text(vm_deallocate(copy, SIZE)));
}

static void wired(u64 *source, u64 *target) {
    print("wire the target: %s\n", error_text(os_lock(target, SIZE)));
    print("copy over it: %s\n", error_text(vm_copy(source, SIZE, target)));
    print("they arrived: %s\n", yes(holds(target, 0, WORDS, 1000, 0)));
    print("wire the source as well: %s\n", error_text(os_lock(source, PAGE_SIZE)));
    fill(target, 3);
    print("copy over it again: %s\n", error_text(vm_copy(source, SIZE, target)));
    source[0] = 7;
    print("a wired source is copied at once: %s\n", yes(holds(target, 0, WORDS, 1000, 0)));
    source[0] = 1000;
    print("unwire: %s, %s\n", error_text(os_unlock(target, SIZE)),
          error_text(os_unlock(source, PAGE_SIZE)));
}

static void protected(u64 *source, u64 *target) {
    print("make the source read-only: %s\n", error_text(vm_protect(source, SIZE, PROT_READ)));
    fill(target, 3);
    print("copy from it: %s\n", error_text(vm_copy(source, SIZE, target)));
    target[5] = 1;
    print("the target can be written: %s\n", yes(target[5] == 1 && source[5] == 1005));
    print("make it writable: %s\n", error_text(vm_protect(source, SIZE, PROT_READ | PROT_WRITE)));
}

static void holes(u64 *source, u64 *target) {
    fill(target, 3);
    long error = vm_deallocate((u8 *)source + 3 * PAGE_SIZE, PAGE_SIZE);
    print("unmap the fourth page: %s\n", error_text(error));
    print("copy across the hole: %s\n", error_text(vm_copy(source, SIZE, target)));
    print("nothing arrived: %s\n", yes(holds(target, 0, WORDS, 3, 0)));
    print("copy up to the hole: %s\n", error_text(vm_copy(source, 3 * PAGE_SIZE, target)));
    print("they arrived: %s\n", yes(holds(target, 0, 3 * PAGE_SIZE / sizeof(u64), 1000, 0)));
}

int main(void) {
    u64 *source = fresh(), *target = fresh();
    fill(source, 1000);
    whole_pages(source, target);
    odd_bytes(source, target);
    second_mapping(source);
    wired(source, target);
    protected(source, target);

    long child = os_fork();
    if (child == 0) {
        long error = vm_copy(source, SIZE, target);
        os_exit(error == 0 && holds(target, 0, WORDS, 1000, 0) ? 0 : 1);
    }
    struct wait_result result;
    os_wait(child, &result);
    print("a child copies its own: %s\n", yes(result.signal == 0 && result.exit_status == 0));
    print("this target is as it was: %s\n", yes(target[5] == 1));

    holes(source, target);
    print("unmap the source: %s\n", error_text(vm_deallocate(source, SIZE)));
    print("the copy outlives it: %s\n", yes(target[0] == 1000));
    return 0;
}
