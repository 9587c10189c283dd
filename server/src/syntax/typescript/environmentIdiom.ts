/** How a file reads an environment variable, so that an edit reads another one as its author would. */
import { isTyped } from './destinations.ts';
import type { ScriptFile } from './file.ts';

/** `quote` is the sign that texts around it are written in. */
export function lookUpText(file: ScriptFile, variable: string, quote: string): string {
  const idiom = file.remember('environment idiom', () => idiomOf(file.text));
  switch (idiom) {
    case 'Deno':
      return `Deno.env.get(${quote}${variable}${quote})`;
    case 'prisma':
      return `env(${quote}${variable}${quote})`;
    case 'brackets':
      return `process.env[${quote}${variable}${quote}]`;
    default:
      return `${idiom}.${variable}`;
  }
}

/** A look-up as a certain value: to a type checker a variable may be missing. */
export function certainLookUpText(file: ScriptFile, variable: string, quote: string): string {
  const text = lookUpText(file, variable, quote);
  // Prisma's function throws where the variable is missing.
  return isTyped(file) && !text.startsWith('env(') ? `${text}!` : text;
}

function idiomOf(text: string): 'process.env' | 'brackets' | 'Deno' | 'Bun.env' | 'import.meta.env' | 'env' | 'prisma' {
  if (/\bimport\s*\{[^{}]*\benv\b[^{}]*\}\s*from\s*["']prisma\/config["']/.test(text)) return 'prisma';
  if (/\bprocess\.env\.\w/.test(text)) return 'process.env';
  if (/\bprocess\.env\[['"]/.test(text)) return 'brackets';
  if (/\bDeno\.env\.get\(/.test(text)) return 'Deno';
  if (/\bBun\.env\b/.test(text)) return 'Bun.env';
  if (/\bimport\.meta\.env\b/.test(text)) return 'import.meta.env';
  if (/\bimport\s*\{[^{}]*\benv\b[^{}]*\}\s*from\s*["'](?:node:)?process["']/.test(text)) return 'env';
  return 'process.env';
}
