/* Formatted, buffered output. */
#include "guest.h"

/* Where formatted characters go: a buffer with a descriptor behind it. */
struct sink {
    int fd;
    u32 used;
    char bytes[1024];
};

static struct sink standard_output = {.fd = STDOUT};

static void sink_flush(struct sink *sink) {
    for (u32 done = 0; done < sink->used;) {
        long written = os_write(sink->fd, sink->bytes + done, sink->used - done);
        if (written <= 0) break;
        done += (u32)written;
    }
    sink->used = 0;
}

static void put(struct sink *sink, char c) {
    if (sink->used == sizeof sink->bytes) sink_flush(sink);
    sink->bytes[sink->used++] = c;
}

static void put_times(struct sink *sink, char c, long count) {
    while (count-- > 0) put(sink, c);
}

struct spec {
    int zero_pad, left, is_long;
    int precision;
    long width;
};

/* Text with padding; a zero pad goes between the sign and the digits. */
static void put_field(struct sink *sink, const struct spec *spec, int negative, const char *text,
                      size_t length) {
    long pad = spec->width - (long)length - negative;
    if (!spec->left && !spec->zero_pad) put_times(sink, ' ', pad);
    if (negative) put(sink, '-');
    if (!spec->left && spec->zero_pad) put_times(sink, '0', pad);
    for (size_t i = 0; i < length; i++) put(sink, text[i]);
    if (spec->left) put_times(sink, ' ', pad);
}

/* Digits of `value`, right-aligned to `end`; returns their first character. */
static char *digits_before(char *end, u64 value, u32 base) {
    do {
        *--end = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    return end;
}

static void put_integer(struct sink *sink, const struct spec *spec, int negative, u64 value,
                        u32 base) {
    char text[24], *end = text + sizeof text;
    char *first = digits_before(end, value, base);
    put_field(sink, spec, negative, first, (size_t)(end - first));
}

/* A double is mantissa * 2^exponent; split it into 64.64 fixed point and peel off digits. */
static void put_double(struct sink *sink, const struct spec *spec, double number) {
    union {
        double number;
        u64 bits;
    } view = {number};
    int negative = view.bits >> 63 != 0;
    int exponent = (int)(view.bits >> 52 & 0x7ff);
    u64 mantissa = view.bits & ((1ul << 52) - 1);
    if (exponent == 0x7ff) {
        put_field(sink, spec, negative, mantissa ? "nan" : "inf", 3);
        return;
    }
    if (exponent != 0) mantissa |= 1ul << 52;
    else exponent = 1;
    exponent -= 1075;

    u64 whole = 0, fraction = 0;
    if (exponent > 11) {
        put_field(sink, spec, negative, "huge", 4);
        return;
    }
    if (exponent >= 0) {
        whole = mantissa << exponent;
    } else if (exponent > -64) {
        whole = mantissa >> -exponent;
        fraction = mantissa << (64 + exponent);
    } else if (exponent > -128) {
        fraction = mantissa >> (-64 - exponent);
    }

    char decimals[16];
    for (int i = 0; i < spec->precision; i++) {
        unsigned __int128 next = (unsigned __int128)fraction * 10;
        decimals[i] = (char)('0' + (u64)(next >> 64));
        fraction = (u64)next;
    }
    int carry = fraction >> 63 != 0;
    for (int i = spec->precision - 1; i >= 0 && carry; i--) {
        carry = decimals[i] == '9';
        decimals[i] = carry ? '0' : (char)(decimals[i] + 1);
    }

    char text[48], *end = text + 24;
    char *first = digits_before(end, whole + (u64)carry, 10);
    if (spec->precision > 0) *end++ = '.';
    for (int i = 0; i < spec->precision; i++) *end++ = decimals[i];
    put_field(sink, spec, negative, first, (size_t)(end - first));
}

/* Reads flags, width, precision and the length modifier; returns the conversion's position. */
static const char *read_spec(const char *at, struct spec *spec) {
    *spec = (struct spec){.precision = 6};
    for (;; at++) {
        if (*at == '0') spec->zero_pad = 1;
        else if (*at == '-') spec->left = 1;
        else break;
    }
    for (; *at >= '0' && *at <= '9'; at++) spec->width = spec->width * 10 + (*at - '0');
    if (*at == '.') {
        spec->precision = 0;
        for (at++; *at >= '0' && *at <= '9'; at++)
            spec->precision = spec->precision * 10 + (*at - '0');
        if (spec->precision > 15) spec->precision = 15;
    }
    for (; *at == 'l'; at++) spec->is_long = 1;
    return at;
}

static void put_formatted(struct sink *sink, const char *format, va_list arguments) {
    for (const char *at = format; *at != 0; at++) {
        if (*at != '%') {
            put(sink, *at);
            continue;
        }
        struct spec spec;
        at = read_spec(at + 1, &spec);
        switch (*at) {
        case 'd': {
            i64 value = spec.is_long ? va_arg(arguments, i64) : va_arg(arguments, int);
            put_integer(sink, &spec, value < 0, value < 0 ? -(u64)value : (u64)value, 10);
            break;
        }
        case 'u':
        case 'x': {
            u64 value = spec.is_long ? va_arg(arguments, u64) : va_arg(arguments, u32);
            put_integer(sink, &spec, 0, value, *at == 'u' ? 10 : 16);
            break;
        }
        case 'p':
            put(sink, '0');
            put(sink, 'x');
            put_integer(sink, &spec, 0, (u64)va_arg(arguments, void *), 16);
            break;
        case 's': {
            const char *text = va_arg(arguments, const char *);
            put_field(sink, &spec, 0, text, strlen(text));
            break;
        }
        case 'c': {
            char c = (char)va_arg(arguments, int);
            put_field(sink, &spec, 0, &c, 1);
            break;
        }
        case 'f':
            put_double(sink, &spec, va_arg(arguments, double));
            break;
        default:
            put(sink, *at);
            if (*at == 0) return;
        }
    }
}

void print(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    put_formatted(&standard_output, format, arguments);
    va_end(arguments);
}

void print_error(const char *format, ...) {
    struct sink error;
    error.fd = STDERR;
    error.used = 0;
    flush();
    va_list arguments;
    va_start(arguments, format);
    put_formatted(&error, format, arguments);
    va_end(arguments);
    sink_flush(&error);
}

void flush(void) { sink_flush(&standard_output); }
