/** What calls amount to: conversions, environment look-ups, schemas, copies of objects, small functions of the file. */
import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import {
  type ConversionTarget,
  type MappingEntry,
  qualifiedName,
  unknown,
  type Value,
} from '../../declarations/value.ts';
import { readArguments } from './arguments.ts';
import { configValue } from './configServices.ts';
import { evaluate } from './evaluate.ts';
import type { ScriptFile, Segment } from './file.ts';
import { referenceTo } from './imports.ts';
import { isDeclared } from './names.ts';
import { itemsOf, locationOf, textOf } from './nodes.ts';
import { environmentVariable, plainKey } from './properties.ts';
import { schemaValue } from './schemas.ts';

export function evaluateNew(file: ScriptFile, segment: Segment, node: Node): Value {
  const at = locationOf(file, segment, node);
  const named = node.childForFieldName('constructor');
  if (named === null) return unknown('the call is not complete', at);
  const callee = evaluate(file, segment, named);
  if (callee.kind !== 'reference' && callee.kind !== 'attribute')
    return unknown('it is an object that is not followed here', at);
  return { kind: 'call', callee, arguments: readArguments(file, segment, node), at };
}

export function evaluateCall(file: ScriptFile, segment: Segment, node: Node): Value {
  const at = locationOf(file, segment, node);
  const callee = node.childForFieldName('function');
  const list = node.childForFieldName('arguments');
  if (callee === null || list === null) return unknown('the call is not complete', at);
  if (list.type === 'template_string') return unknown('it is a tagged template', at);
  const module = moduleOf(file, segment, callee, list);
  if (module !== undefined) return referenceTo(module, '', at);
  const known =
    conversion(file, segment, callee, list, at) ??
    configValue(file, segment, node) ??
    methodOfValue(file, segment, callee, list, at);
  if (known !== undefined) return known;
  const value = evaluate(file, segment, callee);
  if (value.kind !== 'reference' && value.kind !== 'call' && value.kind !== 'attribute')
    return unknown('it is the result of a call that is not followed here', at);
  if (value.kind === 'reference') {
    const special = namedFunction(file, segment, qualifiedName(value), list, at);
    if (special !== undefined) return special;
  }
  const call = { kind: 'call', callee: value, arguments: readArguments(file, segment, node), at } as const;
  return schemaValue(file, call) ?? call;
}

/** `require('x')`, `import('x')`. */
function moduleOf(file: ScriptFile, segment: Segment, callee: Node, list: Node): string | undefined {
  const isRequire = callee.type === 'import' || (callee.type === 'identifier' && callee.text === 'require');
  if (!isRequire) return undefined;
  const first = itemsOf(list)[0];
  if (first?.type === 'string') return textOf(file, segment, first).slice(1, -1);
  return first && pathFromFolder(textOf(file, segment, first).slice(0, longestPath));
}

const longestPath = 200;

/** `__dirname + '/../config'`, `path.join(__dirname, '..', 'config')`, `${__dirname}/../config`: a path from the file's folder. */
function pathFromFolder(text: string): string | undefined {
  const sum =
    /^__dirname\s*\+\s*(["'])(\/[^"'`$\\]*)\1$/.exec(text) ?? /^(`)\$\{__dirname\}(\/[^"'`$\\]*)`$/.exec(text);
  if (sum !== null) return `.${sum[2]}`;
  const joined = /^path\.(?:join|resolve)\(\s*__dirname((?:\s*,\s*["'][^"'`$\\]*["'])+)\s*,?\s*\)$/.exec(text)?.[1];
  const parts = joined?.match(/["'][^"']*["']/g)?.map((part) => part.slice(1, -1).replace(/^\/+/, ''));
  return parts && `./${parts.join('/')}`;
}

const conversions: Readonly<Record<string, ConversionTarget>> = {
  Number: 'Number',
  String: 'String',
  Boolean: 'Boolean',
  parseInt: 'parseInt',
  parseFloat: 'parseFloat',
  'Number.parseInt': 'parseInt',
  'Number.parseFloat': 'parseFloat',
};

function conversion(file: ScriptFile, segment: Segment, callee: Node, list: Node, at: Location): Value | undefined {
  const to = conversions[callee.text];
  const root = callee.type === 'member_expression' ? callee.childForFieldName('object')! : callee;
  const [first, radix] = itemsOf(list);
  if (to === undefined || first === undefined || isDeclared(file, segment, root)) return undefined;
  if (to === 'parseInt' && radix !== undefined && radix.text !== '10')
    return unknown('it is read with another radix than 10', at);
  return { kind: 'convert', to, value: evaluate(file, segment, first), at };
}

/** Functions of the runtime, by their dotted name. */
function namedFunction(file: ScriptFile, segment: Segment, path: string, list: Node, at: Location): Value | undefined {
  const items = itemsOf(list);
  const value = (node: Node) => evaluate(file, segment, node);
  switch (path) {
    case 'Deno.env.get': {
      const variable = items[0] && plainKey(value(items[0]));
      return variable === undefined
        ? unknown('the name of the environment variable is not known', at)
        : environmentVariable(variable, at);
    }
    case 'Object.freeze':
    case 'Object.seal':
      return items[0] && value(items[0]);
    case 'Object.assign': {
      const entries = items.map(
        (node): MappingEntry => ({ value: value(node), span: locationOf(file, segment, node), spread: true }),
      );
      return { kind: 'mapping', entries, complete: true, at };
    }
    case 'os.cpus':
    case 'node:os.cpus':
    case 'os.availableParallelism':
    case 'node:os.availableParallelism':
      return unknown('it is the number of CPUs of the machine', at);
    default:
      return undefined;
  }
}

const trimming = new Set(['trim', 'trimStart', 'trimEnd', 'valueOf']);

/** Methods of texts that keep what is known of them. */
function methodOfValue(file: ScriptFile, segment: Segment, callee: Node, list: Node, at: Location): Value | undefined {
  if (callee.type !== 'member_expression') return undefined;
  const object = callee.childForFieldName('object');
  const name = callee.childForFieldName('property')?.text ?? '';
  const items = itemsOf(list);
  if (object === null) return undefined;
  if (name === 'toString' && items.length === 0)
    return { kind: 'convert', to: 'String', value: evaluate(file, segment, object), at };
  if (trimming.has(name) && items.length === 0) return evaluate(file, segment, object);
  if ((name === 'replace' || name === 'replaceAll') && items.length === 2) {
    const operands = [object, ...items].map((each) => evaluate(file, segment, each));
    return { kind: 'operation', operator: 'replace', operands, at };
  }
  return undefined;
}
