/** What a file says of processes that fork: pools that were opened before are opened anew, or the workers are no forks. */

/** `reopens`: code that runs in the new process. `chooses`: the kind of a Celery worker's pool, which manifests do not show. */
export type ForkNote = 'reopens' | 'chooses';

/** Words without which a file says nothing of the kind. */
export const forkWords: readonly string[] = [
  ...['post_fork', 'postfork', 'process_init', 'register_at_fork', 'after_in_child'],
  ...['worker_pool', 'WORKER_POOL', 'CELERYD_POOL'],
];

const chooses = /worker_pool|WORKER_POOL|CELERYD_POOL/;
const reopens = /post_?fork|process_init|register_at_fork|after_in_child/;

export function forkNotesIn(text: string): readonly ForkNote[] | undefined {
  const notes: ForkNote[] = [];
  if (reopens.test(text)) notes.push('reopens');
  if (chooses.test(text)) notes.push('chooses');
  return notes.length === 0 ? undefined : notes;
}
