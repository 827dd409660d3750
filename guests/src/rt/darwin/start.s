// Entry: sp -> argc, argv..., 0, envp..., 0, apple..., 0. XNU promises only 8-byte
// alignment of sp, and using a misaligned sp as a base faults, so align it first.
	.text
	.globl _start
	.p2align 2
_start:
	mov	x0, sp
	and	x9, x0, #-16
	mov	sp, x9
	mov	x29, #0
	mov	x30, #0
	bl	_start_with_stack
	brk	#1
	.subsections_via_symbols
