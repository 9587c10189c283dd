/** Where JavaScript's runtimes and frameworks hold environment variables. */

/** Objects whose properties are environment variables, by module and name. */
export const scriptEnvironments: ReadonlySet<string> = new Set([
  'process.env',
  'node:process.env',
  'import.meta.env',
  'Bun.env',
  'bun.env',
  '$env/dynamic/private.env',
  '$env/dynamic/public.env',
]);

/** Modules whose exports are environment variables. */
export const environmentModules: ReadonlySet<string> = new Set(['$env/static/private', '$env/static/public']);
