/*
 * generations [COUNT] [PAGES]: a line of processes, each the child of the one before, which
 * exits at once. Each writes its number into one of PAGES pages and sees what its last PAGES
 * ancestors wrote into the others. The first process waits for the last one's report.
 */
#include "rt/guest.h"

int main(int argc, char **argv) {
    u64 count = argument_u64(argc, argv, 1, 100, 1, 100000);
    u64 pages = argument_u64(argc, argv, 2, 4, 1, 4096);
    void *memory;
    int ends[2];
    long error = vm_allocate(&memory, pages * PAGE_SIZE);
    if (!error) error = os_pipe(ends);
    if (error) {
        print_error("generations: %s\n", error_text(error));
        return 1;
    }
    u64 *cells = memory;
    u64 words = PAGE_SIZE / sizeof(u64);
    long pid = 0;
    u64 wrong = 0, generation = 0;
    for (u64 next = 1; next <= count; next++) {
        pid = os_fork();
        if (pid < 0) {
            print_error("generations: fork: %s\n", error_text(pid));
            next = count;
        }
        if (pid != 0) break;
        generation = next;
        cells[generation % pages * words] = generation;
        for (u64 back = 1; back < pages && back < generation; back++) {
            u64 seen = cells[(generation - back) % pages * words];
            wrong += seen != generation - back;
        }
    }
    if (generation != 0) {
        u64 report[2] = {generation, wrong};
        if (generation == count || wrong != 0 || pid < 0) os_write(ends[1], report, sizeof report);
        os_exit(0);
    }
    u64 report[2] = {0, 0};
    os_close(ends[1]);
    if (os_read(ends[0], report, sizeof report) != sizeof report) print("the line was broken\n");
    print("generation %lu of %lu, wrong cells: %lu\n", report[0], count, report[1]);
    return report[0] != count || report[1] != 0;
}
