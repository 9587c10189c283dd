import { createServer } from 'node:http';
import knex from 'knex';

const db = knex({ client: 'pg', connection: process.env.DATABASE_URL, pool: { min: 0, max: 7 } });

createServer(async (request, response) => {
  try {
    if (request.url !== '/ready') await db.raw(process.env.PROVE_SQL);
    response.end('ok');
  } catch {
    response.writeHead(503).end();
  }
}).listen(Number(process.env.PORT), '127.0.0.1');
