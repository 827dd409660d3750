/* Self-hosted debug: software step, breakpoints and watchpoints, at EL0 and at EL1. */
#include "bare.h"

enum { EC_SVC = 0x15, EC_BREAKPOINT_LOWER = 0x30, EC_STEP_LOWER = 0x32, EC_WATCHPOINT_LOWER = 0x34, EC_BRK = 0x3c };
enum { MDSCR_SS = 1, MDSCR_KDE = 1 << 13, MDSCR_MDE = 1 << 15 };
enum { SPSR_SS = 1 << 21, SPSR_D = 1 << 9 };
enum { BCR = 0x1e1 /* enabled, all of the word */, AT_EL1 = 1 << 1, AT_EL0 = 1 << 2 };
enum { WCR = 1, LOADS = 1 << 3, STORES = 1 << 4 };
enum { LINKED = 1 << 20 /* of either */, CONTEXT_LINKED = 3 << 20 };

u64 walked(u64 argument); /* what is stepped */
u64 touches(u64 address); /* what touches watched memory: addresses from x0 on */
u64 touches_as_el0(u64 address);
extern const u8 walked_break[];

__asm__(".text\n"
        "walked:\n\t"
        "add x0, x0, #1\n\t"
        "adr x1, 1f\n\t"
        "b 1f\n\t"
        "nop\n"
        "1:\tmov x2, sp\n\t"
        "sub x2, x2, #64\n\t"
        "ldxr w3, [x2]\n\t"
        "svc #9\n"
        "walked_break:\n\t"
        "add x0, x0, #2\n\t"
        "clrex\n\t"
        "ret\n"
        "touches:\n\t"
        "ldr x1, [x0]\n\t"
        "ldrb w1, [x0, #9]\n\t"
        "str w1, [x0, #8]\n\t"
        "strb w1, [x0, #13]\n\t"
        "ldp x1, x2, [x0, #16]\n\t"
        "str x1, [x0, #5]\n\t"
        "add x3, x0, #8\n\t"
        "ldxr w1, [x3]\n\t"
        "ret\n"
        "touches_as_el0:\n\t"
        "ldr x1, [x0]\n\t"
        "ldtr x1, [x0]\n\t"
        "sttrb w1, [x0, #3]\n\t"
        "ret\n");

static u64 origin;   /* addresses are printed from here */
static int steps;    /* left to make at EL1 */
static u64 memory;   /* watched */
static u64 watch[8] __attribute__((aligned(64)));

static void step_here(struct frame *frame, int count) {
    steps = count;
    frame->spsr = (frame->spsr & ~(u64)SPSR_D) | SPSR_SS;
    write_sysreg(mdscr_el1, MDSCR_SS | MDSCR_KDE);
}

void handle(enum group group, enum kind kind, struct frame *frame) {
    u32 ec = exception_class(frame), iss = (u32)(frame->esr & 0x1ffffff);
    const char *from = group == LOWER_EL ? "EL0" : "EL1";
    (void)kind;
    switch (ec) {
    case EC_SVC:
        print("SVC #%d from %s, SS %lx\n", iss, from, frame->spsr >> 21 & 1);
        if (iss == 5) {
            origin = frame->elr;
            step_here(frame, 4);
        } else if (iss == 9 && group == LOWER_EL && read_sysreg(mdscr_el1) & MDSCR_SS) frame->spsr |= SPSR_SS;
        break;
    case EC_STEP_LOWER:
    case EC_STEP_LOWER + 1:
        print("step, %s: at +%ld, ISV %x, EX %x\n", from, (long)(frame->elr - origin), iss >> 24, iss >> 6 & 1);
        if (group == LOWER_EL) frame->spsr |= SPSR_SS;
        else if (--steps > 0) frame->spsr |= SPSR_SS;
        else {
            write_sysreg(mdscr_el1, 0);
            frame->spsr |= SPSR_D;
        }
        break;
    case EC_BREAKPOINT_LOWER:
    case EC_BREAKPOINT_LOWER + 1:
        print("breakpoint, %s: at +%ld, ISS %x\n", from, (long)(frame->elr - origin), iss);
        write_sysreg(dbgbcr0_el1, 0);
        break;
    case EC_WATCHPOINT_LOWER:
    case EC_WATCHPOINT_LOWER + 1:
        print("watchpoint, %s: at +%ld, ISS %x, byte %ld\n", from, (long)(frame->elr - origin), iss,
              (long)(frame->far - memory));
        frame->elr += 4;
        break;
    case EC_BRK:
        print("BRK #%x\n", iss);
        frame->elr += 4;
        break;
    default:
        print("unexpected: ESR %lx at %lx\n", frame->esr, frame->elr);
        exit(1);
    }
}

static void break_at(const void *address, u64 levels) {
    write_sysreg(dbgbvr0_el1, (u64)address);
    write_sysreg(dbgbcr0_el1, BCR | levels);
}

static void watch_bytes(const char *what, u64 offset, u64 control, int at_el1) {
    print("watching %s\n", what);
    origin = (u64)touches;
    memory = (u64)watch;
    write_sysreg(dbgwvr0_el1, memory + offset);
    write_sysreg(dbgwcr0_el1, WCR | control);
    if (at_el1) {
        __asm__ volatile("msr daifclr, #8");
        touches((u64)watch);
        __asm__ volatile("msr daifset, #8");
    } else at_el0(touches, (u64)watch);
    write_sysreg(dbgwcr0_el1, 0);
}

/* The last breakpoint can compare contexts everywhere. Matches when CONTEXTIDR_EL1 is this. */
static u64 last_breakpoint(void) { return read_sysreg(id_aa64dfr0_el1) >> 12 & 15; }

static void expect_context(u64 context) {
    u64 control = BCR | AT_EL1 | AT_EL0 | CONTEXT_LINKED;
    if (last_breakpoint() == 1) {
        write_sysreg(dbgbvr1_el1, context);
        write_sysreg(dbgbcr1_el1, control);
    } else {
        write_sysreg(dbgbvr5_el1, context);
        write_sysreg(dbgbcr5_el1, control);
    }
}

static void linked(void) {
    u64 link = LINKED | last_breakpoint() << 16;
    expect_context(7);
    for (u64 context = 7; context < 9; context++) {
        print("context %lu\n", context);
        write_sysreg(contextidr_el1, context);
        origin = (u64)walked;
        break_at(walked_break, AT_EL0 | link);
        print("result %lu\n", at_el0(walked, 1));
        write_sysreg(dbgbcr0_el1, 0);
        watch_bytes("byte 13, linked", 8, AT_EL0 | STORES | 0x20 << 5 | link, 0);
    }
}

int main(int argc, char **argv) {
    (void)argc, (void)argv;
    write_sysreg(oslar_el1, 0);

    print("stepping at EL0\n");
    origin = (u64)walked;
    write_sysreg(mdscr_el1, MDSCR_SS);
    /* Without SPSR.SS the first step is over before it begins. */
    print("result %lu\n", at_el0(walked, 1));
    write_sysreg(mdscr_el1, 0);

    print("stepping at EL1\n");
    __asm__ volatile("svc #5\n\tnop\n\tmov x9, #1\n\tcbnz x9, 1f\n\tnop\n1:\tnop\n\tnop" ::: "x9");
    print("unmasking\n");
    origin = (u64)main;
    steps = 1;
    write_sysreg(mdscr_el1, MDSCR_SS | MDSCR_KDE);
    __asm__ volatile("adr x9, 1f\n\tstr x9, %0\n\tmsr daifclr, #8\n1:\tnop\n\tmsr daifset, #8" : "=m"(origin)::"x9");
    write_sysreg(mdscr_el1, 0);

    print("breakpoints\n");
    write_sysreg(mdscr_el1, MDSCR_MDE);
    origin = (u64)walked;
    break_at(walked_break, AT_EL0);
    print("result %lu\n", at_el0(walked, 1));
    break_at(walked_break, AT_EL1);
    print("for EL1 only: result %lu\n", at_el0(walked, 1));
    write_sysreg(mdscr_el1, MDSCR_MDE | MDSCR_KDE);
    break_at(walked, AT_EL1 | AT_EL0);
    print("masked: result %lu\n", walked(1));
    __asm__ volatile("msr daifclr, #8");
    u64 result = walked(1);
    __asm__ volatile("msr daifset, #8");
    print("unmasked: result %lu\n", result);
    print("watchpoints\n");
    watch_bytes("loads of the first doubleword, EL0", 0, AT_EL0 | LOADS | 0xff << 5, 0);
    watch_bytes("stores to the second, EL0", 8, AT_EL0 | STORES | 0xff << 5, 0);
    watch_bytes("byte 13, EL1", 8, AT_EL1 | LOADS | STORES | 0x20 << 5, 1);
    watch_bytes("byte 13 at EL0 only, from EL1", 8, AT_EL0 | LOADS | STORES | 0x20 << 5, 1);
    watch_bytes("loads of all 64, EL0", 0, AT_EL0 | LOADS | 0xff << 5 | 6 << 24, 0);
    watch_bytes("bytes 12 and 13 by a word's address, EL0", 12, AT_EL0 | STORES | 3 << 5, 0);
    watch_bytes("nothing, EL0", 0, AT_EL0 | LOADS | STORES, 0);
    print("unprivileged accesses, from EL1\n");
    origin = (u64)touches_as_el0;
    write_sysreg(dbgwvr0_el1, memory);
    write_sysreg(dbgwcr0_el1, WCR | AT_EL0 | LOADS | STORES | 0xff << 5);
    __asm__ volatile("msr daifclr, #8");
    touches_as_el0(memory);
    __asm__ volatile("msr daifset, #8");
    write_sysreg(dbgwcr0_el1, 0);
    linked();
    __asm__ volatile("brk #0x123");
    return 0;
}
