/** Objects that are known by their declared type: parameters, fields and parameter properties of a class. */
import type { Node } from 'web-tree-sitter';
import { locate } from '../../core/text.ts';
import type { Value } from '../../declarations/value.ts';
import { declarationsSeenFrom, usesOf } from './bindings.ts';
import type { ScriptFile, Segment } from './file.ts';
import { segmentsBinding } from './heads.ts';
import { importsOf, referenceTo } from './imports.ts';
import { declaredType } from './members.ts';
import { locationOf, unwrap } from './nodes.ts';

/** An instance of the class that is written as the type of `this.name` or of a parameter; undefined for anything else. */
export function typedObject(file: ScriptFile, segment: Segment, node: Node): Value | undefined {
  const type = typeOf(file, segment, node);
  // A name alone: unions and the like may be something else.
  if (type === undefined || !/^[A-Z][\w$]*$/.test(type)) return undefined;
  const at = locationOf(file, segment, node);
  return {
    kind: 'call',
    callee: classNamed(file, type) ?? { kind: 'reference', module: '', name: type, level: 0, at },
    arguments: [],
    at,
  };
}

/** The type that is declared for `this.name` or a parameter, as written. */
export function typeOf(file: ScriptFile, segment: Segment, node: Node): string | undefined {
  if (node.type === 'member_expression') {
    const isOwn = unwrap(node.childForFieldName('object')!).type === 'this';
    return isOwn ? declaredType(node, node.childForFieldName('property')?.text ?? '') : undefined;
  }
  const [seen] = declarationsSeenFrom(usesOf(file, segment, node.text), node);
  const { declaration } = seen ?? {};
  // A part of a parameter is of another type.
  return declaration?.kind === 'parameter' && declaration.steps.length === 0
    ? declaration.parameter.childForFieldName('type')?.text.replace(/^:\s*/, '')
    : undefined;
}

/** Imported for its type alone, too. */
function classNamed(file: ScriptFile, name: string): Value | undefined {
  for (const segment of segmentsBinding(file, name)) {
    const found = importsOf(file, segment).find((each) => each.local === name);
    if (found === undefined) continue;
    const span = { start: segment.start + found.start, end: segment.start + found.end };
    return referenceTo(found.module, found.name, locate(file.uri, span));
  }
  return undefined;
}
