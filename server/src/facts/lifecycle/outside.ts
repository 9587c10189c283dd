/** Calls that wait for something other than the database. Paths as `lifecycle/resolve.ts` writes them. */

export type OutsideKind =
  | 'an HTTP request'
  | 'a sleep'
  | 'a subprocess'
  | 'a model call'
  | 'a call of a cloud service'
  | 'an e-mail';

const verbs = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'request'];
const each = (prefixes: readonly string[], names: readonly string[]) =>
  prefixes.flatMap((prefix) => names.map((name) => `${prefix}.${name}`));

const byKind: readonly (readonly [OutsideKind, readonly string[]])[] = [
  [
    'an HTTP request',
    [
      ...each(['requests', 'requests.Session()', 'requests.session()', 'requests.sessions.Session()'], verbs),
      ...each(['httpx', 'httpx.Client()', 'httpx.AsyncClient()'], [...verbs, 'stream', 'send']),
      ...each(['aiohttp.ClientSession()', 'aiohttp.client.ClientSession()'], verbs),
      'aiohttp.request',
      'urllib.request.urlopen',
      'urllib.request.urlretrieve',
      ...each(['urllib3.PoolManager()'], ['request']),
    ],
  ],
  ['a sleep', ['time.sleep', 'asyncio.sleep', 'anyio.sleep', 'trio.sleep', 'gevent.sleep', 'eventlet.sleep']],
  ['a subprocess', [...each(['subprocess'], ['run', 'call', 'check_call', 'check_output', 'getoutput']), 'os.system']],
  [
    'a model call',
    [
      ...each(
        ['openai.OpenAI()', 'openai.AsyncOpenAI()', 'openai.AzureOpenAI()', 'openai.AsyncAzureOpenAI()', 'openai'],
        [
          'chat.completions.create',
          'chat.completions.parse',
          'beta.chat.completions.parse',
          'completions.create',
          'responses.create',
          'responses.parse',
          'embeddings.create',
          'images.generate',
          'audio.transcriptions.create',
        ],
      ),
      'openai.ChatCompletion.create',
      'openai.ChatCompletion.acreate',
      'openai.Completion.create',
      'openai.Embedding.create',
      ...each(['anthropic.Anthropic()', 'anthropic.AsyncAnthropic()'], ['messages.create', 'completions.create']),
      ...each(['litellm'], ['completion', 'acompletion', 'embedding', 'aembedding']),
      'google.generativeai.GenerativeModel().generate_content',
      'google.generativeai.GenerativeModel().generate_content_async',
      'google.genai.Client().models.generate_content',
      ...each(['ollama'], ['chat', 'generate']),
    ],
  ],
  [
    'an e-mail',
    [
      'django.core.mail.send_mail',
      'django.core.mail.send_mass_mail',
      'smtplib.SMTP',
      'smtplib.SMTP_SSL',
      'aiosmtplib.send',
    ],
  ],
];

const kinds: ReadonlyMap<string, OutsideKind> = new Map(
  byKind.flatMap(([kind, paths]) => paths.map((path) => [path, kind] as const)),
);

/** Methods of boto3 clients that call nobody. */
const localCloudMethods = new Set([
  'generate_presigned_url',
  'generate_presigned_post',
  'can_paginate',
  'close',
  'get_paginator',
  'get_waiter',
  'exceptions',
  'meta',
]);
const cloudMethod =
  /^(?:boto3\.client\(\)|boto3\.Session\(\)\.client\(\)|boto3\.session\.Session\(\)\.client\(\))\.(\w+)$/;

/** What a call waits for, by the path of its callee. */
export function outsideKind(path: string): OutsideKind | undefined {
  const known = kinds.get(path);
  if (known !== undefined) return known;
  const method = cloudMethod.exec(path)?.[1];
  return method !== undefined && !localCloudMethods.has(method) ? 'a call of a cloud service' : undefined;
}

/** Calls that answer with a body that is sent while clients read it, by what they are called on. */
export const streamingResponses: ReadonlySet<string> = new Set(
  ['fastapi.responses', 'starlette.responses', 'sse_starlette', 'sse_starlette.sse'].flatMap((module) =>
    ['StreamingResponse', 'FileResponse', 'EventSourceResponse'].map((name) => `${module}.${name}`),
  ),
);

/** Words without which no function calls any of these. */
export const waitingWords: readonly string[] = [
  ...['requests', 'httpx', 'aiohttp', 'urllib3', 'urlopen', 'urlretrieve', 'sleep', 'subprocess', 'os.system', 'boto3'],
  ...['completions', 'responses.create', 'responses.parse', 'embeddings', 'ChatCompletion', 'generate_content'],
  ...['generate_content_async', 'litellm', 'ollama', 'send_mail', 'send_mass_mail', 'smtplib', 'aiosmtplib'],
  ...['StreamingResponse', 'FileResponse', 'EventSourceResponse'],
  // What is called on a client by another name.
  ...['session.get', 'session.post', 'client.get', 'client.post', 'client.request', 'http.get', 'http.post'],
  ...['messages.create'],
];

/** Packages that a module imports whose functions wait for something outside; sleeps are left out. */
export const waitingPackages: readonly string[] = [
  ...['requests', 'httpx', 'aiohttp', 'urllib', 'urllib3', 'subprocess', 'openai', 'anthropic', 'litellm', 'google'],
  ...['ollama', 'boto3', 'smtplib', 'aiosmtplib'],
];
