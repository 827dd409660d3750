/*
 * shared-file FILE: maps a new file for writing, and looks at it through the mapping, through
 * read and write, and after it was cut and grown; a child that touches a page past the end of
 * the file dies of it.
 */
#include "rt/guest.h"

static int failed;

static void check(const char *what, int ok) {
    print("%s: %s\n", what, ok ? "yes" : "NO");
    failed |= !ok;
}

/* The number of the signal a load from there ends a process with, 0 if none. */
static int signal_of_load(volatile u8 *address) {
    long pid = os_fork();
    if (pid == 0) os_exit(*address & 0);
    struct wait_result result = {0, 0};
    os_wait(pid, &result);
    return result.signal;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        print_error("usage: shared-file FILE\n");
        return 2;
    }
    long fd = os_create(argv[1]);
    if (fd < 0) {
        print_error("shared-file: %s: %s\n", argv[1], error_text(fd));
        return 1;
    }
    int file = (int)fd;
    u8 byte = 0;
    void *memory = NULL, *copy = NULL;
    check("grown to three pages", os_truncate(file, 3 * PAGE_SIZE) == 0);
    check("size", os_file_size(file) == 3 * PAGE_SIZE);
    check("mapped shared", os_map_shared(file, 3 * PAGE_SIZE, PROT_READ | PROT_WRITE, &memory) == 0);
    if (memory == NULL) return 1;
    volatile u8 *bytes = memory;
    check("new bytes are zero", bytes[0] == 0 && bytes[3 * PAGE_SIZE - 1] == 0);

    bytes[5] = 'm';
    os_seek(file, 5, SEEK_FROM_START);
    check("read sees a store", os_read(file, &byte, 1) == 1 && byte == 'm');
    os_seek(file, PAGE_SIZE + 7, SEEK_FROM_START);
    check("written", os_write(file, "w", 1) == 1);
    check("a load sees a write", bytes[PAGE_SIZE + 7] == 'w');
    check("mapped privately", os_map_file(file, 3 * PAGE_SIZE, &copy) == 0);
    volatile u8 *private = copy;
    check("the private mapping sees both", private[5] == 'm' && private[PAGE_SIZE + 7] == 'w');
    u64 cut = PAGE_SIZE + PAGE_SIZE / 2 + 100;
    bytes[cut] = 'n';
    check("stores reach the file", os_sync(memory, 3 * PAGE_SIZE) == 0);

    check("cut to one page and a half", os_truncate(file, cut) == 0);
    check("what is left is there", bytes[5] == 'm' && bytes[PAGE_SIZE + 7] == 'w');
    check("the rest of its page is zero", bytes[cut] == 0);
    check("a page past the end is gone", signal_of_load(bytes + 2 * PAGE_SIZE) != 0);
    check("grown again", os_truncate(file, 3 * PAGE_SIZE) == 0);
    check("and there again, of zeroes", signal_of_load(bytes + 2 * PAGE_SIZE) == 0 &&
                                            bytes[2 * PAGE_SIZE] == 0);
    bytes[2 * PAGE_SIZE] = 'e';
    check("unmapped", os_unmap(memory, 3 * PAGE_SIZE) == 0);
    check("closed", os_close(file) == 0);
    return failed;
}
