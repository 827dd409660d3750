/*
 * wild MODE: one deliberate mistake per mode, each ending in a fault of its own kind.
 * A program that comes back from its mistake says so and exits with 1.
 */
#include "rt/guest.h"

enum { RET = 0xd65f03c0 }; /* the instruction `ret` */

static const u32 constants[4] = {1, 2, 3, 4};
static u32 code_in_data[4] = {RET, RET, RET, RET};

static void jump_to(u64 address) { ((void (*)(void))OPAQUE(address))(); }

static void wild_null(void) { *(volatile u32 *)OPAQUE((u64)0); }

/* Far above anything mapped, below the end of the user half. */
static void wild_hole(void) { *(volatile u32 *)OPAQUE((u64)0x600000000000); }

static void wild_readonly(void) { *(volatile u32 *)OPAQUE((u64)constants) = 5; }

static void wild_noexec(void) { jump_to((u64)code_in_data); }

static void wild_guard(void) {
    void *memory;
    if (vm_allocate(&memory, 3 * PAGE_SIZE) != 0) return;
    volatile u64 *words = memory;
    const u64 page = PAGE_SIZE / sizeof(u64);
    words[0] = words[page] = words[2 * page] = 1;
    if (os_protect((u8 *)memory + PAGE_SIZE, PAGE_SIZE, PROT_NONE) != 0) return;
    words[0] = words[2 * page] = 2; /* the neighbours stay usable */
    words[page] = 2;
}

/* The frame is small enough that no call can step over a guard page. */
static u32 recurse(u32 depth) {
    volatile u32 frame[256];
    frame[depth % 256] = depth;
    u32 (*again)(u32) = OPAQUE(&recurse);
    return again(depth + 1) + frame[depth % 256];
}

static void wild_stack(void) { recurse(0); }

/* A branch target that is not a multiple of 4, in a page that is executable: PC alignment fault. */
static void wild_misaligned(void) { jump_to((u64)wild_misaligned + 2); }

/* A load through a stack pointer that is not a multiple of 16: SP alignment fault. */
static void wild_misaligned_sp(void) {
    __asm__ volatile("mov x9, sp\n\t"
                     "sub x10, x9, #8\n\t"
                     "mov sp, x10\n\t"
                     "ldr x11, [sp]\n\t"
                     "mov sp, x9" ::
                         : "x9", "x10", "x11", "memory");
}

/* Exclusive accesses must be aligned; this one also crosses a 16-byte granule. */
static void wild_exclusive(void) {
    _Alignas(16) static u8 bytes[32];
    u32 value;
    __asm__ volatile("ldxr %w0, [%1]" : "=r"(value) : "r"(bytes + 14) : "memory");
}

static void wild_udf(void) { __asm__ volatile("udf #0"); }

static void wild_brk(void) { __asm__ volatile("brk #1"); }

static const struct mode {
    const char *name;
    const char *intention;
    void (*run)(void);
} modes[] = {
    {"null", "reading address 0", wild_null},
    {"hole", "reading an address far above everything mapped", wild_hole},
    {"readonly", "writing to a constant", wild_readonly},
    {"noexec", "jumping into a data page", wild_noexec},
    {"guard", "writing to a page protected against all access", wild_guard},
    {"stack", "recursing without end", wild_stack},
    {"misaligned", "jumping to an address that is not a multiple of 4", wild_misaligned},
    {"misaligned-sp", "loading through a misaligned stack pointer", wild_misaligned_sp},
    {"exclusive", "loading exclusively from a misaligned address", wild_exclusive},
    {"udf", "executing an undefined instruction", wild_udf},
    {"brk", "executing a breakpoint instruction", wild_brk},
};

enum { MODES = sizeof modes / sizeof modes[0] };

int main(int argc, char **argv) {
    for (int i = 0; argc == 2 && i < MODES; i++) {
        if (strcmp(argv[1], modes[i].name) != 0) continue;
        print("wild: %s\n", modes[i].intention);
        flush();
        modes[i].run();
        print("wild: survived\n");
        return 1;
    }
    print("usage: wild MODE\n");
    for (int i = 0; i < MODES; i++) print("  %-14s %s\n", modes[i].name, modes[i].intention);
    return 2;
}
