/* queue.h - a bounded first-in first-out line of batches between two threads.
 */
#ifndef ENGINE_QUEUE_H
#define ENGINE_QUEUE_H

#include <pthread.h>
#include <stddef.h>

struct batch;

enum { QUEUE_MAX = 4 };

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct batch *batches[QUEUE_MAX];
    size_t first, n;
};

void queue_init(struct queue *queue);
void queue_free(struct queue *queue);
/* Waits while the queue is full, or empty. */
void queue_put(struct queue *queue, struct batch *batch);
struct batch *queue_take(struct queue *queue);

#endif
