/** Classes and functions of a file, and the members of its classes, by their dotted names. */
import type { Node } from 'web-tree-sitter';
import type { ClassDefinition, FieldDefinition, Member, Validator } from '../../declarations/definitions.ts';
import { readAnnotation } from './annotations.ts';
import { readArgumentList } from './arguments.ts';
import { bindingsInClass, bindingsInFunction, bindingsInModule } from './bindings.ts';
import { evaluate } from './evaluate.ts';
import type { PythonFile, Segment } from './file.ts';
import { decoratorsOf, readFunction } from './functions.ts';
import { headOf } from './imports.ts';
import { valueInClass, valueInFunction } from './names.ts';
import { itemsOf, locationOf, textOf } from './nodes.ts';

interface PlacedDefinition {
  readonly node: Node;
  readonly segment: Segment;
}

/** The class or function called `path`, or the member; undefined where there is none, or more than one. */
export function readDefinition(file: PythonFile, path: string): Member | undefined {
  const [first, ...rest] = path.split('.');
  let found = definitionInModule(file, first!);
  for (const [index, name] of rest.entries()) {
    if (found?.node.type !== 'class_definition') return undefined;
    const inner = definitionInClass(file, found, name);
    if (inner === undefined) return index === rest.length - 1 ? readField(file, found, name) : undefined;
    found = inner;
  }
  if (found === undefined) return undefined;
  return found.node.type === 'class_definition'
    ? readClass(file, found, path)
    : readFunction(file, found.segment, found.node);
}

function definitionInModule(file: PythonFile, name: string): PlacedDefinition | undefined {
  const bindings = bindingsInModule(file, { name });
  const [only] = bindings;
  if (only === undefined || bindings.length > 1) return undefined;
  const { binding, segment } = only;
  if (binding.kind !== 'function' && binding.kind !== 'class') return undefined;
  const node = binding.subject?.parent ?? definitionOfSegment(file, segment);
  return node ? { node, segment } : undefined;
}

function definitionOfSegment(file: PythonFile, segment: Segment): Node | undefined {
  if (headOf(file, segment).kind !== 'function') return undefined;
  for (const child of file.tree(segment).rootNode.namedChildren) {
    const node = child?.type === 'decorated_definition' ? child.childForFieldName('definition') : child;
    if (node?.type === 'function_definition') return node;
  }
  return undefined;
}

function definitionInClass(
  file: PythonFile,
  { node, segment }: PlacedDefinition,
  name: string,
): PlacedDefinition | undefined {
  const body = node.childForFieldName('body');
  if (body === null) return undefined;
  const bindings = bindingsInClass(file, segment, body, name);
  // A property and its setter are two definitions of one name.
  const first = bindings.find(({ binding }) => binding.kind === 'function' || binding.kind === 'class');
  if (first === undefined || bindings.some(({ binding }) => binding.kind !== first.binding.kind)) return undefined;
  const definition = first.binding.subject?.parent;
  return definition ? { node: definition, segment } : undefined;
}

function readClass(file: PythonFile, { node, segment }: PlacedDefinition, path: string): ClassDefinition {
  const list = node.childForFieldName('superclasses');
  const given = list === null ? [] : readArgumentList(file, segment, list);
  const decorators = node.parent?.type === 'decorated_definition' ? node.parent.namedChildren : [];
  const body = node.childForFieldName('body');
  const statements = body === null ? [] : itemsOf(body);
  return {
    kind: 'class',
    name: path,
    uri: file.uri,
    bases: given.filter((each) => each.keyword === undefined && each.unpack === undefined).map((each) => each.value),
    keywords: given.filter((each) => each.keyword !== undefined),
    decorators: decorators.flatMap((each) =>
      each?.type === 'decorator' ? evaluate(file, segment, itemsOf(each)[0]!) : [],
    ),
    fields: statements.flatMap((each) => annotatedName(each) ?? []),
    members: new Set(statements.flatMap(namesBoundBy)),
    validators: statements.flatMap((each) => validatorOf(each) ?? []),
    setByName: setByName(textOf(file, segment, node)),
    at: locationOf(file, segment, node),
  };
}

function annotatedName(statement: Node): string | undefined {
  const assignment = statement.type === 'expression_statement' ? statement.namedChildren[0] : statement;
  if (assignment?.type !== 'assignment' || assignment.childForFieldName('type') === null) return undefined;
  return assignment.childForFieldName('left')?.text;
}

function namesBoundBy(statement: Node): string[] {
  switch (statement.type) {
    case 'decorated_definition':
      return namesBoundBy(statement.childForFieldName('definition')!);
    case 'function_definition':
    case 'class_definition':
      return [statement.childForFieldName('name')?.text ?? ''];
    case 'expression_statement': {
      const names: string[] = [];
      let assignment: Node | null | undefined = statement.namedChildren[0];
      while (assignment?.type === 'assignment') {
        names.push(assignment.childForFieldName('left')?.text ?? '');
        assignment = assignment.childForFieldName('right');
      }
      return names;
    }
    case 'if_statement':
    case 'try_statement':
    case 'with_statement':
      return statement.descendantsOfType('assignment').map((each) => each?.childForFieldName('left')?.text ?? '');
    default:
      return [];
  }
}

const validatorDecorators = /^(?:field_validator|validator|model_validator|root_validator)$/;

function validatorOf(statement: Node): Validator | undefined {
  if (statement.type !== 'decorated_definition') return undefined;
  const definition = statement.childForFieldName('definition');
  if (definition?.type !== 'function_definition') return undefined;
  const kinds = decoratorsOf(definition).map((each) => each.split('.').at(-1)!);
  const kind = kinds.find((each) => validatorDecorators.test(each));
  if (kind === undefined) return undefined;
  const method = definition.childForFieldName('name')?.text ?? '';
  const text = definition.text;
  if (kind === 'model_validator' || kind === 'root_validator')
    return { method, fields: undefined, mentions: setIn(text) };
  const decorator = statement.namedChildren.find((each) => each?.type === 'decorator' && each.text.includes(kind));
  const fields = [...(decorator?.text ?? '').matchAll(/[(,]\s*["']([\w*]+)["']/g)].map((match) => match[1]!);
  // `handler` is what a wrapping validator calls; `*names` cannot be read.
  const isWhole = /["']wrap["']/.test(decorator?.text ?? '') || /[(,]\s*\*\w/.test(decorator?.text ?? '');
  return { method, fields: isWhole ? ['*'] : fields, mentions: new Set(isWhole ? ['*'] : []) };
}

/** Fields that a validator of the whole object sets; `*` where their names cannot be read. */
function setIn(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  const patterns = [
    /\b(?:self|values?|data|cls)\.(\w+)[ \t]*(?::[^=\n]*)?=(?!=)/g,
    /\[[ \t]*["'](\w+)["'][ \t]*\][ \t]*=(?!=)/g,
    /\bsetdefault\([ \t]*["'](\w+)/g,
    /\bsetattr\([^,\n]*,[ \t]*["'](\w+)/g,
  ];
  for (const pattern of patterns) for (const match of text.matchAll(pattern)) names.add(match[1]!);
  for (const [, inBrackets, inCall] of text.matchAll(namedByVariable)) {
    const listed = namesListedFor(text, inBrackets ?? inCall!);
    for (const name of listed ?? ['*']) names.add(name);
  }
  if (/\.update\(/.test(text)) names.add('*');
  return names;
}

/** Attributes of its objects that a class sets by their names, or answers for whatever they hold. */
function setByName(text: string): ReadonlySet<string> | undefined {
  if (!/\bsetattr\(|__dict__|\bvars\(|__getattribute__/.test(text)) return undefined;
  const whole =
    /(?:\b(?:self|cls)\.__dict__|\bvars\((?:self|cls)\))(?:\.(?:update|setdefault)\(|\[[^\]\n]*\][ \t]*=(?!=)|[ \t]*\|?=(?!=))|\bdef[ \t]+__getattribute__\b/;
  if (whole.test(text)) return new Set(['*']);
  const names = new Set<string>();
  for (const [, literal, variable] of text.matchAll(
    /\bsetattr\(\s*(?:self|cls)\s*,\s*(?:["'](\w+)["']\s*,|([A-Za-z_]\w*)\s*,)?/g,
  )) {
    const listed =
      literal !== undefined ? [literal] : variable !== undefined ? namesListedFor(text, variable) : undefined;
    for (const name of listed ?? ['*']) names.add(name);
  }
  return names.size === 0 ? undefined : names;
}

/** `values[name] = …`, `setattr(self, name, …)` */
const namedByVariable = /\[[ \t]*([A-Za-z_]\w*)[ \t]*\][ \t]*=(?!=)|\bsetattr\([^,\n]*,[ \t]*([A-Za-z_]\w*)/g;

/** The texts a loop goes through that sets a variable; undefined where they are not written in the same function. */
function namesListedFor(text: string, variable: string): string[] | undefined {
  const loop = new RegExp(`\\bfor[ \\t]+${variable}\\b[^\\n]*\\bin[ \\t]+([A-Za-z_]\\w*|[([])`).exec(text)?.[1];
  const isWritten =
    loop !== undefined && (/^[([]/.test(loop) || new RegExp(`\\b${loop}\\b[^=\\n]*=[ \\t]*[{([]`).test(text));
  return isWritten ? [...text.matchAll(/["'](\w+)["']/g)].map((match) => match[1]!) : undefined;
}

const initialisers = ['__init__', '__post_init__', '__attrs_post_init__', 'model_post_init', '__new__'];

/** An attribute: declared in the class body, set by its constructor, or both. */
function readField(file: PythonFile, owner: PlacedDefinition, name: string): FieldDefinition | undefined {
  const { node, segment } = owner;
  const body = node.childForFieldName('body');
  if (body === null) return undefined;
  const at = locationOf(file, segment, node);
  const bindings = bindingsInClass(file, segment, body, name);
  const value = bindings.length === 0 ? undefined : valueInClass(file, segment, body, name, bindings, at);
  const type = typeOf(body, name);
  const initialiser = initialisers
    .map((each) => definitionInClass(file, owner, each))
    .find((each) => each !== undefined && new RegExp(`\\bself\\.${name}\\b`).test(each.node.text));
  const assigned = initialiser && assignedIn(file, initialiser, name);
  if (value === undefined && type === undefined && assigned === undefined && !isSetIn(node, name)) return undefined;
  return {
    kind: 'field',
    name,
    annotation: type && readAnnotation(file, segment, type),
    value,
    assigned,
    isChanged: isChanged(file, owner, initialiser, name),
    at: type ? locationOf(file, segment, type.parent!) : (value?.at ?? at),
  };
}

function typeOf(body: Node, name: string): Node | undefined {
  for (const statement of body.namedChildren) {
    const assignment = statement?.type === 'expression_statement' ? statement.namedChildren[0] : undefined;
    if (assignment?.type !== 'assignment' || assignment.childForFieldName('left')?.text !== name) continue;
    const type = assignment.childForFieldName('type');
    if (type !== null) return type;
  }
  return undefined;
}

function assignedIn(file: PythonFile, { node, segment }: PlacedDefinition, name: string) {
  const place = { object: 'self', name };
  const bindings = bindingsInFunction(file, segment, node, place);
  if (bindings.length === 0) return undefined;
  const at = locationOf(file, segment, node);
  return valueInFunction(file, segment, node, place, bindings, undefined, Number.POSITIVE_INFINITY, at);
}

const assignment = (owners: string, name: string) =>
  new RegExp(`\\b(?:${owners})\\.${name}[ \\t]*(?::[^=\\n]*)?=(?!=)`);

function isSetIn(node: Node, name: string): boolean {
  return assignment('self|cls', name).test(node.text);
}

/** Set outside the constructor: by another method, or on the class. */
function isChanged(
  file: PythonFile,
  { node, segment }: PlacedDefinition,
  initialiser: PlacedDefinition | undefined,
  name: string,
): boolean {
  const className = node.childForFieldName('name')?.text ?? 'cls';
  const pattern = assignment(`self|cls|${className}`, name);
  if (assignment(className, name).test(file.text)) return true;
  const text = textOf(file, segment, node);
  if (initialiser === undefined) return pattern.test(text);
  const start = initialiser.node.startIndex - node.startIndex;
  const end = initialiser.node.endIndex - node.startIndex;
  return pattern.test(text.slice(0, start)) || pattern.test(text.slice(end));
}
