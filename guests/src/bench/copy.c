/*
 * Copying and filling BYTES at a time, 64 bytes a turn of the loop in pairs of Q registers, as the inner
 * loop of a C library does it. A pass moves 16 MiB, or BYTES if that is more.
 */
#include "workload.h"

enum { PASS_BYTES = 16 << 20, TIMES = BYTES < PASS_BYTES ? PASS_BYTES / BYTES : 1 };

typedef u64 vector __attribute__((vector_size(16), aligned(16)));

#ifdef FILL
static vector to[BYTES / 16];
#else
static vector to[BYTES / 16], from[BYTES / 16];
#endif

#ifdef FILL

__attribute__((noinline)) static void fill(void *to, u64 value, size_t bytes) {
    vector v = {value, value};
#ifdef __aarch64__
    __asm__ volatile("1:\n"
                     "stp %q2, %q2, [%0]\n"
                     "stp %q2, %q2, [%0, #32]\n"
                     "add %0, %0, #64\n"
                     "subs %1, %1, #64\n"
                     "b.hi 1b\n"
                     : "+r"(to), "+r"(bytes)
                     : "w"(v)
                     : "cc", "memory");
#else
    vector *t = to;
    for (; bytes > 0; bytes -= 64, t += 4) t[0] = v, t[1] = v, t[2] = v, t[3] = v;
#endif
}

#else

__attribute__((noinline)) static void copy(void *to, const void *from, size_t bytes) {
#ifdef __aarch64__
    __asm__ volatile("1:\n"
                     "ldp q0, q1, [%1]\n"
                     "ldp q2, q3, [%1, #32]\n"
                     "stp q0, q1, [%0]\n"
                     "stp q2, q3, [%0, #32]\n"
                     "add %1, %1, #64\n"
                     "add %0, %0, #64\n"
                     "subs %2, %2, #64\n"
                     "b.hi 1b\n"
                     : "+r"(to), "+r"(from), "+r"(bytes)
                     :
                     : "v0", "v1", "v2", "v3", "cc", "memory");
#else
    vector *t = to;
    const vector *f = from;
    for (; bytes > 0; bytes -= 64, t += 4, f += 4) {
        vector a = f[0], b = f[1], c = f[2], d = f[3];
        t[0] = a, t[1] = b, t[2] = c, t[3] = d;
    }
#endif
}

#endif

u64 workload(u64 size) {
    u64 seed = BYTES, checksum = CHECKSUM_START;
#ifndef FILL
    u64 *words = (u64 *)from;
    for (u32 i = 0; i < BYTES / 8; i += 64) words[i] = next_random(&seed);
#endif
    for (u64 pass = 0; pass < size; pass++) {
        for (u32 i = 0; i < TIMES; i++) {
#ifdef FILL
            fill(to, pass * TIMES + i, BYTES);
#else
            words[i % 8] += pass + i;
            copy(to, from, BYTES);
#endif
        }
        const u64 *result = (const u64 *)to;
        u32 sample = next_random(&seed) % (BYTES / 8 / 64) * 64;
        checksum = mixed(mixed(checksum, result[0]), result[sample]);
    }
    return checksum;
}
