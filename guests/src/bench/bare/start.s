// Entry on the bare machine (QEMU's "virt"), at EL1 with everything off: floating point on, a flat map of
// the gigabyte of RAM in 2 MiB blocks of cached memory (4 KiB granule, 39-bit addresses, so level 1 is the
// first table), MMU and caches on, and then C.

	.equ	RAM, 0x40000000
	.equ	BLOCK, 0x200000
	.equ	BLOCK_NORMAL, 0x701		// valid block, AttrIndx 0, inner shareable, accessed
	.equ	TABLE, 3

	.section .text._start, "ax", %progbits
	.globl	_start
	.type	_start, %function
	.p2align 2
_start:
	mov	x0, #(3 << 20)			// CPACR_EL1.FPEN: no trap
	msr	cpacr_el1, x0
	adrp	x0, vectors
	add	x0, x0, :lo12:vectors
	msr	vbar_el1, x0
	adrp	x0, stack_top
	add	sp, x0, :lo12:stack_top

	adrp	x1, level2
	mov	x2, #RAM
	mov	x3, #BLOCK_NORMAL
	orr	x2, x2, x3
	mov	x3, #BLOCK
	mov	x4, #512
1:	str	x2, [x1], #8
	add	x2, x2, x3
	subs	x4, x4, #1
	b.ne	1b
	adrp	x1, level2
	orr	x1, x1, #TABLE
	adrp	x0, level1
	str	x1, [x0, #8]			// the second gigabyte

	mov	x1, #0xff			// MAIR_EL1 0: normal, write-back, allocating
	msr	mair_el1, x1
	ldr	x1, =0x200803519		// TCR_EL1: T0SZ 25, cached walks, 4 KiB, EPD1, 40-bit physical
	msr	tcr_el1, x1
	msr	ttbr0_el1, x0
	dsb	ish
	isb
	mrs	x1, sctlr_el1
	mov	x2, #0x1005			// M, C, I
	orr	x1, x1, x2
	msr	sctlr_el1, x1
	isb
	bl	start_bare
	b	.
	.size	_start, . - _start

// Every exception is a mistake: say which and stop.
	.section .text.vectors, "ax", %progbits
	.p2align 11
	.type	vectors, %function
vectors:
	.rept	16
	mrs	x0, esr_el1
	mrs	x1, elr_el1
	b	unexpected_exception
	.p2align 7
	.endr
	.size	vectors, . - vectors

	.section .bss.tables, "aw", %nobits
	.p2align 12
level1:
	.zero	4096
level2:
	.zero	4096
	.zero	65536
stack_top:
	.section .note.GNU-stack, "", %progbits
