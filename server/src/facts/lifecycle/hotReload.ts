/**
 * Frameworks whose development server evaluates modules of the server anew when a file changes, in the process that goes on.
 * `react-router` and `@remix-run/router` alone run in the browser, and Vite alone builds for it. Nuxt is none of them: Nitro starts
 * another worker thread and ends the old one, whose connections close with it, and `globalThis` too is a thread's own.
 */
const frameworks: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^next$/, 'Next.js'],
  [/^@remix-run\/(?:node|react|dev|serve|express|server-runtime)$/, 'Remix'],
  [/^@react-router\/(?:dev|node|serve|express)$/, 'React Router'],
  [/^@sveltejs\/kit$/, 'SvelteKit'],
  [/^astro$/, 'Astro'],
  [/^(?:vike|vite-plugin-ssr|@tanstack\/react-start|@solidjs\/start)$/, 'Vite'],
];

/** The framework that a package depends on, by its name for people; undefined where it is none of these. */
export function reloadingFramework(packages: Iterable<string>): string | undefined {
  const names = [...packages];
  return frameworks.find(([pattern]) => names.some((name) => pattern.test(name)))?.[1];
}
