/* The raw peer: speaks BitTorrent (BEP 3) so cheaply that whatever is on the other side is the bottleneck. It hashes nothing and
 * writes nothing; one thread, one epoll, loopback only.
 *
 *   rawpeer sink   PORT INFOHASH FILE PIECE_LENGTH [options]   each connection downloads FILE from the client at 127.0.0.1:PORT
 *   rawpeer source PORT INFOHASH FILE PIECE_LENGTH [options]   seeds FILE to the client at 127.0.0.1:PORT
 *
 *   --connections N   so many at once, each from an address of its own (127.3.x.y); 1
 *   --bytes N         a sink is content with the first N bytes; all of them
 *   --repeat N        do it so many times, one after the other; 1
 *   --patience S      try to connect for so long; 10 seconds
 *   --limit S         give up a repetition after so long; 120 seconds
 *
 * FILE is the whole payload, the files of the torrent one after the other. A sink compares one block of 64 with it.
 * Each repetition prints one line of JSON: ok, times in seconds of CLOCK_MONOTONIC (start, first payload byte, done), bytes, bad
 * blocks, own CPU seconds. Exit code 0: all repetitions were ok.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum {
    BLOCK = 16384,       /* BEP 3: what clients request */
    DEPTH = 250,         /* requests in flight, the limit of a client that announces none (BEP 10, reqq) */
    INPUT = 256 << 10,   /* bytes of unread input */
    QUEUE = 1 << 14,     /* requests that a source holds, a power of two */
    GATHER = 32,         /* blocks in one write */
    CHECK_EVERY = 64,
};
enum { CHOKE, UNCHOKE, INTERESTED, NOT_INTERESTED, HAVE, BITFIELD, REQUEST, PIECE };

typedef struct {
    int64_t offset;
    uint32_t length;
} Range;

typedef struct {
    int fd;
    bool open, greeted, finished, unchoked;
    uint8_t *input;
    int held;                /* bytes of input */
    uint8_t *output;         /* control messages on their way */
    int output_length, output_sent, output_room;
    /* sink */
    uint8_t *asked, *got;    /* a byte a block */
    int64_t next, missing;   /* where to look for the next block to ask for; blocks not here yet */
    int in_flight;
    /* source */
    Range *queue;
    unsigned head, tail;     /* of the queue, counted without end */
    size_t begun;            /* bytes of the first queued answer that are sent, its header included */
    int haves;
} Connection;

static bool source;
static uint8_t *file, info_hash[20], *served;
static int64_t size, piece_length, wanted, blocks, served_blocks, moved;
static int port, connections = 1, pieces, bad;
static double patience = 10, limit = 120, first;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("rawpeer: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    exit(2);
}

static uint32_t read32(const uint8_t *at) {
    uint32_t value;
    memcpy(&value, at, 4);
    return ntohl(value);
}

static void write32(uint8_t *at, uint32_t value) {
    value = htonl(value);
    memcpy(at, &value, 4);
}

static void control(Connection *c, const void *bytes, int length) {
    if (c->output_length + length > c->output_room) {
        c->output_room = 2 * (c->output_length + length);
        c->output = realloc(c->output, c->output_room);
    }
    memcpy(c->output + c->output_length, bytes, length);
    c->output_length += length;
}

static void bare(Connection *c, uint8_t id) { control(c, (uint8_t[]){0, 0, 0, 1, id}, 5); }

/* --- sink ---------------------------------------------------------------------------------------------------------- */

static uint32_t block_length(int64_t block) {
    int64_t left = wanted - block * BLOCK;
    return left < BLOCK ? left : BLOCK;
}

static void ask(Connection *c) {
    if (!c->unchoked || c->in_flight > DEPTH / 2) return; /* many requests in one write */
    for (; c->in_flight < DEPTH && c->next < blocks; c->next++) {
        if (c->asked[c->next]) continue;
        uint8_t m[17] = {0, 0, 0, 13, REQUEST};
        write32(m + 5, c->next * BLOCK / piece_length);
        write32(m + 9, c->next * BLOCK % piece_length);
        write32(m + 13, block_length(c->next));
        control(c, m, sizeof m);
        c->asked[c->next] = 1;
        c->in_flight++;
    }
}

/* BEP 3: a choke drops the requests in flight. */
static void choked(Connection *c) {
    c->unchoked = false;
    c->in_flight = 0;
    c->next = 0;
    memcpy(c->asked, c->got, blocks);
}

static bool take(Connection *c, const uint8_t *m, uint32_t length) {
    int64_t offset = read32(m + 1) * piece_length + read32(m + 5), block = offset / BLOCK;
    if (offset % BLOCK || block >= blocks || length - 9 != block_length(block)) return false;
    if (!first) first = now();
    if (c->in_flight) c->in_flight--;
    if (c->got[block]) return true; /* it was on its way when the choke was sent, and asked for again */
    c->got[block] = c->asked[block] = 1;
    moved += length - 9;
    if (block % CHECK_EVERY == 0 && memcmp(file + offset, m + 9, length - 9)) bad++;
    if (--c->missing == 0) c->finished = true;
    else ask(c);
    return true;
}

/* --- source -------------------------------------------------------------------------------------------------------- */

static bool requested(Connection *c, const uint8_t *m, uint32_t length) {
    if (length != 13) return false;
    Range r = {read32(m + 1) * piece_length + read32(m + 5), read32(m + 9)};
    if (r.length > 1 << 17 || r.offset + r.length > size || c->tail - c->head == QUEUE) return false;
    c->queue[c->tail++ % QUEUE] = r;
    return true;
}

static void answered(Range r) {
    moved += r.length;
    if (!served[r.offset / BLOCK]) served_blocks++;
    served[r.offset / BLOCK] = 1;
}

/* Returns false when the socket takes no more, or is broken: input finds that out. */
static bool answer(Connection *c) {
    struct iovec parts[2 * GATHER];
    uint8_t headers[GATHER][13];
    size_t total = 0, skip = c->begun;
    int n = 0, answers = 0;
    for (unsigned i = c->head; i != c->tail && answers < GATHER; i++, answers++) {
        Range r = c->queue[i % QUEUE];
        uint8_t *h = headers[answers];
        write32(h, 9 + r.length);
        h[4] = PIECE;
        write32(h + 5, r.offset / piece_length);
        write32(h + 9, r.offset % piece_length);
        size_t of_header = skip < 13 ? skip : 13, of_data = skip - of_header;
        if (of_header < 13) parts[n++] = (struct iovec){h + of_header, 13 - of_header};
        parts[n++] = (struct iovec){file + r.offset + of_data, r.length - of_data};
        total += 13 + r.length - skip;
        skip = 0;
    }
    ssize_t sent = sendmsg(c->fd, &(struct msghdr){.msg_iov = parts, .msg_iovlen = n}, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    if (!first) first = now();
    c->begun += sent;
    while (c->head != c->tail && c->begun >= 13 + c->queue[c->head % QUEUE].length) {
        c->begun -= 13 + c->queue[c->head % QUEUE].length;
        answered(c->queue[c->head++ % QUEUE]);
    }
    return (size_t)sent == total;
}

/* --- both ---------------------------------------------------------------------------------------------------------- */

static void output(Connection *c) {
    /* A control message goes between two answers, never into one. */
    while (c->begun == 0 && c->output_sent < c->output_length) {
        int sent = send(c->fd, c->output + c->output_sent, c->output_length - c->output_sent, MSG_NOSIGNAL);
        if (sent <= 0) return;
        c->output_sent += sent;
    }
    if (c->output_sent == c->output_length) c->output_sent = c->output_length = 0;
    while (c->head != c->tail && answer(c)) {}
}

static void introduce(Connection *c) {
    if (!source) {
        bare(c, INTERESTED);
        return;
    }
    int length = (pieces + 7) / 8;
    uint8_t *m = calloc(1, 5 + length);
    write32(m, 1 + length);
    m[4] = BITFIELD;
    for (int i = 0; i < pieces; i++) m[5 + i / 8] |= 0x80 >> i % 8;
    control(c, m, 5 + length);
    free(m);
    bare(c, UNCHOKE);
}

static bool message(Connection *c, const uint8_t *m, uint32_t length) {
    switch (m[0]) {
        case CHOKE:
            if (!source) choked(c);
            return true;
        case UNCHOKE:
            c->unchoked = true;
            if (!source) ask(c);
            return true;
        case NOT_INTERESTED:
            if (source && served_blocks == blocks) c->finished = true;
            return true;
        case HAVE:
            if (source && ++c->haves == pieces) c->finished = true;
            return true;
        case REQUEST: return source && requested(c, m, length);
        case PIECE: return !source && length > 9 && take(c, m, length);
        default: return true;
    }
}

/* Returns false when the connection is over. */
static bool input(Connection *c) {
    for (;;) {
        ssize_t n = recv(c->fd, c->input + c->held, INPUT - c->held, 0);
        if (n <= 0) return n < 0 && errno == EAGAIN;
        c->held += n;
        const uint8_t *p = c->input;
        const uint8_t *end = p + c->held;
        if (!c->greeted && end - p >= 68) {
            if (memcmp(p + 28, info_hash, 20)) return false;
            c->greeted = true;
            p += 68;
            introduce(c);
        }
        while (c->greeted && end - p >= 4) {
            uint32_t length = read32(p);
            if (length > INPUT - 4) return false;
            if ((uint32_t)(end - p - 4) < length) break;
            if (length && !message(c, p + 4, length)) return false;
            p += 4 + length;
        }
        c->held = end - p;
        memmove(c->input, p, c->held);
        output(c);
    }
}

static void dial(Connection *c, int number, double until, int poll) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7f030001 + number)};
    for (;;) {
        c->fd = socket(AF_INET, SOCK_STREAM, 0);
        if (bind(c->fd, (void *)&from, sizeof from)) die("bind: %s", strerror(errno));
        if (!connect(c->fd, (void *)&to, sizeof to)) break;
        if (now() > until) die("nobody listens at 127.0.0.1:%d", port);
        close(c->fd);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    c->open = true;
    c->input = malloc(INPUT);
    c->missing = blocks;
    c->queue = source ? malloc(QUEUE * sizeof *c->queue) : NULL;
    c->asked = source ? NULL : calloc(1, blocks);
    c->got = source ? NULL : calloc(1, blocks);
    char hello[80];
    snprintf(hello, sizeof hello, "\x13" "BitTorrent protocol%28s-RW0001-%06u%06u", "", getpid() % 1000000u, number % 1000000u);
    memset(hello + 20, 0, 8); /* no extension */
    memcpy(hello + 28, info_hash, 20);
    control(c, hello, 68);
    output(c);
    struct epoll_event on = {EPOLLIN | EPOLLOUT | EPOLLET, {.ptr = c}};
    epoll_ctl(poll, EPOLL_CTL_ADD, c->fd, &on);
}

static void hang_up(Connection *c) {
    c->open = false;
    close(c->fd);
    free(c->input);
    free(c->output);
    free(c->queue);
    free(c->asked);
    free(c->got);
}

static double cpu(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static bool once(void) {
    Connection *all = calloc(connections, sizeof *all);
    int poll = epoll_create1(0), living = 0, finished = 0;
    double begin = now(), own = cpu();
    moved = served_blocks = bad = 0;
    first = 0;
    memset(served, 0, blocks);
    for (int i = 0; i < connections; i++, living++) {
        dial(&all[i], i, begin + patience, poll);
    }
    /* All connections of a sink have to finish; one of a source says that the client is complete. */
    while (living && !(source && finished) && now() < begin + limit) {
        struct epoll_event events[64];
        int n = epoll_wait(poll, events, 64, 100);
        for (int i = 0; i < n; i++) {
            Connection *c = events[i].data.ptr;
            output(c);
            bool over = !input(c);
            if (over && !c->greeted && now() < begin + patience) { /* it listens already and does not know the torrent yet */
                int number = c - all;
                hang_up(c);
                *c = (Connection){0};
                nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
                dial(c, number, begin + patience, poll);
                continue;
            }
            if (over && source && served_blocks == blocks) c->finished = true; /* a client that is complete may just leave */
            finished += c->finished;
            if (over || c->finished) {
                hang_up(c);
                living--;
            }
        }
    }
    double done = now();
    for (int i = 0; i < connections; i++) {
        if (all[i].open) hang_up(&all[i]);
    }
    free(all);
    close(poll);
    bool ok = !bad && finished >= (source ? 1 : connections);
    printf("{\"ok\": %s, \"start\": %.6f, \"first\": %.6f, \"done\": %.6f, \"bytes\": %lld, \"finished\": %d, \"bad\": %d, \"cpu\": %.4f}\n",
            ok ? "true" : "false", begin, first, done, (long long)moved, finished, bad, cpu() - own);
    fflush(stdout);
    return ok;
}

int main(int count, char **arguments) {
    if (count < 6 || count % 2) die("sink|source PORT INFOHASH FILE PIECE_LENGTH [--option VALUE]...");
    source = !strcmp(arguments[1], "source");
    port = atoi(arguments[2]);
    for (int i = 0; i < 20; i++) {
        if (sscanf(arguments[3] + 2 * i, "%2hhx", &info_hash[i]) != 1) die("not an info-hash: %s", arguments[3]);
    }
    int fd = open(arguments[4], O_RDONLY);
    struct stat status;
    if (fd < 0 || fstat(fd, &status)) die("%s: %s", arguments[4], strerror(errno));
    wanted = size = status.st_size;
    piece_length = atoll(arguments[5]);
    int repeat = 1;
    for (int i = 6; i < count; i += 2) {
        const char *name = arguments[i], *value = arguments[i + 1];
        if (!strcmp(name, "--connections")) connections = atoi(value);
        else if (!strcmp(name, "--bytes")) wanted = atoll(value) < size ? atoll(value) : size;
        else if (!strcmp(name, "--repeat")) repeat = atoi(value);
        else if (!strcmp(name, "--patience")) patience = atof(value);
        else if (!strcmp(name, "--limit")) limit = atof(value);
        else die("no such option: %s", name);
    }
    if (source) wanted = size;
    pieces = (size + piece_length - 1) / piece_length;
    blocks = (wanted + BLOCK - 1) / BLOCK;
    served = calloc(1, blocks);
    file = mmap(NULL, size, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
    if (file == MAP_FAILED) die("%s: %s", arguments[4], strerror(errno));
    bool ok = true;
    for (int i = 0; i < repeat; i++) ok = once() && ok;
    return ok ? 0 : 1;
}
