/*
 * A Linux program for pages of 4 KiB: its segments lie closer together than 16 KiB, and it protects,
 * unmaps, copies and locks single small pages of what a bigger page would hold together.
 */
#include "rt/guest.h"

enum { SMALL = 4096, COUNT = 8 };

static const char constant[] = "in a segment of its own";
static u8 data[3 * SMALL] = {1};

static const char *yes(int is) { return is ? "yes" : "no"; }

static int filled(const u8 *at, u8 value) {
    for (int i = 0; i < SMALL; i++) {
        if (at[i] != value) return 0;
    }
    return 1;
}

/* How a child ends that writes one byte. */
static int signal_of_write(volatile u8 *at) {
    long child = os_fork();
    if (child == 0) {
        *at = 99;
        os_exit(0);
    }
    struct wait_result result;
    os_wait(child, &result);
    return result.signal;
}

int main(void) {
    u8 *memory;
    if (vm_allocate((void **)&memory, COUNT * SMALL) != 0) return 1;
    print("aligned to a small page: %s\n", yes((u64)memory % SMALL == 0));
    print("%s\n", constant);
    print("data: %d %d\n", data[0], data[SMALL]);
    for (int i = 0; i < COUNT; i++) memset(memory + i * SMALL, i + 1, SMALL);

    print("protect one: %s\n", error_text(os_protect(memory + 2 * SMALL, SMALL, PROT_READ)));
    for (int i = 1; i < 4; i++) print("write to page %d: signal %d\n", i, signal_of_write(memory + i * SMALL));

    print("unmap one: %s\n", error_text(os_unmap(memory + 5 * SMALL, SMALL)));
    for (int i = 4; i < 7; i++) print("write to page %d: signal %d\n", i, signal_of_write(memory + i * SMALL));

    long child = os_fork();
    if (child == 0) {
        int intact = filled(memory, 1) && filled(memory + SMALL, 2);
        memset(memory + SMALL, 77, SMALL);
        os_exit(intact && filled(memory, 1) && filled(memory + 2 * SMALL, 3) ? 0 : 1);
    }
    memset(memory, 55, SMALL);
    struct wait_result result;
    os_wait(child, &result);
    print("the child saw its own copy: %s\n", yes(result.exit_status == 0 && result.signal == 0));
    print("the parent its own: %s\n", yes(filled(memory, 55) && filled(memory + SMALL, 2)));
    print("lock one: %s\n", error_text(os_lock(memory + SMALL, SMALL)));
    print("lock across the hole: %s\n", error_text(os_lock(memory + 4 * SMALL, 3 * SMALL)));
    print("unlock: %s\n", error_text(os_unlock(memory + SMALL, SMALL)));

    int sum = 0;
    for (int i = 0; i < COUNT; i++) sum += i == 5 ? 0 : memory[i * SMALL];
    print("sum: %d\n", sum);
    return 0;
}
