/*
 * calls [FILE]: system calls that the other programs use little or not at all, and a few
 * refusals. Prints only what holds on every system.
 */
#include "rt/guest.h"

static void say(const char *what, int ok) { print("%s: %s\n", what, ok ? "yes" : "NO"); }

static void files(const char *name) {
    print("open a missing file: %s\n", error_text(os_open_for_reading("/no/such/file")));
    print("close what is not open: %s\n", error_text(os_close(77)));
    u8 whole[64], part[16];
    print("read from what is not open: %s\n", error_text(os_read(77, whole, sizeof whole)));

    long fd = os_open_for_reading(name);
    if (fd < 0) {
        print("%s: %s\n", name, error_text(fd));
        return;
    }
    long size = os_file_size((int)fd);
    say("seeking to the end gives the size", os_seek((int)fd, 0, SEEK_FROM_END) == size);
    say("reading at the end gives nothing", os_read((int)fd, whole, sizeof whole) == 0);
    os_seek((int)fd, 0, SEEK_FROM_START);
    say("64 bytes read", os_read((int)fd, whole, sizeof whole) == sizeof whole);
    say("position follows", os_seek((int)fd, 0, SEEK_FROM_HERE) == sizeof whole);
    os_seek((int)fd, -48, SEEK_FROM_HERE);
    say("16 bytes read", os_read((int)fd, part, sizeof part) == sizeof part);
    say("they are bytes 16 to 31", memcmp(part, whole + 16, sizeof part) == 0);
    void *mapped;
    say("mapped", os_map_file((int)fd, (size_t)size, &mapped) == 0);
    say("closed", os_close((int)fd) == 0);
    say("mapping outlives the descriptor", memcmp(mapped, whole, sizeof whole) == 0);
    say("unmapped", os_unmap(mapped, (size_t)size) == 0);
}

static void memory(void) {
    void *at;
    const u64 mask = (1ul << 21) - 1;
    say("2 MiB aligned", vm_map(&at, PAGE_SIZE, mask) == 0 && ((u64)at & mask) == 0);
    *(volatile u64 *)at = 1;
    say("deallocated", vm_deallocate(at, PAGE_SIZE) == 0);

    say("no access at first", os_map_anonymous(2 * PAGE_SIZE, PROT_NONE, &at) == 0);
    say("made writable", os_protect(at, PAGE_SIZE, PROT_READ | PROT_WRITE) == 0);
    *(volatile u64 *)at = 0x1122334455667788;
    say("made read-only", vm_protect(at, PAGE_SIZE, PROT_READ) == 0);
    say("still readable", *(volatile u64 *)at == 0x1122334455667788);
    say("unmapped", os_unmap(at, 2 * PAGE_SIZE) == 0);
    print("unmap a misaligned address: %s\n", error_text(os_unmap((u8 *)at + 1, PAGE_SIZE)));
    print("protect what is unmapped: %s\n", error_text(os_protect(at, PAGE_SIZE, PROT_READ)));
}

static void processes(void) {
    long self = os_getpid();
    struct wait_result result;
    say("process id is positive", self > 0);
    print("wait without a child: %s\n", error_text(os_wait(-1, &result)));
    long pid = os_fork();
    if (pid == 0) exit(os_getpid() == self ? 1 : 3);
    say("waited for any child", os_wait(-1, &result) == pid);
    say("its id was its own", result.signal == 0 && result.exit_status == 3);
    pid = os_fork();
    if (pid == 0) __asm__ volatile("udf #0");
    os_wait(pid, &result);
    print("a child with an undefined instruction dies of signal %d\n", result.signal);
}

static void time(void) {
    u32 numerator, denominator;
    clock_timebase(&numerator, &denominator);
    say("timebase is sane", numerator > 0 && denominator > 0);
    u64 before = clock_ticks();
    for (volatile int i = 0; i < 1000; i++) {
    }
    say("time does not run backwards", clock_ticks() >= before);
}

int main(int argc, char **argv) {
    if (argc > 1) files(argv[1]);
    memory();
    processes();
    time();
    return 0;
}
