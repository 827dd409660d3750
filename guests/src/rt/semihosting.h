/* Arm semihosting ("Semihosting for AArch32 and AArch64"): the operation in w0, its argument block in x1, HLT #0xf000. */
#ifndef SEMIHOSTING_H
#define SEMIHOSTING_H

#include "guest.h"

enum semihosting {
    SYS_OPEN = 0x01,
    SYS_CLOSE = 0x02,
    SYS_WRITEC = 0x03,
    SYS_WRITE0 = 0x04,
    SYS_WRITE = 0x05,
    SYS_READ = 0x06,
    SYS_READC = 0x07,
    SYS_ISERROR = 0x08,
    SYS_ISTTY = 0x09,
    SYS_SEEK = 0x0a,
    SYS_FLEN = 0x0c,
    SYS_REMOVE = 0x0e,
    SYS_RENAME = 0x0f,
    SYS_CLOCK = 0x10,
    SYS_TIME = 0x11,
    SYS_ERRNO = 0x13,
    SYS_GET_CMDLINE = 0x15,
    SYS_HEAPINFO = 0x16,
    SYS_EXIT = 0x18,
    SYS_EXIT_EXTENDED = 0x20,
    SYS_ELAPSED = 0x30,
    SYS_TICKFREQ = 0x31,
};

static inline u64 semihost(enum semihosting operation, const void *argument) {
    register u64 x0 __asm__("x0") = operation;
    register const void *x1 __asm__("x1") = argument;
    __asm__ volatile("hlt #0xf000" : "+r"(x0) : "r"(x1) : "memory");
    return x0;
}

static inline _Noreturn void semihost_exit(int status) {
    enum { APPLICATION_EXIT = 0x20026 };
    const u64 block[2] = {APPLICATION_EXIT, (u64)status};
    for (;;) semihost(SYS_EXIT, block);
}

#endif
