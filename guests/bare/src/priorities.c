/*
 * The interrupt controller asked directly, with every interrupt masked in PSTATE: what it signals, acknowledges and
 * ends, and in which order. Built for either interrupt controller.
 */
#include "bare.h"

enum { LOW = 0xa0, MIDDLE = 0x80, HIGH = 0x40 };
enum { SPI = 60 /* nothing is wired to it */ };

void handle(enum group group, enum kind kind, struct frame *frame) {
    (void)group;
    print("unexpected: kind %d, ESR %lx, ELR %lx\n", kind, frame->esr, frame->elr);
    exit(1);
}

/* What is signalled, and being handled. */
static void show(const char *when) {
    print("%s: ISR %lx, running %x, active %x\n", when, read_sysreg(isr_el1), gic_running_priority(),
          gic_active_priorities());
}

static void show_highest(void) { print("highest pending %u\n", gic_highest_pending()); }

static u32 acknowledge(void) {
    u32 id = gic_acknowledge();
    print("acknowledged %u\n", id);
    return id;
}

static void order_and_nesting(void) {
    gic_enable(1, MIDDLE);
    gic_enable(2, HIGH);
    gic_enable(3, LOW);
    gic_enable(4, MIDDLE);
    show("nothing");
    for (u32 id = 4; id > 0; id--) gic_send_sgi(id);
    show("four sent");
    show_highest();
    acknowledge(); /* 2 */
    show("in the most urgent");
    show_highest(); /* though it cannot preempt */
    acknowledge(); /* spurious: none is more urgent */
    gic_end(2);
    acknowledge(); /* 1, before 4 of the same priority */
    gic_send_sgi(2);
    show("a more urgent one");
    acknowledge(); /* 2 in 1 */
    show("nested");
    gic_end(2);
    show("back");
    gic_send_sgi(1);
    print("sent while active: pending %d, active %d\n", gic_is_pending(1), gic_is_active(1));
    gic_end(1);
    for (int i = 0; i < 3; i++) gic_end(acknowledge()); /* 1, 4, 3 */
    gic_end(acknowledge());                             /* spurious, ended all the same */
    gic_end(5);                                         /* what is not active */
    show("all done");
}

static void masks(void) {
    gic_send_sgi(3);
    gic_set_mask(LOW);
    show("masked at its own priority");
    acknowledge();
    gic_set_mask(LOW + 8);
    show("one level more");
    gic_set_mask(0);
    show("all masked");
    gic_set_mask(0xff);
    show("not masked");
    gic_disable(3);
    show("disabled");
    show_highest();
    gic_enable(3, LOW);
    gic_end(acknowledge());
}

static void group_priorities(void) {
    /* With 7 bits of subpriority 0x40 preempts 0xa0, and 0x80 does not. */
    gic_set_group_priority(7);
    gic_send_sgi(3);
    acknowledge();
    show("in 3");
    gic_send_sgi(1);
    show("and 1 of its group priority");
    acknowledge();
    gic_send_sgi(2);
    show("and 2 of a higher one");
    gic_end(acknowledge());
    gic_end(3);
    gic_end(acknowledge());
    gic_set_group_priority(3);
    show("all done");
}

static void ending_in_two_steps(void) {
    gic_split_end(1);
    gic_send_sgi(1);
    acknowledge();
    gic_end(1);
    print("ended: active %d\n", gic_is_active(1));
    show("dropped");
    gic_send_sgi(1);
    show("sent again");
    acknowledge(); /* spurious: still active */
    gic_send_sgi(3);
    acknowledge(); /* a less urgent one may come */
    gic_deactivate(1);
    print("deactivated: active %d\n", gic_is_active(1));
    show("in 3");
    acknowledge();
    gic_end(1);
    gic_end(3);
    gic_deactivate(3);
    gic_deactivate(1);
    show("all done");
    gic_split_end(0);
}

static void pending_by_hand(void) {
    gic_enable(SPI, MIDDLE);
    write8(0x08000800 + SPI, 1); /* GICv2: to the first CPU */
    gic_set_pending(SPI, 1);
    show("set");
    gic_set_pending(SPI, 0);
    show("cleared");
    gic_set_pending(SPI, 1);
    acknowledge();
    print("pending %d, active %d\n", gic_is_pending(SPI), gic_is_active(SPI));
    gic_set_pending(SPI, 1);
    gic_end(SPI);
    gic_end(acknowledge());
    show("all done");
}

#if GIC == 2

/* Both groups behind one set of registers: group 1 is hidden unless AckCtl says otherwise. */
static void groups(void) {
    enum { GICD_CTLR = 0x08000000, GICD_IGROUPR0 = 0x08000080, GICC_CTLR = 0x08010000 };
    enum { BOTH = 3, ACK_CTL = 4, FIQ_EN = 8 };
    write32(GICD_CTLR, BOTH);
    write32(GICD_IGROUPR0, 1 << 3);
    write32(GICC_CTLR, BOTH | FIQ_EN);
    gic_send_sgi(3);
    show("group 1");
    show_highest();
    acknowledge(); /* 1022: there is one, of the other group */
    gic_send_sgi(1);
    show("group 0 too");
    show_highest();
    gic_end(acknowledge());
    write32(GICC_CTLR, BOTH | ACK_CTL);
    show("AckCtl");
    show_highest();
    gic_end(acknowledge());
    gic_send_sgi(3);
    write32(GICD_CTLR, 1);
    show("group 1 not forwarded");
    write32(GICD_CTLR, BOTH);
    write32(GICC_CTLR, 1 | ACK_CTL);
    show("group 1 not enabled");
}

#else

/* Group 0 has registers of its own, and is signalled as FIQ. */
static void groups(void) {
    enum { GICD_CTLR = 0x08000000, GICR_IGROUPR0 = 0x080b0080 };
    write32(GICD_CTLR, 0x13);
    write32(GICR_IGROUPR0, ~(1u << 1));
    write_sysreg(icc_igrpen0_el1, 1);
    gic_send_sgi(1);
    show("SGI 1 sent to the wrong group");
    write_sysreg(icc_sgi0r_el1, 1ul << 24 | 1);
    show("group 0");
    print("highest of group 0: %lu\n", read_sysreg(icc_hppir0_el1));
    acknowledge(); /* spurious: group 1 has none */
    gic_send_sgi(2);
    show("a more urgent one of group 1");
    print("of group 0: acknowledged %lu\n", read_sysreg(icc_iar0_el1));
    gic_end(acknowledge());
    print("of group 0: acknowledged %lu, active %lx\n", read_sysreg(icc_iar0_el1), read_sysreg(icc_ap0r0_el1));
    gic_end(1); /* of the other group: nothing ends */
    show("in group 0");
    write_sysreg(icc_eoir0_el1, 1);
    show("ended");
    write_sysreg(icc_sgi0r_el1, 1ul << 24 | 1);
    write_sysreg(icc_igrpen0_el1, 0);
    show("group 0 not enabled");
}

#endif

int main(int argc, char **argv) {
    (void)argc, (void)argv;
    gic_init();
    gic_set_group_priority(3);
    order_and_nesting();
    masks();
    group_priorities();
    ending_in_two_steps();
    pending_by_hand();
    groups();
    return 0;
}
