/* From the first instruction's C half to main, and out again. */
#include "start.h"

int main(int argc, char **argv);

/* Both systems put argc at the initial stack pointer and argv right above it. */
_Noreturn void start_with_stack(u64 *stack) {
    exit(main((int)stack[0], (char **)(stack + 1)));
}

_Noreturn void exit(int status) {
    flush();
    os_exit(status);
}

const char *error_text(long result) {
    static const char *const texts[] = {
        [0] = "success",
        [ERROR_OTHER] = "failed",
        [ERROR_NOT_FOUND] = "no such file",
        [ERROR_PERMISSION] = "not permitted",
        [ERROR_NO_MEMORY] = "no memory",
        [ERROR_LIMIT] = "over a limit",
        [ERROR_INVALID] = "invalid argument",
        [ERROR_BAD_FILE] = "bad file descriptor",
        [ERROR_NO_CHILD] = "no child",
    };
    u64 index = (u64)-result;
    return index < sizeof texts / sizeof texts[0] ? texts[index] : "failed";
}
