/*
 * Atomic operations on one word. The Mach-O build has single-instruction atomics (LSE)
 * and the ELF build exclusive load/store loops, so the two together cover both families.
 */
#include "rt/guest.h"

enum { ROUNDS = 10000 };

static u64 counter;
static u32 small;
static u8 byte;

int main(void) {
    u64 previous_sum = 0;
    for (u64 i = 1; i <= ROUNDS; i++)
        previous_sum += __atomic_fetch_add(&counter, i, __ATOMIC_SEQ_CST);
    print("add:      %lu, sum of old values %lu\n", counter, previous_sum);

    for (u32 i = 0; i < 32; i++) __atomic_fetch_or(&small, 1u << (i * 5 % 32), __ATOMIC_RELAXED);
    print("or:       %08x\n", small);
    u32 old = __atomic_fetch_and(&small, 0xff00ff00, __ATOMIC_ACQUIRE);
    print("and:      %08x, was %08x\n", small, old);
    old = __atomic_fetch_xor(&small, 0x0ff00ff0, __ATOMIC_RELEASE);
    print("xor:      %08x, was %08x\n", small, old);

    u64 swapped = __atomic_exchange_n(&counter, 7, __ATOMIC_ACQ_REL);
    print("exchange: %lu, was %lu\n", counter, swapped);

    u64 expected = 8;
    int ok = __atomic_compare_exchange_n(&counter, &expected, 9, 0, __ATOMIC_SEQ_CST,
                                         __ATOMIC_SEQ_CST);
    print("compare:  %s, found %lu\n", ok ? "stored" : "refused", expected);
    ok = __atomic_compare_exchange_n(&counter, &expected, 9, 0, __ATOMIC_SEQ_CST,
                                     __ATOMIC_SEQ_CST);
    print("compare:  %s, now %lu\n", ok ? "stored" : "refused", counter);

    for (int i = 0; i < 300; i++) __atomic_fetch_add(&byte, 1, __ATOMIC_RELAXED);
    print("byte:     %u\n", __atomic_load_n(&byte, __ATOMIC_ACQUIRE));

    __atomic_store_n(&counter, 11, __ATOMIC_RELEASE);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    print("store:    %lu\n", __atomic_load_n(&counter, __ATOMIC_SEQ_CST));
    return 0;
}
