/*
 * matrix [N]: multiplies N x N matrices of doubles and of 64-bit integers. The order of
 * every floating-point operation is fixed, so the checksums are exact; one dot product
 * is repeated with fused multiply-add, which rounds differently.
 */
#include "rt/guest.h"
#include "random.h"

static u64 n;

static void *new_matrix(void) {
    void *memory;
    if (vm_allocate(&memory, (n * n * sizeof(u64) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1)) != 0) {
        print_error("matrix: no memory\n");
        exit(1);
    }
    return memory;
}

/* C = A * B, with the inner loop running along rows of B and C. */
static void multiply_doubles(const double *a, const double *b, double *c) {
    for (u64 i = 0; i < n; i++) {
        for (u64 k = 0; k < n; k++) {
            double factor = a[i * n + k];
            for (u64 j = 0; j < n; j++) c[i * n + j] += factor * b[k * n + j];
        }
    }
}

static void multiply_integers(const u64 *a, const u64 *b, u64 *c) {
    for (u64 i = 0; i < n; i++) {
        for (u64 j = 0; j < n; j++) {
            u64 sum = 0;
            for (u64 k = 0; k < n; k++) sum += a[i * n + k] * b[k * n + j];
            c[i * n + j] = sum;
        }
    }
}

static u64 bits_of(double number) {
    u64 bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

static u64 mix(u64 checksum, u64 value) { return (checksum ^ value) * 0x100000001b3; }

int main(int argc, char **argv) {
    n = argument_u64(argc, argv, 1, 128, 1, 2048);
    double *a = new_matrix(), *b = new_matrix(), *c = new_matrix();
    u64 *p = new_matrix(), *q = new_matrix(), *r = new_matrix();

    u64 state = n;
    for (u64 i = 0; i < n * n; i++) {
        a[i] = (double)(int)next_random(&state) / 65536.0;
        b[i] = 1.0 / (1.0 + next_random(&state));
        p[i] = next_random(&state);
        q[i] = next_random(&state);
    }

    multiply_doubles(a, b, c);
    double sum = 0, largest = c[0], fused = 0;
    u64 double_checksum = 0xcbf29ce484222325;
    for (u64 i = 0; i < n * n; i++) {
        sum += c[i];
        if (c[i] > largest) largest = c[i];
        double_checksum = mix(double_checksum, bits_of(c[i]));
    }
    for (u64 k = 0; k < n; k++) fused = __builtin_fma(a[k], b[k * n], fused);

    multiply_integers(p, q, r);
    u64 integer_sum = 0, integer_checksum = 0xcbf29ce484222325;
    for (u64 i = 0; i < n * n; i++) {
        integer_sum += r[i];
        integer_checksum = mix(integer_checksum, r[i]);
    }

    print("%lu x %lu\n", n, n);
    print("doubles:  checksum %016lx\n", double_checksum);
    print("          sum %016lx = %f\n", bits_of(sum), sum);
    print("          largest %016lx = %.9f\n", bits_of(largest), largest);
    print("          first %016lx = %.12f\n", bits_of(c[0]), c[0]);
    print("          fused %016lx = %.12f\n", bits_of(fused), fused);
    print("          in millionths %ld\n", (i64)(sum * 1e6));
    print("integers: checksum %016lx\n", integer_checksum);
    print("          sum %016lx = %lu\n", integer_sum, integer_sum);
    return 0;
}
