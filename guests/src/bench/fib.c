/* Fibonacci's numbers by two recursive calls each: calls and returns and little else. A pass is fib(20). */
#include "workload.h"

__attribute__((noinline)) static u64 fib(u64 n) {
    if (n < 2) return n;
    u64 first = fib(n - 1);
    u64 second = fib(n - 2);
    OPAQUE_VALUE(second); /* keeps both calls calls: no loop in place of the second */
    return first + second;
}

u64 workload(u64 size) {
    u64 checksum = CHECKSUM_START;
    for (u64 pass = 0; pass < size; pass++) checksum = mixed(checksum, fib(20) + pass);
    return checksum;
}
