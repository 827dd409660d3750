/*
 * Parsing JSON by recursive descent: objects, arrays, strings with escapes, numbers, words. The text is made
 * first, about 48 KiB of it; a pass parses all of it.
 */
#include "workload.h"

enum { ROOM = 64 << 10, RECORDS = 256 };

static char text[ROOM];
static char *end;

static void put(const char *piece) {
    while (*piece) *end++ = *piece++;
}

static void put_number(u32 number) {
    char digits[10];
    int count = 0;
    do digits[count++] = (char)('0' + number % 10);
    while (number /= 10);
    while (count) *end++ = digits[--count];
}

static void make_text(void) {
    static const char *const words[] = {"map",   "entry\\n", "object",         "shadow", "page",
                                        "fault", "a\\\"b",   "\\u00e9t\\u00e9", "pmap",   "wire"};
    u64 seed = RECORDS;
    end = text;
    put("[\n");
    for (u32 i = 0; i < RECORDS; i++) {
        if (i) put(",\n");
        put("  {\"id\": "), put_number(i);
        put(", \"name\": \""), put(words[next_random(&seed) % 10]), put(" "), put(words[next_random(&seed) % 10]);
        put("\", \"size\": "), put_number(next_random(&seed) >> next_random(&seed) % 32);
        put(", \"ratio\": -"), put_number(next_random(&seed) % 100), put("."), put_number(next_random(&seed));
        put("e-3, \"flags\": [");
        for (u32 j = next_random(&seed) % 6; j > 0; j--) put(j & 1 ? "true, " : "null, ");
        put("false], \"range\": {\"start\": "), put_number(next_random(&seed));
        put(", \"next\": [[], {}, ["), put_number(next_random(&seed) & 0xff), put("]]}}");
    }
    put("\n]\n");
    *end = 0;
}

struct parser {
    const char *at;
    u64 hash;
    u32 values;
    u32 errors;
};

static void skip_space(struct parser *p) {
    while (*p->at == ' ' || *p->at == '\n' || *p->at == '\t' || *p->at == '\r') p->at++;
}

static int accept(struct parser *p, char c) {
    skip_space(p);
    if (*p->at != c) return 0;
    p->at++;
    return 1;
}

static u32 hex_digit(char c) {
    if (c >= '0' && c <= '9') return (u32)(c - '0');
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? (u32)(c - 'a' + 10) : 16;
}

static void parse_string(struct parser *p) {
    u64 hash = CHECKSUM_START;
    for (;;) {
        char c = *p->at++;
        if (c == '"') break;
        if (c == 0) {
            p->errors++, p->at--;
            break;
        }
        if (c == '\\') {
            c = *p->at++;
            switch (c) {
            case 'n': c = '\n'; break;
            case 't': c = '\t'; break;
            case 'u': {
                u32 code = 0;
                for (int i = 0; i < 4; i++) code = code << 4 | hex_digit(*p->at++);
                c = (char)code;
                break;
            }
            default: break;
            }
        }
        hash = mixed(hash, (u8)c);
    }
    p->hash = mixed(p->hash, hash);
}

/* As integer, with the decimal places and the exponent counted: no rounding is in question. */
static void parse_number(struct parser *p) {
    int negative = *p->at == '-', places = 0, power = 0, power_negative = 0;
    u64 digits = 0;
    if (negative) p->at++;
    while (*p->at >= '0' && *p->at <= '9') digits = digits * 10 + (u64)(*p->at++ - '0');
    if (*p->at == '.') {
        for (p->at++; *p->at >= '0' && *p->at <= '9'; places++) digits = digits * 10 + (u64)(*p->at++ - '0');
    }
    if ((*p->at | 0x20) == 'e') {
        p->at++;
        if (*p->at == '-') power_negative = 1, p->at++;
        else if (*p->at == '+') p->at++;
        while (*p->at >= '0' && *p->at <= '9') power = power * 10 + (*p->at++ - '0');
    }
    int scale = (power_negative ? -power : power) - places;
    p->hash = mixed(p->hash, (negative ? -digits : digits) ^ (u64)(u32)scale << 48);
}

static void parse_word(struct parser *p, const char *word) {
    while (*word && *p->at == *word) p->at++, word++;
    if (*word) p->errors++, p->at += *p->at != 0;
    p->hash = mixed(p->hash, (u8)word[-1]);
}

static void parse_value(struct parser *p) {
    skip_space(p);
    p->values++;
    switch (*p->at) {
    case '{':
        p->at++;
        if (accept(p, '}')) return;
        do {
            if (!accept(p, '"')) p->errors++;
            parse_string(p);
            if (!accept(p, ':')) p->errors++;
            parse_value(p);
        } while (accept(p, ','));
        if (!accept(p, '}')) p->errors++;
        return;
    case '[':
        p->at++;
        if (accept(p, ']')) return;
        do parse_value(p);
        while (accept(p, ','));
        if (!accept(p, ']')) p->errors++;
        return;
    case '"':
        p->at++;
        parse_string(p);
        return;
    case 't': parse_word(p, "true"); return;
    case 'f': parse_word(p, "false"); return;
    case 'n': parse_word(p, "null"); return;
    default: parse_number(p); return;
    }
}

u64 workload(u64 size) {
    u64 checksum = CHECKSUM_START;
    make_text();
    for (u64 pass = 0; pass < size; pass++) {
        struct parser p = {text, pass, 0, 0};
        parse_value(&p);
        checksum = mixed(mixed(mixed(checksum, p.hash), p.values), p.errors);
    }
    return checksum;
}
