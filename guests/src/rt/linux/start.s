// Entry: sp -> argc, argv..., 0, envp..., 0, auxv. Linux aligns sp to 16 bytes itself;
// the AND keeps the two back ends alike.
	.section .text._start, "ax", %progbits
	.globl	_start
	.type	_start, %function
	.p2align 2
_start:
	mov	x0, sp
	and	x9, x0, #-16
	mov	sp, x9
	mov	x29, #0
	mov	x30, #0
	bl	start_with_stack
	brk	#1
	.size	_start, . - _start
	.section .note.GNU-stack, "", %progbits
