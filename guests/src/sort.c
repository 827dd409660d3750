/*
 * sort [N] [SEED]: integer work and pointer chasing. N pseudo-random numbers are sorted
 * three ways (quicksort and heapsort in arrays, merge sort in a linked list), the results
 * are compared, and every number is looked up by binary search.
 */
#include "rt/guest.h"
#include "random.h"

static void swap(u32 *a, u32 *b) {
    u32 t = *a;
    *a = *b;
    *b = t;
}

/* Hoare's partition; the loop takes the larger side, so the stack stays logarithmic. */
static void quicksort(u32 *low, u32 *high) {
    while (low < high) {
        u32 pivot = low[(high - low) / 2];
        u32 *i = low - 1, *j = high + 1;
        for (;;) {
            do i++;
            while (*i < pivot);
            do j--;
            while (*j > pivot);
            if (i >= j) break;
            swap(i, j);
        }
        if (j - low < high - j) {
            quicksort(low, j);
            low = j + 1;
        } else {
            quicksort(j + 1, high);
            high = j;
        }
    }
}

static void sift_down(u32 *heap, u64 at, u64 count) {
    for (;;) {
        u64 child = 2 * at + 1;
        if (child >= count) return;
        if (child + 1 < count && heap[child + 1] > heap[child]) child++;
        if (heap[at] >= heap[child]) return;
        swap(&heap[at], &heap[child]);
        at = child;
    }
}

static void heapsort(u32 *numbers, u64 count) {
    for (u64 at = count / 2; at-- > 0;) sift_down(numbers, at, count);
    for (u64 last = count; last-- > 1;) {
        swap(&numbers[0], &numbers[last]);
        sift_down(numbers, 0, last);
    }
}

struct node {
    struct node *next;
    u32 number;
};

static struct node *merge(struct node *a, struct node *b) {
    struct node *first = NULL, **end = &first;
    while (a != NULL && b != NULL) {
        struct node **smaller = b->number < a->number ? &b : &a;
        *end = *smaller;
        end = &(*smaller)->next;
        *smaller = *end;
    }
    *end = a != NULL ? a : b;
    return first;
}

/* Bottom up: slot k holds a sorted run of 2^k nodes or nothing, like a binary counter. */
static struct node *merge_sort(struct node *list) {
    struct node *runs[32] = {NULL};
    while (list != NULL) {
        struct node *run = list;
        list = list->next;
        run->next = NULL;
        int k = 0;
        for (; runs[k] != NULL; k++) {
            run = merge(runs[k], run);
            runs[k] = NULL;
        }
        runs[k] = run;
    }
    struct node *sorted = NULL;
    for (int k = 0; k < 32; k++) sorted = merge(runs[k], sorted);
    return sorted;
}

/* The index of some element equal to `number`; count if there is none. */
static u64 binary_search(const u32 *sorted, u64 count, u32 number) {
    u64 low = 0, high = count;
    while (low < high) {
        u64 middle = low + (high - low) / 2;
        if (sorted[middle] < number) low = middle + 1;
        else high = middle;
    }
    return low < count && sorted[low] == number ? low : count;
}

static u64 checksum(const u32 *numbers, u64 count) {
    u64 sum = 0xcbf29ce484222325;
    for (u64 i = 0; i < count; i++) sum = (sum ^ numbers[i]) * 0x100000001b3;
    return sum;
}

static void *must_malloc(size_t size) {
    void *block = malloc(size);
    if (block == NULL) {
        print_error("sort: no memory\n");
        exit(1);
    }
    return block;
}

int main(int argc, char **argv) {
    u64 count = argument_u64(argc, argv, 1, 50000, 1, 1 << 24);
    u64 seed = argument_u64(argc, argv, 2, 1, 0, ~0ul);

    u32 *quick = must_malloc(count * sizeof *quick);
    u32 *heap = must_malloc(count * sizeof *heap);
    struct node *list = NULL;
    u64 state = seed;
    for (u64 i = 0; i < count; i++) {
        quick[i] = next_random(&state);
        struct node *node = must_malloc(sizeof *node);
        node->number = quick[i];
        node->next = list;
        list = node;
    }
    memcpy(heap, quick, count * sizeof *heap);
    print("%lu numbers, seed %lu: %016lx\n", count, seed, checksum(quick, count));

    quicksort(quick, quick + count - 1);
    print("quicksort: %016lx\n", checksum(quick, count));
    heapsort(heap, count);
    print("heapsort:  %016lx\n", checksum(heap, count));
    list = merge_sort(list);

    u64 out_of_order = 0, different = 0, at = 0;
    for (u64 i = 1; i < count; i++) out_of_order += quick[i - 1] > quick[i];
    different += memcmp(quick, heap, count * sizeof *heap) != 0;
    while (list != NULL) {
        struct node *node = list;
        list = node->next;
        different += at >= count || node->number != quick[at];
        at++;
        free(node);
    }
    print("out of order: %lu, different: %lu, list length: %lu\n", out_of_order, different, at);

    u64 found = 0, found_at = 0;
    state = seed;
    for (u64 i = 0; i < count; i++) {
        u64 index = binary_search(quick, count, next_random(&state));
        found += index < count;
        found_at += index;
    }
    print("found: %lu, sum of places: %lu\n", found, found_at);
    free(quick);
    free(heap);
    return out_of_order == 0 && different == 0 && at == count && found == count ? 0 : 1;
}
