/*
 * SHA-256 (FIPS 180-4) of 16 KiB a pass: plain words, or with LANES four messages at once, one in each
 * lane of a vector.
 */
#include "workload.h"
#include "../sha256-constants.h"

#ifdef LANES
typedef u32 word __attribute__((vector_size(16)));
#else
typedef u32 word;
#endif

enum { BLOCKS = 256 };

static word message[BLOCKS][16];

static inline word rotated(word value, int by) { return value >> by | value << (32 - by); }

static void compress(word state[8], const word block[16]) {
    word schedule[64];
    for (int i = 0; i < 16; i++) schedule[i] = block[i];
    for (int i = 16; i < 64; i++) {
        word early = schedule[i - 15], late = schedule[i - 2];
        word sigma0 = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3;
        word sigma1 = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10;
        schedule[i] = schedule[i - 16] + sigma0 + schedule[i - 7] + sigma1;
    }
    word a = state[0], b = state[1], c = state[2], d = state[3];
    word e = state[4], f = state[5], g = state[6], h = state[7];
    for (int i = 0; i < 64; i++) {
        word sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
        word first = h + sum1 + ((e & f) ^ (~e & g)) + round_constants[i] + schedule[i];
        word sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
        word second = sum0 + ((a & b) ^ (a & c) ^ (b & c));
        h = g, g = f, f = e, e = d + first;
        d = c, c = b, b = a, a = first + second;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

static u64 folded(u64 checksum, word value) {
#ifdef LANES
    for (int lane = 0; lane < 4; lane++) checksum = mixed(checksum, value[lane]);
    return checksum;
#else
    return mixed(checksum, value);
#endif
}

u64 workload(u64 size) {
    u64 seed = 256;
    for (int i = 0; i < BLOCKS; i++) {
        for (int j = 0; j < 16; j++) {
#ifdef LANES
            for (int lane = 0; lane < 4; lane++) message[i][j][lane] = next_random(&seed);
#else
            message[i][j] = next_random(&seed);
#endif
        }
    }
    u64 checksum = CHECKSUM_START;
    for (u64 pass = 0; pass < size; pass++) {
        word state[8];
        for (int i = 0; i < 8; i++) state[i] = (word){0} + initial_state[i];
        message[0][0] += (u32)pass;
        for (int i = 0; i < BLOCKS; i++) compress(state, message[i]);
        for (int i = 0; i < 8; i++) checksum = folded(checksum, state[i]);
    }
    return checksum;
}
