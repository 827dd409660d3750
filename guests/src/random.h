/*
 * Numbers that look random and are the same everywhere: a 64-bit LCG, top half out. `u32` and `u64` are
 * the includer's.
 */
#ifndef RANDOM_H
#define RANDOM_H

static inline u32 next_random(u64 *state) {
    *state = *state * 6364136223846793005ull + 1442695040888963407ull; /* Knuth, MMIX */
    return (u32)(*state >> 32);
}

#endif
