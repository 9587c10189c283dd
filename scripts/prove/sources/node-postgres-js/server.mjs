import { createServer } from 'node:http';
import postgres from 'postgres';

const sql = postgres(process.env.DATABASE_URL, { max: 8 });

createServer(async (request, response) => {
  try {
    if (request.url !== '/ready') await sql.unsafe(process.env.PROVE_SQL);
    response.end('ok');
  } catch {
    response.writeHead(503).end();
  }
}).listen(Number(process.env.PORT), '127.0.0.1');
