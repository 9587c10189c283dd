/** Which literals are passwords that reach a database, where exactly, and how they would be replaced. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyEdits } from '../../server/src/core/text.ts';
import type { CredentialSighting } from '../../server/src/declarations/pool.ts';
import { createProject, uriOf } from '../support/workspace.ts';

const path = 'app/db.py';

async function sightings(text: string): Promise<readonly CredentialSighting[]> {
  const { project, log } = await createProject({ [path]: text });
  assert.deepEqual(log, []);
  return project.sourceModel(uriOf(path))?.credentials ?? [];
}

/** What the ranges cover, with the grade's ingredients. */
async function found(text: string): Promise<string[]> {
  return (await sightings(text)).map((each) =>
    [
      text.slice(each.at.start, each.at.end),
      each.host,
      each.isPlaceholderWord ? 'placeholder' : 'value',
      each.isEnvironmentFallback ? `fallback of ${each.variable}` : 'written',
    ].join(' '),
  );
}

const imports = 'import os\nfrom sqlalchemy import create_engine, URL, make_url\nimport psycopg2\n';

test('the range is the password alone', async () => {
  assert.deepEqual(
    await found(`${imports}e = create_engine("postgresql+asyncpg://app:Kf9-x1Lz@db.internal:5432/x?ssl=1")\n`),
    ['Kf9-x1Lz remote value written'],
  );
  assert.deepEqual(await found(`${imports}e = create_engine("postgresql://app:p%40ss/w0rd9@db.internal/x")\n`), [
    'p%40ss/w0rd9 remote value written',
  ]);
  assert.deepEqual(await found(`${imports}e = create_engine("postgresql://a:Kf9x1Lzz@" "db.internal/x")\n`), [
    'Kf9x1Lzz remote value written',
  ]);
  assert.deepEqual(await found(`${imports}e = create_engine(f"postgresql://a:Kf9x1Lzz@{HOST}/x")\n`), [
    'Kf9x1Lzz unknown value written',
  ]);
});

test('hosts and placeholder words are told apart', async () => {
  assert.deepEqual(await found(`${imports}e = create_engine("postgresql://user:password@localhost/x")\n`), [
    'password loopback placeholder written',
  ]);
  assert.deepEqual(await found(`${imports}e = create_engine("postgresql://postgres:postgres@db:5432/x")\n`), [
    'postgres remote placeholder written',
  ]);
  assert.deepEqual(await found(`${imports}e = create_engine("mysql+pymysql://shop:shop@127.0.0.1/x")\n`), [
    'shop loopback placeholder written',
  ]);
});

test('fallbacks of environment variables are followed to the variable', async () => {
  for (const expression of [
    'os.getenv("DATABASE_URL", "postgresql://a:Kf9x1Lzz@db.internal/x")',
    'os.environ.get("DATABASE_URL", default="postgresql://a:Kf9x1Lzz@db.internal/x")',
    'os.environ.get("DATABASE_URL") or "postgresql://a:Kf9x1Lzz@db.internal/x"',
  ]) {
    assert.deepEqual(
      await found(`${imports}URL = ${expression}\n`),
      ['Kf9x1Lzz remote value fallback of DATABASE_URL'],
      expression,
    );
  }
});

test('other forms: URL.create, connect_args, DSN, driver calls, Django', async () => {
  assert.deepEqual(
    await found(
      `${imports}e = create_engine(URL.create("postgresql", username="a", password="Kf9x1Lzz", host="db.internal"))\n`,
    ),
    ['Kf9x1Lzz remote value written'],
  );
  assert.deepEqual(
    await found(`${imports}e = create_engine(U, connect_args={"host": "localhost", "password": "Kf9x1Lzz"})\n`),
    ['Kf9x1Lzz loopback value written'],
  );
  assert.deepEqual(
    await found(`${imports}c = psycopg2.connect("host=db.internal user=a password=Kf9x1Lzz dbname=x")\n`),
    ['Kf9x1Lzz remote value written'],
  );
  assert.deepEqual(await found(`${imports}c = psycopg2.connect(host="db.internal", user="a", password='Kf9x1Lzz')\n`), [
    'Kf9x1Lzz remote value written',
  ]);
  assert.deepEqual(
    await found(
      'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "db.internal", "USER": "a", "PASSWORD": "Kf9x1Lzz"}}\n',
    ),
    ['Kf9x1Lzz remote value written'],
  );
});

test('templates, empty passwords, texts that go nowhere near a database are silent', async () => {
  for (const line of [
    'e = create_engine("postgresql://user@localhost/x")',
    'e = create_engine("postgresql://user:@localhost/x")',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is the case
    'e = create_engine("postgresql://user:${PASSWORD}@localhost/x")',
    'e = create_engine("postgresql://user:<password>@localhost/x")',
    'e = create_engine("postgresql://user:***@localhost/x")',
    'e = create_engine("postgresql://user:%s@localhost/x" % pw)',
    'e = create_engine("postgresql://user:{}@localhost/x".format(pw))',
    'e = create_engine("postgresql://user:{{ password }}@localhost/x")',
    'e = create_engine(f"postgresql://user:{PW}@localhost/x")',
    'print("postgresql://user:Kf9x1Lzz@db.internal/x")',
    'raise ValueError("use postgresql://user:Kf9x1Lzz@db.internal/x")',
    'parser.add_argument("--db", help="postgresql://user:Kf9x1Lzz@db.internal/x")',
    'assert url == "postgresql://user:Kf9x1Lzz@db.internal/x"',
    '"""postgresql://user:Kf9x1Lzz@db.internal/x"""',
    '# URL = "postgresql://user:Kf9x1Lzz@db.internal/x"',
    'API = "https://user:Kf9x1Lzz@api.example.com/"',
    'REDIS_URL = "redis://:Kf9x1Lzz@cache:6379/0"',
    'login(password="Kf9x1Lzz")',
    'PASSWORD = "Kf9x1Lzz"',
    'form = {"password": "Kf9x1Lzz"}',
  ]) {
    assert.deepEqual(await found(`${imports}${line}\n`), [], line);
  }
});

async function fixed(text: string): Promise<string> {
  const [sighting] = await sightings(text);
  const plan = sighting?.fixes[0];
  assert.ok(plan, 'a fix');
  const edits = [{ start: plan.replace.start, end: plan.replace.end, newText: plan.replacement }];
  if (plan.importEdit)
    edits.push({ start: plan.importEdit.offset, end: plan.importEdit.offset, newText: plan.importEdit.text });
  return applyEdits(text, edits);
}

test('the fix reads the variable and puts the import where imports belong', async () => {
  const literal = '"postgresql://a:Kf9x1Lzz@db.internal/x"';
  const engine = `e = create_engine(${literal})\n`;
  const after = 'e = create_engine(os.environ["DATABASE_URL"])\n';
  assert.equal(
    await fixed(`import os\nfrom sqlalchemy import create_engine\n${engine}`),
    `import os\nfrom sqlalchemy import create_engine\n${after}`,
  );
  assert.equal(
    await fixed(`from sqlalchemy import create_engine\n${engine}`),
    `import os\n\nfrom sqlalchemy import create_engine\n${after}`,
  );
  assert.equal(
    await fixed(
      `"""Doc."""\nfrom __future__ import annotations\n\nimport logging\nimport sys\n\nfrom sqlalchemy import create_engine\n${engine}`,
    ),
    `"""Doc."""\nfrom __future__ import annotations\n\nimport logging\nimport os\nimport sys\n\nfrom sqlalchemy import create_engine\n${after}`,
  );
  assert.equal(
    await fixed(
      `# coding: utf-8\nimport json\nfrom typing import Any\n\nimport sqlalchemy as sa\nURL = ${literal}\nsa.create_engine(URL)\n`,
    ),
    '# coding: utf-8\nimport json\nimport os\nfrom typing import Any\n\nimport sqlalchemy as sa\nURL = os.environ["DATABASE_URL"]\nsa.create_engine(URL)\n',
  );
  assert.equal(
    await fixed(`#!/usr/bin/env python\n"""Doc."""\nURL = ${literal}\n`),
    '#!/usr/bin/env python\n"""Doc."""\nimport os\n\nURL = os.environ["DATABASE_URL"]\n',
  );
  assert.equal(
    await fixed(`import os\nURL = os.getenv('DB', 'postgresql://a:Kf9x1Lzz@db.internal/x')\n`),
    "import os\nURL = os.environ['DB']\n",
  );
  assert.equal(await fixed(`import os\r\nDB_URL = ${literal}\r\n`), 'import os\r\nDB_URL = os.environ["DB_URL"]\r\n');
});

test('a field of a settings class is the fallback of its environment variable, and only its default goes', async () => {
  const text =
    'from pydantic_settings import BaseSettings\n\nclass Settings(BaseSettings):\n    database_url: str = "postgresql://a:Kf9x1Lzz@db.internal/x"\n    debug: bool = False\n';
  assert.deepEqual(await found(text), ['Kf9x1Lzz remote value fallback of DATABASE_URL']);
  assert.equal(await fixed(text), text.replace(' = "postgresql://a:Kf9x1Lzz@db.internal/x"', ''));
});
