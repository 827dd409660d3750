/* guest.h's operating system on the bare machine: text goes to the UART, exit is semihosting's. */
#include "bare.h"
#include "../../src/rt/start.h"

enum { UART_DR = 0x09000000, UART_FR = 0x09000018, FR_TXFF = 1 << 5 };
enum { EC_SVC64 = 0x15 };

static u64 first_x0;

u64 boot_x0(void) { return first_x0; }

_Noreturn void os_exit(int status) { semihost_exit(status); }

long os_write(int fd, const void *buffer, size_t size) {
    (void)fd;
    for (size_t i = 0; i < size; i++) {
        while (read32(UART_FR) & FR_TXFF) {}
        write32(UART_DR, ((const u8 *)buffer)[i]);
    }
    return (long)size;
}

_Noreturn void leave_el0(u64 value);

void on_exception(u64 vector, struct frame *frame) {
    enum group group = (enum group)(vector / 4);
    enum kind kind = (enum kind)(vector % 4);
    int is_return = group == LOWER_EL && kind == SYNC && exception_class(frame) == EC_SVC64;
    if (is_return && (frame->esr & 0xffff) == 0) leave_el0(frame->x[0]);
    handle(group, kind, frame);
}

_Noreturn void start_bare(u64 x0) {
    static u64 stack[2] = {0, 0};
    first_x0 = x0;
    start_with_stack(stack);
}
