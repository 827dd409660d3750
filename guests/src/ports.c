/*
 * Rights that travel: a child puts messages into a port of its own, gives the port to its parent and ends; the
 * parent receives from a set of ports what waited longest, hears that nobody can send there any more, and lets
 * others hear that a port of its died.
 */
#include "rt/darwin/svc.h"

typedef u32 port_name;

enum {
    TRAP_port_allocate = -16,
    TRAP_port_mod_refs = -19,
    TRAP_move_member = -20,
    TRAP_insert_right = -21,
    TRAP_insert_member = -22,
    TRAP_reply_port = -26,
    TRAP_task_self = -28,
    TRAP_msg = -31,
    TRAP_port_type = -76,
};
enum { SEND = 1, RECEIVE = 2, RECEIVE_TIMEOUT = 0x100 };
enum { MOVE_RECEIVE = 16, COPY_SEND = 19, MAKE_SEND, MAKE_SEND_ONCE };
enum { RIGHT_SEND, RIGHT_RECEIVE, RIGHT_SEND_ONCE, RIGHT_PORT_SET };
enum { REQUEST_NOTIFICATION = 3213, NO_SENDERS = 70, DEAD_NAME = 72 };
enum { INVALID_DEST = 0x10000003, TIMED_OUT = 0x10004003 };
enum { QUEUE_LIMIT = 5 };
static const u32 COMPLEX = 0x80000000u;

/* Header words: bits, size, remote, local, voucher, id. */
struct words {
    u32 word[32];
};

static port_name self;

static u64 trap(long number, u64 a1, u64 a2, u64 a3) {
    return (u32)supervisor_call(number, self, a1, a2, a3, 0, 0).x0;
}

static void must(u64 code, const char *what) {
    if (code == 0) return;
    print_error("ports: %s: code %x\n", what, (u32)code);
    exit(1);
}

static port_name make(u32 right) {
    port_name name = 0;
    must(trap(TRAP_port_allocate, right, (u64)&name, 0), "allocate");
    return name;
}

static u32 types(port_name name) {
    u32 type = 0;
    return trap(TRAP_port_type, name, (u64)&type, 0) == 0 ? type >> 16 : 0;
}

static u64 send_words(struct words *m, u32 size, port_name to, u32 bits) {
    u32 how = types(to) >> RIGHT_RECEIVE & 1 ? MAKE_SEND : COPY_SEND;
    m->word[0] = bits | how;
    m->word[1] = size;
    m->word[2] = to;
    return (u32)supervisor_call(TRAP_msg, (u64)m, SEND, size, 0, 0, 0).x0;
}

static u64 send_value(port_name to, u32 value) {
    struct words m = {.word[5] = 1, .word[6] = value};
    return send_words(&m, 28, to, 0);
}

static u64 give(port_name to, port_name name, u32 disposition) {
    struct words m = {.word[5] = 2, .word[6] = 1, .word[7] = name, .word[9] = disposition << 16};
    return send_words(&m, 40, to, COMPLEX);
}

/* From a port or a set; 0 ms polls, a negative time waits for as long as it takes. */
static u64 receive(port_name from, struct words *m, int ms) {
    u64 options = ms < 0 ? RECEIVE : RECEIVE | RECEIVE_TIMEOUT;
    return (u32)supervisor_call(TRAP_msg, (u64)m, options, 0, sizeof *m, from, ms < 0 ? 0 : ms).x0;
}

/* Have `id` told to the port `to` about `name`. */
static void notify(port_name name, u32 id, u32 sync, port_name to) {
    port_name reply = (port_name)trap(TRAP_reply_port, 0, 0, 0);
    struct words m = {.word = {COMPLEX | COPY_SEND | MAKE_SEND_ONCE << 8, 60, self, reply, 0,
                               REQUEST_NOTIFICATION, 1, to, 0, MAKE_SEND_ONCE << 16, 0, 1, name, id,
                               sync}};
    u64 options = SEND | RECEIVE;
    must((u32)supervisor_call(TRAP_msg, (u64)&m, options, 60, sizeof m, reply, 0).x0, "request");
    must(m.word[0] & COMPLEX ? 0 : m.word[8], "notification");
}

static int status_of(long child) {
    struct wait_result result;
    os_wait(child, &result);
    return result.signal ? 100 + result.signal : result.exit_status;
}

/* The child is gone by the time anything is received: all of it waits in messages, the port as well. */
static void a_port_travels(port_name box) {
    long child = os_fork();
    if (child == 0) {
        port_name to, port;
        self = (port_name)trap(TRAP_task_self, 0, 0, 0);
        must(box_of_parent(&to) != 0, "bootstrap port");
        port = make(RIGHT_RECEIVE);
        must(trap(TRAP_insert_right, port, port, MAKE_SEND), "insert right");
        must(send_value(port, 1), "send");
        must(send_value(to, 2), "send");
        must(send_value(port, 3), "send");
        must(give(to, port, MOVE_RECEIVE), "give");
        must(send_value(port, 4), "send to a port on its way");
        must(send_value(to, 5), "send");
        exit(types(port) == 1 << RIGHT_SEND ? 7 : 1);
    }
    print("the child ends with: %d\n", status_of(child));

    struct words m;
    port_name set = make(RIGHT_PORT_SET);
    must(trap(TRAP_insert_member, box, set, 0), "insert");
    must(receive(set, &m, 0), "receive");
    u32 first = m.word[6];
    must(receive(set, &m, 0), "receive");
    port_name port = m.word[7];
    print("first: %u, then a right of type: %u\n", first, m.word[9] >> 16 & 0xff);
    must(trap(TRAP_insert_member, port, set, 0), "insert");
    print("in order:");
    while (receive(set, &m, 0) == 0) {
        print(" %u%s", m.word[6], m.word[3] == port ? "p" : m.word[3] == box ? "b" : "?");
    }
    print("\n");

    port_name told = make(RIGHT_RECEIVE);
    notify(port, NO_SENDERS, 0, told);
    must(receive(told, &m, -1), "receive");
    print("no senders: %u, made here: %u\n", m.word[5], m.word[8]);
    must(trap(TRAP_move_member, box, 0, 0), "move");
    must(send_value(box, 6), "send");
    print("out of the set: %s\n", receive(set, &m, 0) == TIMED_OUT ? "yes" : "no");
    must(receive(box, &m, 0), "receive");
}

/* A child waits to hear that the parent's port is dead; another waits for room in it. */
static void a_port_dies(port_name box) {
    long listener = os_fork();
    if (listener == 0) {
        struct words m;
        port_name to, told;
        self = (port_name)trap(TRAP_task_self, 0, 0, 0);
        must(box_of_parent(&to) != 0, "bootstrap port");
        told = make(RIGHT_RECEIVE);
        notify(to, DEAD_NAME, 0, told);
        must(send_value(to, 1), "send");
        must(receive(told, &m, -1), "receive");
        exit(m.word[8] == to && types(to) == 1 << 4 ? (int)m.word[5] : 1);
    }
    struct words m;
    must(receive(box, &m, -1), "receive");
    long sender = os_fork();
    if (sender == 0) {
        port_name to;
        self = (port_name)trap(TRAP_task_self, 0, 0, 0);
        must(box_of_parent(&to) != 0, "bootstrap port");
        for (u32 i = 0; i < QUEUE_LIMIT; i++) must(send_value(to, i), "send");
        exit(send_value(to, QUEUE_LIMIT) == INVALID_DEST ? 3 : 1);
    }
    port_name nothing = make(RIGHT_RECEIVE);
    receive(nothing, &m, 20); /* the sender has filled the queue by then */
    must(trap(TRAP_port_mod_refs, box, RIGHT_RECEIVE, (u64)-1), "destroy");
    print("who waited for room ends with: %d\n", status_of(sender));
    print("who waited for the news ends with: %d\n", status_of(listener));
}

int main(void) {
    self = (port_name)trap(TRAP_task_self, 0, 0, 0);
    u32 box;
    must(box_make(&box) != 0, "make");
    must(box_open_to_children(box) != 0, "open");
    a_port_travels(box);
    a_port_dies(box);
    return 0;
}
