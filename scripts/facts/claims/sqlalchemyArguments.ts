import {
  argumentsCoercedFromConfig,
  asyncOnlyDrivers,
  classDependentArguments,
  defaultDriver,
  futureFalseRaises,
  networkDialects,
  numberArguments,
  parameterFacts,
  poolClasses,
  poolClassLoopIsChecked,
  resetOnReturnValues,
  syncOnlyDrivers,
} from '../../../server/src/facts/sqlalchemy.ts';
import { driverArguments, misspeltArguments, otherEngineArguments } from '../../../server/src/facts/sqlalchemyNames.ts';
import { isAtLeast } from '../../../server/src/facts/versions.ts';
import { type Claim, claimsOf, type LibraryClaims, type Measured, numberClaims, tableClaim } from '../claim.ts';
import { sqlalchemyEnvironments } from '../sqlalchemyEnvironments.ts';

const table = 'server/src/facts/sqlalchemy.ts';
const names = 'server/src/facts/sqlalchemyNames.ts';
const invalidArgument = 'create_engine names the arguments that nobody takes in a TypeError';

function parameterClaims(): readonly Claim[] {
  return parameterFacts
    .filter(({ name }) => name !== 'poolclass')
    .map(({ name, fallback, source }) =>
      tableClaim(`${table}: ${name}.fallback`, `default ${name}`, fallback, `create_engine's default ${name}`, source),
    );
}

function poolClassClaims(version: string): readonly Claim[] {
  return Object.entries(poolClasses).flatMap(([name, { accepts, loop }]) => {
    const key = `pool class ${name}`;
    const where = `${table}: poolClasses.${name}`;
    if (name === 'FallbackAsyncAdaptedQueuePool') {
      if (isAtLeast(version, '2.1')) return [tableClaim(where, key, 'absent', `${name} is gone from 2.1`)];
      return [
        tableClaim(
          where,
          key,
          isAtLeast(version, '2.0') ? 'ArgumentError, async ok' : 'ok, async ok',
          `${name} exists`,
        ),
        tableClaim(where, `accepted by ${name}`, [...accepts], `${name} accepts these of the dependent arguments`),
        tableClaim(where, `others accepted by ${name}`, 'ok', `${name} accepts the arguments all classes do`),
      ];
    }
    const isChecked = poolClassLoopIsChecked(version);
    const forSync = !isChecked || loop !== 'async' ? 'ok' : 'ArgumentError';
    const forAsync = !isChecked || loop !== 'sync' ? 'ok' : 'ArgumentError';
    return [
      tableClaim(where, key, `${forSync}, async ${forAsync}`, `${name} serves which kind of engine`),
      tableClaim(where, `accepted by ${name}`, [...accepts], `${name} accepts these of the dependent arguments`),
      tableClaim(where, `others accepted by ${name}`, 'ok', `${name} accepts the arguments all classes do`),
    ];
  });
}

function nameClaims(): readonly Claim[] {
  const misspelt = Object.keys(misspeltArguments).map((name) => [name, 'misspeltArguments'] as const);
  const drivers = [...driverArguments].map((name) => [name, 'driverArguments'] as const);
  return [...misspelt, ...drivers].map(([name, list]) =>
    tableClaim(`${names}: ${list}`, `create_engine(${name}=...)`, 'TypeError', `${name} is refused`, invalidArgument),
  );
}

function driverClaims(version: string): readonly Claim[] {
  const defaults = ['postgresql', 'mysql', 'mariadb', 'mssql', 'oracle'].map((dialect) =>
    tableClaim(
      `${table}: defaultDriver`,
      `driver of ${dialect}://`,
      defaultDriver(dialect, version) ?? null,
      `The driver of a bare ${dialect}://`,
    ),
  );
  const absent = new Set(isAtLeast(version, '2.0') ? [] : ['aioodbc', 'psycopg_async']);
  const loops = [...asyncOnlyDrivers, ...syncOnlyDrivers].map((driver) =>
    tableClaim(
      `${table}: ${asyncOnlyDrivers.has(driver) ? 'asyncOnlyDrivers' : 'syncOnlyDrivers'}`,
      `${driver} is async`,
      absent.has(driver) ? null : asyncOnlyDrivers.has(driver),
      `${driver} is made for ${asyncOnlyDrivers.has(driver) ? 'async' : 'sync'} engines only`,
    ),
  );
  return [...defaults, ...loops];
}

function resetClaims(): readonly Claim[] {
  const spelt: readonly (readonly [unknown, string])[] = [
    ['rollback', "'rollback'"],
    ['commit', "'commit'"],
    ['none', "'none'"],
    [true, 'True'],
    [false, 'False'],
    [null, 'None'],
    ['None', "'None'"],
    ['unknown', "'unknown'"],
  ];
  return spelt.map(([value, text]) =>
    tableClaim(
      `${table}: resetOnReturnValues`,
      `pool_reset_on_return=${text}`,
      resetOnReturnValues.includes(value) ? 'ok' : 'ArgumentError',
      `pool_reset_on_return=${text} is ${resetOnReturnValues.includes(value) ? 'accepted' : 'refused'}`,
    ),
  );
}

function otherClaims(version: string): readonly Claim[] {
  const isNew = isAtLeast(version, '2.0');
  return claimsOf('https://docs.sqlalchemy.org/en/20/core/engines.html', [
    ['default poolclass', 'QueuePool', 'A sync engine of a network database pools in a QueuePool'],
    ['default poolclass of an async engine', 'AsyncAdaptedQueuePool', 'An async one in an AsyncAdaptedQueuePool'],
    ['pool= next to pool_size=', 'TypeError', 'A pool object and a pool argument exclude each other'],
    ['poolclass as a text', 'AttributeError', 'The name of a class is no class'],
    ['engine_from_config pool_pre_ping="false"', true, 'The text "false" switches pool_pre_ping on'],
    ['engine_from_config pool_use_lifo="false"', true, 'The text "false" switches pool_use_lifo on'],
    ['engine_from_config pool_size="7"', 7, 'pool_size is turned into a number'],
    ['engine_from_config pool_timeout="2.5"', 'ValueError', 'pool_timeout is turned into a whole number'],
    [
      'QueuePool(...) defaults',
      { pool_size: true, max_overflow: true, timeout: true, use_lifo: true },
      'QueuePool itself has the same defaults under unprefixed names',
    ],
    ['QueuePool(pool_timeout=...)', 'TypeError', 'QueuePool takes timeout, not pool_timeout'],
    ['NullPool at the top level', isNew, 'Pool classes are exported at the top level from 2.0'],
    ['create_pool_from_url', isNew, 'create_pool_from_url exists from 2.0.10'],
    ...(isNew
      ? ([
          ['create_pool_from_url(size=...)', 'TypeError', 'The typed name size is refused at run time'],
          ['create_pool_from_url(pool_size=...)', 3, 'pool_size is the name that works'],
          ['create_pool_from_url unprefixed names', 'ok', 'The other arguments may also be unprefixed'],
        ] as const)
      : []),
  ]);
}

export const library: LibraryClaims = {
  name: 'SQLAlchemy arguments',
  probe: 'python/sqlalchemy_arguments.py',
  server: 'postgresql',
  environments: sqlalchemyEnvironments,
  asks: {
    poolClasses: Object.keys(poolClasses),
    unknownArguments: [...Object.keys(misspeltArguments), ...driverArguments],
    knownArguments: [...parameterFacts.map(({ name }) => name), ...classDependentArguments, ...otherEngineArguments],
    numberArguments: Object.keys(numberArguments),
    drivers: [...asyncOnlyDrivers, ...syncOnlyDrivers],
    dialects: [...networkDialects, 'sqlite', 'sqlite+aiosqlite', 'sqlite+pysqlcipher'].flatMap((dialect) => [
      dialect,
      ...[...asyncOnlyDrivers, ...syncOnlyDrivers].map((driver) => `${dialect}+${driver}`),
    ]),
  },
  claims({ versions }: Measured) {
    const version = versions['sqlalchemy'] ?? '0';
    return [
      ...parameterClaims(),
      ...poolClassClaims(version),
      ...nameClaims(),
      ...numberClaims(`${table}: numberArguments`, numberArguments),
      ...driverClaims(version),
      ...resetClaims(),
      ...otherClaims(version),
      tableClaim(
        `${names}: otherEngineArguments`,
        'arguments our table does not know',
        [],
        'Every argument that create_engine takes is known',
      ),
      tableClaim(
        `${table}: argumentsCoercedFromConfig`,
        'coerced by engine_from_config',
        [
          ...[...argumentsCoercedFromConfig, 'echo', 'echo_pool', 'future'],
          ...(isAtLeast(version, '2.0') ? [] : ['convert_unicode']),
        ].sort(),
        'engine_from_config turns these texts into values, and no others',
      ),
      tableClaim(`${table}: futureFalseRaises`, 'future=True', 'ok', 'future=True is accepted'),
      tableClaim(
        `${table}: futureFalseRaises`,
        'future=False',
        futureFalseRaises(version) ? 'ArgumentError' : 'ok',
        'future=False',
      ),
    ];
  },
};
