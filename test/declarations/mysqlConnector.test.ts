/** Pools of MySQL Connector/Python as applications build them, and connections that are no pool. */
import { test } from 'node:test';
import { expectPools } from '../support/pools.ts';

const usual = {
  system: 'mysql-connector',
  dialect: 'mysql',
  driver: 'mysqlconnector',
  network: true,
  wait: 'never-waits',
  idle: 'forever',
};

test('MySQL Connector: the class, however it is imported', async () => {
  await expectPools(
    {
      'app/a.py': 'from mysql.connector import pooling\np = pooling.MySQLConnectionPool(pool_name="p", host="db")\n',
      'app/b.py':
        'from mysql.connector.pooling import MySQLConnectionPool\np = MySQLConnectionPool(pool_size=3, host="db")\n',
      'app/c.py':
        'import mysql.connector.pooling\np = mysql.connector.pooling.MySQLConnectionPool(3, "p", host="db")\n',
      'app/d.py': 'import mysql.connector as sql\np = sql.pooling.MySQLConnectionPool(pool_size=3, host="db")\n',
      'app/e.py':
        'from mysql.connector.aio.pooling import MySQLConnectionPool as Pool\np = Pool(pool_size=3, host="db")\n',
      'app/f.py':
        'from mysql.connector.aio import MySQLConnectionPool\np = MySQLConnectionPool(pool_size=3, host="db")\n',
    },
    'abcdef'.split('').map((file) => ({
      ...usual,
      name: 'p',
      callable: 'MySQLConnectionPool',
      pool_size: file === 'a' ? [5, 'default'] : [3, 'literal'],
      peak: file === 'a' ? 5 : 3,
      host: 'db',
    })),
  );
});

test('MySQL Connector: connect() is a pool as soon as an argument names one', async () => {
  await expectPools(
    {
      'app/a.py': `import os
import mysql.connector
from mysql.connector import connect

CONFIG = {"host": os.environ["MYSQL_HOST"], "user": "shop", "password": os.environ["MYSQL_PASSWORD"]}

a = mysql.connector.connect(pool_name="shop", pool_size=4, **CONFIG)
b = connect(pool_name="shop", **CONFIG)
c = mysql.connector.connect(**CONFIG)
d = mysql.connector.connect(host="db", user="shop")
e = mysql.connector.connect(pool_size=int(os.getenv("POOL", "6")), host="db", password="hunter22")
f = mysql.connector.connect(**make_config())
`,
      'app/b.py':
        'import mysql.connector.aio as aio\n\nasync def f():\n    g = await aio.connect(pool_size=2, host="db")\n',
    },
    [
      { ...usual, name: 'a', callable: 'connect', pool_size: [4, 'literal'], peak: 4, variable: 'MYSQL_HOST' },
      { ...usual, name: 'b', callable: 'connect', pool_size: [5, 'default'], peak: 5 },
      { ...usual, name: 'e', pool_size: [6, 'environment'], peak: 6, credentials: true, source: 'literal' },
      { ...usual, name: 'g', peak: 2 },
    ],
  );
});

test('MySQL Connector: class attribute, singleton, context manager, wrapper, splat', async () => {
  await expectPools(
    {
      'app/a.py': `from mysql.connector import pooling


class Store:
    pool = pooling.MySQLConnectionPool(pool_name="store", pool_size=8, **settings.mysql)

    def __init__(self):
        self.own = None

    def open(self):
        if self.own is None:
            self.own = pooling.MySQLConnectionPool(pool_size=2, host="db")
        return self.own
`,
      'app/b.py': `from mysql.connector.pooling import MySQLConnectionPool


def build(host, size=10):
    return MySQLConnectionPool(pool_name=f"pool-{host}", pool_size=size, host=host)
`,
      'app/c.py': 'from app.b import build\n\nreports = build("replica", size=1)\n',
      'app/d.py': `import mysql.connector


def orders():
    with mysql.connector.connect(pool_name="orders", pool_size=9, host="db") as connection:
        return connection.cmd_query("select 1")
`,
    },
    [
      { name: 'pool', peak: 8, unread: true },
      { name: 'self.own', peak: 2 },
      { name: 'reports', peak: 1, pool_size: [1, 'literal'] },
      { name: 'connection', peak: 9 },
    ],
  );
});

test('MySQL Connector: names that only look alike stay silent', async () => {
  await expectPools(
    {
      'app/a.py': 'import mysql.connector\nimport sqlite3\nc = sqlite3.connect("x.db", pool_size=3)\n',
      'app/b.py': 'import mysql\nfrom .pools import MySQLConnectionPool\np = MySQLConnectionPool(pool_size=3)\n',
      'app/c.py': 'import mysql.connector\nsocket.connect(address)\nself.connect(pool_size=3)\n',
    },
    [],
  );
});
