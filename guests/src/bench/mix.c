/*
 * Integer mix: what a small embedded benchmark does. A linked list is searched, reversed and merge-sorted,
 * small matrices are multiplied, a state machine classifies the numbers of a text, and a CRC-16 computed bit
 * by bit goes over every result.
 */
#include "workload.h"

static u16 crc16(u16 crc, u32 value, int bits) {
    for (int i = 0; i < bits; i++) {
        int carry = (crc ^ value) & 1;
        crc >>= 1;
        if (carry) crc ^= 0xa001;
        value >>= 1;
    }
    return crc;
}

/* List */

enum { NODES = 160 };

struct node {
    struct node *next;
    u32 key, payload;
};

static struct node nodes[NODES];

static struct node *make_list(u64 *seed) {
    for (int i = 0; i < NODES; i++) {
        nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : 0;
        nodes[i].key = next_random(seed) & 0xfff;
        nodes[i].payload = (u32)i;
    }
    return nodes;
}

static struct node *reverse(struct node *list) {
    struct node *done = 0;
    while (list) {
        struct node *next = list->next;
        list->next = done;
        done = list;
        list = next;
    }
    return done;
}

static const struct node *find(const struct node *list, u32 key) {
    while (list && list->key != key) list = list->next;
    return list;
}

/* Bottom-up merge sort: runs of 1, 2, 4 ... until one merge suffices. */
static struct node *sort(struct node *list) {
    for (u32 run = 1;; run *= 2) {
        struct node *in = list, *head = 0, **tail = &head;
        u32 merges = 0;
        while (in) {
            struct node *other = in;
            u32 left = 0, right = run;
            merges++;
            while (left < run && other) other = other->next, left++;
            while (left > 0 || (right > 0 && other)) {
                struct node *taken;
                if (left > 0 && (right == 0 || !other || in->key <= other->key)) {
                    taken = in, in = in->next, left--;
                } else {
                    taken = other, other = other->next, right--;
                }
                *tail = taken;
                tail = &taken->next;
            }
            in = other;
        }
        *tail = 0;
        list = head;
        if (merges <= 1) return list;
    }
}

static u16 list_work(u64 *seed, u16 crc) {
    struct node *list = make_list(seed);
    u32 found = 0;
    for (int i = 0; i < 24; i++) {
        const struct node *hit = find(list, next_random(seed) & 0xfff);
        found += hit ? hit->payload : 1;
        list = reverse(list);
    }
    crc = crc16(crc, found, 32);
    list = sort(list);
    for (const struct node *at = list; at; at = at->next) crc = crc16(crc, at->key ^ at->payload, 16);
    return crc;
}

/* Matrix */

enum { ORDER = 12 };

static int16_t left_matrix[ORDER][ORDER], right_matrix[ORDER][ORDER];
static int32_t product[ORDER][ORDER];

static u16 matrix_work(u64 *seed, u16 crc) {
    for (int i = 0; i < ORDER; i++) {
        for (int j = 0; j < ORDER; j++) {
            left_matrix[i][j] = (int16_t)next_random(seed);
            right_matrix[i][j] = (int16_t)(left_matrix[i][j] * 3 + j);
        }
    }
    for (int i = 0; i < ORDER; i++) {
        for (int j = 0; j < ORDER; j++) {
            int32_t sum = 0;
            for (int k = 0; k < ORDER; k++) {
                int32_t term = left_matrix[i][k] * right_matrix[k][j];
                sum += (term >> 2 & 0xf) * (term >> 5 & 0x7f);
            }
            product[i][j] = sum;
        }
    }
    int32_t total = 0, previous = 0;
    for (int i = 0; i < ORDER; i++) {
        for (int j = 0; j < ORDER; j++) {
            total += product[i][j] > previous ? 10 : 1;
            previous = product[i][j];
        }
    }
    crc = crc16(crc, (u32)total, 32);
    return crc16(crc, (u32)product[ORDER / 2][ORDER / 3], 32);
}

/* State machine */

enum state { START, SIGN, WHOLE, POINT, FRACTION, EXPONENT, EXPONENT_SIGN, POWER, WRONG, STATES };

static int is_digit(u8 c) { return c >= '0' && c <= '9'; }

static enum state step(enum state state, u8 c) {
    switch (state) {
    case START:
        if (is_digit(c)) return WHOLE;
        if (c == '+' || c == '-') return SIGN;
        return c == '.' ? POINT : WRONG;
    case SIGN:
        if (is_digit(c)) return WHOLE;
        return c == '.' ? POINT : WRONG;
    case WHOLE:
        if (is_digit(c)) return WHOLE;
        if (c == '.') return FRACTION;
        return c == 'e' ? EXPONENT : WRONG;
    case POINT:
        return is_digit(c) ? FRACTION : WRONG;
    case FRACTION:
        if (is_digit(c)) return FRACTION;
        return c == 'e' ? EXPONENT : WRONG;
    case EXPONENT:
        if (is_digit(c)) return POWER;
        return c == '+' || c == '-' ? EXPONENT_SIGN : WRONG;
    case EXPONENT_SIGN:
    case POWER:
        return is_digit(c) ? POWER : WRONG;
    default:
        return WRONG;
    }
}

static const u8 text[] = "5012,-874,+122.5,.1500e-10,1e4,T0.3e-1F,+0.6e+12,35.54400,-.1234500,1.2e5.3,"
                         "0,77777777,2.e9,e10,+-4,9.75e-,3.14159265e+00,";

static u16 state_work(u64 *seed, u16 crc) {
    u32 finals[STATES] = {0}, steps[STATES] = {0};
    u32 flip = next_random(seed) % 16 + 3; /* one character in this many is damaged */
    u32 position = 0;
    enum state state = START;
    for (const u8 *at = text; *at; at++) {
        u8 c = *at;
        if (++position % flip == 0 && c != ',') c ^= 0x10;
        if (c == ',') {
            finals[state]++;
            state = START;
        } else {
            state = step(state, c);
            steps[state]++;
        }
    }
    for (int i = 0; i < STATES; i++) crc = crc16(crc, finals[i] << 8 ^ steps[i], 16);
    return crc;
}

u64 workload(u64 size) {
    u64 seed = 1, checksum = CHECKSUM_START;
    u16 crc = 0;
    for (u64 i = 0; i < size; i++) {
        crc = list_work(&seed, crc);
        crc = matrix_work(&seed, crc);
        crc = state_work(&seed, crc);
        checksum = mixed(checksum, crc);
    }
    return checksum;
}
