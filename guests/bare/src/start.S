// Entry at EL1 with everything off, as QEMU's "virt" board and `machvm bare` start an image: X0 is what the
// loader left there. Sets up stacks, vectors and floating point, and calls start_bare in C.

	.section .text._start, "ax", %progbits
	.globl	_start
	.type	_start, %function
_start:
	mov	x19, x0
	ldr	x1, =0x30d00800			// SCTLR_EL1: nothing but what reads as one
	msr	sctlr_el1, x1
	msr	spsel, #1
	adrp	x1, stack_top
	add	sp, x1, :lo12:stack_top
	adrp	x1, el0_stack_top
	add	x1, x1, :lo12:el0_stack_top
	msr	sp_el0, x1
	mov	x1, #(3 << 20)			// CPACR_EL1.FPEN: no trap
	msr	cpacr_el1, x1
	adrp	x1, vectors
	add	x1, x1, :lo12:vectors
	msr	vbar_el1, x1
	isb
	mov	x0, x19
	bl	start_bare
	b	.
	.size	_start, . - _start

// Every exception: struct frame (bare.h) on the stack, then on_exception(vector, frame). What it changes in the
// frame is what execution goes on with.
	.set	FRAME_BYTES, 36 * 8

	.section .text.vectors, "ax", %progbits
	.p2align 11
	.type	vectors, %function
vectors:
	.set	vector, 0
	.rept	16
	.p2align 7
	sub	sp, sp, #FRAME_BYTES
	stp	x0, x1, [sp]
	mov	x0, #vector
	b	enter
	.set	vector, vector + 1
	.endr
	.p2align 7
enter:
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	mrs	x1, elr_el1
	stp	x30, x1, [sp, #240]
	mrs	x1, spsr_el1
	mrs	x2, esr_el1
	stp	x1, x2, [sp, #256]
	mrs	x1, far_el1
	str	x1, [sp, #272]
	mov	x1, sp
	bl	on_exception
	ldp	x30, x1, [sp, #240]
	msr	elr_el1, x1
	ldr	x1, [sp, #256]
	msr	spsr_el1, x1
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x19, [sp, #144]
	ldp	x20, x21, [sp, #160]
	ldp	x22, x23, [sp, #176]
	ldp	x24, x25, [sp, #192]
	ldp	x26, x27, [sp, #208]
	ldp	x28, x29, [sp, #224]
	ldp	x0, x1, [sp]
	add	sp, sp, #FRAME_BYTES
	eret
	.size	vectors, . - vectors

// int at_el0(u64 (*function)(u64), u64 argument): run a function at EL0 until it does SVC #0; its x0 comes back.
	.section .text.at_el0, "ax", %progbits
	.globl	at_el0
	.type	at_el0, %function
at_el0:
	stp	x29, x30, [sp, #-96]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	msr	elr_el1, x0
	msr	spsr_el1, xzr			// EL0, interrupts on
	adrp	x2, el0_return
	mov	x3, sp
	str	x3, [x2, :lo12:el0_return]
	adrp	x30, el0_done
	add	x30, x30, :lo12:el0_done
	mov	x0, x1
	eret
el0_done:
	svc	#0
	b	.

// Called by the handler of that SVC, with the value in x0.
	.globl	leave_el0
leave_el0:
	adrp	x2, el0_return
	ldr	x3, [x2, :lo12:el0_return]
	mov	sp, x3
	ldp	x27, x28, [sp, #80]
	ldp	x25, x26, [sp, #64]
	ldp	x23, x24, [sp, #48]
	ldp	x21, x22, [sp, #32]
	ldp	x19, x20, [sp, #16]
	ldp	x29, x30, [sp], #96
	ret
	.size	at_el0, . - at_el0

	.section .bss.stacks, "aw", %nobits
	.p2align 4
el0_return:
	.zero	16
	.zero	32768
stack_top:
	.zero	16384
el0_stack_top:
	.section .note.GNU-stack, "", %progbits
