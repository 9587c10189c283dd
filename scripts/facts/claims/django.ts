import { isAtLeast } from '../../../server/src/facts/versions.ts';
import { claimsOf, type Json, type LibraryClaims } from '../claim.ts';

const helpers = ['dj-database-url', 'django-environ'];
const driver = ['psycopg[binary]', 'psycopg_pool'];
const usualPool = { min: 4, max: 4, timeout: 30, lifetime: 3600, check: false, open: 4 };

function poolClaims(version: string): (readonly [string, Json, string])[] {
  return [
    ['pool: True', usualPool, 'pool: True means psycopg_pool with its defaults, 4 connections'],
    ['pool: {}', null, 'An empty dictionary means no pool'],
    ['pool: max_size 10', { ...usualPool, max: 10, open: null }, 'max_size alone'],
    ['pool: max_size 2', 'ValueError', 'max_size below 4 needs a min_size'],
    ['pool: 2 to 4', { ...usualPool, min: 2, timeout: 10, open: null }, 'Sizes as written'],
    ['pool: pool_size', 'TypeError', 'pool_size is unknown'],
    ['pool: open', 'TypeError', 'Django sets open itself'],
    isAtLeast(version, '6.1')
      ? ['pool: check', usualPool, 'check may be given from 6.1']
      : ['pool: check', 'TypeError', 'Before 6.1 Django sets check itself'],
    ['pool: configure', 'TypeError', 'Django sets configure itself'],
    ['pool: kwargs', 'TypeError', 'Django sets kwargs itself'],
    ['pool with CONN_HEALTH_CHECKS', { ...usualPool, check: true }, 'CONN_HEALTH_CHECKS lets the pool check'],
    ['pool with CONN_MAX_AGE=60', 'ImproperlyConfigured', 'A pool and persistent connections exclude each other'],
    ['pool with CONN_MAX_AGE=None', 'ImproperlyConfigured', 'None is persistent too'],
  ];
}

export const library: LibraryClaims = {
  name: 'Django',
  probe: 'python/django_databases.py',
  server: 'postgresql',
  environments: [
    { id: 'django-4.2', language: 'python', packages: ['django==4.2.*', ...driver, ...helpers] },
    { id: 'django-5.2', language: 'python', packages: ['django==5.2.*', ...driver, ...helpers] },
    { id: 'django-6.0', language: 'python', python: '3.12', packages: ['django==6.0.*', ...driver, ...helpers] },
    { id: 'django-newest', language: 'python', python: '3.12', packages: ['django', ...driver, ...helpers] },
  ],
  claims({ versions }) {
    const version = versions['django'] ?? '0';
    const hasPool = isAtLeast(version, '5.1');
    return [
      ...claimsOf('https://docs.djangoproject.com/en/stable/ref/settings/#databases', [
        ['default CONN_MAX_AGE', 0, 'CONN_MAX_AGE, seconds'],
        ['default CONN_HEALTH_CHECKS', false, 'CONN_HEALTH_CHECKS'],
        ['default DISABLE_SERVER_SIDE_CURSORS', 'unset', 'DISABLE_SERVER_SIDE_CURSORS'],
        ['CONN_MAX_AGE=0: backends of 2 requests', 2, 'CONN_MAX_AGE=0 closes at the end of a request'],
        ['CONN_MAX_AGE=600: backends of 2 requests', 1, 'CONN_MAX_AGE=600 keeps the connection'],
        ['CONN_MAX_AGE=None: backends of 2 requests', 1, 'CONN_MAX_AGE=None keeps it'],
        ['CONN_MAX_AGE=-5: backends of 2 requests', 2, 'A negative CONN_MAX_AGE is 0'],
        ['conn_max_age in lower case', 2, 'A key in lower case is ignored'],
        ['CONN_MAX_AGE as a text', 'TypeError', 'A text raises at the connect'],
        ['signals that close connections', ['request_started', 'request_finished'], 'Only request signals close'],
        ['CONN_MAX_AGE=0 outside requests: backends of 2 queries', 1, 'Outside requests nothing closes'],
        ['a dead connection without CONN_HEALTH_CHECKS', 'OperationalError', 'A dead connection is handed out'],
        ['a dead connection with CONN_HEALTH_CHECKS', 'ok', 'CONN_HEALTH_CHECKS replaces it'],
        ['connections of 4 threads', 4, 'One connection per thread'],
        ['pool with SQLite', 'TypeError', 'SQLite knows no pool'],
        ['prepare_threshold', null, 'Django switches psycopg 3 prepared statements off'],
        ...(hasPool
          ? poolClaims(version)
          : ([['pool: True', 'ProgrammingError', 'Before 5.1 the option reaches the driver']] as const)),
      ]),
      ...claimsOf('https://github.com/jazzband/dj-database-url', [
        [
          'dj_database_url.config defaults',
          {
            env: 'DATABASE_URL',
            default: null,
            conn_max_age: 0,
            conn_health_checks: false,
            disable_server_side_cursors: false,
            ssl_require: false,
          },
          'The defaults of dj_database_url.config',
        ],
        [
          'dj_database_url: ?conn_max_age=600&pool=true',
          { CONN_MAX_AGE: 0, OPTIONS: { conn_max_age: 600, pool: true } },
          'URL parameters become OPTIONS',
        ],
      ]),
      ...claimsOf('https://django-environ.readthedocs.io/', [
        ['django-environ without parameters', 'unset', 'django-environ sets no CONN_MAX_AGE'],
        [
          'django-environ: ?conn_max_age=600&conn_health_checks=false&pool=true',
          { CONN_MAX_AGE: 600, CONN_HEALTH_CHECKS: 'false', OPTIONS: { pool: 'true' } },
          'Some URL parameters become settings; true and false stay texts',
        ],
      ]),
    ];
  },
};
