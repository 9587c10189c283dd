import type { Environment } from './claim.ts';

const drivers = ['psycopg2-binary', 'asyncpg', 'greenlet', 'aiosqlite'];

/** The releases of SQLAlchemy that behave differently, side by side; the newest is whatever is newest. */
export const sqlalchemyEnvironments: readonly Environment[] = [
  { id: 'sqlalchemy-1.4', language: 'python', packages: ['sqlalchemy<2', ...drivers] },
  { id: 'sqlalchemy-2.0', language: 'python', packages: ['sqlalchemy>=2.0,<2.1', 'psycopg[binary]', ...drivers] },
  { id: 'sqlalchemy-newest', language: 'python', packages: ['sqlalchemy>=2.1', 'psycopg[binary]', ...drivers] },
];
