/** Moving a datasource's URL into `prisma.config.ts`, where Prisma reads it from version 7 on. */
import { LineIndex } from '../core/text.ts';
import type { ExistingFile, FileAddition } from './environmentMove.ts';

export interface ConfigurationMove {
  /** `url`, `shadowDatabaseUrl` */
  readonly setting: string;
  readonly variable: string;
  /** The schema, relative to the configuration. */
  readonly schema: string;
  /** True where the project has what reads `.env`; Prisma 7 does not. */
  readonly hasDotenv: boolean;
}

/** What to add to which place; undefined where the configuration is written in a way that is not known here. */
export function moveToPrismaConfig(move: ConfigurationMove, file: ExistingFile): FileAddition[] | undefined {
  const { text, uri } = file;
  if (text === undefined)
    return [{ uri, isNew: true, position: { line: 0, character: 0 }, newText: newConfiguration(move) }];
  const start = /(?:\bdefineConfig(?:<[^<>(]*>)?\(\s*|\bexport\s+default\s+|\bmodule\.exports\s*=\s*)\{/.exec(text);
  if (start === null) return undefined;
  const datasource = /\bdatasource\s*:\s*\{/.exec(text);
  const body = datasource === null ? '' : text.slice(datasource.index, text.indexOf('}', datasource.index));
  if (new RegExp(`\\b${move.setting}\\s*:`).test(body)) return [];
  if (datasource === null && /\bdatasource\b/.test(text)) return undefined;
  const lines = LineIndex.of(text);
  const insert = (offset: number, newText: string): FileAddition => ({
    uri,
    isNew: false,
    position: lines.position(offset),
    newText,
  });
  const imported = /\bimport\s*\{([^{}]*)\}\s*from\s*(["'])prisma\/config\2/.exec(text);
  const hasFunction = imported !== null && /\bdefineConfig\b/.test(imported[1]!);
  const quote = imported?.[2] ?? "'";
  const value = hasFunction ? `env(${quote}${move.variable}${quote})` : `process.env.${move.variable}`;
  const additions: FileAddition[] = [];
  if (hasFunction && !/\benv\b/.test(imported[1]!)) {
    const name = imported.index + /\bdefineConfig\b/.exec(imported[0])!.index + 'defineConfig'.length;
    additions.push(insert(name, ', env'));
  }
  const indentation = /\{\r?\n([ \t]+)/.exec(text.slice(start.index))?.[1] ?? '  ';
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  additions.push(
    datasource === null
      ? insert(start.index + start[0].length, `${end}${indentation}datasource: { ${move.setting}: ${value} },`)
      : insert(datasource.index + datasource[0].length, ` ${move.setting}: ${value},`),
  );
  return additions;
}

function newConfiguration({ setting, variable, schema, hasDotenv }: ConfigurationMove): string {
  return `${hasDotenv ? "import 'dotenv/config';\n" : ''}import { defineConfig, env } from 'prisma/config';

export default defineConfig({
  schema: '${schema}',
  datasource: { ${setting}: env('${variable}') },
});
`;
}
