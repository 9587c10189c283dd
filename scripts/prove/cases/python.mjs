// Python processes: the worked examples of the arithmetic, and peaks where the process model bounds the pool.
const environment = {
  id: 'prove-python',
  language: 'python',
  packages: [
    ...['gunicorn', 'uvicorn', 'uvicorn-worker', 'fastapi', 'celery', 'django'],
    ...['sqlalchemy[asyncio]', 'psycopg2-binary', 'asyncpg', 'psycopg[binary]', 'psycopg_pool'],
    ...['flask-sqlalchemy', 'tortoise-orm', 'peewee'],
  ],
};

const sizes = (size, overflow) => ({ POOL_SIZE: String(size), MAX_OVERFLOW: String(overflow) });
const gunicorn = { server: 'gunicorn', worker_class: 'uvicorn' };
const asyncEngine = { environment, source: 'sqlalchemy-async', driver: 'postgresql+asyncpg' };
const engine = { environment, source: 'sqlalchemy-wsgi', driver: 'postgresql+psycopg2' };
const fastapi = { environment, source: 'fastapi-def', driver: 'postgresql+psycopg2' };

const django = { environment, source: 'django', driver: 'postgresql' };

export const cases = [
  {
    ...django,
    title: 'example 5: Django, CONN_MAX_AGE set, 4 workers × 2 threads',
    service: { server: 'gunicorn', worker_class: 'gthread', workers: 4, threads: 2 },
    says: { total: 8 },
  },
  {
    ...django,
    title: 'Django, CONN_MAX_AGE set, 2 sync workers',
    service: { server: 'gunicorn', worker_class: 'sync', workers: 2 },
    says: { total: 2 },
  },
  {
    ...django,
    source: 'django-pool',
    title: 'Django with its native pool, 2 workers × 8 threads, at most 4 each',
    service: { server: 'gunicorn', worker_class: 'gthread', workers: 2, threads: 8 },
    says: { total: 8 },
  },
  {
    ...asyncEngine,
    title: 'example 1: 4 workers × 2 replicas, 11 + 0',
    service: { ...gunicorn, workers: 4, replicas: 2, env: sizes(11, 0) },
    says: { total: 88 },
  },
  {
    ...asyncEngine,
    title: 'example 1 with an overflow: 4 workers × 2 replicas, 11 + 2',
    service: { ...gunicorn, workers: 4, replicas: 2, env: sizes(11, 2) },
    says: { total: 104 },
  },
  {
    ...asyncEngine,
    title: "example 2: 4 workers × 2 replicas, the library's defaults",
    service: { ...gunicorn, workers: 4, replicas: 2 },
    says: { total: 120 },
  },
  {
    ...asyncEngine,
    title: 'example 3: 4 workers × 3 replicas, 11 + 0',
    service: { ...gunicorn, workers: 4, replicas: 3, env: sizes(11, 0) },
    says: { total: 132 },
  },
  {
    ...asyncEngine,
    title: 'example 4: 4 workers × 3 replicas, 10 + 0',
    service: { ...gunicorn, workers: 4, replicas: 3, env: sizes(10, 0) },
    says: { total: 120 },
  },
  {
    ...asyncEngine,
    title: 'Uvicorn with 3 workers, 5 + 10',
    service: { server: 'uvicorn', workers: 3 },
    says: { total: 45 },
  },
  {
    ...asyncEngine,
    title: 'Uvicorn, one process, 60 + 0',
    service: { server: 'uvicorn', env: sizes(60, 0) },
    says: { total: 60 },
  },
  {
    ...asyncEngine,
    title: 'Uvicorn, one process, no limit: as many connections as requests',
    service: { server: 'uvicorn', env: sizes(5, -1) },
    requests: 80,
    says: { total: 'unbounded' },
    measures: 80,
  },
  {
    ...engine,
    title: 'Gunicorn, 3 sync workers, 5 + 10 each: the workers bound the reach',
    service: { server: 'gunicorn', worker_class: 'sync', workers: 3 },
    says: { total: 45, reach: 3 },
  },
  {
    ...engine,
    title: 'Gunicorn, 2 workers × 8 threads, 5 + 10 each',
    service: { server: 'gunicorn', worker_class: 'gthread', workers: 2, threads: 8 },
    says: { total: 30, reach: 16 },
  },
  {
    ...engine,
    title: 'Gunicorn, 2 workers × 30 threads, 5 + 10 each: the pools bound the threads',
    service: { server: 'gunicorn', worker_class: 'gthread', workers: 2, threads: 30 },
    says: { total: 30, reach: 30 },
  },
  {
    ...fastapi,
    title: 'FastAPI def endpoints, one Uvicorn, 5 + 10',
    service: { server: 'uvicorn', worker_class: 'threadpool' },
    says: { total: 15, reach: 15 },
  },
  {
    ...fastapi,
    title: 'FastAPI def endpoints, one Uvicorn, 60 + 0: the thread pool bounds the reach',
    service: { server: 'uvicorn', worker_class: 'threadpool', env: sizes(60, 0) },
    says: { total: 60, reach: 40 },
  },
  {
    environment,
    source: 'asyncpg-asgi',
    driver: 'postgresql',
    title: 'asyncpg, 2 Uvicorn workers × 7',
    service: { server: 'uvicorn', workers: 2 },
    says: { total: 14 },
  },
  {
    environment,
    source: 'psycopg-pool-wsgi',
    driver: 'postgresql',
    title: 'psycopg_pool, 2 workers × 8 threads, 2 to 6 each',
    service: { server: 'gunicorn', worker_class: 'gthread', workers: 2, threads: 8 },
    says: { total: 12, reach: 12 },
  },
  {
    environment,
    source: 'celery',
    driver: 'postgresql+psycopg2',
    title: 'Celery, 3 prefork children, 5 + 10 each: a child runs one task',
    service: { server: 'celery', concurrency: 3 },
    produce: ['-c', 'from app import query\nfor _ in range(12):\n    query.delay()'],
    says: { total: 45, reach: 3 },
  },
  {
    environment,
    source: 'flask-sqlalchemy',
    driver: 'postgresql+psycopg2',
    title: 'Flask-SQLAlchemy, 2 workers × 12 threads, 3 + 2 each',
    service: { server: 'gunicorn', worker_class: 'gthread', workers: 2, threads: 12 },
    says: { total: 10 },
  },
  {
    environment,
    source: 'tortoise',
    driver: 'asyncpg',
    title: "Tortoise, 3 Uvicorn workers, the library's defaults",
    service: { server: 'uvicorn', workers: 3 },
    says: { total: 15 },
  },
  {
    environment,
    source: 'peewee',
    driver: 'postgresql',
    title: 'peewee, 2 workers × 10 threads, 6 each',
    service: { server: 'gunicorn', worker_class: 'gthread', workers: 2, threads: 10 },
    says: { total: 12 },
  },
  {
    environment,
    source: 'psycopg2-pool',
    driver: 'postgresql',
    title: 'psycopg2.pool, 2 workers × 10 threads, 5 each: a full pool refuses',
    service: { server: 'gunicorn', worker_class: 'gthread', workers: 2, threads: 10 },
    says: { total: 10 },
  },
];
