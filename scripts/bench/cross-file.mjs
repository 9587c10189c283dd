// Keystrokes in a workspace whose pools take their values from other files: settings classes that inherit, functions that hand
// them out, a wrapper that all services call. Beside the same pools with their values written where they are.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { addGoal, section } from './report.mjs';
import { addLongFile, hasFinding, openForToggling, poolproofServer } from './servers.mjs';
import { alternate, benchFolder, median, milliseconds, p95, ratio, sampleCount, say } from './support.mjs';

const services = 200;
const code = 'missing-pre-ping';

const base = `from pydantic_settings import BaseSettings, SettingsConfigDict


class Base(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="SHOP_")

    DATABASE_HOST: str = "db.internal"
    DATABASE_USER: str = "shop"
    PRE_PING: bool = True
    POOL_SIZE: int = 5

    @property
    def url(self) -> str:
        return f"postgresql://{self.DATABASE_USER}@{self.DATABASE_HOST}/shop"
`;

const wrapper = `from sqlalchemy import create_engine


def build_engine(url, size=5, overflow=None, **more):
    options = {"pool_size": size, "pool_pre_ping": True}
    if url.startswith("sqlite"):
        options = {}
    elif overflow is not None:
        options["max_overflow"] = overflow
    options.update(more)
    return create_engine(url, **options)
`;

const settingsModule = (index) => `from functools import lru_cache

from shared.base import Base


class Settings(Base):
    POOL_SIZE: int = ${3 + (index % 7)}
    NAME: str = "service ${index}"


@lru_cache
def get_settings() -> Settings:
    return Settings()
`;

const crossModule = `from shared.engines import build_engine
from sqlalchemy import create_engine

from .config import get_settings

settings = get_settings()
engine = create_engine(
    settings.url,
    pool_size=settings.POOL_SIZE,
    #pool_pre_ping=settings.PRE_PING,
)
reports = build_engine(settings.url, size=settings.POOL_SIZE, overflow=2)
`;

const literalModule = (index) => `from sqlalchemy import create_engine

engine = create_engine(
    "postgresql://shop@db.internal/shop",
    pool_size=${3 + (index % 7)},
    pool_pre_ping=True,
)
reports = create_engine("postgresql://shop@db.internal/shop", pool_size=${3 + (index % 7)}, max_overflow=2, pool_pre_ping=True)
`;

/** A workspace of ${services} services, with the long file that the other benchmarks edit. */
function workspace(kind, files) {
  const folder = join(benchFolder, `cross-file-${kind}`);
  rmSync(folder, { recursive: true, force: true });
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  mkdirSync(join(folder, '.git'), { recursive: true });
  writeFileSync(join(folder, '.git/HEAD'), 'ref: refs/heads/main\n');
  const long = addLongFile(folder, 'middle');
  // The sums of a fleet cost what they cost, wherever the values stand.
  rmSync(join(folder, 'poolproof.yaml'));
  return { folder, ...long };
}

function workspaces() {
  const cross = [
    ['shared/__init__.py', ''],
    ['shared/base.py', base],
    ['shared/engines.py', wrapper],
  ];
  const literal = [];
  for (let index = 0; index < services; index++) {
    cross.push([`services/s${index}/__init__.py`, ''], [`services/s${index}/config.py`, settingsModule(index)]);
    cross.push([`services/s${index}/db.py`, index === 7 ? crossModule : crossModule.replace('#pool', 'pool')]);
    literal.push([`services/s${index}/db.py`, literalModule(index)]);
  }
  return { literal: workspace('literal', literal), cross: workspace('values', cross) };
}

/** Replaces `from` by `to` and back in an open file; each resolves when a finding of `watched` has come or gone. */
function switching(client, file, text, [from, to], watched) {
  const start = text.indexOf(from);
  const before = text.slice(0, start).split('\n');
  const position = { line: before.length - 1, character: before.at(-1).length };
  let isChanged = false;
  return async () => {
    isChanged = !isChanged;
    const [old, next] = isChanged ? [from, to] : [to, from];
    const had = hasFinding(client.published.get(watched) ?? [], code);
    const awaited = client.nextPublish(
      ({ uri, diagnostics }) => uri === watched && hasFinding(diagnostics, code) !== had,
    );
    const sentAt = file.change(start, position, old.length, next);
    return (await awaited).at - sentAt;
  };
}

const blockOf = (toggle) => async () => {
  const times = [];
  for (let index = 0; index < 20; index++) times.push(await toggle());
  return times;
};

/** @returns {Promise<import('./report.mjs').Section>} */
export async function measure() {
  const target = section(
    'Values from other files',
    `A keystroke until its diagnostics, in workspaces of ${services} services with two pools each: once with every value where the pool is, once with values from settings classes, their common base and a common wrapper in other files.`,
    ['', 'median', 'p95'],
  );
  const server = poolproofServer();
  if (server.missing) {
    target.notes.push(server.missing);
    return target;
  }
  say('cross-file …');
  const { literal, cross } = workspaces();
  const running = [];
  try {
    const beside = await openForToggling(server, literal);
    running.push(beside.client);
    const values = await openForToggling(server, cross);
    running.push(values.client);
    const { client } = values;
    const moduleUri = pathToFileURL(join(cross.folder, 'services/s7/db.py')).href;
    const module = client.open(join(cross.folder, 'services/s7/db.py'), crossModule);
    const shared = client.open(join(cross.folder, 'shared/base.py'), base);
    await client.atRest();
    const inModule = switching(client, module, crossModule, ['#pool', 'pool'], moduleUri);
    // From here on the setting is passed, so that the shared default decides.
    await inModule();
    const contents = [
      ['5,000-line file, values where the pools are', beside.toggle],
      ['5,000-line file, values in other files', values.toggle],
      ['a shared default that all services inherit', switching(client, shared, base, ['True', 'False'], moduleUri)],
    ];
    const { samples, failures } = await alternate(
      contents.map(([name, toggle]) => ({ name, sample: blockOf(toggle) })),
      sampleCount(10, 2),
    );
    for (const [name, reason] of failures) target.crashes.push(`Poolproof, ${name}: ${reason}`);
    for (const [name, times] of samples)
      target.rows.push([name, milliseconds(median(times)), milliseconds(p95(times))]);
    const [first, second] = contents.map(([name]) => samples.get(name)).map((times) => times && median(times));
    addGoal(
      target,
      'keystroke where values stand in other files, beside values where the pools are',
      'independent: ≤ 1.5 ×',
      first && second && second / first,
      1.5,
      ratio,
    );
  } catch (error) {
    target.crashes.push(`Poolproof: ${error.message}`);
  } finally {
    await Promise.all(running.map((client) => client.stop()));
  }
  return target;
}
