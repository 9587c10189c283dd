/** What names of a module, and attributes of its classes, stand for: as origins, from the statements that set them. */
import type { Node } from 'web-tree-sitter';
import { type Origin, severalOf } from '../../../declarations/origin.ts';
import { wholeModule } from '../../../declarations/source.ts';
import type { ScriptFile, Segment } from '../file.ts';
import { headOf, segmentsBinding } from '../heads.ts';
import { importsOf } from '../imports.ts';
import { enclosingClass, enclosingFunction, isFunction, itemsOf, unwrap } from '../nodes.ts';
import { importedOrigin, importOrigin, originOf, originOfBinding } from './origins.ts';
import { Scope } from './scope.ts';

const originsFact = {};

/** What a top-level statement makes of the names that it binds. */
export function originsIn(file: ScriptFile, segment: Segment): ReadonlyMap<string, Origin> {
  return segment.remember(originsFact, () => {
    if (headOf(file, segment).kind === 'import')
      return new Map(importsOf(file, segment).map((each) => [each.local, importedOrigin(each)]));
    const scope = new Scope(file.tree(segment).rootNode, undefined, undefined);
    return new Map(
      [...scope.bindings].map(([name, bindings]) => [
        name,
        severalOf(bindings.map((binding) => originOfBinding(name, binding, undefined, 0))),
      ]),
    );
  });
}

/** What a name of a module is: as the module knows it, else as it exports it. */
export function originOfName(file: ScriptFile, name: string): Origin | undefined {
  const origins = segmentsBinding(file, name).flatMap((segment) => originsIn(file, segment).get(name) ?? []);
  if (origins.length === 0) return exportedOrigin(file, name);
  const origin = severalOf(origins);
  const isEmpty = origin.kind === 'literal' && origin.value === null;
  return isEmpty ? (assignedLater(file, name) ?? origin) : origin;
}

/** Names that imports at module level give to something called `name` where it comes from. */
export function importedAs(file: ScriptFile, name: string): string[] {
  const index = file.remember('imported names', () => {
    const names = new Map<string, string[]>();
    for (const segment of file.segments) {
      if (headOf(file, segment).kind !== 'import') continue;
      for (const each of importsOf(file, segment))
        if (each.local !== each.name && !each.isTypeOnly)
          names.set(each.name, [...(names.get(each.name) ?? []), each.local]);
    }
    return names;
  });
  return [...(index.get(name) ?? []), ...(index.get('default') ?? [])];
}

/** `let pool;` at module level, set later: in a function, or under a condition. */
function assignedLater(file: ScriptFile, name: string): Origin | undefined {
  const assigned = new RegExp(`(?<![\\w$.])${name.replace(/\$/g, '\\$')}\\s*(?:\\?\\?|\\|\\|)?=(?![=>])`);
  const choices: Origin[] = [];
  for (const segment of file.segments) {
    if (headOf(file, segment).kind === 'import') continue;
    const text = file.text.slice(segment.start, segment.end);
    if (!text.includes(name) || !assigned.test(text)) continue;
    const types = ['assignment_expression', 'augmented_assignment_expression'];
    for (const each of file.tree(segment).rootNode.descendantsOfType(types)) {
      if (each?.childForFieldName('left')?.text !== name) continue;
      const owner = enclosingFunction(each);
      const scope = owner === null ? undefined : new Scope(owner, undefined, undefined);
      if (scope?.isLocal(name) !== true) choices.push(originOf(each.childForFieldName('right'), scope));
    }
  }
  return choices.length === 0 ? undefined : severalOf(choices);
}

const clause = /export\s*\{([^}]*)\}\s*(?:from\s*["']([^"'\n]+)["'])?/g;
const star = /export\s*\*\s*from\s*["']([^"'\n]+)["']/g;
/** Modules handed on whole beyond this are not looked through. */
const mostStars = 24;

/** A name that only the module's users know: `export { a as b }`, `exports.b = …`, `export default …`, `export * from …`. */
function exportedOrigin(file: ScriptFile, name: string): Origin | undefined {
  const stars: string[] = [];
  for (const segment of file.segments) {
    const text = file.text.slice(segment.start, segment.end);
    if (!/\bexports?\b/.test(text)) continue;
    for (const [, list, module] of text.matchAll(clause)) {
      const local = localIn(list!, name);
      if (local !== undefined)
        return module === undefined ? { kind: 'global', name: local } : importOrigin(module, local);
    }
    for (const match of text.matchAll(star)) stars.push(match[1]!);
    const node = exportedNode(file, segment, text, name);
    if (node === undefined) continue;
    const origin = isDefinition(node) ? definitionOf(node, name) : originOf(node, undefined);
    // An object by its name is the module with what is added to it.
    const isObject =
      name === wholeModule && origin.kind === 'global' && originOfName(file, origin.name)?.kind === 'made';
    return isObject ? undefined : origin;
  }
  if (name === 'default' || name === wholeModule || stars.length === 0 || stars.length > mostStars) return undefined;
  return { kind: 'several', origins: stars.map((module) => importOrigin(module, name)) };
}

function localIn(list: string, name: string): string | undefined {
  for (const item of list.split(',')) {
    const parts = /^\s*(?:type\s+)?([\w$]+)(?:\s+as\s+([\w$]+))?\s*$/.exec(item);
    if (parts !== null && (parts[2] ?? parts[1]) === name) return parts[1]!;
  }
  return undefined;
}

const whole = /(?<![\w$.])(?:module\.)?exports\s*(?:\.\s*([\w$]+)\s*)?=(?![=>])/g;

/** The expression that a statement exports under a name. */
function exportedNode(file: ScriptFile, segment: Segment, text: string, name: string): Node | undefined {
  const root = () => file.tree(segment).rootNode;
  if (name === 'default' && /\bexport\s+default\b/.test(text)) {
    const statement = itemsOf(root()).find((each) => each.children.some((child) => child?.type === 'default'));
    return statement?.childForFieldName('value') ?? statement?.childForFieldName('declaration') ?? undefined;
  }
  for (const match of text.matchAll(whole)) {
    const property = match[1];
    if (property !== undefined && property !== name) continue;
    let node: Node | null = root().descendantForIndex(match.index, match.index);
    while (node !== null && node.type !== 'assignment_expression') node = node.parent;
    const right = node?.childForFieldName('right');
    if (!right) continue;
    if (property !== undefined) return right;
    const value = unwrap(right);
    if (name === 'default' || name === wholeModule)
      return name === wholeModule && value.type === 'object' ? undefined : value;
    const member = value.type === 'object' ? memberOf(value, name) : addedTo(file, value, name);
    if (member !== undefined) return member;
  }
  return undefined;
}

/** `db.sequelize = sequelize` before `module.exports = db`. */
function addedTo(file: ScriptFile, object: Node, name: string): Node | undefined {
  if (object.type !== 'identifier') return undefined;
  const target = `${object.text}.${name}`;
  const plain = target.replace(/[.$]/g, '\\$&');
  const added = new RegExp(`(?<![\\w$.])${plain}\\s*=(?![=>])`);
  for (const segment of file.segments) {
    const match = added.exec(file.text.slice(segment.start, segment.end));
    if (match === null) continue;
    let node: Node | null = file.tree(segment).rootNode.descendantForIndex(match.index, match.index);
    while (node !== null && node.type !== 'assignment_expression') node = node.parent;
    if (node?.childForFieldName('left')?.text === target) return node.childForFieldName('right') ?? undefined;
  }
  return undefined;
}

function memberOf(object: Node, name: string): Node | undefined {
  for (const each of itemsOf(object)) {
    if (each.type === 'shorthand_property_identifier' && each.text === name) return each;
    if (each.type === 'method_definition' && each.childForFieldName('name')?.text === name) return each;
    if (each.type === 'pair' && each.childForFieldName('key')?.text === name)
      return each.childForFieldName('value') ?? undefined;
  }
  return undefined;
}

function isDefinition(node: Node): boolean {
  return isFunction(unwrap(node)) || /class/.test(unwrap(node).type);
}

function definitionOf(node: Node, name: string): Origin {
  return { kind: 'definition', name: unwrap(node).childForFieldName('name')?.text ?? name };
}

/** What `name = …` in a class, `this.name = …` in its methods or a parameter of its constructor makes of an attribute. */
export function originOfField(file: ScriptFile, className: string, name: string): Origin | undefined {
  const choices: Origin[] = [];
  let declared: Origin | undefined;
  const segments = file.segments.filter((segment) => {
    const text = file.text.slice(segment.start, segment.end);
    return text.includes(name) && new RegExp(`\\bclass\\s+${className}\\b`).test(text);
  });
  for (const segment of segments) {
    const text = file.text.slice(segment.start, segment.end);
    const root = file.tree(segment).rootNode;
    for (const match of text.matchAll(new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}(?![\\w$])`, 'g'))) {
      const node = root.descendantForIndex(match.index, match.index + name.length - 1);
      if (node === null || enclosingClass(node)?.childForFieldName('name')?.text !== className) continue;
      const found = setBy(node, className);
      if (found?.value !== undefined) choices.push(found.value);
      else declared ??= found?.type;
    }
  }
  return choices.length > 0 ? severalOf(choices) : declared;
}

/** What a mention of a field gives it, or declares it to be. */
function setBy(node: Node, className: string): { value?: Origin; type?: Origin } | undefined {
  const { parent } = node;
  switch (parent?.type) {
    case 'public_field_definition': {
      if (parent.childForFieldName('name')?.id !== node.id) return undefined;
      const value = parent.childForFieldName('value');
      if (value !== null && !isFunction(unwrap(value))) return { value: originOf(value, undefined) };
      return value === null ? { type: instanceOf(parent.childForFieldName('type')) } : undefined;
    }
    case 'required_parameter':
    case 'optional_parameter': {
      const isField = parent.children.some(
        (each) => each?.type === 'accessibility_modifier' || each?.type === 'readonly',
      );
      return isField ? { type: instanceOf(parent.childForFieldName('type')) } : undefined;
    }
    case 'member_expression': {
      if (parent.childForFieldName('object')?.type !== 'this') return undefined;
      const assignment = parent.parent;
      const isSet = assignment?.childForFieldName('left')?.id === parent.id && /assignment/.test(assignment.type);
      if (!isSet) return undefined;
      const owner = enclosingFunction(node);
      const scope = owner === null ? undefined : new Scope(owner, undefined, className);
      const right = assignment.childForFieldName('right');
      const parameter = right?.type === 'identifier' ? scope?.bindings.get(right.text)?.[0] : undefined;
      // `constructor(pool: Pool) { this.pool = pool }`
      if (parameter?.kind === 'parameter') return { type: instanceOf(parameter.type ?? null) };
      return { value: originOf(right, scope) };
    }
    default:
      return undefined;
  }
}

/** What a variable of a type is: as if the class had been called. */
function instanceOf(type: Node | null): Origin | undefined {
  return type === null ? undefined : { kind: 'result', of: originOf(type, undefined), arguments: [] };
}
