/** Under which names a module exports its functions where the function itself does not say so: `export { list as GET }`. */
import type { TextFact } from '../../gathered.ts';
import type { ScriptFile } from '../file.ts';

/** Calls that hand on the function they take: `withSession(handler)`, `middy(base)`. */
const wrapped = String.raw`((?:[\w$.]{1,60}\s*\(\s*){0,3})([\w$]{1,80})\s*(?=[,);\n]|$)`;
const clause = /\bexport\s*\{([^{}]{0,2000})\}(?!\s*from\b)/g;
const list = /\bmodule\.exports\s*=\s*\{([^{}]{0,4000})\}/g;
const item = new RegExp(String.raw`^\s*(?:([\w$]{1,80})\s*:\s*)?${wrapped}`);
const single = new RegExp(
  String.raw`\b(?:export\s+(?:const|let)\s+([\w$]{1,80})(?:\s*:[^=\n]{1,200})?\s*=|exports\.([\w$]{1,80})\s*=|export\s+default\b|module\.exports\s*=)\s*${wrapped}`,
  'g',
);

/** Who is called so keeps what a function returned, or makes something else of the name. */
const keeps = /cache|once|memo|lazy|singleton|require|import|\bnew\b|await/i;

type Exported = readonly (readonly [local: string, name: string])[];

const exported: TextFact<Exported> = {
  read: (text) => {
    if (!text.includes('export')) return undefined;
    const found: (readonly [string, string])[] = [];
    const add = (name: string | undefined, wrappers: string | undefined, local: string | undefined) => {
      if (name !== undefined && local !== undefined && !keeps.test(wrappers ?? '')) found.push([local, name]);
    };
    for (const [, names] of text.matchAll(clause)) {
      for (const each of names!.split(',')) {
        const [local, name] = each.trim().split(/\s+as\s+/);
        if (local) add(name ?? local, undefined, local);
      }
    }
    for (const [, names] of text.matchAll(list)) {
      for (const each of names!.split(',')) {
        const match = item.exec(each);
        if (match) add(match[1] ?? match[3], match[2], match[3]);
      }
    }
    for (const [, constant, property, wrappers, local] of text.matchAll(single))
      add(constant ?? property ?? 'default', wrappers, local);
    return found.length === 0 ? undefined : found;
  },
};

export function exportedNames(file: ScriptFile): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { value } of file.gather(exported)) {
    for (const [local, name] of value) {
      const known = names.get(local);
      if (known === undefined) names.set(local, [name]);
      else known.push(name);
    }
  }
  return names;
}
