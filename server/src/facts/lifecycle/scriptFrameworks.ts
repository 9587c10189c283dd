/** How frameworks of Node are told what to run: at every request, for every job, at every invocation. */

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'del', 'head', 'options', 'all'];

/** Methods that make a function a request handler when their first argument is a path, whoever the application object is. */
export const scriptRouteMethods: ReadonlySet<string> = new Set([...verbs, 'use', 'route', 'openapi']);

/** What makes an application or a router; a function handed to one of its route methods handles requests. */
const applications = [
  'express()',
  'express.Router()',
  'express.Application()',
  'express.Express()',
  'express.IRouter()',
  'fastify()',
  'fastify.fastify()',
  'fastify.FastifyInstance()',
  'koa()',
  '@koa/router()',
  'koa-router()',
  'hono.Hono()',
  '@hono/zod-openapi.OpenAPIHono()',
  'polka()',
  'restify.createServer()',
  'find-my-way()',
  'elysia.Elysia()',
  'itty-router.Router()',
  'itty-router.AutoRouter()',
  'h3.createRouter()',
  'h3.createApp()',
];

/** Calls that take request handlers, by their path. */
export const requestTakers: ReadonlySet<string> = new Set([
  ...applications.flatMap((path) => [...scriptRouteMethods, 'addHook'].map((method) => `${path}.${method}`)),
  'http.createServer',
  'node:http.createServer',
  'https.createServer',
  'node:https.createServer',
  'h3.defineEventHandler',
  'h3.eventHandler',
  'firebase-functions.https.onRequest',
  'firebase-functions.https.onCall',
  'firebase-functions/v2/https.onRequest',
  'firebase-functions/v2/https.onCall',
  '@google-cloud/functions-framework.http',
  '@azure/functions.app.http',
  '@tanstack/react-start.createServerFn().handler',
]);

/** Globals of Nuxt's server, which takes them for its own. */
export const nitroTakers: ReadonlySet<string> = new Set([
  'defineEventHandler',
  'eventHandler',
  'defineCachedEventHandler',
]);

/** Calls that take what runs once per job, message or tick. */
export const taskTakers: ReadonlySet<string> = new Set([
  'bullmq.Worker',
  'bull().process',
  'bull.default().process',
  'bee-queue().process',
  'kue.createQueue().process',
  'agenda().define',
  'agenda.Agenda().define',
  '@hokify/agenda.Agenda().define',
  'pg-boss().work',
  'pg-boss.PgBoss().work',
  'node-cron.schedule',
  'node-schedule.scheduleJob',
  'cron.CronJob',
  'cron.CronJob.from',
  'inngest.Inngest().createFunction',
  '@trigger.dev/sdk.task',
  '@trigger.dev/sdk/v3.task',
  'builtins.setInterval',
]);

/** Decorators of methods that handle requests or messages. */
export const requestMethodDecorators: ReadonlySet<string> = new Set([
  ...['Get', 'Post', 'Put', 'Patch', 'Delete', 'Head', 'Options', 'All', 'Sse'].flatMap((name) => [
    `@nestjs/common.${name}`,
    `routing-controllers.${name}`,
    `tsoa.${name}`,
  ]),
  ...['Query', 'Mutation', 'ResolveField', 'FieldResolver'].flatMap((name) => [
    `@nestjs/graphql.${name}`,
    `type-graphql.${name}`,
  ]),
  '@nestjs/websockets.SubscribeMessage',
]);

export const taskMethodDecorators: ReadonlySet<string> = new Set([
  '@nestjs/schedule.Cron',
  '@nestjs/schedule.Interval',
  '@nestjs/bull.Process',
  '@nestjs/bullmq.Process',
  '@nestjs/event-emitter.OnEvent',
  '@nestjs/microservices.MessagePattern',
  '@nestjs/microservices.EventPattern',
]);

/** Base classes whose method of that name runs once per job. */
export const taskMethods: ReadonlyMap<string, string> = new Map([['@nestjs/bullmq.WorkerHost', 'process']]);

/** How Nest is told that a provider or controller is built for each request. */
export const requestLifetime = '@nestjs/common.Scope.REQUEST';

/** Types of the first parameter, or of the variable that holds the function, by which it handles one request. */
export const scriptRequestTypes: ReadonlySet<string> = new Set([
  ...['Request', 'RequestHandler', 'ErrorRequestHandler'].map((name) => `express.${name}`),
  ...['NextApiRequest', 'NextApiHandler', 'GetServerSideProps', 'GetServerSidePropsContext'].map(
    (name) => `next.${name}`,
  ),
  ...['NextRequest', 'NextMiddleware'].map((name) => `next/server.${name}`),
  ...['FastifyRequest', 'RouteHandler', 'RouteHandlerMethod'].map((name) => `fastify.${name}`),
  ...['LoaderFunctionArgs', 'ActionFunctionArgs', 'LoaderFunction', 'ActionFunction'].flatMap((name) => [
    `@remix-run/node.${name}`,
    `react-router.${name}`,
  ]),
  '@vercel/node.VercelRequest',
  '@vercel/node.VercelApiHandler',
  'http.IncomingMessage',
  'node:http.IncomingMessage',
  'koa.Context',
  'koa.ParameterizedContext',
  'koa.Middleware',
  'hono.Context',
  'hono.Handler',
  'astro.APIRoute',
  'astro.APIContext',
  '@sveltejs/kit.RequestHandler',
  '@sveltejs/kit.RequestEvent',
]);

/** The same for one invocation of a serverless function: every type of these packages that ends so. */
export const invocationType = /^aws-lambda\.\w*(?:Event|EventV2|Handler|HandlerV2)$|^@netlify\/functions\.Handler$/;

/** Exports that a framework calls for each request, by where the file lies. */
export const requestExports: readonly { readonly place: RegExp; readonly names: RegExp; readonly framework: string }[] =
  [
    {
      place: /\/(?:src\/)?app\/(?:.*\/)?route\.[cm]?[jt]sx?$/,
      names: /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/,
      framework: 'Next.js',
    },
    { place: /\/(?:src\/)?pages\/api\/.*\.[cm]?[jt]sx?$/, names: /^default$/, framework: 'Next.js' },
    { place: /\/(?:src\/)?pages\/.*\.[cm]?[jt]sx?$/, names: /^getServerSideProps$/, framework: 'Next.js' },
    { place: /\/\+server\.[jt]s$/, names: /^(?:GET|POST|PUT|PATCH|DELETE|fallback)$/, framework: 'SvelteKit' },
    { place: /\/\+(?:page|layout)\.server\.[jt]s$/, names: /^load$/, framework: 'SvelteKit' },
    { place: /\/app\/routes\/.*\.[jt]sx?$/, names: /^(?:loader|action)$/, framework: 'Remix' },
    { place: /\/src\/pages\/.*\.[jt]s$/, names: /^(?:GET|POST|PUT|PATCH|DELETE|ALL)$/, framework: 'Astro' },
  ];

/** Calls that leave a function as it is and how often it runs to who calls the result. */
export const transparentWrappers =
  /^(?:async_?handler|express-?async-?handler|catch_?async(?:_?errors?)?|try_?catch|wrap(?:_?async)?|async_?wrap(?:per)?|async_?middleware|handle_?async|with\w+|api_?handler|safe_?async)$/i;

/** Pools that in some runtimes must be made and closed inside one request. */
export const boundToRequests: ReadonlySet<string> = new Set(['neon', 'vercel-postgres']);

/** Prisma's adapters of such drivers, and of databases without a server. */
export const adaptersBoundToRequests = /^@prisma\/adapter-(?:neon|libsql|better-sqlite3|d1|planetscale)$/;
