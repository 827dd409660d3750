/*
 * sha256 FILE...: prints what sha256sum prints. Each file is mapped, not read, so its
 * pages arrive one fault at a time from the file's pager.
 */
#include "rt/guest.h"
#include "sha256-constants.h"

enum { BLOCK = 64 };

static u32 rotate(u32 x, int by) { return x >> by | x << (32 - by); }

static u32 load_big_endian(const u8 *p) {
    return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
}

static void add_block(u32 state[8], const u8 *block) {
    u32 w[64];
    for (int t = 0; t < 16; t++) w[t] = load_big_endian(block + 4 * t);
    for (int t = 16; t < 64; t++) {
        u32 s0 = rotate(w[t - 15], 7) ^ rotate(w[t - 15], 18) ^ w[t - 15] >> 3;
        u32 s1 = rotate(w[t - 2], 17) ^ rotate(w[t - 2], 19) ^ w[t - 2] >> 10;
        w[t] = w[t - 16] + s0 + w[t - 7] + s1;
    }
    u32 a = state[0], b = state[1], c = state[2], d = state[3];
    u32 e = state[4], f = state[5], g = state[6], h = state[7];
    for (int t = 0; t < 64; t++) {
        u32 sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
        u32 choice = (e & f) ^ (~e & g);
        u32 t1 = h + sum1 + choice + round_constants[t] + w[t];
        u32 sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
        u32 majority = (a & b) ^ (a & c) ^ (b & c);
        h = g, g = f, f = e, e = d + t1;
        d = c, c = b, b = a, a = t1 + sum0 + majority;
    }
    state[0] += a, state[1] += b, state[2] += c, state[3] += d;
    state[4] += e, state[5] += f, state[6] += g, state[7] += h;
}

static void sha256(const u8 *data, size_t size, u32 state[8]) {
    memcpy(state, initial_state, sizeof initial_state);
    size_t rest = size;
    for (; rest >= BLOCK; rest -= BLOCK, data += BLOCK) add_block(state, data);

    u8 tail[2 * BLOCK] = {0}; /* the rest, a one bit, zeros, and the length in bits */
    memcpy(tail, data, rest);
    tail[rest] = 0x80;
    size_t length = rest + 9 <= BLOCK ? BLOCK : 2 * BLOCK;
    for (int i = 0; i < 8; i++) tail[length - 1 - (size_t)i] = (u8)(size * 8 >> (8 * i));
    for (size_t at = 0; at < length; at += BLOCK) add_block(state, tail + at);
}

static long hash_file(const char *name) {
    long fd = os_open_for_reading(name);
    if (fd < 0) return fd;
    long size = os_file_size((int)fd);
    void *data = NULL;
    long error = size < 0 ? size : 0;
    if (size > 0) error = os_map_file((int)fd, (size_t)size, &data);
    os_close((int)fd);
    if (error) return error;

    u32 state[8];
    sha256(data, (size_t)size, state);
    if (size > 0) os_unmap(data, (size_t)size);
    for (int i = 0; i < 8; i++) print("%08x", state[i]);
    print("  %s\n", name);
    return 0;
}

int main(int argc, char **argv) {
    if (argc < 2) {
        print_error("usage: sha256 FILE...\n");
        return 2;
    }
    int status = 0;
    for (int i = 1; i < argc; i++) {
        long error = hash_file(argv[i]);
        if (error) {
            print_error("sha256: %s: %s\n", argv[i], error_text(error));
            status = 1;
        }
    }
    return status;
}
