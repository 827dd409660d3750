/* Messages of a pager. Offsets in them are those of the 64-bit MIG layouts, 4-byte packed. */
#include "pager.h"
#include "svc.h"

enum { TRAP_port_allocate = -16, TRAP_reply_port = -26, TRAP_task_self = -28, TRAP_msg = -31 };
enum { SEND = 1, RECEIVE = 2 };
enum { COPY_SEND = 19, MAKE_SEND = 20, MAKE_SEND_ONCE = 21 };
enum { CHANGE_ATTRIBUTES = 2001, DATA_SUPPLY = 2010, DATA_UNAVAILABLE, DATA_ERROR, VM_MAP = 4811 };
static const u32 COMPLEX = 0x80000000u;

struct words {
    u32 word[34];
};

static u64 trap(long number, u64 a0, u64 a1, u64 a2) {
    return supervisor_call(number, a0, a1, a2, 0, 0, 0).x0;
}

static void put64(struct words *m, u32 at, u64 value) { memcpy(&m->word[at / 4], &value, 8); }

static u64 get64(const struct words *m, u32 at) {
    u64 value;
    memcpy(&value, &m->word[at / 4], 8);
    return value;
}

/* Sends `size` bytes; the reply, if one is wanted, comes in their place. @returns 0 or the code */
static long send(struct words *m, u32 bits, port_name to, u32 id, u32 size, int reply) {
    u32 answer = reply ? (u32)trap(TRAP_reply_port, 0, 0, 0) : 0;
    m->word[0] = bits | COPY_SEND | (reply ? MAKE_SEND_ONCE << 8 : 0);
    m->word[1] = size;
    m->word[2] = to;
    m->word[3] = answer;
    m->word[5] = id;
    u64 options = reply ? SEND | RECEIVE : SEND;
    u64 code = supervisor_call(TRAP_msg, (u64)m, options, size, sizeof *m, answer, 0).x0;
    if ((u32)code != 0) return -ERROR_OTHER;
    return reply && m->word[8] != 0 ? -ERROR_INVALID : 0;
}

long pager_create(port_name *object) {
    u64 receive_right = 1, self = trap(TRAP_task_self, 0, 0, 0);
    return trap(TRAP_port_allocate, self, receive_right, (u64)object) == 0 ? 0 : -ERROR_OTHER;
}

long pager_map(port_name object, size_t size, void **address) {
    struct words m = {0};
    m.word[6] = 1;
    m.word[7] = object;
    m.word[9] = MAKE_SEND << 16;
    m.word[11] = 1;
    put64(&m, 56, size);
    m.word[72 / 4] = 1; /* anywhere */
    m.word[88 / 4] = m.word[92 / 4] = PROT_READ | PROT_WRITE;
    long error = send(&m, COMPLEX, (port_name)trap(TRAP_task_self, 0, 0, 0), VM_MAP, 100, 1);
    *address = (void *)get64(&m, 36);
    return error;
}

long pager_receive(port_name object, struct pager_message *message) {
    struct words m;
    u64 code = supervisor_call(TRAP_msg, (u64)&m, RECEIVE, 0, sizeof m, object, 0).x0;
    if ((u32)code != 0) return -ERROR_OTHER;
    *message = (struct pager_message){.event = (enum pager_event)m.word[5]};
    switch (message->event) {
    case PAGER_INIT:
        message->control = m.word[7];
        break;
    case PAGER_TERMINATE:
        break;
    case PAGER_REQUEST:
        message->offset = get64(&m, 32);
        message->size = m.word[10];
        message->access = m.word[11];
        break;
    case PAGER_RETURN:
        message->data = (void *)get64(&m, 28);
        message->offset = get64(&m, 52);
        message->size = m.word[15];
        break;
    }
    return 0;
}

long pager_ready(port_name control, u32 copy_strategy) {
    struct words m = {0};
    m.word[9] = copy_strategy;
    return send(&m, 0, control, CHANGE_ATTRIBUTES, 40, 1);
}

long pager_supply(port_name control, u64 offset, const void *data, size_t size) {
    struct words m = {0};
    m.word[6] = 1;
    put64(&m, 28, (u64)data);
    m.word[9] = 1u << 24; /* out-of-line memory that stays ours */
    m.word[10] = (u32)size;
    put64(&m, 52, offset);
    m.word[15] = (u32)size;
    return send(&m, COMPLEX, control, DATA_SUPPLY, 64, 1);
}

static long answer(port_name control, u32 id, u32 bytes, u64 offset, size_t size) {
    struct words m = {0};
    put64(&m, 32, offset);
    put64(&m, 40, size);
    return send(&m, 0, control, id, bytes, 0); /* nobody waits for this to be done */
}

long pager_unavailable(port_name control, u64 offset, size_t size) {
    return answer(control, DATA_UNAVAILABLE, 48, offset, size);
}

long pager_error(port_name control, u64 offset, size_t size) {
    return answer(control, DATA_ERROR, 52, offset, size);
}
