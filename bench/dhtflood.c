/*
 * Asks a DHT node as many questions as it answers, from many addresses of 127/8 at once, and prints what came of it.
 *
 *   dhtflood KIND PORT SECONDS      KIND: ping, find_node or get_peers
 *
 * Each of the sources has a few questions on their way; whenever it hears an answer it asks the next. A question without an answer is
 * given up after 100 ms, so losses do not end the flood. Everything is sent and taken in batches, so that the node is the slower one.
 * Prints {"answers": N, "seconds": S, "lost": N}; exit code 1 if there was no answer at all.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SOURCES = 64, PATIENCE_MS = 100, DEPTH = 16, LARGEST = 1500 };

static const char *kind;
static struct sockaddr_in target;
static unsigned long asked, answered;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void fail(const char *what) {
    perror(what);
    exit(2);
}

/* A question of a source; whom it asks about differs from one to the next. */
static int question(char *out, int source, unsigned long number) {
    char id[21], about[21];
    snprintf(id, sizeof id, "source-%013d", source);
    snprintf(about, sizeof about, "%08lx-about-%05d", (number * 2654435761u) & 0xffffffff, source);
    if (strcmp(kind, "ping") == 0) {
        return sprintf(out, "d1:ad2:id20:%se1:q4:ping2:roi1e1:t4:%04lx1:y1:qe", id, number & 0xffff);
    }
    if (strcmp(kind, "find_node") == 0) {
        return sprintf(out, "d1:ad2:id20:%s6:target20:%se1:q9:find_node2:roi1e1:t4:%04lx1:y1:qe", id, about, number & 0xffff);
    }
    return sprintf(out, "d1:ad2:id20:%s9:info_hash20:%se1:q9:get_peers2:roi1e1:t4:%04lx1:y1:qe", id, about, number & 0xffff);
}

static void ask(int fd, int source, int count) {
    static char text[DEPTH][256];
    static struct iovec parts[DEPTH];
    static struct mmsghdr messages[DEPTH];
    for (int i = 0; i < count; i++) {
        parts[i] = (struct iovec) {text[i], question(text[i], source, asked++)};
        messages[i].msg_hdr = (struct msghdr) {.msg_iov = &parts[i], .msg_iovlen = 1};
    }
    if (sendmmsg(fd, messages, count, 0) < 0 && errno != ECONNREFUSED) {
        fail("sendmmsg");
    }
}

static int hear(int fd) {
    static char text[DEPTH][LARGEST];
    static struct iovec parts[DEPTH];
    static struct mmsghdr messages[DEPTH];
    for (int i = 0; i < DEPTH; i++) {
        parts[i] = (struct iovec) {text[i], LARGEST};
        messages[i].msg_hdr = (struct msghdr) {.msg_iov = &parts[i], .msg_iovlen = 1};
    }
    int got = recvmmsg(fd, messages, DEPTH, MSG_DONTWAIT, NULL);
    int good = 0;
    for (int i = 0; i < got; i++) {
        /* An answer begins with its results (or our address); a refusal with "1:e", a question to us with "1:a". */
        good += messages[i].msg_len > 20 && memmem(text[i], messages[i].msg_len, "1:y1:r", 6) != NULL;
    }
    return good;
}

int main(int count, char **words) {
    if (count != 4) {
        fputs("usage: dhtflood ping|find_node|get_peers PORT SECONDS\n", stderr);
        return 2;
    }
    kind = words[1];
    target = (struct sockaddr_in) {.sin_family = AF_INET, .sin_port = htons(atoi(words[2])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct pollfd sources[SOURCES];
    double heard[SOURCES];
    for (int i = 0; i < SOURCES; i++) {
        int fd = socket(AF_INET, SOCK_DGRAM, 0);
        struct sockaddr_in own = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f020001 + i * 257)};
        if (fd < 0 || bind(fd, (struct sockaddr *) &own, sizeof own) < 0
                || connect(fd, (struct sockaddr *) &target, sizeof target) < 0) {
            fail("a source");
        }
        sources[i] = (struct pollfd) {.fd = fd, .events = POLLIN};
    }
    double begin = now(), end = begin + atof(words[3]), moment = begin;
    unsigned long lost = 0;
    for (int i = 0; i < SOURCES; i++) {
        heard[i] = begin;
        ask(sources[i].fd, i, DEPTH);
    }
    int pending[SOURCES];
    for (int i = 0; i < SOURCES; i++) {
        pending[i] = DEPTH;
    }
    while (moment < end) {
        if (poll(sources, SOURCES, 10) < 0) {
            fail("poll");
        }
        moment = now();
        for (int i = 0; i < SOURCES; i++) {
            int good = sources[i].revents & POLLIN ? hear(sources[i].fd) : 0;
            if (good > 0) {
                answered += good;
                heard[i] = moment;
                pending[i] = pending[i] > good ? pending[i] - good : 0;
            }
            if (pending[i] > 0 && moment - heard[i] > PATIENCE_MS / 1e3) {
                lost += pending[i];
                pending[i] = 0;
                heard[i] = moment;
            }
            /* Half of them at a time: a batch is worth a system call. */
            if (pending[i] <= DEPTH / 2) {
                ask(sources[i].fd, i, DEPTH - pending[i]);
                pending[i] = DEPTH;
            }
        }
    }
    printf("{\"answers\": %lu, \"seconds\": %.3f, \"lost\": %lu}\n", answered, now() - begin, lost);
    return answered == 0;
}
