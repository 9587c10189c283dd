/**
 * Classes that extend a library's: what builds the pool is the call of `super`, or whoever builds the class, if only a
 * container that injects it.
 */
import type { Node } from 'web-tree-sitter';
import { lineEndingOf } from '../../core/text.ts';
import type { CallSite, Value } from '../../declarations/value.ts';
import { injectableDecorators } from '../../facts/injection.ts';
import type { ScriptFile, Segment } from './file.ts';
import { isFunction, itemsOf, locationOf } from './nodes.ts';

export interface Heir {
  readonly name: string;
  readonly definition: Node;
  readonly body: Node;
  /** What it extends. */
  readonly base: Node;
}

/** The class of which a name, or the end of a dotted one, is what it extends. */
export function heirOf(node: Node): Heir | undefined {
  let base = node;
  while (base.parent?.type === 'member_expression' && base.parent.childForFieldName('property')?.id === base.id)
    base = base.parent;
  const clause = base.parent;
  if (clause?.type !== 'extends_clause' || clause.childForFieldName('value')?.id !== base.id) return undefined;
  const owner = clause.parent?.parent;
  const name = owner?.childForFieldName('name')?.text;
  const body = owner?.childForFieldName('body');
  return !owner || name === undefined || !body ? undefined : { name, definition: owner, body, base };
}

/** True for a class that a container builds once and gives to whoever asks for it. */
export function isInjectable({ definition }: Heir): boolean {
  if (definition.type === 'abstract_class_declaration') return false;
  const { parent } = definition;
  const around = parent?.type === 'export_statement' ? [definition, parent] : [definition];
  return around.some((node) =>
    itemsOf(node).some((each) => {
      const name = each.type === 'decorator' ? /^@\s*(\w+)/.exec(each.text)?.[1] : undefined;
      return name !== undefined && injectableDecorators.has(name);
    }),
  );
}

/** What a container calls that builds a class without a constructor: what the class extends, without arguments. */
export function injectedSite(file: ScriptFile, segment: Segment, { name, base, body }: Heir, callee: Value): CallSite {
  const last = base.childForFieldName('property') ?? base;
  const first = itemsOf(body)[0];
  const line = lineEndingOf(file.text);
  const column = first?.startPosition.column ?? 0;
  const indent = ' '.repeat(first !== undefined && first.startPosition.row > body.startPosition.row ? column : 2);
  return {
    uri: file.uri,
    language: 'typescript',
    callee,
    calleeText: /^[\w$.]{1,80}$/.test(base.text) ? base.text : last.text.slice(0, 80),
    calleeSpan: locationOf(file, segment, last),
    span: locationOf(file, segment, base),
    arguments: [],
    insertion: {
      offset: segment.start + body.startIndex + 1,
      before: `${line}${indent}constructor() {${line}${indent}${indent}super({ `,
      after: ` });${line}${indent}}${line}`,
      separator: ', ',
      style: { kind: 'property' },
    },
    storedIn: 'module',
    injectedClass: name,
  };
}

/** `super(…)` of a constructor. */
export function superCallIn(construction: Node): Node | undefined {
  const body = construction.childForFieldName('body');
  const stack = body === null ? [] : [...body.namedChildren];
  while (stack.length > 0) {
    const node = stack.shift();
    if (!node || isFunction(node)) continue;
    if (node.type === 'call_expression' && node.childForFieldName('function')?.type === 'super') return node;
    stack.push(...node.namedChildren);
  }
  return undefined;
}
