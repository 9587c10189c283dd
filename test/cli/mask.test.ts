import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maskText, replaceSpans, secretSpans, type TextKind } from '../../server/src/present/mask.ts';
import { MaskedSource } from '../../server/src/present/maskedSource.ts';

function masked(text: string, kind: TextKind = 'code'): string {
  return replaceSpans(text, 0, text.length, secretSpans(text, kind));
}

const secret = 'Kq7-vR2x';
const hidden: readonly (readonly [text: string, kind?: TextKind])[] = [
  [`url = "postgresql://app:${secret}@db/app"`],
  [`url = 'redis://:${secret}@cache:6379/0'`],
  [`# was postgresql+psycopg2://app:${secret}@db/app before`],
  [`url = "postgresql://app:${secret}/x@y@db/app"`],
  [`url = "postgresql://app:it's${secret}@db/app"`],
  [`url = "postgresql://app:" + "${secret}" + "@db/app"`],
  [`url = ("postgresql://app:"\n       "${secret}@db/app")`],
  [`url = ("postgresql://app:${secret}"\n       "@db/app")`],
  [`url = "postgresql://%s:%s@db/app" % ("app", "${secret}")`],
  [`url = "postgresql://{}:{}@db/app".format("app", "${secret}")`],
  [`url = f"postgresql://app:{quote('${secret}')}@db/app"`],
  [`password = "${secret}"`],
  [`PASSWORD: str = '${secret}'`],
  [`password: Optional[str] = "${secret}"`],
  [`db_password = os.getenv("PW", "${secret}")`],
  [`x = os.getenv("DB_PASSWORD", "${secret}")`],
  [`x = os.environ.get("DB_PASSWORD", default="${secret}")`],
  [`x = os.environ.get("DB_PASSWORD") or "${secret}"`],
  [`const x = process.env.DB_PASSWORD ?? '${secret}';`],
  [`const x = process.env["DB_PASSWORD"] || "${secret}";`],
  [`connect(host="db", password="${secret}", port=1)`],
  [`connect(host="db", password=str("${secret}"))`],
  [`connect(host="db", password=make("x", "${secret}"))`],
  [`connect(host="db", password=SecretStr("${secret}"))`],
  [`connect(host="db", password=(\n    "${secret}"\n))`],
  [`config = {"password": "${secret}", "host": "db"}`],
  [`config["password"] = "${secret}"`],
  [`setattr(config, "password", "${secret}")`],
  [`settings.DB_PASS = b"${secret}"`],
  [`pwd = """${secret}\nmore"""`],
  [`dsn = "host=db user=app password=${secret} dbname=app"`],
  [`dsn = "host=db password='${secret} x' dbname=app"`],
  [`dsn = "Server=db;User=sa;Pwd=${secret};Database=x"`],
  [`"""Connect with password=${secret},x."""`],
  [`# password: ${secret}`],
  [`cursor.execute("CREATE ROLE app PASSWORD '${secret}'")`],
  [`cursor.execute("CREATE USER app IDENTIFIED BY '${secret}'")`],
  [`api_key = "${secret}"`],
  [`if password == "${secret}":`],
  [`password = "${secret}`],
  [`DB_PASSWORD=${secret}`, 'settings'],
  [`DB_PASSWORD="${secret}, (x"`, 'settings'],
  [`export PGPASSWORD='${secret}'`, 'settings'],
  [`POSTGRES_PASSWORD: ${secret} with spaces`, 'settings'],
  [`password: |\n  ${secret}\n`, 'settings'],
  [`main = host=db password=${secret} user=app`, 'settings'],
  [`env: {DATABASE_URL: "postgresql://app:${secret}@db/app"}`, 'settings'],
  [`  DATABASE_URL: postgresql://app:${secret}@db/app`, 'settings'],
  [`"app" "${secret}"`, 'userlist'],
  [`pw = "${secret}"`],
  [`create_engine("app:${secret}@db/app")`],
  [`create_engine("postgresql:/app:${secret}@db/app")`],
  [`main = password ${secret}`, 'settings'],
  [`PGPASS ${secret}`, 'settings'],
  [`app "${secret}"`, 'userlist'],
  [`"app" ${secret}`, 'userlist'],
  [`headers = {"Authorization": "Bearer ${secret}"}`],
  [`Authorization: Bearer ${secret}`],
  [`// curl -H 'Authorization: Bearer ${secret}'`],
  [`dsn = "DRIVER={x};PWD={a;b ${secret}};X=1"`],
  [`dsn = "DRIVER={x};PWD={${secret}}"`],
  [`dsn = 'host=db password=\\'a ${secret}\\' dbname=x'`],
  [`dsn = "host=db password=a\\ ${secret} dbname=x"`],
  [`dsn = "Server=db;Pwd='a''${secret}';Encrypt=true"`],
  [`url = "mssql:///?odbc_connect=UID%3Da%3BPWD%3D${secret}%3BX%3D1"`],
  [`url = "postgres://" + user + ":" + "${secret}" + "@db/app"`],
  [`url = ["postgres://app:", "${secret}", "@db/app"].join("")`],
  [`# postgresql://app:a ${secret}@db/app`],
  [`URL.create("postgresql", "app", "${secret}", "db")`],
  [`new Sequelize('app', user, '${secret}', { dialect: 'postgres' })`],
  [`oracledb.create_pool("app", "${secret}", "db/x")`],
  [`"jdbc:oracle:thin:app/${secret}@//db:1521/x"`],
  [`DATABASE_URL=postgresql://app:a ${secret}@db/app`, 'settings'],
  [`password: ${secret}=`, 'settings'],
  [`password: |\n  first\n\n  ${secret}\nnext: 1`, 'settings'],
  [`password: "first\n  ${secret}"\nnext: 1`, 'settings'],
];

test('what may be a secret is masked in full, however it is written', () => {
  for (const [text, kind] of hidden) {
    const shown = masked(text, kind);
    assert.ok(shown.includes('***'), text);
    // No part of it either: a shortened password is a hint.
    for (const part of [secret, secret.slice(0, 4), secret.slice(-4)])
      assert.ok(!shown.includes(part), `${text} -> ${shown}`);
  }
});

test('what only names a secret stays readable', () => {
  const readable = [
    'engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=0, pool_pre_ping=True)',
    'password = os.environ["DB_PASSWORD"]',
    'connect(password=os.environ["DB_PASSWORD"], host="db")',
    'connect(host="db", password=settings.db_password, port=5432)',
    'def get_password(self) -> str:',
    'password: str | None = None',
    'url = f"postgresql://{user}:{password}@{host}/{name}"',
    'url = "http://localhost:8000/path"',
    'from getpass import getpass',
    'pass',
    'url = "https://" + host + "/path"',
    'import a from "./img/a.png"; connect("a", "b"); create_engine("a", pool_size=5)',
    'dsn = f"host=db password={password} dbname=app"',
    '# the password is read from the environment',
  ];
  for (const text of readable) assert.equal(masked(text), text);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of a compose file
  for (const text of ['DB_PASSWORD=${DB_PASSWORD}', 'password:', 'max_connections: 100']) {
    assert.equal(masked(text, 'settings'), text);
  }
  assert.equal(masked(`password: |\n  ${secret}\nworkers: 4`, 'settings'), 'password: |\n  ***\nworkers: 4');
  assert.equal(masked(`"host=db password='${secret}' dbname=app"`), `"host=db password='***' dbname=app"`);
  assert.equal(masked(`"Server=db;Pwd=${secret};Encrypt=true"`), '"Server=db;Pwd=***;Encrypt=true"');
  const message = 'Password in source: read the URL from the environment. (The value is not shown here.)';
  assert.equal(maskText(message), message);
});

test('a sighting is masked wherever no pattern would find it', () => {
  const text = `connect("db", "app", "${secret}")`;
  const start = text.indexOf(secret);
  const source = new MaskedSource('file:///db.py', text, [{ start, end: start + secret.length }]);
  assert.equal(source.line(0), 'connect("db", "app", "***")');
  assert.equal(source.slice(start + 2, text.length), '***")');
  const cells = source.characters(0, text.length);
  assert.equal(cells.map((cell) => cell.text).join(''), 'connect("db", "app", "***")');
  assert.equal(cells.at(-1)!.offset, text.length - 1);
});

test('only the surroundings of a very large file are searched, and they are', () => {
  const filler = 'x = 1\n'.repeat(500_000);
  const source = new MaskedSource('file:///big.py', `${filler}password = "${secret}"\n${filler}`);
  const line = source.lines.lineAt(filler.length);
  assert.equal(source.line(line), 'password = "***"\n');
});

test('hostile text of megabytes is searched to its end', () => {
  // With quadratic work each of these would take minutes.
  for (const piece of hostilePieces) {
    const text = `${piece.repeat(2_000_000 / piece.length)}\n# postgresql://app:${secret}@db/app`;
    assert.ok(!masked(text).includes(secret), piece);
  }
});

const hostilePieces = [
  'password=',
  'a://',
  'a://b:',
  '@',
  '(',
  'pwd = (',
  '\n',
  ' ',
  'or ',
  'password: x.',
  'pass("',
  '"password=x; ',
  '# pwd={',
  'thin:a/',
  '"a/b',
  'connect("a", ',
  'a://" + ',
  "password: '\n",
  'pw: |\n ',
];

test('spans are ordered, apart, inside the text, and masking never fails', () => {
  const piece = fc.constantFrom(
    'password',
    '=',
    ': ',
    '"',
    "'",
    '"""',
    '://',
    '@',
    ':',
    'a',
    '(',
    ')',
    '\n',
    '{',
    '}',
    ',',
    ' or ',
    '#',
    '\\',
  );
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }),
      fc.constantFrom<TextKind>('code', 'settings', 'userlist'),
      (parts, kind) => {
        const text = parts.join('');
        let end = 0;
        for (const span of secretSpans(text, kind)) {
          assert.ok(span.start >= end && span.end > span.start && span.end <= text.length);
          end = span.end;
        }
        masked(text, kind);
      },
    ),
    { numRuns: 3000 },
  );
});
