/**
 * # unguarded-hot-reload
 *
 * Each reload of the development server builds another pool.
 *
 * ## Why it matters
 *
 * Next.js, Remix, React Router, SvelteKit, Astro and others evaluate a server module anew when it or something it imports changes,
 * in the same process. A client or pool at module level is then built once more, and nobody closes the one before it: its connections
 * stay until they idle out, Prisma's for as long as the process runs. After some saves a local PostgreSQL answers "too many clients
 * already". What hangs on `globalThis` outlives the reload.
 *
 * ## Wrong
 *
 * `package.json`
 *
 * ```json
 * { "name": "shop", "dependencies": { "next": "15.1.0", "@prisma/client": "6.2.0" } }
 * ```
 *
 * `lib/prisma.ts`
 *
 * ```typescript
 * import { PrismaClient } from '@prisma/client';
 *
 * export const prisma = new PrismaClient();
 * ```
 *
 * ## Right
 *
 * `package.json`
 *
 * ```json
 * { "name": "shop", "dependencies": { "next": "15.1.0", "@prisma/client": "6.2.0" } }
 * ```
 *
 * `lib/prisma.ts`
 *
 * ```typescript
 * import { PrismaClient } from '@prisma/client';
 *
 * const globalForPrisma = globalThis as unknown as { prisma?: PrismaClient };
 *
 * export const prisma = globalForPrisma.prisma ?? new PrismaClient();
 * if (process.env.NODE_ENV !== 'production') globalForPrisma.prisma = prisma;
 * ```
 *
 * ## Limits
 *
 * It is a matter of development: in production modules are evaluated once. Only the package whose own package.json names the framework
 * is spoken of, not the servers and libraries beside it in a repository. A file that mentions `globalThis` or `global` in any way, that
 * listens on a port, ends the process or closes what it builds, is left alone, and so are configurations, scripts, seeds, tests and
 * what lies beside tests and only they import. Plain Vite builds for
 * browsers and is not among the frameworks; nor is Nuxt, which starts another thread for each reload and ends the old one with its
 * connections.
 *
 * ## Fix safety
 *
 * Suggestion: in development, changed options of the client take effect with a restart only. It is not offered where the module adds a
 * listener to a pool: each reload would add another.
 *
 * ## References
 *
 * - https://www.prisma.io/docs/orm/more/help-and-troubleshooting/nextjs-help
 */
import type { TextEdit } from '../../core/text.ts';
import { locate } from '../../core/text.ts';
import type { ModuleObject } from '../../declarations/scriptObjects.ts';
import { defineRule } from '../rule.ts';

export const unguardedHotReload = defineRule({
  id: 'unguarded-hot-reload',
  group: 'lifecycle',
  severity: 'information',
  fix: 'suggestion',
  summary: 'Each reload of the development server builds another client or pool.',
  contexts: ['app'],
  *check({ scriptObjects }) {
    for (const { uri, object, framework, builds } of scriptObjects.reloadedObjects) {
      const edits = keptOnGlobal(object);
      yield {
        at: locate(uri, object.site.calleeSpan),
        message: `${framework} evaluates this module again when files change: each time ${builds} is built once more, and the connections of the one before stay open. Keep it on globalThis outside production.`,
        fixes: edits && [
          { title: `Keep ${object.name} on globalThis in development`, safety: 'suggestion', preferred: true, edits },
        ],
      };
    }
  },
});

/** Undefined where the type of what is built cannot be written down, and where each reload would add a listener to what is kept. */
function keptOnGlobal({
  site,
  name,
  before,
  after,
  className,
  style,
  hasErrorListener,
}: ModuleObject): TextEdit[] | undefined {
  if (className === undefined || hasErrorListener) return undefined;
  const { uri, span } = site;
  const { semicolon, quote, lineEnding, hasTypes } = style;
  const insert = (offset: number, newText: string) => ({ uri, start: offset, end: offset, newText });
  const holder = hasTypes ? `globalFor${name.charAt(0).toUpperCase()}${name.slice(1)}` : 'globalThis';
  const declaration = `const ${holder} = globalThis as unknown as { ${name}?: ${className} }${semicolon}`;
  const keeping = `if (process.env.NODE_ENV !== ${quote}production${quote}) ${holder}.${name} = ${name}${semicolon}`;
  return [
    ...(hasTypes ? [insert(before, `${declaration}${lineEnding}${lineEnding}`)] : []),
    insert(span.start, `${holder}.${name} ?? `),
    insert(after, `${lineEnding}${keeping}`),
  ];
}
