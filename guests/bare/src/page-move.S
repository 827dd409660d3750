// Moves a page of its address space to another frame, with a bug: the old translation is still valid
// when the new one is written. The guide in emulator/README.md uses it. 4 KiB granule, 39 bits of
// address. Tables are where RAM is zero.

        .equ    ROOT,    0x40200000             // level 1
        .equ    LEVEL2,  0x40201000
        .equ    LEVEL3,  0x40202000
        .equ    FRAME_A, 0x40300000
        .equ    FRAME_B, 0x40301000
        .equ    PAGE,    0x80000000             // a virtual address

        .equ    VALID_TABLE, 3
        .equ    NORMAL,  (3 << 8) | (1 << 10)   // MAIR index 0, inner shareable, AF
        .equ    BLOCK,   NORMAL | 1
        .equ    LEAF,    NORMAL | 3

        .text
        .globl  _start
_start:
        ldr     x0, =ROOT
        ldr     x1, =0x40000000 | BLOCK         // RAM at its own address
        str     x1, [x0, #8]
        ldr     x1, =LEVEL2 | VALID_TABLE
        str     x1, [x0, #16]
        ldr     x1, =LEVEL3 | VALID_TABLE
        ldr     x2, =LEVEL2
        str     x1, [x2]
        ldr     x1, =FRAME_A | LEAF
        ldr     x20, =LEVEL3
        str     x1, [x20]
        dsb     ishst

        mov     x1, #0xff                       // write-back
        msr     MAIR_EL1, x1
        ldr     x1, =(1 << 23) | (2 << 30) | (2 << 32) | (25 << 16) | 25
        msr     TCR_EL1, x1
        msr     TTBR0_EL1, x0
        isb
        mrs     x1, SCTLR_EL1
        orr     x1, x1, #1
        msr     SCTLR_EL1, x1
        isb

        ldr     x19, =PAGE
        ldr     x3, [x19]                       // the old page is in use

move_page:
        ldr     x1, =FRAME_B | LEAF
        str     x1, [x20]                       // valid to valid: no break before make
        dsb     ishst
        lsr     x4, x19, #12
        tlbi    vae1, x4
        dsb     ish
        ldr     x3, [x19]

        // Semihosting SYS_EXIT, status 0.
        mov     w0, #0x18
        adr     x1, exit_block
        hlt     #0xf000
        b       .

        .balign 8
exit_block:
        .quad   0x20026, 0                      // ADP_Stopped_ApplicationExit
