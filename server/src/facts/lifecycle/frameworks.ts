/** How Python frameworks are told what to run: at every request, for every task, for a dependency. */

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace'];
const routeMethods = [
  ...verbs,
  'route',
  'api_route',
  'websocket',
  'websocket_route',
  'add_url_rule',
  'view',
  'api_operation',
];

/** Methods that make a function a request handler when their first argument is a path, whoever the application object is. */
export const routeMethodNames: ReadonlySet<string> = new Set([
  ...routeMethods,
  'ws',
  'before_request',
  'before_app_request',
  'after_request',
  'after_app_request',
  'middleware',
]);

const applications = [
  'fastapi.FastAPI',
  'fastapi.APIRouter',
  'fastapi.applications.FastAPI',
  'fastapi.routing.APIRouter',
  'starlette.applications.Starlette',
  'flask.Flask',
  'flask.Blueprint',
  'flask.app.Flask',
  'flask.blueprints.Blueprint',
  'quart.Quart',
  'quart.Blueprint',
  'sanic.Sanic',
  'sanic.Blueprint',
  'ninja.NinjaAPI',
  'ninja.Router',
  'ninja_extra.NinjaExtraAPI',
  'aiohttp.web.RouteTableDef',
  'chalice.Chalice',
  'bottle.Bottle',
  'apiflask.APIFlask',
  'apiflask.APIBlueprint',
  'robyn.Robyn',
  'blacksheep.Application',
];

/** Decorators of request handlers: by the application's method, or by a function of the framework. */
export const requestDecorators: ReadonlySet<string> = new Set([
  ...applications.flatMap((path) => [...routeMethodNames].map((method) => `${path}().${method}`)),
  ...['get', 'post', 'put', 'patch', 'delete', 'head', 'route', 'websocket'].flatMap((name) => [
    `litestar.${name}`,
    `litestar.handlers.${name}`,
    `bottle.${name}`,
  ]),
  'rest_framework.decorators.api_view',
  'rest_framework.decorators.action',
  'django.views.decorators.http.require_http_methods',
  'django.views.decorators.http.require_GET',
  'django.views.decorators.http.require_POST',
  'django.views.decorators.http.require_safe',
  'django.views.decorators.csrf.csrf_exempt',
  'django.contrib.auth.decorators.login_required',
  'functions_framework.http',
]);

/** Base classes whose methods named after HTTP verbs handle requests. */
export const handlerClasses: ReadonlySet<string> = new Set([
  'django.views.View',
  'django.views.generic.View',
  'django.views.generic.base.View',
  'django.views.generic.TemplateView',
  'rest_framework.views.APIView',
  'rest_framework.generics.GenericAPIView',
  'rest_framework.viewsets.ViewSet',
  'rest_framework.viewsets.ModelViewSet',
  'flask.views.MethodView',
  'flask.views.View',
  'flask_restful.Resource',
  'flask_restx.Resource',
  'starlette.endpoints.HTTPEndpoint',
  'tornado.web.RequestHandler',
  'aiohttp.web.View',
]);

export const handlerMethods: ReadonlySet<string> = new Set([
  ...verbs,
  'dispatch',
  'list',
  'create',
  'retrieve',
  'update',
  'partial_update',
  'destroy',
  'dispatch_request',
]);

/** Types of the first parameter of functions that handle one request. */
export const requestTypes: ReadonlySet<string> = new Set([
  'django.http.HttpRequest',
  'django.http.request.HttpRequest',
  'rest_framework.request.Request',
  'aiohttp.web.Request',
]);

/** What is empty again at the next request. https://flask.palletsprojects.com/en/stable/appcontext/#storing-data */
export const requestContexts: ReadonlySet<string> = new Set([
  'flask.g',
  'flask.globals.g',
  'quart.g',
  'quart.globals.g',
]);

/** Requests with a `state` of their own. https://www.starlette.io/requests/#other-state */
export const stateRequests: ReadonlySet<string> = new Set([
  'fastapi.Request',
  'fastapi.requests.Request',
  'starlette.requests.Request',
  'fastapi.WebSocket',
  'starlette.websockets.WebSocket',
]);

/** Objects that live as long as the process. */
export const applicationObjects: ReadonlySet<string> = new Set([
  ...applications.map((path) => `${path}()`),
  'flask.current_app',
  'quart.current_app',
]);

/** Decorators of functions that a worker runs once per message. */
export const taskDecorators: ReadonlySet<string> = new Set([
  'celery.shared_task',
  'celery.task',
  'celery.decorators.task',
  'celery.Celery().task',
  'celery.app.Celery().task',
  'celery.app.shared_task',
  'dramatiq.actor',
  'django_rq.job',
  'rq.decorators.job',
  'huey.RedisHuey().task',
  'huey.SqliteHuey().task',
  'huey.contrib.djhuey.task',
  'huey.contrib.djhuey.db_task',
]);

/** Celery's decorators: its workers fork, and each child runs many tasks one after the other. */
export const celeryDecorators: ReadonlySet<string> = new Set(
  [...taskDecorators].filter((path) => path.startsWith('celery.')),
);

/** What makes a function a dependency of handlers: its first argument is called for each request. */
export const dependencyMarkers: ReadonlySet<string> = new Set([
  'fastapi.Depends',
  'fastapi.params.Depends',
  'fastapi.param_functions.Depends',
  'fastapi.Security',
  'fastapi.param_functions.Security',
  'fastapi.params.Security',
  'ninja_extra.Depends',
]);

export const annotatedTypes: ReadonlySet<string> = new Set(['typing.Annotated', 'typing_extensions.Annotated']);

/** Decorators that leave what a function does at each call as it is. */
export const transparentDecorators: ReadonlySet<string> = new Set([
  'contextlib.contextmanager',
  'contextlib.asynccontextmanager',
  'builtins.staticmethod',
  'functools.wraps()',
  'flask_login.login_required',
]);
