/* SVC as XNU takes it: the number in x16, arguments and results from x0, errors of BSD calls in the carry. */
#ifndef SVC_H
#define SVC_H

#include "../guest.h"

struct result {
    u64 x0, x1;
    int failed; /* the carry flag */
};

static inline struct result supervisor_call(long number, u64 a0, u64 a1, u64 a2, u64 a3, u64 a4,
                                            u64 a5) {
    register long x16 __asm__("x16") = number;
    register u64 x0 __asm__("x0") = a0;
    register u64 x1 __asm__("x1") = a1;
    register u64 x2 __asm__("x2") = a2;
    register u64 x3 __asm__("x3") = a3;
    register u64 x4 __asm__("x4") = a4;
    register u64 x5 __asm__("x5") = a5;
    int failed;
    __asm__ volatile("svc #0x80\n\tcset %w[failed], cs"
                     : [failed] "=r"(failed), "+r"(x0), "+r"(x1)
                     : "r"(x16), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                     : "memory", "cc", "x17");
    return (struct result){x0, x1, failed};
}

#endif
