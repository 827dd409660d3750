/*
 * Interrupts: both timers, the UART, software-generated ones, priorities, preemption and masks, at EL1 and EL0. Counts
 * and orders, never times. Built for either interrupt controller.
 */
#include "bare.h"

enum { SPURIOUS = 1023, TICK = 6250 /* 100 us */ };
enum { UART_IMSC = 0x09000038, UART_ICR = 0x09000044, UART_TX = 1 << 5 };
enum { LOW = 0xa0, MIDDLE = 0x80, HIGH = 0x40 };

static volatile u32 taken[64];
static volatile u32 from_el0;
static volatile int nest; /* the handler of SGI 1 sends SGI 2 and lets itself be interrupted */
static volatile int level;

static void on_interrupt(u32 id) {
    taken[id]++;
    switch (id) {
    case PHYSICAL_TIMER:
        write_sysreg(cntp_tval_el0, TICK);
        break;
    case VIRTUAL_TIMER:
        write_sysreg(cntv_ctl_el0, 0);
        break;
    case UART:
        write32(UART_IMSC, 0);
        write32(UART_ICR, UART_TX);
        break;
    case 1:
        if (!nest) break;
        print("%d: SGI 1 runs at %x, active %d", level, gic_running_priority(), gic_is_active(1));
        gic_send_sgi(2);
        gic_send_sgi(3);
        print(", SGI 2 pending %d, 3 pending %d\n", gic_is_pending(2), gic_is_pending(3));
        irqs_on();
        for (volatile int i = 0; i < 100; i++) {}
        irqs_off();
        print("%d: SGI 1 goes on, SGI 2 taken %d, 3 taken %d\n", level, taken[2], taken[3]);
        break;
    case 2:
    case 3:
        print("%d: SGI %d runs at %x\n", level, id, gic_running_priority());
        break;
    }
}

void handle(enum group group, enum kind kind, struct frame *frame) {
    if (kind != IRQ) {
        print("unexpected: kind %d, ESR %lx, ELR %lx\n", kind, frame->esr, frame->elr);
        exit(1);
    }
    u64 elr = frame->elr, spsr = frame->spsr;
    if (group == LOWER_EL) from_el0++;
    level++;
    u32 id = gic_acknowledge();
    if (id == SPURIOUS) print("spurious\n");
    else {
        on_interrupt(id);
        gic_end(id);
    }
    level--;
    frame->elr = elr;
    frame->spsr = spsr;
}

static u64 spin_at_el0(u64 ticks) {
    while (taken[PHYSICAL_TIMER] < ticks) {}
    return ticks;
}

int main(int argc, char **argv) {
    (void)argc, (void)argv;
    gic_init();
    print("nothing yet: %u\n", gic_acknowledge());

    gic_enable(1, MIDDLE);
    gic_send_sgi(1);
    print("SGI masked by PSTATE: pending %d, ISR_EL1 %lx\n", gic_is_pending(1), read_sysreg(isr_el1));
    irqs_on();
    irqs_off();
    print("then taken %d, pending %d, ISR_EL1 %lx\n", taken[1], gic_is_pending(1), read_sysreg(isr_el1));

    gic_set_mask(MIDDLE);
    gic_send_sgi(1);
    print("masked by priority: ISR_EL1 %lx\n", read_sysreg(isr_el1));
    gic_set_mask(0xff);
    print("no longer: ISR_EL1 %lx\n", read_sysreg(isr_el1));
    irqs_on();
    irqs_off();
    print("taken %d\n", taken[1]);

    gic_enable(2, HIGH);
    gic_enable(3, LOW);
    nest = 1;
    gic_send_sgi(1);
    irqs_on();
    irqs_off();
    nest = 0;
    print("in the end SGIs 1: %d, 2: %d, 3: %d, running priority %x\n", taken[1], taken[2], taken[3],
          gic_running_priority());

    gic_enable(PHYSICAL_TIMER, MIDDLE);
    gic_enable(VIRTUAL_TIMER, MIDDLE);
    write_sysreg(cntp_tval_el0, TICK);
    write_sysreg(cntp_ctl_el0, 1);
    irqs_on();
    while (taken[PHYSICAL_TIMER] < 10) wait_for_interrupt();
    irqs_off();
    print("physical timer: 10 ticks\n");
    write_sysreg(cntv_cval_el0, read_sysreg(cntvct_el0) + TICK);
    write_sysreg(cntv_ctl_el0, 1);
    irqs_on();
    while (taken[VIRTUAL_TIMER] == 0) {}
    irqs_off();
    print("virtual timer: %d\n", taken[VIRTUAL_TIMER]);

    taken[PHYSICAL_TIMER] = 0;
    print("at EL0 for %lu ticks\n", at_el0(spin_at_el0, 5));
    print("interrupted there: %s\n", from_el0 >= 5 ? "yes" : "no");
    write_sysreg(cntp_ctl_el0, 0);

    /* Masked in the timer: the condition is met and nobody is told. */
    write_sysreg(cntp_tval_el0, 0);
    write_sysreg(cntp_ctl_el0, 3);
    print("CNTP_CTL %lx, ISR_EL1 %lx\n", read_sysreg(cntp_ctl_el0), read_sysreg(isr_el1));
    write_sysreg(cntp_ctl_el0, 1);
    print("CNTP_CTL %lx, pending %d, ISR_EL1 %lx\n", read_sysreg(cntp_ctl_el0), gic_is_pending(PHYSICAL_TIMER),
          read_sysreg(isr_el1));
    /* WFI ends though PSTATE masks the interrupt. */
    wait_for_interrupt();
    write_sysreg(cntp_ctl_el0, 0);
    print("CNTP_CTL %lx, pending %d\n", read_sysreg(cntp_ctl_el0), gic_is_pending(PHYSICAL_TIMER));

    flush();
    gic_enable(UART, MIDDLE);
    write32(UART_IMSC, UART_TX);
    irqs_on();
    irqs_off();
    print("UART: %d\n", taken[UART]);
    print("acknowledged with nothing pending: %u\n", gic_acknowledge());
    return 0;
}
