import { createServer } from 'node:http';
import pg from 'pg';

const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.POOL_MAX ?? 10),
  connectionTimeoutMillis: 60_000,
});
pool.on('error', () => {});

createServer(async (request, response) => {
  try {
    if (request.url !== '/ready') await pool.query(process.env.PROVE_SQL);
    response.end('ok');
  } catch {
    response.writeHead(503).end();
  }
}).listen(Number(process.env.PORT), '127.0.0.1');
