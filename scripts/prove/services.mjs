// Starts what the topology says: one command per instance, derived from the same words that Poolproof reads.
import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, start, stop, until } from '../servers/processes.mjs';
import { answers } from './load.mjs';

const gunicornClasses = { uvicorn: 'uvicorn_worker.UvicornWorker' };

function command(service, port, runtime) {
  const workers = String(service.workers ?? 1);
  switch (service.server) {
    case 'gunicorn': {
      const workerClass = gunicornClasses[service.worker_class] ?? service.worker_class;
      return [
        runtime,
        ...['-m', 'gunicorn', '--bind', `127.0.0.1:${port}`, '--workers', workers, '--timeout', '120'],
        ...['--graceful-timeout', '1', '--log-level', 'error'],
        ...(workerClass ? ['--worker-class', workerClass] : []),
        ...(service.threads ? ['--threads', String(service.threads)] : []),
        'app:application',
      ];
    }
    case 'uvicorn':
      return [
        runtime,
        ...['-m', 'uvicorn', '--host', '127.0.0.1', '--port', String(port), '--workers', workers],
        ...['--log-level', 'error', '--timeout-graceful-shutdown', '1', 'app:application'],
      ];
    case 'celery':
      return [
        runtime,
        ...['-m', 'celery', '--app', 'app', 'worker', '--concurrency', String(service.concurrency)],
        ...['--pool', 'prefork', '--loglevel', 'error', '--without-mingle', '--without-gossip'],
      ];
    case 'node':
      return [runtime, 'server.mjs'];
    default:
      throw new Error(`No command for ${service.server}`);
  }
}

/** Starts every instance of a service; resolves when each answers. */
export async function startService(service, { folder, environment, target, runtime }) {
  const instances = [];
  // Modules are looked for above the file that imports them.
  const modules = join(target, 'node_modules');
  if (existsSync(modules)) symlinkSync(modules, join(folder, 'node_modules'));
  const broker = join(folder, 'broker');
  mkdirSync(broker, { recursive: true });
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    LC_ALL: 'C.UTF-8',
    PYTHONPATH: target,
    PYTHONDONTWRITEBYTECODE: '1',

    BROKER_FOLDER: broker,
    ...environment,
    ...service.env,
  };
  for (let replica = 0; replica < (service.replicas ?? 1); replica++) {
    const port = await freePort();
    const [program, ...args] = command(service, port, runtime);
    instances.push({ port, process: start(program, args, { cwd: folder, env: { ...env, PORT: String(port) } }) });
  }
  const stopAll = () => Promise.all(instances.map((instance) => stop(instance.process)));
  const isHttp = service.server !== 'celery';
  for (const instance of instances) {
    let hasEnded = false;
    instance.process.ended.then(() => {
      hasEnded = true;
    });
    const ready = !isHttp || (await until(async () => hasEnded || (await answers(instance.port)), 60_000));
    if (!ready || hasEnded) {
      await stopAll();
      throw new Error(`${service.server} did not start: ${instance.process.output().slice(-1500)}`);
    }
  }
  return {
    ports: isHttp ? instances.map(({ port }) => port) : [],
    env,
    output: () => instances.map((instance) => instance.process.output()).join('\n'),
    stop: stopAll,
  };
}
