/** Programs that serve or work, and which of their options say something about processes. */
import type { ManifestKey, ManifestValue } from '../drift.ts';

export type ProgramOption =
  | { readonly key: ManifestKey; readonly takes: 'number' | 'text' | 'instances' | 'range' }
  /** A switch, and what it says: null where it leaves the key to something else. */
  | { readonly key: ManifestKey; readonly takes: 'nothing'; readonly value: ManifestValue | null };

export interface Program {
  readonly server: string;
  readonly options: Readonly<Record<string, ProgramOption>>;
  /** The word that must follow the program, such as `worker` after `celery`. */
  readonly subcommands?: readonly string[];
  /** Options that name the application; without any, it is the word that looks like one. */
  readonly application?: readonly string[];
  /** Options that name a file which may hold any of the others. */
  readonly configuration?: RegExp;
}

const number = (key: ManifestKey): ProgramOption => ({ key, takes: 'number' });
const text = (key: ManifestKey): ProgramOption => ({ key, takes: 'text' });
/** Servers run one worker while they watch files, whatever `workers` says; that is for development. */
const reload: ProgramOption = { key: 'workers', takes: 'nothing', value: null };

export const gunicorn: Program = {
  server: 'gunicorn',
  options: {
    '-w': number('workers'),
    '--workers': number('workers'),
    '--threads': number('threads'),
    '-k': text('worker_class'),
    '--worker-class': text('worker_class'),
    '--worker-connections': number('concurrency'),
    '--preload': { key: 'preload', takes: 'nothing', value: true },
  },
};

const uvicornOptions = { '--workers': number('workers'), '--reload': reload };
const node: Program = { server: 'node', options: {} };
const pm2Options: Program['options'] = {
  '-i': { key: 'workers', takes: 'instances' },
  '--instances': { key: 'workers', takes: 'instances' },
};

export const programs: Readonly<Record<string, readonly Program[]>> = {
  gunicorn: [gunicorn],
  uvicorn: [
    {
      server: 'uvicorn',
      options: {
        ...uvicornOptions,
        '--limit-concurrency': number('concurrency'),
        '--interface': text('worker_class'),
      },
    },
  ],
  fastapi: [{ server: 'uvicorn', options: uvicornOptions, subcommands: ['run'] }],
  hypercorn: [
    {
      server: 'hypercorn',
      options: { '-w': number('workers'), '--workers': number('workers'), '--reload': reload },
    },
  ],
  granian: [
    {
      server: 'granian',
      options: {
        '--workers': number('workers'),
        '--interface': text('worker_class'),
        '--blocking-threads': number('threads'),
        '--backpressure': number('concurrency'),
        '--reload': reload,
      },
    },
  ],
  daphne: [{ server: 'daphne', options: {} }],
  uwsgi: [
    {
      server: 'uwsgi',
      options: {
        '-p': number('workers'),
        '--processes': number('workers'),
        '--workers': number('workers'),
        '--threads': number('threads'),
        '--gevent': number('concurrency'),
        '--lazy-apps': { key: 'lazy_apps', takes: 'nothing', value: true },
        '--lazy': { key: 'lazy_apps', takes: 'nothing', value: true },
      },
      application: ['-w', '--module', '--wsgi-file'],
      configuration: /^--?(?:ini|yaml|json|xml|emperor)\b|\.(?:ini|ya?ml|json|xml)$/,
    },
  ],
  celery: [
    {
      server: 'celery',
      options: {
        '-c': number('concurrency'),
        '--concurrency': number('concurrency'),
        '-P': text('worker_class'),
        '--pool': text('worker_class'),
        '--autoscale': { key: 'concurrency', takes: 'range' },
      },
      subcommands: ['worker'],
      application: ['-A', '--app'],
    },
    { server: 'script', options: {}, subcommands: ['beat'], application: ['-A', '--app'] },
  ],
  'waitress-serve': [{ server: 'waitress', options: { '--threads': number('threads') } }],
  dramatiq: [
    {
      server: 'dramatiq',
      options: {
        '-p': number('workers'),
        '--processes': number('workers'),
        '-t': number('threads'),
        '--threads': number('threads'),
      },
    },
  ],
  rq: [
    { server: 'rq', options: {}, subcommands: ['worker'] },
    {
      server: 'rq',
      options: { '-n': number('workers'), '--num-workers': number('workers') },
      subcommands: ['worker-pool'],
    },
  ],
  arq: [{ server: 'arq', options: {} }],
  'pm2-runtime': [{ server: 'pm2', options: pm2Options }],
  pm2: [{ server: 'pm2', options: pm2Options, subcommands: ['start'] }],
  next: [{ ...node, subcommands: ['start'] }],
  nest: [{ ...node, subcommands: ['start'] }],
  nuxt: [{ ...node, subcommands: ['start'] }],
  'remix-serve': [node],
  'react-router-serve': [node],
};

/** Programs that run the command behind them. */
export const wrappers: ReadonlySet<string> = new Set([
  'exec',
  'env',
  'nice',
  'nohup',
  'sudo',
  'time',
  'tini',
  'dumb-init',
  'ddtrace-run',
  'opentelemetry-instrument',
  'gosu',
  'su-exec',
  'cross-env',
  'npx',
  'bunx',
]);

/** Wrappers that name a user before the command. */
export const userWrappers: ReadonlySet<string> = new Set(['gosu', 'su-exec']);

/** Tools that run a command of their environment with `run`. */
export const runners: ReadonlySet<string> = new Set(['poetry', 'uv', 'pipenv', 'pdm', 'hatch', 'rye', 'doppler']);

/** Modules of Python that are tools for a moment, or for development. */
export const toolModules: ReadonlySet<string> = new Set([
  'alembic',
  'compileall',
  'coverage',
  'debugpy',
  'flask',
  'http.server',
  'pip',
  'pytest',
  'ruff',
  'unittest',
  'venv',
]);

/** Management commands of Django that do their work and are gone, or belong to development. */
export const oneOffDjangoCommands: ReadonlySet<string> = new Set([
  'check',
  'collectstatic',
  'compilemessages',
  'compress',
  'createcachetable',
  'createsuperuser',
  'dbshell',
  'diffsettings',
  'dumpdata',
  'flush',
  'loaddata',
  'makemessages',
  'makemigrations',
  'migrate',
  'runserver',
  'runserver_plus',
  'shell',
  'shell_plus',
  'showmigrations',
  'test',
  'wait_for_db',
]);
