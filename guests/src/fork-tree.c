/*
 * fork-tree [DEPTH]: a binary tree of processes, each writing its number into its own
 * cell of one shared-by-copy page and seeing the cells of its ancestors only. Chains of
 * copied objects grow as deep as the tree and collapse as the leaves exit.
 */
#include "rt/guest.h"

enum { DEEPEST = 5, CELLS = 1 << (DEEPEST + 1) };

static volatile u32 cells[CELLS];
static u32 depth;

/* Nodes are numbered as in a heap: 1 is the root, 2n and 2n + 1 are n's children. */
static int only_ancestors_wrote(u32 node) {
    for (u32 other = 1; other < CELLS; other++) {
        int is_ancestor = 0;
        for (u32 at = node; at > 0; at /= 2) is_ancestor |= at == other;
        if (cells[other] != (is_ancestor ? other : 0)) return 0;
    }
    return 1;
}

/* Returns how many processes of the subtree at `node`, itself included, were content. */
static int grow(u32 node, u32 level) {
    cells[node] = node;
    int content = 0;
    if (level < depth) {
        for (u32 child = 2 * node; child <= 2 * node + 1; child++) {
            long pid = os_fork();
            if (pid < 0) {
                print_error("fork-tree: %s\n", error_text(pid));
                exit(0);
            }
            if (pid == 0) exit(grow(child, level + 1));
            struct wait_result result;
            if (os_wait(pid, &result) == pid && result.signal == 0) content += result.exit_status;
        }
    }
    int ok = only_ancestors_wrote(node);
    print("process %u: %s\n", node, ok ? "sees its ancestors only" : "SEES MORE OR LESS");
    return content + ok;
}

int main(int argc, char **argv) {
    depth = (u32)argument_u64(argc, argv, 1, 2, 0, DEEPEST);
    int content = grow(1, 0);
    int expected = (1 << (depth + 1)) - 1;
    print("%d of %d processes content\n", content, expected);
    return content == expected ? 0 : 1;
}
