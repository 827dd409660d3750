/* A workload as a program: NAME SIZE prints the checksum of so many passes. */
#include "../rt/guest.h"

u64 workload(u64 size);

int main(int argc, char **argv) {
    u64 size = argument_u64(argc, argv, 1, 1, 0, 1ul << 40);
    print("%016lx\n", workload(size));
    return 0;
}
