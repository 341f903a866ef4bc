/* queue.c - a bounded line of batches; see queue.h. */
#include "engine/queue.h"

void queue_init(struct queue *queue)
{
    *queue = (struct queue){0};
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->changed, NULL);
}

void queue_free(struct queue *queue)
{
    pthread_cond_destroy(&queue->changed);
    pthread_mutex_destroy(&queue->lock);
}

void queue_put(struct queue *queue, struct batch *batch)
{
    pthread_mutex_lock(&queue->lock);
    while (queue->n == QUEUE_MAX)
        pthread_cond_wait(&queue->changed, &queue->lock);
    queue->batches[(queue->first + queue->n++) % QUEUE_MAX] = batch;
    pthread_cond_broadcast(&queue->changed);
    pthread_mutex_unlock(&queue->lock);
}

struct batch *queue_take(struct queue *queue)
{
    struct batch *batch;

    pthread_mutex_lock(&queue->lock);
    while (queue->n == 0)
        pthread_cond_wait(&queue->changed, &queue->lock);
    batch = queue->batches[queue->first];
    queue->first = (queue->first + 1) % QUEUE_MAX;
    queue->n--;
    pthread_cond_broadcast(&queue->changed);
    pthread_mutex_unlock(&queue->lock);
    return batch;
}
