import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Schema, Validator } from '@cfworker/json-schema';
import { engineWithoutPrePing, topologyFile, workspace } from '../support/command-line.ts';

const number = { type: 'integer', minimum: 1 } as const;
const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const countOrUnbounded = { anyOf: [{ type: 'number' }, { const: 'unbounded' }, { type: 'null' }] };
const maybeText = { type: ['string', 'null'] };

/** An object with exactly these properties. */
function exactly(properties: Record<string, unknown>): Record<string, unknown> {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

function list(items: unknown): Record<string, unknown> {
  return { type: 'array', items };
}

const range = { path: text, line: number, column: number, endLine: number, endColumn: number };
const edit = exactly({ ...range, newText: text });
const checkSchema = exactly({
  version: { const: 1 },
  findings: list(
    exactly({
      rule: text,
      severity: { enum: ['error', 'warning', 'information', 'hint'] },
      message: text,
      ...range,
      help: text,
      related: list(exactly({ path: text, line: number, column: number, message: text })),
      fixes: list(exactly({ title: text, preferred: flag, edits: list(edit) })),
    }),
  ),
  errors: list(exactly({ path: text, message: text })),
  summary: exactly(
    Object.fromEntries(
      ['files', 'pools', 'error', 'warning', 'information', 'hint'].map((name) => [name, { type: 'integer' }]),
    ),
  ),
});
const poolsSchema = exactly({
  version: { const: 1 },
  pools: list(
    exactly({
      system: { enum: ['sqlalchemy', 'sqlalchemy-async', 'pgbouncer'] },
      path: text,
      line: number,
      column: number,
      name: text,
      callable: text,
      context: { enum: ['app', 'test', 'script', 'migration', 'example'] },
      database: exactly({
        dialect: maybeText,
        driver: maybeText,
        source: { enum: ['literal', 'environment', 'unknown'] },
        variable: maybeText,
        hardcodedCredentials: flag,
      }),
      poolClass: maybeText,
      parameters: {
        type: 'object',
        additionalProperties: exactly({
          value: { type: ['number', 'string', 'boolean', 'null'] },
          source: { enum: ['literal', 'default', 'constant', 'environment', 'settings', 'unknown'] },
          line: { anyOf: [number, { type: 'null' }] },
        }),
      },
      peakPerProcess: countOrUnbounded,
    }),
  ),
});
const fleetSchema = exactly({
  version: { const: 1 },
  databases: list(
    exactly({
      name: text,
      maxConnections: { type: ['integer', 'null'] },
      reserved: { type: 'integer' },
      budget: { type: ['integer', 'null'] },
      total: countOrUnbounded,
      rolloutTotal: countOrUnbounded,
      fits: { type: ['boolean', 'null'] },
      fitsDuringRollout: { type: ['boolean', 'null'] },
      atLeast: { type: 'integer' },
      unknown: list(text),
      services: list(
        exactly({
          name: text,
          processes: countOrUnbounded,
          total: countOrUnbounded,
          pools: list(
            exactly({
              path: text,
              line: number,
              peakPerProcess: countOrUnbounded,
              recommended: { type: ['object', 'null'], additionalProperties: { type: 'integer' } },
            }),
          ),
        }),
      ),
      breaksAt: { anyOf: [{ type: 'null' }, exactly({ service: text, replicas: { type: 'integer' } })] },
      pooler: {
        anyOf: [
          { type: 'null' },
          exactly({
            clients: countOrUnbounded,
            maxClientConnections: { type: ['integer', 'null'] },
            serverConnections: countOrUnbounded,
            fits: { type: ['boolean', 'null'] },
          }),
        ],
      },
    }),
  ),
});

function parse(output: string, schema: Record<string, unknown>) {
  const content = JSON.parse(output);
  const { valid, errors } = new Validator(schema as Schema, '2020-12', false).validate(content);
  assert.ok(valid, JSON.stringify(errors, undefined, 1));
  return content;
}

const defaultsEngine = engineWithoutPrePing.replace(', pool_size=5, max_overflow=0', '');

test('the JSON of check has the shape of the contract and 1-based places', async (context) => {
  const { run } = workspace(context, { 'app/db.py': engineWithoutPrePing });
  const { status, stdout, stderr } = await run(['check', '--format', 'json', '--select', 'missing-pre-ping']);
  assert.equal(stderr, '');
  assert.equal(status, 1);
  const { findings, summary, errors } = parse(stdout, checkSchema);
  assert.equal(findings.length, 1);
  const { rule, severity, path, line, column, endLine, endColumn, fixes } = findings[0];
  assert.deepEqual(
    { rule, severity, path, line, column, endLine, endColumn },
    {
      rule: 'missing-pre-ping',
      severity: 'warning',
      path: 'app/db.py',
      line: 4,
      column: 10,
      endLine: 4,
      endColumn: 23,
    },
  );
  assert.deepEqual(fixes, [
    {
      title: 'Add pool_pre_ping=True',
      preferred: true,
      edits: [{ path: 'app/db.py', line: 4, column: 79, endLine: 4, endColumn: 79, newText: ', pool_pre_ping=True' }],
    },
  ]);
  assert.deepEqual(errors, []);
  assert.deepEqual(summary, { files: 1, pools: 1, error: 0, warning: 1, information: 0, hint: 0 });
});

test('columns count UTF-16 code units and paths are relative to the working directory', async (context) => {
  const { run } = workspace(context, {
    'app/db.py': 'from sqlalchemy import create_engine\n"\u{1F600}"; engine = create_engine("postgresql://host/db")\n',
    'other/.keep': '',
  });
  const { stdout } = await run(['check', '../app', '--format', 'json', '--select', 'missing-pre-ping'], {
    cwd: 'other',
  });
  const [finding] = parse(stdout, checkSchema).findings;
  assert.equal(finding.path, '../app/db.py');
  assert.deepEqual([finding.line, finding.column], [2, 16]);
});

test('the JSON of pools tells each value with its source and line', async (context) => {
  const { run } = workspace(context, {
    'app/db.py': `import os
from sqlalchemy import create_engine

SIZE = 7
engine = create_engine(
    os.environ["DATABASE_URL"],
    pool_size=SIZE,
    pool_timeout=int(os.environ["WAIT"]),
)
`,
  });
  const { status, stdout } = await run(['pools', '--format', 'json']);
  assert.equal(status, 0);
  const { pools } = parse(stdout, poolsSchema);
  assert.equal(pools.length, 1);
  const [pool] = pools;
  assert.deepEqual(
    [pool.system, pool.path, pool.line, pool.column, pool.name, pool.callable, pool.context],
    ['sqlalchemy', 'app/db.py', 5, 10, 'engine', 'create_engine', 'app'],
  );
  assert.deepEqual(pool.database, {
    dialect: null,
    driver: null,
    source: 'environment',
    variable: 'DATABASE_URL',
    hardcodedCredentials: false,
  });
  assert.deepEqual(pool.parameters.pool_size, { value: 7, source: 'constant', line: 7 });
  assert.deepEqual(pool.parameters.max_overflow, { value: 10, source: 'default', line: null });
  assert.deepEqual(pool.parameters.pool_timeout, { value: null, source: 'unknown', line: 8 });
  assert.equal(pool.poolClass, 'QueuePool');
  assert.equal(pool.peakPerProcess, 17);
});

test('peakPerProcess is "unbounded" without a limit and null where it is not known', async (context) => {
  const { run } = workspace(context, {
    'a.py': 'from sqlalchemy import create_engine\nengine = create_engine("postgresql://h/d", max_overflow=-1)\n',
    'b.py':
      'import os\nfrom sqlalchemy import create_engine\nengine = create_engine("postgresql://h/d", pool_size=int(os.environ["N"]))\n',
  });
  const { stdout } = await run(['pools', '--format', 'json']);
  const { pools } = parse(stdout, poolsSchema);
  assert.deepEqual(
    pools.map((pool: { peakPerProcess: unknown }) => pool.peakPerProcess),
    ['unbounded', null],
  );
});

test('PgBouncer stands once per entry, on its line, with what the entry opens on the server', async (context) => {
  const { run } = workspace(context, {
    'deploy/pgbouncer.ini': `[databases]
shop = host=db password=s3kDq91xv pool_size=30
reports = host=db pool_mode=session
* = host=db

[pgbouncer]
pool_mode = transaction
reserve_pool_size = 5
`,
    'app/db.py': engineWithoutPrePing,
  });
  const { stdout } = await run(['pools', '--format', 'json']);
  const pools = parse(stdout, poolsSchema).pools.filter((each: { system: string }) => each.system === 'pgbouncer');
  type Entry = { name: string; line: number; column: number; poolClass: string; peakPerProcess: unknown };
  assert.deepEqual(
    pools.map(({ name, line, column, poolClass, peakPerProcess }: Entry) => [
      name,
      line,
      column,
      poolClass,
      peakPerProcess,
    ]),
    [
      ['shop', 2, 1, 'transaction', 35],
      ['reports', 3, 1, 'session', 25],
      // How many names clients ask for is not known.
      ['*', 4, 1, 'transaction', null],
    ],
  );
  assert.deepEqual(pools[0].parameters.pool_size, { value: 30, source: 'literal', line: 2 });
  assert.deepEqual(pools[0].parameters.default_pool_size, { value: 20, source: 'default', line: null });
  assert.deepEqual(pools[0].parameters.reserve_pool_size, { value: 5, source: 'literal', line: 8 });
  assert.deepEqual(
    pools.map((each: { database: { hardcodedCredentials: boolean } }) => each.database.hardcodedCredentials),
    [true, false, false],
  );
  assert.equal(stdout.includes('s3kDq91xv'), false);
  const { stdout: listed } = await run(['pools', 'app', '--format', 'json']);
  assert.equal(parse(listed, poolsSchema).pools.length, 1, 'of the folder that was named');
  const { stdout: table } = await run(['pools']);
  assert.match(table, /deploy\/pgbouncer\.ini:2 .*pgbouncer .*transaction +35 +pool_size 30, reserve_pool_size 5\n/);
  const { stdout: checked } = await run(['check', '--format', 'json']);
  assert.equal(parse(checked, checkSchema).summary.pools, 4);
});

test('the JSON of fleet carries the sum, what fits and what breaks', async (context) => {
  const { run } = workspace(context, { 'poolproof.yaml': topologyFile, 'app/db.py': defaultsEngine });
  const { status, stdout } = await run(['fleet', '--format', 'json']);
  assert.equal(status, 0);
  assert.deepEqual(parse(stdout, fleetSchema).databases, [
    {
      name: 'main',
      maxConnections: 100,
      reserved: 10,
      budget: 90,
      total: 120,
      rolloutTotal: 120,
      fits: false,
      fitsDuringRollout: false,
      atLeast: 120,
      unknown: [],
      services: [
        {
          name: 'api',
          processes: 8,
          total: 120,
          pools: [{ path: 'app/db.py', line: 4, peakPerProcess: 15, recommended: { pool_size: 11, max_overflow: 0 } }],
        },
      ],
      breaksAt: { service: 'api', replicas: 2 },
      pooler: null,
    },
  ]);
});

test('the fleet is summed over the whole folder even where one file is named', async (context) => {
  const { run } = workspace(context, {
    'poolproof.yaml': topologyFile,
    'app/db.py': defaultsEngine,
    'app/reports.py': defaultsEngine,
  });
  const fleet = parse((await run(['fleet', 'app/db.py', '--format', 'json'])).stdout, fleetSchema);
  assert.equal(fleet.databases[0].total, 240);
  const pools = parse((await run(['pools', 'app/db.py', '--format', 'json'])).stdout, poolsSchema);
  assert.deepEqual(
    pools.pools.map((pool: { path: string }) => pool.path),
    ['app/db.py'],
  );
});

test('an unknown input makes the total null and is named', async (context) => {
  const { run } = workspace(context, {
    'poolproof.yaml': topologyFile,
    'db.py': defaultsEngine.replace('])', '], pool_size=int(os.environ["POOL_SIZE"]))'),
  });
  const [database] = parse((await run(['fleet', '--format', 'json'])).stdout, fleetSchema).databases;
  assert.equal(database.total, null);
  assert.equal(database.fits, null);
  assert.match(database.unknown.join(), /POOL_SIZE/);
});
