import { aiopgFacts, aiopgMisspelt, aiopgNumbers } from '../../../server/src/facts/aiopg.ts';
import { asyncpgFacts } from '../../../server/src/facts/asyncpg.ts';
import { databasesFacts, databasesMisspelt } from '../../../server/src/facts/databases.ts';
import type { ParameterFact } from '../../../server/src/facts/parameter.ts';
import { startsPool, startsPoolMisspelt } from '../../../server/src/facts/piccolo.ts';
import { tortoiseFacts, tortoiseMisspelt, tortoiseSchemes } from '../../../server/src/facts/tortoise.ts';
import { claimsOf, defaultClaims, type LibraryClaims, numberClaims, refusedClaims, tableClaim } from '../claim.ts';

const aiopg = 'server/src/facts/aiopg.ts';
const databases = 'server/src/facts/databases.ts';
const tortoise = 'server/src/facts/tortoise.ts';

function fallbackOf(facts: readonly ParameterFact[], role: string) {
  return facts.find((fact) => fact.role === role)?.fallback ?? null;
}

export const library: LibraryClaims = {
  name: 'Tortoise, databases, Piccolo, aiopg',
  probe: 'python/async_wrappers.py',
  server: 'postgresql',
  environments: [
    { id: 'tortoise-newest', language: 'python', packages: ['tortoise-orm', 'asyncpg'] },
    { id: 'databases-newest', language: 'python', packages: ['databases', 'asyncpg'] },
    { id: 'piccolo-newest', language: 'python', packages: ['piccolo[postgres]'] },
    { id: 'aiopg-newest', language: 'python', packages: ['aiopg', 'psycopg2-binary'] },
  ],
  asks: {
    databases: { refused: Object.keys(databasesMisspelt) },
    tortoise: { refused: Object.keys(tortoiseMisspelt) },
    piccolo: [startsPool, startsPoolMisspelt],
    aiopg: {
      defaults: aiopgFacts.map(({ name }) => name),
      numbers: Object.keys(aiopgNumbers),
      refused: Object.keys(aiopgMisspelt),
    },
  },
  claims({ environment }) {
    switch (environment) {
      case 'tortoise-newest':
        return [
          tableClaim(
            `${tortoise}: tortoiseFacts`,
            'Tortoise',
            {
              eager: fallbackOf(tortoiseFacts('asyncpg'), 'minimum'),
              peak: fallbackOf(tortoiseFacts('asyncpg'), 'size'),
            },
            'A default pool: minsize at once, maxsize at most',
          ),
          tableClaim(
            `${tortoise}: tortoiseSchemes`,
            'Tortoise schemes',
            Object.fromEntries(Object.entries(tortoiseSchemes).map(([scheme, backend]) => [scheme, backend])),
            'URL schemes and their backends',
          ),
          ...refusedClaims(`${tortoise}: tortoiseMisspelt`, 'asyncpg', Object.keys(tortoiseMisspelt)),
          ...claimsOf('https://tortoise.github.io/databases.html', [
            ['Tortoise ?minsize=2&maxsize=3', { eager: 2, peak: 3 }, 'minsize and maxsize in the URL'],
            ['Tortoise ?maxsize=0', 'ValueError', 'maxsize=0 raises'],
            ['Tortoise ?min_size=2&max_size=4', { eager: 2, peak: 4 }, 'min_size and max_size reach asyncpg'],
          ]),
        ];
      case 'databases-newest':
        return [
          tableClaim(
            `${databases}: databasesFacts('asyncpg')`,
            'databases',
            {
              eager: fallbackOf(databasesFacts('asyncpg'), 'minimum'),
              peak: fallbackOf(databasesFacts('asyncpg'), 'size'),
            },
            "The default pool is asyncpg's",
          ),
          ...refusedClaims(`${databases}: databasesMisspelt`, 'asyncpg', Object.keys(databasesMisspelt)),
          ...claimsOf('https://www.encode.io/databases/connections_and_transactions/', [
            ['databases min_size=2, max_size=3', { eager: 2, peak: 3 }, 'Sizes as arguments'],
            ['databases ?min_size=2&max_size=3', { eager: 2, peak: 3 }, 'Sizes in the URL'],
            ['databases max_size=5', 'ValueError', "max_size below asyncpg's default min_size raises"],
          ]),
        ];
      case 'piccolo-newest':
        return [
          tableClaim(
            'server/src/facts/piccolo.ts: startsPool, startsPoolMisspelt',
            'Piccolo has',
            [startsPool, startsPoolMisspelt],
            'The method that starts a pool, and its misspelling',
          ),
          ...claimsOf('https://piccolo-orm.readthedocs.io/en/latest/piccolo/engines/postgres_engine.html', [
            ['Piccolo without a pool', { eager: 0, peak: 14 }, 'Without a pool each query connects'],
            [
              'Piccolo with a pool',
              { eager: fallbackOf(asyncpgFacts, 'minimum'), peak: fallbackOf(asyncpgFacts, 'size') },
              "The default pool is asyncpg's",
            ],
            ['Piccolo with a pool of 1 to 3', { eager: 1, peak: 3 }, 'Sizes as arguments of start_connection_pool'],
          ]),
        ];
      default:
        return [
          ...defaultClaims(aiopg, 'create_pool', aiopgFacts),
          ...numberClaims(`${aiopg}: aiopgNumbers`, aiopgNumbers),
          ...refusedClaims(`${aiopg}: aiopgMisspelt`, 'create_pool', Object.keys(aiopgMisspelt), 'ProgrammingError'),
          tableClaim(
            `${aiopg}: minsize.fallback, maxsize.fallback`,
            'aiopg',
            { eager: fallbackOf(aiopgFacts, 'minimum'), peak: fallbackOf(aiopgFacts, 'size') },
            'A default pool: minsize at once, maxsize at most',
          ),
          tableClaim(`${aiopg}: maxsize.special 0`, 'aiopg maxsize=0', { eager: 1, peak: 14 }, 'maxsize=0: no limit'),
          ...claimsOf('https://aiopg.readthedocs.io/en/stable/core.html#pool', [
            ['aiopg minsize=2, maxsize=3', { eager: 2, peak: 3 }, 'minsize and maxsize'],
          ]),
        ];
    }
  },
};
