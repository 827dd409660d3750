/* Power State Coordination Interface, by HVC. Ends with a reset, and SYSTEM_OFF the second time. */
#include "bare.h"

void handle(enum group group, enum kind kind, struct frame *frame) {
    (void)group, (void)kind;
    print("unexpected: ESR %lx at %lx\n", frame->esr, frame->elr);
    exit(1);
}

static long psci(u64 function, u64 a, u64 b, u64 c) {
    register u64 x0 __asm__("x0") = function;
    register u64 x1 __asm__("x1") = a;
    register u64 x2 __asm__("x2") = b;
    register u64 x3 __asm__("x3") = c;
    __asm__ volatile("hvc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3)::"memory");
    return (int)x0;
}

/* Outside what the image loads: a reset does not touch it. */
enum { MARK_AT = 0x44000000 };

int main(int argc, char **argv) {
    (void)argc, (void)argv;
    volatile u64 *mark = (u64 *)MARK_AT;
    static volatile u64 loaded = 1; /* loaded again with the image */
    if (*mark == 0x5afe) {
        print("reset: EL%lu, data %lu, VBAR %s\n", read_sysreg(CurrentEL) >> 2, loaded,
              read_sysreg(cntv_ctl_el0) == 0 ? "and timers fresh" : "but a timer is on");
        flush();
        psci(0x84000008, 0, 0, 0);
        print("SYSTEM_OFF returned\n");
        return 1;
    }
    print("version major %ld\n", psci(0x84000000, 0, 0, 0) >> 16);
    print("features: CPU_ON %ld, SYSTEM_RESET %ld, nothing %ld\n", psci(0x8400000a, 0xc4000003, 0, 0),
          psci(0x8400000a, 0x84000009, 0, 0), psci(0x8400000a, 0x84001234, 0, 0));
    print("CPU_ON of this one %ld, of another %ld\n", psci(0xc4000003, read_sysreg(mpidr_el1) & 0xffffff, 0x40080000, 0),
          psci(0xc4000003, 7, 0x40080000, 0));
    print("AFFINITY_INFO of this one %ld\n", psci(0xc4000004, read_sysreg(mpidr_el1) & 0xffffff, 0, 0));
    print("MIGRATE_INFO_TYPE %ld\n", psci(0x84000006, 0, 0, 0));
    print("unknown %ld\n", psci(0x84000123, 0, 0, 0));
    print("32-bit CPU_ON of this one %ld, with a cluster of another %ld\n", psci(0x84000003, 0, 0x40080000, 0),
          psci(0xc4000003, 0x100, 0x40080000, 0));
    print("AFFINITY_INFO of another %ld, of its cluster %ld\n", psci(0xc4000004, 9, 0, 0), psci(0x84000004, 9, 1, 0));
    print("MIGRATE %ld, features of AFFINITY_INFO %ld, of MIGRATE %ld\n", psci(0x84000005, 0, 0, 0),
          psci(0x8400000a, 0xc4000004, 0, 0), psci(0x8400000a, 0x84000005, 0, 0));
    *mark = 0x5afe;
    loaded = 2;
    write_sysreg(cntv_ctl_el0, 3);
    print("reset\n");
    flush();
    psci(0x84000009, 0, 0, 0);
    print("SYSTEM_RESET returned\n");
    return 1;
}
