/* Exceptions of every kind a program brings on itself, at EL1 and from EL0, nested, and illegal returns. */
#include "bare.h"

enum { UNBACKED = 0x3f000000 };
enum { EC_ILLEGAL = 0x0e, EC_SVC = 0x15, EC_TRAP = 0x18, EC_BRK = 0x3c };

static int depth;

static const char *name_of(u32 ec) {
    switch (ec) {
    case 0x00: return "undefined";
    case 0x07: return "floating point trapped";
    case 0x0e: return "illegal state";
    case 0x15: return "SVC";
    case 0x18: return "system register trapped";
    case 0x21: return "instruction abort, same EL";
    case 0x22: return "PC alignment";
    case 0x24: return "data abort, lower EL";
    case 0x25: return "data abort, same EL";
    case 0x3c: return "BRK";
    default: return "?";
    }
}

static u64 resume; /* where to go on after an instruction abort */

void handle(enum group group, enum kind kind, struct frame *frame) {
    static const char *const groups[] = {"EL1 with SP_EL0", "EL1", "EL0"};
    u32 ec = exception_class(frame);
    if (ec == 0x07) write_sysreg(cpacr_el1, 3 << 20); /* print needs it */
    depth++;
    print("%d: from %s, kind %d: %s, ISS %lx, DAIF %lx, SPSR %lx\n", depth, groups[group], kind, name_of(ec),
          frame->esr & 0x1ffffff, read_sysreg(DAIF) >> 6, frame->spsr & 0x3fffff);
    if (ec == 0x25 || ec == 0x24 || ec == 0x21) print("   FAR %lx\n", frame->far);
    switch (ec) {
    case EC_SVC:
        if ((frame->esr & 0xffff) == 2) {
            /* Nested: ELR and SPSR of the outer one are in its frame. */
            __asm__ volatile("svc #3");
            print("   back in the outer handler\n");
        }
        break; /* returns behind itself */
    case 0x21:
    case 0x22:
        frame->elr = resume;
        break;
    case EC_ILLEGAL:
        frame->spsr &= ~(1ul << 20);
        frame->elr = resume;
        break;
    default:
        frame->elr += 4;
    }
    flush();
    depth--;
}

static u64 user(u64 argument) {
    u64 el = 9;
    __asm__ volatile("mrs %0, currentel" : "=r"(el)); /* UNDEFINED at EL0 */
    __asm__ volatile("svc #1");
    __asm__ volatile("brk #77");
    __asm__ volatile("mrs %0, ctr_el0" : "=r"(el)); /* traps */
    __asm__ volatile("ldr xzr, [%0]" ::"r"((u64)UNBACKED));
    __asm__ volatile("wfi"); /* traps */
    return argument + 1;
}

static void illegal_return(u64 spsr, const char *what) {
    print("return to %s\n", what);
    __asm__ volatile("adr x9, 1f\n\t"
                     "str x9, %1\n\t"
                     "msr elr_el1, x9\n\t"
                     "msr spsr_el1, %0\n\t"
                     "eret\n"
                     "1:\tnop" ::"r"(spsr),
                     "m"(resume)
                     : "x9", "memory");
}

int main(int argc, char **argv) {
    (void)argc, (void)argv;
    __asm__ volatile("svc #1");
    __asm__ volatile("svc #2");
    __asm__ volatile("brk #5");
    __asm__ volatile("udf #1");
    __asm__ volatile("mrs x9, s3_0_c15_c0_0" ::: "x9");
    __asm__ volatile("ldr x9, [%0]" ::"r"((u64)UNBACKED) : "x9");
    __asm__ volatile("str w9, [%0]" ::"r"((u64)UNBACKED + 16));
    __asm__ volatile("adr x9, 1f\n\tstr x9, %0\n\tbr %1\n1:\tnop" : "=m"(resume) : "r"((u64)UNBACKED) : "x9");
    __asm__ volatile("adr x9, 1f\n\tstr x9, %0\n\tadd x9, x9, #2\n\tbr x9\n1:\tnop" : "=m"(resume)::"x9");

    /* The other stack pointer, and the vectors that belong to it. */
    __asm__ volatile("msr spsel, #0\n\tsvc #4\n\tmsr spsel, #1");
    /* Floating point off. */
    write_sysreg(cpacr_el1, 0);
    __asm__ volatile(".inst 0x9e6703e8"); /* fmov d8, xzr */
    write_sysreg(cpacr_el1, 3 << 20);

    print("at EL0 now\n");
    print("it returned %lu\n", at_el0(user, 4));

    illegal_return(0x3c9, "EL2");
    illegal_return(0x3cd, "EL3");
    illegal_return(0x3d3, "AArch32 Supervisor");
    illegal_return(0x3c1, "EL0 with SP_EL1");
    print("legal again: SPSel %lu\n", read_sysreg(SPSel));
    return 0;
}
