import { aiopgFacts, aiopgMisspelt, aiopgNumbers } from '../../../server/src/facts/aiopg.ts';
import { claimsOf, defaultClaims, type LibraryClaims, numberClaims, refusedClaims, tableClaim } from '../claim.ts';

const aiopg = 'server/src/facts/aiopg.ts';

function fallbackOf(role: string) {
  return aiopgFacts.find((fact) => fact.role === role)?.fallback ?? null;
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
    aiopg: {
      defaults: aiopgFacts.map(({ name }) => name),
      numbers: Object.keys(aiopgNumbers),
      refused: Object.keys(aiopgMisspelt),
    },
  },
  claims({ environment }) {
    switch (environment) {
      case 'tortoise-newest':
        return claimsOf('https://tortoise.github.io/databases.html', [
          ['Tortoise', { eager: 1, peak: 5 }, 'A default pool: 1 at once, 5 at most'],
          ['Tortoise ?minsize=2&maxsize=3', { eager: 2, peak: 3 }, 'minsize and maxsize in the URL'],
          ['Tortoise ?maxsize=0', 'ValueError', 'maxsize=0 raises'],
          ['Tortoise ?min_size=2&max_size=4', { eager: 2, peak: 4 }, 'min_size and max_size reach asyncpg'],
        ]);
      case 'databases-newest':
        return claimsOf('https://www.encode.io/databases/connections_and_transactions/', [
          ['databases', { eager: 10, peak: 10 }, "The default pool is asyncpg's: 10 at once"],
          ['databases min_size=2, max_size=3', { eager: 2, peak: 3 }, 'Sizes as arguments'],
          ['databases ?min_size=2&max_size=3', { eager: 2, peak: 3 }, 'Sizes in the URL'],
          ['databases max_size=5', 'ValueError', "max_size below asyncpg's default min_size raises"],
        ]);
      case 'piccolo-newest':
        return claimsOf('https://piccolo-orm.readthedocs.io/en/latest/piccolo/engines/postgres_engine.html', [
          ['Piccolo without a pool', { eager: 0, peak: 14 }, 'Without a pool each query connects'],
          ['Piccolo with a pool', { eager: 10, peak: 10 }, "The default pool is asyncpg's: 10 at once"],
          ['Piccolo with a pool of 1 to 3', { eager: 1, peak: 3 }, 'Sizes as arguments of start_connection_pool'],
        ]);
      default:
        return [
          ...defaultClaims(aiopg, 'create_pool', aiopgFacts),
          ...numberClaims(`${aiopg}: aiopgNumbers`, aiopgNumbers),
          ...refusedClaims(`${aiopg}: aiopgMisspelt`, 'create_pool', Object.keys(aiopgMisspelt), 'ProgrammingError'),
          tableClaim(
            `${aiopg}: minsize.fallback, maxsize.fallback`,
            'aiopg',
            { eager: fallbackOf('minimum'), peak: fallbackOf('size') },
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
