/* What the kernel does behind the library: signals, shared memory, pipes, processes, waiting. */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static sigjmp_buf after_fault;
static volatile unsigned long fault_address;
static volatile int user_signals, alarms;

static void on_fault(int signal, siginfo_t *info, void *context) {
    (void)signal, (void)context;
    fault_address = (unsigned long)info->si_addr;
    siglongjmp(after_fault, info->si_code);
}

static void on_user(int signal) { user_signals += signal == SIGUSR1; }
static void on_alarm(int signal) { alarms += signal == SIGALRM; }

static void faults(void) {
    static char stack[65536];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternate, NULL);
    struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    sigaction(SIGSEGV, &action, NULL);
    int code = sigsetjmp(after_fault, 1);
    if (!code) *(volatile int *)0x1234 = 1;
    printf("code %d at %#lx\n", code, fault_address);

    char *page = mmap(NULL, 65536, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    code = sigsetjmp(after_fault, 1);
    if (!code) page[5] = 1;
    printf("code %d at +%lu\n", code, fault_address - (unsigned long)page);
    mprotect(page, 65536, PROT_READ | PROT_WRITE);
    page[5] = 7;
    page = mremap(page, 65536, 1 << 20, MREMAP_MAYMOVE);
    printf("moved: %d %d\n", page[5], page[1 << 19]);
    madvise(page, 65536, MADV_DONTNEED);
    printf("forgotten: %d\n", page[5]);
}

static void processes(void) {
    int *shared =
        mmap(NULL, 65536, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int ends[2], status = 0;
    if (pipe(ends)) exit(1);
    struct sigaction action = {.sa_handler = on_user, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, NULL);
    fflush(stdout);
    pid_t child = fork();
    if (!child) {
        *shared = 42;
        kill(getppid(), SIGUSR1);
        _exit(write(ends[1], "from the child", 14) == 14 ? 9 : 1);
    }
    char text[64] = {0};
    if (read(ends[0], text, sizeof text) < 0) exit(1);
    waitpid(child, &status, 0);
    printf("%s; exit %d; shared %d; signals %d\n", text, WEXITSTATUS(status), *shared, user_signals);

    fflush(stdout);
    child = fork();
    if (!child) raise(SIGTERM);
    siginfo_t info;
    waitid(P_PID, child, &info, WEXITED | WNOWAIT);
    waitpid(child, &status, 0);
    printf("signal %d, code %d, status %d\n", WTERMSIG(status), info.si_code, info.si_status);
    printf("nobody left: %s\n", wait(NULL) < 0 ? strerror(errno) : "no");

}

static void masks(void) {
    sigset_t set, pending;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    user_signals = 0;
    raise(SIGUSR1);
    sigpending(&pending);
    printf("blocked %d, pending %d\n", user_signals, sigismember(&pending, SIGUSR1));
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    printf("delivered %d\n", user_signals);

    signal(SIGALRM, on_alarm);
    sigset_t old;
    sigaddset(&set, SIGALRM);
    sigprocmask(SIG_BLOCK, &set, &old);
    struct itimerval timer = {.it_value = {.tv_usec = 10000}};
    setitimer(ITIMER_REAL, &timer, NULL);
    sigsuspend(&old);
    printf("alarms %d\n", alarms);
}

static void waiting(void) {
    int ends[2];
    if (pipe(ends)) exit(1);
    struct pollfd wanted = {.fd = ends[0], .events = POLLIN};
    printf("empty: %d\n", poll(&wanted, 1, 10));
    if (write(ends[1], "x", 1) != 1) exit(1);
    printf("filled: %d, events %#x\n", poll(&wanted, 1, 10), (unsigned)wanted.revents);
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET(ends[0], &readable);
    struct timeval limit = {.tv_usec = 1000};
    int ready = select(ends[0] + 1, &readable, NULL, NULL, &limit);
    printf("select: %d %d\n", ready, FD_ISSET(ends[0], &readable));
    close(ends[1]);
    char byte;
    if (read(ends[0], &byte, 1) != 1) exit(1);
    printf("closed: %d, events %#x\n", poll(&wanted, 1, 10), (unsigned)wanted.revents);

    struct timespec before, after, nap = {.tv_nsec = 2000000};
    clock_gettime(CLOCK_MONOTONIC, &before);
    nanosleep(&nap, NULL);
    clock_gettime(CLOCK_MONOTONIC, &after);
    long slept = (after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec - before.tv_nsec;
    printf("slept long enough: %s\n", slept >= 2000000 ? "yes" : "no");
}

int main(void) {
    faults();
    processes();
    masks();
    waiting();
    return 0;
}
