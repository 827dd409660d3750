/*
 * mlock and munlock, watched through mincore. Wiring a range makes every page resident
 * at once, unwiring does not make any leave, and a range with a hole is refused.
 */
#include "rt/guest.h"

enum { PAGES = 4 }; /* 64 KiB: within the smallest usual limit on locked memory */

static const char *resident(void *memory) {
    u8 pages[PAGES];
    int count = 0;
    if (os_residency(memory, PAGES * PAGE_SIZE, pages) != 0) return "unknown";
    for (int i = 0; i < PAGES; i++) count += pages[i];
    return count == PAGES ? "yes" : count == 0 ? "no" : "some";
}

int main(void) {
    void *memory;
    if (vm_allocate(&memory, PAGES * PAGE_SIZE) != 0) {
        print_error("wire: no memory\n");
        return 1;
    }
    const size_t size = PAGES * PAGE_SIZE;
    volatile u64 *words = memory;

    print("resident before any touch: %s\n", resident(memory));
    print("mlock: %s\n", error_text(os_lock(memory, size)));
    print("resident after mlock: %s\n", resident(memory));
    print("first word: %lu\n", words[0]);
    words[0] = 7;
    print("mlock again: %s\n", error_text(os_lock(memory, size)));
    print("munlock: %s\n", error_text(os_unlock(memory, size)));
    print("munlock again: %s\n", error_text(os_unlock(memory, size)));
    print("resident after munlock: %s\n", resident(memory));
    print("first word: %lu\n", words[0]);

    print("mlock of nothing: %s\n", error_text(os_lock(memory, 0)));
    long error = os_unmap((u8 *)memory + PAGE_SIZE, PAGE_SIZE);
    print("unmap the second page: %s\n", error_text(error));
    print("mlock across the hole: %s\n", error_text(os_lock(memory, size)));
    print("mlock up to the hole: %s\n", error_text(os_lock(memory, PAGE_SIZE)));
    print("munlock up to the hole: %s\n", error_text(os_unlock(memory, PAGE_SIZE)));
    print("first word: %lu\n", words[0]);
    return 0;
}
