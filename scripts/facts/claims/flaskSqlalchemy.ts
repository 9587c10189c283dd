import {
  coercesTexts,
  formerSettings,
  hasFormerSettings,
  mysqlDefaults,
  optionsReachBinds,
  settingWins,
} from '../../../server/src/facts/flaskSqlalchemy.ts';
import { parameterFacts } from '../../../server/src/facts/sqlalchemy.ts';
import { isAtLeast } from '../../../server/src/facts/versions.ts';
import { claimsOf, type Json, type LibraryClaims, tableClaimsOf } from '../claim.ts';

const fallbacks = Object.fromEntries(parameterFacts.map(({ name, fallback }) => [name, fallback]));
/** An engine with SQLAlchemy's own defaults, in the probe's words. */
const usual = {
  class: 'QueuePool',
  recycle: fallbacks['pool_recycle'] as Json,
  size: fallbacks['pool_size'] as Json,
  overflow: fallbacks['max_overflow'] as Json,
  timeout: fallbacks['pool_timeout'] as Json,
};
const table = 'server/src/facts/flaskSqlalchemy.ts';
/** Values the probe gives to the former settings, by the engine option each became. */
const former: Readonly<Record<string, number>> = { pool_size: 50, pool_timeout: 3, pool_recycle: 60, max_overflow: 1 };

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
  asks: {
    former: Object.fromEntries(Object.entries(formerSettings).map(([name, option]) => [name, former[option] ?? null])),
  },
  claims({ versions }) {
    const version = versions['flask-sqlalchemy'] ?? '0';
    const is3 = isAtLeast(version, '3');
    const own = mysqlDefaults(version);
    const mysqlRecycle = own['pool_recycle'] ?? null;
    const mysql = { ...usual, recycle: mysqlRecycle, size: own['pool_size'] ?? usual.size };
    const size = Number(usual.size);
    return [
      ...tableClaimsOf(table, [
        ['defaults', usual, "The defaults are SQLAlchemy's"],
        [
          'SQLALCHEMY_POOL_SIZE and its kin',
          hasFormerSettings(version) ? { class: 'QueuePool', recycle: 60, size: 50, overflow: 1, timeout: 3 } : usual,
          'SQLALCHEMY_POOL_SIZE, _TIMEOUT, _RECYCLE and _MAX_OVERFLOW are ignored from 3.0',
        ],
        ['SQLALCHEMY_ENGINE_OPTIONS', { ...usual, size: 3, overflow: 1 }, 'SQLALCHEMY_ENGINE_OPTIONS reach the engine'],
        [
          'a text as pool_size',
          coercesTexts(version) ? { ...usual, size: 4 } : 'TypeError',
          'A text in the engine options is turned into a number from 3.0, and raises before',
        ],
        ['"false" as pool_pre_ping', true, 'The text "false" switches pool_pre_ping on'],
        [
          'SQLALCHEMY_ENGINE_OPTIONS and a bind',
          { default: 3, other: optionsReachBinds(version) ? 3 : size, same: false },
          'From 3.0 SQLALCHEMY_ENGINE_OPTIONS reach the default bind only',
        ],
        [
          'engine_options of the constructor and a bind',
          { default: settingWins(version) ? 3 : 4, other: 4, same: false },
          'engine_options of the constructor reach every bind; the setting wins from 3.0 only',
        ],
        ['MySQL', mysql, 'MySQL engines recycle after two hours'],
        ['MariaDB', usual, 'mariadb URLs get no recycle'],
        [
          'MySQL with NullPool',
          own['pool_size'] === undefined ? { class: 'NullPool', recycle: mysqlRecycle } : 'TypeError',
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
