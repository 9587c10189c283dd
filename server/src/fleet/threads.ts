/** How many connections a process opens that has one for each thread, as Django without a pool. */
import type { Pool } from '../declarations/pool.ts';
import { serverFact } from '../facts/processModels.ts';
import { workerClassFact } from '../facts/workerClasses.ts';
import type { ProcessConcurrency, Service } from '../topology/model.ts';

/**
 * Threads of one process that use the database. Servers that state nothing run one thread per process; where each request
 * has a thread or greenlet of its own, they are as many as there are requests, and more where connections outlive them.
 */
export function threadsPerProcess(service: Service, pool: Pool): ProcessConcurrency {
  const { server, workerClass, threads, processConcurrency } = service;
  const fact = serverFact(server?.value);
  const work = (workerClass && workerClassFact(fact, workerClass.value)) ?? fact?.work;
  if (work?.kind === 'event-loop' || work?.kind === 'greenlets') {
    const isBounded = processConcurrency.known && processConcurrency.stated && pool.idleLimit.kind === 'keeps-none';
    if (isBounded && service.concurrency !== undefined) return processConcurrency;
    const unit = work.kind === 'greenlets' ? 'greenlet' : 'thread';
    return { known: false, reason: `each request has a ${unit} of its own, and each opens a connection` };
  }
  if (processConcurrency.known) return processConcurrency;
  const hasOneThread = fact?.isLongRunning === true || fact?.name === 'script' || fact?.name === 'cron';
  if (workerClass === undefined && threads === undefined && hasOneThread && fact.work === undefined)
    return { known: true, value: 1, label: '1 thread', stated: false, at: server?.at };
  return processConcurrency;
}
