/*
 * malloc and free over vm_allocate. Small blocks come in power-of-two classes with one
 * free list each and are cut from 256 KiB chunks; a block too large for the biggest
 * class is an allocation of its own and goes back to the kernel when freed.
 */
#include "guest.h"

enum { SMALLEST_SHIFT = 5, LARGEST_SHIFT = 15, CLASSES = LARGEST_SHIFT - SMALLEST_SHIFT + 1 };
#define CHUNK_SIZE (256ul * 1024)

/* Sits in front of every block; `size` counts it too. */
struct header {
    size_t size;
    struct header *next_free;
};
_Static_assert(sizeof(struct header) == 16, "blocks must stay 16-byte aligned");

static struct header *free_lists[CLASSES];
static u8 *chunk, *chunk_end;

static struct header *cut_from_chunk(size_t size) {
    if ((size_t)(chunk_end - chunk) < size) {
        void *fresh;
        if (vm_allocate(&fresh, CHUNK_SIZE) != 0) return NULL;
        chunk = fresh;
        chunk_end = chunk + CHUNK_SIZE;
    }
    struct header *header = (struct header *)chunk;
    chunk += size;
    header->size = size;
    return header;
}

static struct header *allocate_large(size_t size) {
    void *pages;
    size = (size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
    if (vm_allocate(&pages, size) != 0) return NULL;
    struct header *header = pages;
    header->size = size;
    return header;
}

/* The class whose blocks hold `size` bytes, header included; CLASSES if none does. */
static int class_of(size_t size) {
    int class = 0;
    while (class < CLASSES && (1ul << (class + SMALLEST_SHIFT)) < size) class++;
    return class;
}

void *malloc(size_t size) {
    if (size > 1ul << 46) return NULL;
    size += sizeof(struct header);
    int class = class_of(size);
    struct header *header;
    if (class == CLASSES) {
        header = allocate_large(size);
    } else if (free_lists[class] != NULL) {
        header = free_lists[class];
        free_lists[class] = header->next_free;
    } else {
        header = cut_from_chunk(1ul << (class + SMALLEST_SHIFT));
    }
    return header == NULL ? NULL : header + 1;
}

void free(void *block) {
    if (block == NULL) return;
    struct header *header = (struct header *)block - 1;
    int class = class_of(header->size);
    if (class == CLASSES) {
        vm_deallocate(header, header->size);
    } else {
        header->next_free = free_lists[class];
        free_lists[class] = header;
    }
}
