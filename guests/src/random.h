/* Numbers that look random and are the same everywhere: a 64-bit LCG, top half out. */
#ifndef RANDOM_H
#define RANDOM_H

#include "rt/guest.h"

static inline u32 next_random(u64 *state) {
    *state = *state * 6364136223846793005ul + 1442695040888963407ul; /* Knuth, MMIX */
    return (u32)(*state >> 32);
}

#endif
