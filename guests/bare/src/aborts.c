/* So many data aborts taken to the vector and back: for timing. The argument is the last word of the command line. */
#include "bare.h"

enum { UNBACKED = 0x3f000000 };

void handle(enum group group, enum kind kind, struct frame *frame) {
    (void)group, (void)kind, (void)frame;
    exit(1);
}

/* A table whose only entry used steps over the instruction. */
__asm__(".text\n\t.p2align 11\n"
        "skipping:\n\t"
        ".space 0x200\n\t"
        "msr tpidr_el1, x9\n\t"
        "mrs x9, elr_el1\n\t"
        "add x9, x9, #4\n\t"
        "msr elr_el1, x9\n\t"
        "mrs x9, tpidr_el1\n\t"
        "eret\n\t"
        ".p2align 11\n");
extern const u8 skipping[];

int main(int argc, char **argv) {
    (void)argc, (void)argv;
    static char line[256];
    semihost(SYS_GET_CMDLINE, (const u64[2]){(u64)line, sizeof line});
    const char *word = line;
    for (const char *at = line; *at; at++)
        if (*at == ' ') word = at + 1;
    u64 count = 0;
    if (parse_u64(word, &count) != 0) count = 1000;
    u64 vectors = read_sysreg(vbar_el1);
    write_sysreg(vbar_el1, (u64)skipping);
    for (u64 i = 0; i < count; i++) __asm__ volatile("ldr xzr, [%0]" ::"r"((u64)UNBACKED));
    write_sysreg(vbar_el1, vectors);
    print("%lu aborts\n", count);
    return 0;
}
