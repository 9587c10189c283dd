/** What a file says of processes that fork: pools that were opened before are opened anew, or the workers are no forks. */

/** `reopens`: code that runs in the new process. `chooses`: the kind of a Celery worker's pool, which manifests do not show. */
export type ForkNote = 'reopens' | 'chooses';

const reopeningWords = ['post_fork', 'postfork', 'process_init', 'register_at_fork', 'after_in_child'];
const choosingWords = ['worker_pool', 'WORKER_POOL', 'CELERYD_POOL'];

/** Words without which a file says nothing of the kind. */
export const forkWords: readonly string[] = [...reopeningWords, ...choosingWords];

export function forkNotesIn(text: string): readonly ForkNote[] | undefined {
  const says = (word: string) => text.includes(word);
  const notes: ForkNote[] = [];
  if (reopeningWords.some(says)) notes.push('reopens');
  if (choosingWords.some(says)) notes.push('chooses');
  return notes.length === 0 ? undefined : notes;
}
