/** What names of a module, and attributes of its classes, stand for: as origins, from the statements that set them. */
import type { Node } from 'web-tree-sitter';
import { type Origin, severalOf } from '../../../declarations/origin.ts';
import type { Segment } from '../../segmentedFile.ts';
import type { PythonFile } from '../file.ts';
import { headOf, readImportStatement } from '../imports.ts';
import { itemsOf } from '../nodes.ts';
import { importOrigin, originOf, originOfBinding } from './origins.ts';
import { Scope } from './scope.ts';

const originsFact = {};

/** What a top-level statement makes of the names that it binds. */
export function originsIn(file: PythonFile, segment: Segment): ReadonlyMap<string, Origin> {
  return segment.remember(originsFact, () => {
    const head = headOf(file, segment);
    const text = () => file.text.slice(segment.start, segment.end);
    if (head.kind === 'import')
      return new Map(readImportStatement(text()).map((each) => [each.local, importOrigin(each)]));
    if (head.kind === 'function' || head.kind === 'class')
      return new Map(head.names.map((name): [string, Origin] => [name, { kind: 'definition', name }]));
    const scope = new Scope(file.tree(segment).rootNode, undefined, undefined, undefined);
    return new Map(
      [...scope.bindings].map(([name, bindings]) => [
        name,
        severalOf(bindings.map((binding) => originOfBinding(name, binding, undefined, 0))),
      ]),
    );
  });
}

/** Names that imports at module level give to something called `name` where it comes from. */
export function importedAs(file: PythonFile, name: string): string[] {
  const index = file.remember('imported names', () => {
    const names = new Map<string, string[]>();
    for (const segment of file.segments) {
      if (headOf(file, segment).kind !== 'import') continue;
      for (const [local, origin] of originsIn(file, segment))
        if (origin.kind === 'import' && local !== origin.name)
          names.set(origin.name, [...(names.get(origin.name) ?? []), local]);
    }
    return names;
  });
  return index.get(name) ?? [];
}

/** `pool = None` at module level, set by a function that says `global pool`. */
export function assignedInFunction(file: PythonFile, name: string): Origin | undefined {
  const declared = new RegExp(`^[ \\t]+global\\b[^\\n]*\\b${name}\\b`, 'm');
  const choices: Origin[] = [];
  for (const segment of file.segments) {
    if (!declared.test(file.text.slice(segment.start, segment.end))) continue;
    for (const each of file.tree(segment).rootNode.descendantsOfType('global_statement')) {
      const owner = each && functionAround(each);
      if (!owner || !itemsOf(each).some((item) => item.text === name)) continue;
      const scope = new Scope(owner, undefined, undefined, undefined);
      for (const binding of scope.bindings.get(name) ?? []) choices.push(originOfBinding(name, binding, scope, 0));
    }
  }
  return choices.length === 0 ? undefined : severalOf(choices);
}

/** What `self.name = …` in the methods of a class, or the class body, makes of an attribute. */
export function originOfField(file: PythonFile, className: string, name: string): Origin | undefined {
  const choices: Origin[] = [];
  for (const segment of file.segments) {
    const text = file.text.slice(segment.start, segment.end);
    if (!text.includes(name) || !new RegExp(`\\bclass[ \\t]+${className}\\b`).test(text)) continue;
    const root = file.tree(segment).rootNode;
    for (const match of text.matchAll(new RegExp(`\\b${name}[ \\t]*(?::[^=\\n]*)?=(?!=)`, 'g'))) {
      const assignment = assignmentOf(root.descendantForIndex(match.index, match.index + 1));
      if (assignment === undefined || enclosingClassName(assignment) !== className) continue;
      const owner = functionAround(assignment);
      const scope = owner ? new Scope(owner, undefined, className, 'self') : undefined;
      choices.push(originOf(assignment.childForFieldName('right'), scope));
    }
  }
  return choices.length > 0 ? severalOf(choices) : undefined;
}

function functionAround(node: Node): Node | undefined {
  for (let parent = node.parent; parent !== null; parent = parent.parent)
    if (parent.type === 'function_definition') return parent;
  return undefined;
}

function enclosingClassName(node: Node): string | undefined {
  for (let parent = node.parent; parent !== null; parent = parent.parent)
    if (parent.type === 'class_definition') return parent.childForFieldName('name')?.text;
  return undefined;
}

/** The assignment whose target is, or ends with, the name at a node. */
function assignmentOf(name: Node | null): Node | undefined {
  if (name === null) return undefined;
  const target = name.parent?.type === 'attribute' && /^(?:self|cls)\.\w+$/.test(name.parent.text) ? name.parent : name;
  const assignment = target.parent;
  if (assignment?.type !== 'assignment' || assignment.childForFieldName('left')?.id !== target.id) return undefined;
  // A plain name counts in the class body only.
  return target === name && functionAround(name) !== undefined ? undefined : assignment;
}
