/* Prints through the registers of a PL011 (Arm DDI 0183) that are mapped into the task. */
#include "rt/guest.h"

enum { DR = 0x00, FR = 0x18, PERIPH_ID0 = 0xfe0 };
enum { FR_TXFF = 1 << 5 };

static volatile u8 *uart;

static u32 load(u32 offset) { return *(volatile u32 *)(uart + offset); }

static void send(const char *text) {
    for (; *text != 0; text++) {
        while ((load(FR) & FR_TXFF) != 0) {
        }
        *(volatile u32 *)(uart + DR) = (u8)*text;
    }
}

int main(int argc, char **argv) {
    u64 address;
    if (argc != 2 || parse_u64(argv[1], &address) != 0) {
        print_error("usage: uart ADDRESS\n");
        return 2;
    }
    uart = (volatile u8 *)address;
    print("peripheral: %x%02x\n", load(PERIPH_ID0 + 4) & 0xf, load(PERIPH_ID0));
    send("from the parent\n");

    long child = os_fork();
    if (child == 0) {
        send("from the child\n");
        os_exit(0);
    }
    struct wait_result result;
    os_wait(child, &result);

    void *registers = (void *)address;
    int pipe[2];
    os_pipe(pipe);
    print("the kernel reads no device for a task: %s\n",
          os_write(pipe[1], registers, 4) < 0 ? "yes" : "NO");
    print("wiring it: %s\n", error_text(os_lock(registers, PAGE_SIZE)));
    print("unwiring it: %s\n", error_text(os_unlock(registers, PAGE_SIZE)));
    send("and again\n");
    print("unmapped: %s\n", error_text(os_unmap(registers, PAGE_SIZE)));
    flush();
    send("never\n");
    return 0;
}
