import { createServer } from 'node:http';
import { Sequelize } from 'sequelize';

const sequelize = new Sequelize(process.env.DATABASE_URL, { dialect: 'postgres', logging: false });

createServer(async (request, response) => {
  try {
    if (request.url !== '/ready') await sequelize.query(process.env.PROVE_SQL);
    response.end('ok');
  } catch {
    response.writeHead(503).end();
  }
}).listen(Number(process.env.PORT), '127.0.0.1');
