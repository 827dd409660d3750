/*
 * Copy-on-write across fork, seen from both sides: what the child writes stays its own,
 * what it leaves alone it shares, and the parent's data never change under it.
 */
#include "rt/guest.h"

enum { PAGES = 6, CHILD_STATUS = 42 };
#define WORDS_PER_PAGE (PAGE_SIZE / sizeof(u64))

static u64 *memory;
static u64 initialised = 0x1234; /* in the data segment: private to each process as well */

static u64 pattern(u64 page, u64 word, u64 owner) {
    return owner << 56 | page << 32 | word;
}

static void fill(u64 page, u64 owner) {
    u64 *words = memory + page * WORDS_PER_PAGE;
    for (u64 i = 0; i < WORDS_PER_PAGE; i++) words[i] = pattern(page, i, owner);
}

static int holds(u64 page, u64 owner) {
    u64 *words = memory + page * WORDS_PER_PAGE;
    for (u64 i = 0; i < WORDS_PER_PAGE; i++)
        if (words[i] != pattern(page, i, owner)) return 0;
    return 1;
}

static int failures;

static void check(const char *who, const char *what, int ok) {
    print("%s: %s: %s\n", who, what, ok ? "yes" : "NO");
    failures += !ok;
}

enum owner { PARENT = 1, CHILD, PARENT_AGAIN };

/* The child writes the even pages, in an order that is not the pages' own. */
static int child(void) {
    int inherited = 1, written = 1, shared = 1;
    for (u64 page = 0; page < PAGES; page++) inherited &= holds(page, PARENT);
    for (u64 page = PAGES; page-- > 0;)
        if (page % 2 == 0) fill(page, CHILD);
    for (u64 page = 0; page < PAGES; page++) {
        if (page % 2 == 0) written &= holds(page, CHILD);
        else shared &= holds(page, PARENT);
    }
    check("child", "all pages arrived as the parent filled them", inherited);
    check("child", "written pages hold the child's data", written);
    check("child", "other pages still hold the parent's", shared);
    initialised = 0x5678;
    check("child", "its data segment is writable", OPAQUE(initialised) == 0x5678);
    return failures == 0 ? CHILD_STATUS : 1;
}

int main(void) {
    void *pages;
    if (vm_allocate(&pages, PAGES * PAGE_SIZE) != 0) {
        print_error("cow: no memory\n");
        return 1;
    }
    memory = pages;
    for (u64 page = 0; page < PAGES; page++) fill(page, PARENT);
    print("parent: filled %d pages\n", PAGES);

    long pid = os_fork();
    if (pid < 0) {
        print_error("cow: fork: %s\n", error_text(pid));
        return 1;
    }
    if (pid == 0) return child();

    struct wait_result result;
    check("parent", "waited for its child", os_wait(pid, &result) == pid);
    print("parent: child exited with %d\n", result.exit_status);
    check("parent", "child succeeded", result.signal == 0 && result.exit_status == CHILD_STATUS);

    int unchanged = 1, written = 1;
    for (u64 page = 0; page < PAGES; page++) unchanged &= holds(page, PARENT);
    check("parent", "all pages are unchanged", unchanged);
    check("parent", "its data segment is unchanged", OPAQUE(initialised) == 0x1234);
    for (u64 page = 0; page < PAGES; page++) fill(page, PARENT_AGAIN);
    for (u64 page = 0; page < PAGES; page++) written &= holds(page, PARENT_AGAIN);
    check("parent", "all pages hold its new data", written);
    return failures == 0 ? 0 : 1;
}
