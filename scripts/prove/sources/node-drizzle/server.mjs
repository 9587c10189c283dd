import { createServer } from 'node:http';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 4 });
const db = drizzle({ client: pool });

createServer(async (request, response) => {
  try {
    if (request.url !== '/ready') await db.execute(sql.raw(process.env.PROVE_SQL));
    response.end('ok');
  } catch {
    response.writeHead(503).end();
  }
}).listen(Number(process.env.PORT), '127.0.0.1');
