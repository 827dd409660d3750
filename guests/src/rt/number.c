/* Numbers out of text. */
#include "guest.h"

static int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return 16;
}

long parse_u64(const char *text, u64 *value) {
    u64 base = 10, result = 0;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text += 2;
    }
    if (*text == 0) return -ERROR_INVALID;
    for (; *text != 0; text++) {
        u64 digit = (u64)digit_value(*text);
        if (digit >= base) return -ERROR_INVALID;
        if (__builtin_mul_overflow(result, base, &result)) return -ERROR_INVALID;
        if (__builtin_add_overflow(result, digit, &result)) return -ERROR_INVALID;
    }
    *value = result;
    return 0;
}

u64 argument_u64(int argc, char **argv, int index, u64 fallback, u64 low, u64 high) {
    if (index >= argc) return fallback;
    u64 value;
    if (parse_u64(argv[index], &value) != 0 || value < low || value > high) {
        print_error("argument %d must be a number from %lu to %lu, not '%s'\n", index, low, high,
                    argv[index]);
        exit(2);
    }
    return value;
}
