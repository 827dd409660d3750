/*
 * What bare programs have besides guest.h's text and numbers: exceptions, system registers, the UART, semihosting
 * and the interrupt controller of QEMU's "virt" board.
 */
#ifndef BARE_H
#define BARE_H

#include "../../src/rt/semihosting.h"

typedef unsigned short u16;

#define read_sysreg(name)                                                                          \
    __extension__({                                                                                \
        u64 value_;                                                                                \
        __asm__ volatile("mrs %0, " #name : "=r"(value_)::"memory");                               \
        value_;                                                                                    \
    })
#define write_sysreg(name, value)                                                                  \
    __asm__ volatile("msr " #name ", %0\n\tisb" ::"r"((u64)(value)) : "memory")
#define irqs_on() __asm__ volatile("msr daifclr, #2" ::: "memory")
#define irqs_off() __asm__ volatile("msr daifset, #2" ::: "memory")
#define wait_for_interrupt() __asm__ volatile("wfi" ::: "memory")

static inline u32 read32(u64 address) { return *(volatile u32 *)address; }
static inline void write32(u64 address, u32 value) { *(volatile u32 *)address = value; }
static inline void write8(u64 address, u8 value) { *(volatile u8 *)address = value; }

/* What start.S saves. The program goes on with what the handler leaves here. */
struct frame {
    u64 x[31];
    u64 elr, spsr, esr, far;
};

/* Kind of exception and where it came from: vector is group * 4 + kind. */
enum kind { SYNC, IRQ, FIQ, SERROR };
enum group { SAME_EL_SP0, SAME_EL, LOWER_EL };

/* Every program has one; on_exception in os.c handles SVC #0 from EL0 itself. */
void handle(enum group group, enum kind kind, struct frame *frame);

/* Runs a function at EL0 with interrupts on, until it returns; gives its result back. */
u64 at_el0(u64 (*function)(u64), u64 argument);

u64 boot_x0(void); /* x0 at the first instruction */

static inline u32 exception_class(const struct frame *frame) { return (u32)(frame->esr >> 26); }

/* The GIC the program was compiled for (GIC is 2 or 3). INTIDs: SGIs below 16, PPIs below 32, then SPIs. */
enum { VIRTUAL_TIMER = 27, PHYSICAL_TIMER = 30, UART = 33 };
void gic_init(void);                        /* priorities 0x80, mask 0xff, everything group 0 (1 on GICv3) */
void gic_enable(u32 id, u32 priority);
void gic_disable(u32 id);
void gic_send_sgi(u32 id);
u32 gic_acknowledge(void);
void gic_end(u32 id);
void gic_deactivate(u32 id);
void gic_split_end(int on);                 /* gic_end drops the priority only */
void gic_set_group_priority(u32 low_bit);   /* bits of a priority from here on decide about preemption; 3 to 7 */
u32 gic_highest_pending(void);
u32 gic_active_priorities(void);            /* a bit for each level, from the highest priority on */
u32 gic_running_priority(void);
void gic_set_mask(u32 priority);
int gic_is_pending(u32 id);
void gic_set_pending(u32 id, int on);
int gic_is_active(u32 id);

#endif
