/* The part of guest.h's operating system that a workload needs, on the bare machine: semihosting's. */
#include "../../rt/semihosting.h"
#include "../../rt/start.h"

_Noreturn void os_exit(int status) { semihost_exit(status); }

long os_write(int fd, const void *buffer, size_t size) {
    (void)fd;
    char piece[64];
    size_t length = size < sizeof piece - 1 ? size : sizeof piece - 1;
    for (size_t i = 0; i < length; i++) piece[i] = ((const char *)buffer)[i];
    piece[length] = 0;
    semihost(SYS_WRITE0, piece);
    return (long)length;
}

_Noreturn void unexpected_exception(u64 esr, u64 elr) {
    print("exception: ESR_EL1 %lx, ELR_EL1 %lx\n", esr, elr);
    exit(125);
}

/* Makes of the command line what Linux puts on a stack: argc, and the words at blanks. */
_Noreturn void start_bare(void) {
    static char line[256];
    static u64 stack[1 + 8];
    const u64 block[2] = {(u64)line, sizeof line};
    u64 count = 0;
    if (semihost(SYS_GET_CMDLINE, block) == 0) {
        for (char *at = line; *at;) {
            while (*at == ' ') *at++ = 0;
            if (*at && count < 7) stack[++count] = (u64)at;
            while (*at && *at != ' ') at++;
        }
    }
    stack[0] = count;
    start_with_stack(stack);
}
