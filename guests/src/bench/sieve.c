/* Sieve of Eratosthenes over the odd numbers below 2^20, a byte each: strided stores, then a scan. */
#include "workload.h"

enum { LIMIT = 1 << 20 };

static u8 composite[LIMIT / 2]; /* at i: whether 2 i + 1 is */

u64 workload(u64 size) {
    u64 checksum = CHECKSUM_START;
    for (u64 pass = 0; pass < size; pass++) {
        for (u32 i = 0; i < LIMIT / 2; i++) composite[i] = 0;
        composite[0] = 1;
        for (u32 p = 3; p * p < LIMIT; p += 2) {
            if (composite[p / 2]) continue;
            for (u32 multiple = p * p / 2; multiple < LIMIT / 2; multiple += p) composite[multiple] = 1;
        }
        u64 count = 1, sum = 2 + pass;
        for (u32 i = 0; i < LIMIT / 2; i++) {
            if (!composite[i]) count++, sum += 2 * i + 1;
        }
        checksum = mixed(mixed(checksum, count), sum);
    }
    return checksum;
}
