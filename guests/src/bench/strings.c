/*
 * Scanning 64 KiB of words: lengths, searches for a byte, comparisons. Byte by byte, or sixteen at a time
 * with VECTORS, as C libraries do. A pass does all three.
 */
#include "workload.h"
#ifdef VECTORS
#ifdef __aarch64__
#include <arm_neon.h>
#else
#include <wasm_simd128.h>
#endif
#endif

enum { ROOM = 64 << 10 };

static char first[ROOM + 16], second[ROOM + 16];

#ifdef VECTORS

/* Sixteen bytes from anywhere, and the place of the first lane where `byte` stands, or 16. */
#ifdef __aarch64__

typedef uint8x16_t bytes;

static inline bytes load(const char *at) { return vld1q_u8((const u8 *)at); }
static inline u32 first_lane(bytes lanes) {
    u64 nibbles = vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8(lanes), 4)), 0);
    return nibbles ? (u32)__builtin_ctzll(nibbles) / 4 : 16;
}
static inline u32 place_of(bytes in, u8 byte) { return first_lane(vceqq_u8(in, vdupq_n_u8(byte))); }
static inline u32 place_of_difference(bytes a, bytes b) { return first_lane(vmvnq_u8(vceqq_u8(a, b))); }

#else

typedef v128_t bytes;

static inline bytes load(const char *at) { return wasm_v128_load(at); }
static inline u32 first_lane(bytes lanes) {
    u32 bits = wasm_i8x16_bitmask(lanes);
    return bits ? (u32)__builtin_ctz(bits) : 16;
}
static inline u32 place_of(bytes in, u8 byte) { return first_lane(wasm_i8x16_eq(in, wasm_u8x16_splat(byte))); }
static inline u32 place_of_difference(bytes a, bytes b) { return first_lane(wasm_i8x16_ne(a, b)); }

#endif

__attribute__((noinline)) static size_t length_of(const char *text) {
    for (size_t at = 0;; at += 16) {
        u32 place = place_of(load(text + at), 0);
        if (place < 16) return at + place;
    }
}

__attribute__((noinline)) static size_t find(const char *text, char c, size_t size) {
    for (size_t at = 0; at < size; at += 16) {
        u32 place = place_of(load(text + at), (u8)c);
        if (place < 16) return at + place < size ? at + place : size;
    }
    return size;
}

__attribute__((noinline)) static size_t common(const char *a, const char *b, size_t size) {
    for (size_t at = 0; at < size; at += 16) {
        u32 place = place_of_difference(load(a + at), load(b + at));
        if (place < 16) return at + place < size ? at + place : size;
    }
    return size;
}

#else

__attribute__((noinline)) static size_t length_of(const char *text) {
    size_t length = 0;
    while (text[length]) length++;
    return length;
}

__attribute__((noinline)) static size_t find(const char *text, char c, size_t size) {
    size_t at = 0;
    while (at < size && text[at] != c) at++;
    return at;
}

__attribute__((noinline)) static size_t common(const char *a, const char *b, size_t size) {
    size_t at = 0;
    while (at < size && a[at] == b[at]) at++;
    return at;
}

#endif

/* Words of 1 to 128 letters, each ended by a zero; the second copy differs here and there. */
static void make_words(void) {
    u64 seed = ROOM;
    for (u32 at = 0; at < ROOM;) {
        u32 letters = (next_random(&seed) & 127) + 1;
        for (u32 i = 0; i < letters && at < ROOM; i++) first[at++] = (char)('a' + next_random(&seed) % 26);
        if (at < ROOM) first[at++] = 0;
    }
    first[ROOM - 1] = 0;
    for (u32 at = 0; at < ROOM; at++) second[at] = first[at];
    for (u32 at = 0; at < ROOM; at += next_random(&seed) & 1023) second[at] ^= 1;
}

u64 workload(u64 size) {
    u64 checksum = CHECKSUM_START;
    make_words();
    for (u64 pass = 0; pass < size; pass++) {
        for (size_t at = 0; at < ROOM;) {
            size_t length = length_of(first + at);
            checksum = mixed(checksum, length);
            at += length + 1;
        }
        for (size_t at = 0; at < ROOM;) {
            at += find(first + at, (char)('a' + pass % 26), ROOM - at) + 1;
            checksum = mixed(checksum, at);
        }
        for (size_t at = 0; at < ROOM;) {
            at += common(first + at, second + at, ROOM - at) + 1;
            checksum = mixed(checksum, at);
        }
    }
    return checksum;
}
