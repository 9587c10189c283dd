import { parameterFacts } from '../../../server/src/facts/sqlalchemy.ts';
import { isAtLeast } from '../../../server/src/facts/versions.ts';
import { claimsOf, type Json, type LibraryClaims } from '../claim.ts';

const fallbacks = Object.fromEntries(parameterFacts.map(({ name, fallback }) => [name, fallback]));
/** An engine with SQLAlchemy's own defaults, in the probe's words. */
const usual = {
  class: 'QueuePool',
  recycle: fallbacks['pool_recycle'] as Json,
  size: fallbacks['pool_size'] as Json,
  overflow: fallbacks['max_overflow'] as Json,
  timeout: fallbacks['pool_timeout'] as Json,
};
/** Seconds after which Flask-SQLAlchemy replaces MySQL connections; version 2 and 3. */
const mysqlRecycle = 7200;

export const library: LibraryClaims = {
  name: 'Flask-SQLAlchemy and SQLModel',
  probe: 'python/flask_sqlalchemy_probe.py',
  server: 'postgresql',
  environments: [
    {
      id: 'flask-sqlalchemy-2',
      language: 'python',
      packages: ['flask-sqlalchemy==2.5.1', 'sqlalchemy<2', 'flask<2.3', 'werkzeug<2.3', 'psycopg2-binary', 'pymysql'],
    },
    {
      id: 'flask-sqlalchemy-newest',
      language: 'python',
      packages: ['flask-sqlalchemy', 'sqlmodel', 'psycopg2-binary', 'pymysql'],
    },
  ],
  claims({ versions }) {
    const is3 = isAtLeast(versions['flask-sqlalchemy'] ?? '0', '3');
    const mysql = is3 ? { ...usual, recycle: mysqlRecycle } : { ...usual, recycle: mysqlRecycle, size: 10 };
    return [
      ...claimsOf('https://flask-sqlalchemy.readthedocs.io/en/stable/config/', [
        ['defaults', usual, "The defaults are SQLAlchemy's"],
        [
          'SQLALCHEMY_POOL_SIZE and its kin',
          is3 ? usual : { class: 'QueuePool', recycle: 60, size: 50, overflow: 1, timeout: 3 },
          'SQLALCHEMY_POOL_SIZE, _TIMEOUT, _RECYCLE and _MAX_OVERFLOW are ignored from 3.0',
        ],
        ['SQLALCHEMY_ENGINE_OPTIONS', { ...usual, size: 3, overflow: 1 }, 'SQLALCHEMY_ENGINE_OPTIONS reach the engine'],
        [
          'a text as pool_size',
          is3 ? { ...usual, size: 4 } : 'TypeError',
          'A text in the engine options is turned into a number from 3.0, and raises before',
        ],
        ['"false" as pool_pre_ping', true, 'The text "false" switches pool_pre_ping on'],
        [
          'SQLALCHEMY_ENGINE_OPTIONS and a bind',
          { default: 3, other: is3 ? 5 : 3, same: false },
          'From 3.0 SQLALCHEMY_ENGINE_OPTIONS reach the default bind only',
        ],
        [
          'engine_options of the constructor and a bind',
          { default: is3 ? 3 : 4, other: 4, same: false },
          'engine_options of the constructor reach every bind; the setting wins from 3.0 only',
        ],
        ['MySQL', mysql, 'MySQL engines recycle after two hours'],
        ['MariaDB', usual, 'mariadb URLs get no recycle'],
        [
          'MySQL with NullPool',
          is3 ? { class: 'NullPool', recycle: mysqlRecycle } : 'TypeError',
          'With NullPool the recycle is harmless; before 3.0 a pool_size of 10 was added too, which NullPool refuses',
        ],
        ['sqlite in memory', 'StaticPool', 'sqlite in memory'],
        ['sqlite in memory with pool_size', 'TypeError', 'sqlite in memory refuses pool_size'],
        ['sqlite in a file', is3 ? 'QueuePool' : 'NullPool', 'A sqlite file'],
      ]),
      ...(is3
        ? claimsOf('https://sqlmodel.tiangolo.com/', [
            ["sqlmodel.create_engine is SQLAlchemy's", true, 'SQLModel re-exports create_engine'],
            ['pool classes of sqlmodel.pool', ['StaticPool'], 'sqlmodel.pool has StaticPool only'],
          ])
        : []),
    ];
  },
};
