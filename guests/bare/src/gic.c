/* One interface to both interrupt controllers; compiled with GIC=2 or GIC=3. */
#include "bare.h"

enum {
    GICD = 0x08000000,
    GICC = 0x08010000,
    GICR_WAKER = 0x080a0014,
    GICR_SGI = 0x080b0000, /* second frame of the only redistributor */
};
enum { CTLR = 0x000, IGROUPR = 0x080, ISENABLER = 0x100, ICENABLER = 0x180, ISPENDR = 0x200, ICPENDR = 0x280 };
enum { ISACTIVER = 0x300, IPRIORITYR = 0x400, SGIR = 0xf00 };
enum { GICC_CTLR = 0x00, GICC_PMR = 0x04, GICC_BPR = 0x08, GICC_IAR = 0x0c, GICC_EOIR = 0x10 };
enum { GICC_RPR = 0x14, GICC_HPPIR = 0x18, GICC_APR = 0xd0, GICC_DIR = 0x1000 };

/* Where the registers of an interrupt are: GICv3 has those of SGIs and PPIs in the redistributor. */
static u64 frame_of(u32 id) { return GIC == 3 && id < 32 ? GICR_SGI : GICD; }
static u64 bit_register(u32 id, u64 bank) { return frame_of(id) + bank + id / 32 * 4; }

void gic_enable(u32 id, u32 priority) {
    write8(frame_of(id) + IPRIORITYR + id, (u8)priority);
    write32(bit_register(id, ISENABLER), 1u << id % 32);
}

void gic_disable(u32 id) { write32(bit_register(id, ICENABLER), 1u << id % 32); }
int gic_is_pending(u32 id) { return read32(bit_register(id, ISPENDR)) >> id % 32 & 1; }
void gic_set_pending(u32 id, int on) { write32(bit_register(id, on ? ISPENDR : ICPENDR), 1u << id % 32); }
int gic_is_active(u32 id) { return read32(bit_register(id, ISACTIVER)) >> id % 32 & 1; }

#if GIC == 3

void gic_init(void) {
    write32(GICR_WAKER, 0);
    while (read32(GICR_WAKER) & 4) {}
    write32(GICD + CTLR, 0x12); /* affinity routing, group 1 */
    for (u32 id = 0; id < 96; id += 32) write32(bit_register(id, IGROUPR), 0xffffffff);
    write_sysreg(icc_sre_el1, 7);
    write_sysreg(icc_pmr_el1, 0xff);
    write_sysreg(icc_igrpen1_el1, 1);
}

void gic_send_sgi(u32 id) { write_sysreg(icc_sgi1r_el1, (u64)id << 24 | 1); }
u32 gic_acknowledge(void) { return (u32)read_sysreg(icc_iar1_el1); }
void gic_end(u32 id) { write_sysreg(icc_eoir1_el1, id); }
void gic_deactivate(u32 id) { write_sysreg(icc_dir_el1, id); }
void gic_split_end(int on) { write_sysreg(icc_ctlr_el1, on ? 2 : 0); }
void gic_set_group_priority(u32 low_bit) { write_sysreg(icc_bpr1_el1, low_bit); }
u32 gic_highest_pending(void) { return (u32)read_sysreg(icc_hppir1_el1); }
u32 gic_active_priorities(void) { return (u32)read_sysreg(icc_ap1r0_el1); }
u32 gic_running_priority(void) { return (u32)read_sysreg(icc_rpr_el1); }
void gic_set_mask(u32 priority) { write_sysreg(icc_pmr_el1, priority); }

#else

void gic_init(void) {
    write32(GICD + CTLR, 1);
    write32(GICC + GICC_PMR, 0xff);
    write32(GICC + GICC_CTLR, 1);
}

void gic_send_sgi(u32 id) { write32(GICD + SGIR, 2u << 24 | id); }
u32 gic_acknowledge(void) { return read32(GICC + GICC_IAR); }
void gic_end(u32 id) { write32(GICC + GICC_EOIR, id); }
void gic_deactivate(u32 id) { write32(GICC + GICC_DIR, id); }
void gic_split_end(int on) { write32(GICC + GICC_CTLR, on ? 0x201 : 1); }
void gic_set_group_priority(u32 low_bit) { write32(GICC + GICC_BPR, low_bit - 1); } /* group 0's */
u32 gic_highest_pending(void) { return read32(GICC + GICC_HPPIR); }
u32 gic_running_priority(void) { return read32(GICC + GICC_RPR); }
void gic_set_mask(u32 priority) { write32(GICC + GICC_PMR, priority); }

/* A bit for two priorities; here, as with GICv3, for eight. */
u32 gic_active_priorities(void) {
    u32 levels = 0;
    for (u32 i = 0; i < 128; i++) {
        if (read32(GICC + GICC_APR + i / 32 * 4) >> i % 32 & 1) levels |= 1u << i / 4;
    }
    return levels;
}

#endif
