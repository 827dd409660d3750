/* Prints a greeting and its arguments: start code, argv, buffered output. */
#include "rt/guest.h"

int main(int argc, char **argv) {
    print("hello, world\n");
    print("%d argument%s\n", argc - 1, argc == 2 ? "" : "s");
    for (int i = 1; i < argc; i++) print("  %d: %s\n", i, argv[i]);
    return 0;
}
