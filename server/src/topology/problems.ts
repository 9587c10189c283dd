/** Turns the schema validator's findings into sentences that stand on the smallest thing that is wrong. */
import { type OutputUnit, Validator } from '@cfworker/json-schema';
import { nearest } from '../core/nearest.ts';
import type { Span } from '../core/text.ts';
import { type SchemaNode, type SchemaType, schemasAt } from './schema-node.ts';
import { type DataEntry, type DataNode, entryOf, type MapNode, plainValue } from './yaml.ts';

export interface StructuralProblem {
  readonly message: string;
  readonly span: Span;
  readonly suggestion?: { readonly title: string; readonly newText: string; readonly span: Span };
}

export interface StructuralResult {
  readonly problems: readonly StructuralProblem[];
  /** Nodes whose own value is not what the schema asks for; a reader passes over them. */
  readonly invalid: ReadonlySet<DataNode>;
}

/** One violation, its place in the data and the schema it violates. */
interface Violation {
  readonly keyword: string;
  readonly path: readonly string[];
  readonly schemaPath: string;
}

export type Validate = (root: DataNode) => StructuralResult;

/** Builds a checker for a schema; reuse it, building takes longer than checking. */
export function schemaChecker(schema: SchemaNode): Validate {
  // The validator writes into the schema it is given.
  const validator = new Validator(structuredClone(schema) as never, '7', false);
  return (root) => {
    const violations = leafViolations(validator.validate(plainValue(root)).errors, schema, root);
    const problems: StructuralProblem[] = [];
    const invalid = new Set<DataNode>();
    for (const violation of violations) {
      const at = placeOf(root, violation.path);
      if (!at) continue;
      if (violation.keyword !== 'required') invalid.add(at.node);
      const problem = describe(violation, schema, at);
      if (!problems.some((other) => other.message === problem.message && other.span.start === problem.span.start)) {
        problems.push(problem);
      }
    }
    return { problems, invalid };
  };
}

const leafKeywords = new Set([
  'type',
  'enum',
  'required',
  'false',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'pattern',
  'minLength',
  'maxLength',
  'anyOf',
]);

/**
 * Of all units the ones that say what is wrong. Inside a union only the shape that the value resembles is reported:
 * `{min: 2, maxx: 6}` is a range with a wrong key, not "no number".
 */
function leafViolations(units: readonly OutputUnit[], schema: SchemaNode, root: DataNode): Violation[] {
  const violations: Violation[] = [];
  let union: { readonly location: string; readonly branch: number } | undefined;
  units.forEach((unit, index) => {
    if (!leafKeywords.has(unit.keyword)) return;
    const path = decodePointer(unit.instanceLocation);
    // A refused key names no place in the schema; the unit before it, its mapping's, does.
    const schemaPath = unit.keyword === 'false' ? units[index - 1]!.keywordLocation : unit.keywordLocation;
    if (unit.keyword === 'anyOf') {
      const node = placeOf(root, path)?.node;
      const shapes = schemaByPointer(schema, schemaPath.slice(0, -'/anyOf'.length))?.anyOf ?? [];
      const branch = node ? shapes.findIndex((shape) => accepts(shape.type, node)) : -1;
      union = { location: schemaPath, branch };
      if (branch === -1) violations.push({ keyword: 'anyOf', path, schemaPath });
      return;
    }
    const inUnion = union && schemaPath.startsWith(`${union.location}/`);
    if (inUnion && !schemaPath.startsWith(`${union!.location}/${union!.branch}/`)) return;
    violations.push({ keyword: unit.keyword, path, schemaPath });
  });
  return violations;
}

interface Place {
  readonly node: DataNode;
  readonly entry?: DataEntry;
  /** The mapping that holds the entry. */
  readonly container?: MapNode;
  /** The nearest key on the way, for values in lists. */
  readonly key: string;
  readonly path: readonly string[];
}

function placeOf(root: DataNode, path: readonly string[]): Place | undefined {
  let node: DataNode | undefined = root;
  let entry: DataEntry | undefined;
  let container: MapNode | undefined;
  let key = '';
  for (const step of path) {
    if (node?.kind === 'map') {
      container = node;
      entry = entryOf(node, step);
      node = entry?.value;
      key = step;
    } else {
      container = undefined;
      entry = undefined;
      node = node?.kind === 'list' ? node.items[Number(step)] : undefined;
    }
  }
  return node && { node, entry, container, key, path };
}

function describe(violation: Violation, schema: SchemaNode, at: Place): StructuralProblem {
  const own = schemaByPointer(schema, parentPointer(violation.schemaPath)) ?? {};
  if (violation.keyword === 'false') return unknownKey(own, at);
  if (violation.keyword === 'required') return missingKeys(own, at);
  if (violation.schemaPath.endsWith('/propertyNames/pattern')) {
    const span = at.entry?.keySpan ?? at.node.span;
    return { message: `${shownName(at.key)} is not the id of a rule: ids are lower case with hyphens.`, span };
  }
  const name = at.key ? shownName(at.key) : 'The file';
  const span = valueSpan(at);
  const union = unionAround(schema, violation.schemaPath);
  const found = foundText(at.node);
  const suggestion = correction(own, at.node);
  const did = suggestion ? ` Did you mean ${suggestion.newText}?` : '';
  const sentence = union?.errorMessage ?? own.errorMessage;
  if (sentence) return { message: `${sentence}${found === 'text' ? '' : ` Found ${found}.`}${did}`, span, suggestion };
  const instead = found === 'text' ? '' : `, not ${found}`;
  return { message: `${name} must be ${expectedText(own)}${instead}.${did}`, span, suggestion };
}

function unknownKey(container: SchemaNode, at: Place): StructuralProblem {
  const span = at.entry?.keySpan ?? at.node.span;
  const known = Object.keys(container.properties ?? {});
  const kind = container.title ?? 'mapping';
  const near = nearest(at.key, known);
  if (!near) {
    const isLong = known.length > 25;
    const list = isLong ? '' : ` Known here: ${known.join(', ')}.`;
    return { message: `${shownName(at.key)} is not a known key of a ${kind}.${list} Remove it.`, span };
  }
  return {
    message: `${shownName(at.key)} is not a known key of a ${kind}. Did you mean ${near}?`,
    span,
    suggestion: { title: `Change to ${near}`, newText: near, span },
  };
}

function missingKeys(container: SchemaNode, at: Place): StructuralProblem {
  const missing = (container.required ?? []).filter((key) => !entryOf(at.node, key));
  const kind = container.title ?? 'mapping';
  const explained = missing.map((key) => `${key}: ${container.properties?.[key]?.description ?? ''}`.trim());
  const first = at.node.kind === 'map' ? at.node.entries[0] : undefined;
  const span = at.entry?.keySpan ?? first?.keySpan ?? at.node.span;
  return { message: `This ${kind} lacks ${missing.join(' and ')}. Add ${explained.join(' ')}`, span };
}

/** A correction that leaves no doubt: quotes around a number, or a misspelt word of a closed list. */
function correction(schema: SchemaNode, node: DataNode): StructuralProblem['suggestion'] {
  if (node.kind !== 'scalar' || typeof node.value !== 'string') return undefined;
  const types = [schema.type].flat();
  const isNumber = types.includes('integer') ? /^[0-9]{1,9}$/ : /^[0-9]{1,9}([.][0-9]{1,6})?$/;
  if ((types.includes('integer') || types.includes('number')) && isNumber.test(node.value)) {
    return { title: `Change to ${node.value}`, newText: node.value, span: node.span };
  }
  const near = schema.enum && nearest(node.value, schema.enum);
  return near ? { title: `Change to ${near}`, newText: near, span: node.span } : undefined;
}

/** Where to point for a value: at the value, or at its key where there is nothing to see. */
function valueSpan(at: Place): Span {
  const isEmpty = at.node.span.start === at.node.span.end;
  if ((isEmpty || (at.node.kind !== 'scalar' && at.entry)) && at.entry) return at.entry.keySpan;
  return at.node.span;
}

function expectedText(schema: SchemaNode): string {
  if (schema.enum) return `one of ${schema.enum.join(', ')}`;
  const types = [schema.type].flat().filter((type) => type !== undefined);
  const words = types.map((type) => typeWords[type]).join(' or ');
  if (types.includes('string') && schema.maxLength) return `${words} of 1 to ${schema.maxLength} characters`;
  if (schema.exclusiveMinimum !== undefined)
    return `${words} above ${schema.exclusiveMinimum}, at most ${schema.maximum}`;
  if (schema.minimum !== undefined) return `${words} from ${schema.minimum} to ${schema.maximum}`;
  return words || 'something else';
}

const typeWords: Readonly<Record<SchemaType, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  object: 'a mapping of keys to values',
  array: 'a list',
  null: 'empty',
};

/** What stands there, without quoting text: any text may be a password. */
function foundText(node: DataNode): string {
  if (node.kind === 'map') return 'a mapping';
  if (node.kind === 'list') return 'a list';
  if (node.value === null) return 'nothing';
  if (typeof node.value !== 'string') return String(node.value);
  if (node.value === '') return 'empty text';
  return /^[0-9.]{1,9}$/.test(node.value) ? `the text "${node.value}" (in quotes)` : 'text';
}

/** A key as shown in a message, cut where it is no name. */
export function shownName(name: string): string {
  return /^[\w$.-]{1,60}$/.test(name) ? name : 'This';
}

function accepts(type: SchemaNode['type'], node: DataNode): boolean {
  const types = [type].flat();
  if (node.kind === 'map') return types.includes('object');
  if (node.kind === 'list') return types.includes('array');
  if (typeof node.value === 'number') return types.includes('number') || types.includes('integer');
  return typeof node.value === 'string' && types.includes('string');
}

function unionAround(schema: SchemaNode, pointer: string): SchemaNode | undefined {
  const match = /^(.*)\/anyOf(\/\d+\/[^/]+)?$/.exec(pointer);
  return match ? schemaByPointer(schema, match[1]!) : undefined;
}

function schemaByPointer(schema: SchemaNode, pointer: string): SchemaNode | undefined {
  let current: unknown = schema;
  for (const step of decodePointer(pointer)) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined;
    current = (current as Record<string, unknown>)[step];
  }
  return typeof current === 'object' && current !== null ? (current as SchemaNode) : undefined;
}

function parentPointer(pointer: string): string {
  return pointer.slice(0, pointer.lastIndexOf('/'));
}

function decodePointer(pointer: string): string[] {
  const steps = pointer.replace(/^#\/?/, '').split('/');
  if (steps.length === 1 && steps[0] === '') return [];
  return steps.map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * A word of an open vocabulary that is probably a slip: near a well-known one, but not it. Short words are left alone,
 * because other real names lie near them (aks and aws).
 */
export function nearMiss(schema: SchemaNode, path: readonly string[], word: string): string | undefined {
  const known = schemasAt(schema, path)
    .flatMap((candidate) => candidate.examples ?? [])
    .map(String);
  if (word.length < 5 || known.includes(word.toLowerCase())) return undefined;
  return nearest(word, known);
}
