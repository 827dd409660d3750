/* Floating point and vectors at EL1, and their registers across exceptions. */
#include "bare.h"

void handle(enum group group, enum kind kind, struct frame *frame) {
    (void)group, (void)kind, (void)frame; /* SVC: returns behind itself */
}

static double series(int terms) {
    double sum = 0, sign = 4;
    for (int i = 0; i < terms; i++, sign = -sign) sum += sign / (2 * i + 1);
    return sum;
}

int main(int argc, char **argv) {
    (void)argc, (void)argv;
    print("pi, about: %.12f\n", series(1000));
    u64 low, high;
    __asm__ volatile("movi v9.16b, #0x5a\n\tsvc #1\n\tumov %0, v9.d[0]\n\tumov %1, v9.d[1]"
                     : "=r"(low), "=r"(high)::"v9");
    print("v9 across an exception: %lx %lx\n", low, high);
    write_sysreg(fpsr, 0);
    volatile double one = 1, zero = 0, three = 3;
    print("1 / 0 huge: %d, FPSR %lx\n", one / zero > 1e308, read_sysreg(fpsr) & 0x9f);
    write_sysreg(fpsr, 0);
    print("1 / 3 = %.15f", one / three);
    print(", FPSR %lx\n", read_sysreg(fpsr) & 0x9f);
    write_sysreg(fpcr, 1ul << 22); /* towards plus infinity */
    double up = one / three;
    write_sysreg(fpcr, 2ul << 22);
    double down = one / three;
    write_sysreg(fpcr, 0);
    print("rounded up minus rounded down: %d units\n", (int)((up - down) * 18014398509481984.0));
    return 0;
}
