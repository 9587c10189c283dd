/** Configurations that Nest injects whole: `@Inject(database.KEY) private config: ConfigType<typeof database>`. */
import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import type { Value } from '../../declarations/value.ts';
import { nestConfiguration } from '../../facts/nest.ts';
import type { TextFact } from '../gathered.ts';
import type { ScriptFile } from './file.ts';

/** Few files have one, and parameters are read often. */
const injecting: TextFact<true> = { read: (text) => text.includes('ConfigType<') || undefined };

/** What a parameter of this type is; `named` gives the value of a name of the module. */
export function injectedConfiguration(
  file: ScriptFile,
  parameter: Node,
  at: Location,
  named: (name: string) => Value,
): Value | undefined {
  if (file.gather(injecting).length === 0) return undefined;
  const type = parameter.childForFieldName('type')?.text ?? '';
  const name = /\bConfigType<\s*typeof\s+([\w$]+)\s*>$/.exec(type)?.[1];
  if (name === undefined) return undefined;
  const { module, injected } = nestConfiguration;
  const callee: Value = { kind: 'reference', module, name: injected, level: 0, at };
  return { kind: 'call', callee, arguments: [{ value: named(name), span: at, valueSpan: at }], at };
}
