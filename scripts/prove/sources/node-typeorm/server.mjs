import { createServer } from 'node:http';
import { DataSource } from 'typeorm';

const source = new DataSource({ type: 'postgres', url: process.env.DATABASE_URL, poolSize: 6 });
await source.initialize();

createServer(async (request, response) => {
  try {
    if (request.url !== '/ready') await source.query(process.env.PROVE_SQL);
    response.end('ok');
  } catch {
    response.writeHead(503).end();
  }
}).listen(Number(process.env.PORT), '127.0.0.1');
