import {
  aliasFacts,
  aliasKeys,
  connectionPoolFacts,
  databaseUrlKeywords,
  dialectOfEngine,
  dialectOfScheme,
  geventPoolFacts,
  hasNativePool,
  liftedByEnviron,
  poolArgumentsOfDjango,
} from '../../../server/src/facts/django.ts';
import { psycopgPoolFact } from '../../../server/src/facts/psycopgPool.ts';
import { type Claim, claimsOf, defaultClaims, type Json, type LibraryClaims, tableClaim } from '../claim.ts';

const table = 'server/src/facts/django.ts';
const helpers = ['dj-database-url', 'django-environ', 'django-db-connection-pool', 'django-db-geventpool', 'gevent'];
const driver = ['psycopg[binary]', 'psycopg_pool'];
const psycopg = (name: string): Json => psycopgPoolFact.get(name)?.fallback ?? null;
/** The native pool with psycopg_pool's own defaults, in the probe's words. */
const usualPool = {
  min: psycopg('min_size'),
  max: psycopg('min_size'),
  timeout: psycopg('timeout'),
  lifetime: psycopg('max_lifetime'),
  check: false,
  open: psycopg('min_size'),
};

function poolClaims(version: string): readonly Claim[] {
  const refused = poolArgumentsOfDjango(version);
  return [
    ...['open', 'check', 'configure', 'kwargs'].map((name) =>
      tableClaim(
        `${table}: poolArgumentsOfDjango`,
        `pool: ${name}`,
        refused.includes(name) ? 'TypeError' : usualPool,
        `Django ${refused.includes(name) ? 'sets' : 'accepts'} ${name} in a pool's options`,
      ),
    ),
    ...claimsOf('https://docs.djangoproject.com/en/stable/ref/databases/#connection-pool', [
      ['pool: True', usualPool, 'pool: True means psycopg_pool with its defaults'],
      ['pool: {}', null, 'An empty dictionary means no pool'],
      ['pool: max_size 10', { ...usualPool, max: 10, open: null }, 'max_size alone'],
      ['pool: max_size 2', 'ValueError', 'max_size below the default min_size needs a min_size'],
      ['pool: 2 to 4', { ...usualPool, min: 2, max: 4, timeout: 10, open: null }, 'Sizes as written'],
      ['pool: pool_size', 'TypeError', 'pool_size is unknown'],
      ['pool: a misspelt name', 'TypeError', 'An unknown name raises'],
      ['pool with CONN_HEALTH_CHECKS', { ...usualPool, check: true }, 'CONN_HEALTH_CHECKS lets the pool check'],
      ['pool with CONN_MAX_AGE=60', 'ImproperlyConfigured', 'A pool and persistent connections exclude each other'],
      ['pool with CONN_MAX_AGE=None', 'ImproperlyConfigured', 'None is persistent too'],
    ]),
  ];
}

/** What the URL helpers know of schemes, settings and defaults. */
function helperClaims(values: Readonly<Record<string, Json>>): readonly Claim[] {
  const schemes = ['dj-database-url', 'django-environ'].map((name) => {
    const key = `schemes of ${name}`;
    const real = Object.entries((values[key] ?? {}) as Record<string, string>);
    const expected = real.map(([scheme, engine]) => {
      const dialect = dialectOfScheme(scheme);
      return [scheme, dialect === dialectOfEngine(engine) ? engine : `${dialect}, not ${engine}`];
    });
    return tableClaim(`${table}: schemeWords, engineWords`, key, Object.fromEntries(expected), `Schemes of ${name}`);
  });
  return [
    ...schemes,
    tableClaim(`${table}: liftedByEnviron`, 'django-environ lifts', [...liftedByEnviron].sort(), 'Keys it lifts'),
    tableClaim(
      `${table}: databaseUrlKeywords`,
      'dj_database_url.config defaults',
      {
        env: 'DATABASE_URL',
        default: null,
        ...Object.fromEntries(
          Object.keys(databaseUrlKeywords).map((name) => [name, name === 'conn_max_age' ? 0 : false]),
        ),
        ssl_require: false,
      },
      'The keywords of dj_database_url and their defaults',
    ),
    tableClaim(
      `${table}: connectionPoolFacts`,
      'django-db-connection-pool',
      Object.fromEntries([
        ...connectionPoolFacts.map(({ name, fallback }) => [name.toLowerCase(), fallback]),
        ['echo', false],
      ]),
      'The defaults of django-db-connection-pool',
    ),
    tableClaim(
      `${table}: geventPoolFacts`,
      'django_db_geventpool',
      {
        ...Object.fromEntries(geventPoolFacts.map(({ name, fallback }) => [name, fallback])),
        sized: 7,
        kept: 7,
        'to the driver': ['client_encoding', 'sslmode'],
      },
      'The limit of django_db_geventpool, and what it hands on',
    ),
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
  asks: { defaults: aliasFacts.map(({ name }) => name) },
  claims({ versions, values }) {
    const version = versions['django'] ?? '0';
    const hasPool = hasNativePool('postgresql', version);
    return [
      ...defaultClaims(table, 'DATABASES', aliasFacts),
      tableClaim(`${table}: aliasKeys`, 'keys of an alias', [...aliasKeys].sort(), 'The keys of an alias'),
      ...(hasPool
        ? poolClaims(version)
        : [
            tableClaim(
              `${table}: hasNativePool`,
              'pool: True',
              'ProgrammingError',
              'Before 5.1 the option reaches the driver',
            ),
          ]),
      ...helperClaims(values),
      ...claimsOf('https://docs.djangoproject.com/en/stable/ref/settings/#databases', [
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
      ]),
      ...claimsOf('https://github.com/jazzband/dj-database-url', [
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
