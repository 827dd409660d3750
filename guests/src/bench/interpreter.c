/*
 * A register machine's bytecode, interpreted by a switch or, with CALLS, through a table of functions. The
 * program counts the steps of Collatz sequences and keeps a table of them; a pass does 250 starts.
 */
#include "workload.h"

enum op { MOVE_IMMEDIATE, MOVE, ADD, ADD_IMMEDIATE, MULTIPLY, SHIFT_RIGHT, AND_IMMEDIATE, XOR, LOAD, STORE,
          JUMP, JUMP_IF_ZERO, JUMP_IF_LESS, HALT, OPS };

struct insn {
    u8 op, rd, rn, rm;
    int32_t immediate;
};

struct machine {
    u64 r[16];
    u32 pc;
    u32 running;
};

static u64 memory[256];

/* r0 start, r1 value, r2 steps, r3 limit, r4 odd, r5 hash, r6 table index, r7 old entry, r8 three */
static const struct insn program[] = {
    {MOVE_IMMEDIATE, 8, 0, 0, 3},
    {MOVE, 1, 0, 0, 0}, /* next start: */
    {MOVE_IMMEDIATE, 2, 0, 0, 0},
    {AND_IMMEDIATE, 4, 1, 0, 1}, /* next step: */
    {JUMP_IF_ZERO, 0, 4, 0, 8},
    {MULTIPLY, 1, 1, 8, 0},
    {ADD_IMMEDIATE, 1, 1, 0, 1},
    {JUMP, 0, 0, 0, 9},
    {SHIFT_RIGHT, 1, 1, 0, 1},
    {ADD_IMMEDIATE, 2, 2, 0, 1},
    {MOVE_IMMEDIATE, 9, 0, 0, 1},
    {JUMP_IF_LESS, 0, 9, 1, 3},
    {AND_IMMEDIATE, 6, 2, 0, 255},
    {LOAD, 7, 6, 0, 0},
    {ADD, 7, 7, 0, 0},
    {STORE, 7, 6, 0, 0},
    {XOR, 5, 5, 7, 0},
    {ADD, 5, 5, 2, 0},
    {ADD_IMMEDIATE, 0, 0, 0, 1},
    {JUMP_IF_LESS, 0, 0, 3, 1},
    {HALT, 0, 0, 0, 0},
};

#ifdef CALLS

typedef void handler(struct machine *m, const struct insn *i);

static void do_move_immediate(struct machine *m, const struct insn *i) { m->r[i->rd] = (u64)(i64)i->immediate; }
static void do_move(struct machine *m, const struct insn *i) { m->r[i->rd] = m->r[i->rn]; }
static void do_add(struct machine *m, const struct insn *i) { m->r[i->rd] = m->r[i->rn] + m->r[i->rm]; }
static void do_add_immediate(struct machine *m, const struct insn *i) {
    m->r[i->rd] = m->r[i->rn] + (u64)(i64)i->immediate;
}
static void do_multiply(struct machine *m, const struct insn *i) { m->r[i->rd] = m->r[i->rn] * m->r[i->rm]; }
static void do_shift_right(struct machine *m, const struct insn *i) { m->r[i->rd] = m->r[i->rn] >> i->immediate; }
static void do_and_immediate(struct machine *m, const struct insn *i) {
    m->r[i->rd] = m->r[i->rn] & (u64)(i64)i->immediate;
}
static void do_xor(struct machine *m, const struct insn *i) { m->r[i->rd] = m->r[i->rn] ^ m->r[i->rm]; }
static void do_load(struct machine *m, const struct insn *i) { m->r[i->rd] = memory[m->r[i->rn] & 255]; }
static void do_store(struct machine *m, const struct insn *i) { memory[m->r[i->rn] & 255] = m->r[i->rd]; }
static void do_jump(struct machine *m, const struct insn *i) { m->pc = (u32)i->immediate; }
static void do_jump_if_zero(struct machine *m, const struct insn *i) {
    if (m->r[i->rn] == 0) m->pc = (u32)i->immediate;
}
static void do_jump_if_less(struct machine *m, const struct insn *i) {
    if (m->r[i->rn] < m->r[i->rm]) m->pc = (u32)i->immediate;
}
static void do_halt(struct machine *m, const struct insn *i) { m->running = (u32)i->immediate; }

static handler *const handlers[OPS] = {
    [MOVE_IMMEDIATE] = do_move_immediate, [MOVE] = do_move, [ADD] = do_add,
    [ADD_IMMEDIATE] = do_add_immediate, [MULTIPLY] = do_multiply, [SHIFT_RIGHT] = do_shift_right,
    [AND_IMMEDIATE] = do_and_immediate, [XOR] = do_xor, [LOAD] = do_load, [STORE] = do_store,
    [JUMP] = do_jump, [JUMP_IF_ZERO] = do_jump_if_zero, [JUMP_IF_LESS] = do_jump_if_less,
    [HALT] = do_halt,
};

static void interpret(struct machine *m) {
    while (m->running) {
        const struct insn *i = &program[m->pc++];
        handlers[i->op](m, i);
    }
}

#else

static void interpret(struct machine *m) {
    u64 *r = m->r;
    u32 pc = m->pc;
    for (;;) {
        const struct insn *i = &program[pc++];
        switch ((enum op)i->op) {
        case MOVE_IMMEDIATE: r[i->rd] = (u64)(i64)i->immediate; break;
        case MOVE: r[i->rd] = r[i->rn]; break;
        case ADD: r[i->rd] = r[i->rn] + r[i->rm]; break;
        case ADD_IMMEDIATE: r[i->rd] = r[i->rn] + (u64)(i64)i->immediate; break;
        case MULTIPLY: r[i->rd] = r[i->rn] * r[i->rm]; break;
        case SHIFT_RIGHT: r[i->rd] = r[i->rn] >> i->immediate; break;
        case AND_IMMEDIATE: r[i->rd] = r[i->rn] & (u64)(i64)i->immediate; break;
        case XOR: r[i->rd] = r[i->rn] ^ r[i->rm]; break;
        case LOAD: r[i->rd] = memory[r[i->rn] & 255]; break;
        case STORE: memory[r[i->rn] & 255] = r[i->rd]; break;
        case JUMP: pc = (u32)i->immediate; break;
        case JUMP_IF_ZERO: if (r[i->rn] == 0) pc = (u32)i->immediate; break;
        case JUMP_IF_LESS: if (r[i->rn] < r[i->rm]) pc = (u32)i->immediate; break;
        case HALT: default: m->running = 0; return;
        }
    }
}

#endif

u64 workload(u64 size) {
    u64 checksum = CHECKSUM_START;
    struct machine m = {0};
    for (u64 pass = 0; pass < size; pass++) {
        m.pc = 0;
        m.running = 1;
        m.r[0] = 2 + pass % 64 * 250;
        m.r[3] = m.r[0] + 250;
        interpret(&m);
        checksum = mixed(checksum, m.r[5]);
    }
    return checksum;
}
