/* So many threads that send for so long, and what that took: for the C programs of the comparison. */
#ifndef LOAD_H
#define LOAD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Makes what one thread sends with, and sends once with it; whichever fails says why and ends the program. */
typedef void *(*load_make)(void);
typedef void (*load_send)(void *with);

static atomic_bool load_stop;
static atomic_ullong load_sent;
static atomic_int load_ready;
static load_send load_sending;

static double load_time(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void *load_thread(void *with) {
    load_sending(with);
    atomic_fetch_add(&load_ready, 1);
    while (!atomic_load_explicit(&load_stop, memory_order_relaxed)) {
        load_sending(with);
        atomic_fetch_add_explicit(&load_sent, 1, memory_order_relaxed);
    }
    return NULL;
}

/* Says `first` at the first answer; measures so many seconds, once every thread has had an answer and all is warm;
 * prints what it came to. */
static int load_run(int at_once, double seconds, load_make make, load_send send) {
    pthread_t threads[64];
    if (at_once < 1 || at_once > 64) return 1;
    load_sending = send;
    void *first = make();
    send(first);
    puts("first");
    fflush(stdout);
    for (int i = 0; i < at_once; i++) {
        if (pthread_create(&threads[i], NULL, load_thread, i == 0 ? first : make()) != 0) return 1;
    }
    while (atomic_load(&load_ready) < at_once) usleep(1000);
    usleep(400000);
    double started = load_time(CLOCK_MONOTONIC), cpu = load_time(CLOCK_PROCESS_CPUTIME_ID);
    unsigned long long before = atomic_load(&load_sent);
    usleep((useconds_t)(seconds * 1e6));
    double took = load_time(CLOCK_MONOTONIC) - started;
    unsigned long long sends = atomic_load(&load_sent) - before;
    cpu = load_time(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    atomic_store(&load_stop, 1);
    for (int i = 0; i < at_once; i++) pthread_join(threads[i], NULL);
    printf("{\"sends\": %llu, \"seconds\": %f, \"cpu\": %f}\n", sends, took, cpu);
    return 0;
}

#endif
