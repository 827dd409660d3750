/*
 * Byte and string routines. Compiled without idiom recognition, which would turn these
 * loops into calls to themselves.
 */
#include "guest.h"

/* A word that may alias anything; the loops use it only on aligned addresses. */
typedef u64 __attribute__((may_alias)) word;

static int both_aligned(const void *a, const void *b) {
    return (((u64)a | (u64)b) & (sizeof(word) - 1)) == 0;
}

void *memcpy(void *restrict to, const void *restrict from, size_t size) {
    return memmove(to, from, size);
}

void *memmove(void *to, const void *from, size_t size) {
    u8 *t = to;
    const u8 *f = from;
    if (t <= f || t >= f + size) {
        if (both_aligned(t, f)) {
            for (; size >= sizeof(word); size -= sizeof(word)) {
                *(word *)t = *(const word *)f;
                t += sizeof(word);
                f += sizeof(word);
            }
        }
        while (size-- > 0) *t++ = *f++;
    } else {
        while (size-- > 0) t[size] = f[size];
    }
    return to;
}

void *memset(void *to, int byte, size_t size) {
    u8 *t = to;
    if (both_aligned(t, t)) {
        word pattern = (u8)byte * 0x0101010101010101ul;
        for (; size >= sizeof(word); size -= sizeof(word)) {
            *(word *)t = pattern;
            t += sizeof(word);
        }
    }
    while (size-- > 0) *t++ = (u8)byte;
    return to;
}

void bzero(void *to, size_t size) { memset(to, 0, size); }

int memcmp(const void *a, const void *b, size_t size) {
    const u8 *x = a, *y = b;
    for (; size > 0; size--, x++, y++) {
        if (*x != *y) return *x - *y;
    }
    return 0;
}

size_t strlen(const char *text) {
    size_t length = 0;
    while (text[length] != 0) length++;
    return length;
}

int strcmp(const char *a, const char *b) {
    while (*a != 0 && *a == *b) a++, b++;
    return (u8)*a - (u8)*b;
}
