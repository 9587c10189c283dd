/** What becomes of a text literal: which name takes it, whether it reaches a connection, and as whose fallback it stands. */
import type { Node } from 'web-tree-sitter';
import type { Span } from '../../core/text.ts';
import { environmentModules } from '../../facts/scriptEnvironments.ts';
import { calleeOf, calleePath, calleeValue } from './calls.ts';
import { evaluate } from './evaluate.ts';
import { fallbackArgument, schemaDefault } from './fallbacks.ts';
import type { ScriptFile, Segment } from './file.ts';
import { functionNameOf } from './functionNames.ts';
import { isFunction, isWrapper, textOf } from './nodes.ts';
import { isEnvironment, variableIn } from './properties.ts';

export interface Destination {
  /** The variable, property or parameter that takes the literal; empty where none does. */
  readonly name: string;
  /** The environment variable whose absence brings the literal into force. */
  readonly fallbackOf?: string;
  /** Dotted name of the callable that takes it as an argument, or in an object among its arguments. */
  readonly callee?: string;
  /** Whether that callable is known to connect to a database. */
  readonly isConnector: boolean;
  /** The object literal that holds it under `name`. */
  readonly object?: Node;
  /** What a look-up of the environment takes the place of; what falls back to a literal loses the literal instead. */
  readonly edit?: { readonly span: Span; readonly kind: 'look-up' | 'removal' | 'certain' };
}

/** What has been learnt on the way from the literal outwards. */
interface Way {
  name?: string;
  fallbackOf?: string;
  object?: Node;
  edit?: Destination['edit'];
}

/** Options of other servers inside those of a database. */
export const otherServer = /^(?:cache|queryCache|redis|ssh|tunnel|proxy|smtp|mail)$/i;
const environmentName = /^[A-Z][A-Z0-9_]*$/;

/** Undefined where the literal does not visibly become a value that is used: messages, comparisons, elements, types. */
export function destinationOf(
  file: ScriptFile,
  segment: Segment,
  literal: Node,
  connectors: ReadonlySet<string>,
): Destination | undefined {
  const way: Way = { edit: { span: spanIn(segment, literal), kind: 'look-up' } };
  const ends = (name?: string): Destination => ended(way, name ?? '');
  let child = literal;
  for (let parent = literal.parent; parent !== null; child = parent, parent = parent.parent) {
    if (isWrapper(parent)) {
      // `"…" as const` is an assertion about a literal.
      if (parent.type === 'as_expression' && parent.text.endsWith('const') && way.edit?.kind === 'look-up')
        way.edit = { span: spanIn(segment, parent), kind: 'look-up' };
      continue;
    }
    switch (parent.type) {
      case 'array':
      case 'object':
        continue;
      case 'ternary_expression':
        if (parent.childForFieldName('condition')?.id === child.id) return undefined;
        if (way.fallbackOf === undefined) way.fallbackOf = variableRead(file, segment, parent, 'condition');
        if (way.fallbackOf !== undefined) way.edit = undefined;
        continue;
      case 'binary_expression':
        if (!passBinary(file, segment, parent, child, way)) return undefined;
        continue;
      case 'pair': {
        if (parent.childForFieldName('key')?.id === child.id) return undefined;
        const key = parent.childForFieldName('key')!.text.replace(/^\[?['"`]|['"`]\]?$/g, '');
        if (otherServer.test(key)) return undefined;
        way.object ??= parent.parent ?? undefined;
        // `str({ default: "…" })`: the schema's own name comes further out.
        if (key === 'default' && way.fallbackOf === undefined) {
          const schema = schemaDefault(file, segment, parent);
          if (schema !== undefined) {
            way.fallbackOf = schema.variable;
            way.edit = schema.removal && { span: schema.removal, kind: 'removal' };
            way.name ??= schema.variable;
            continue;
          }
        }
        if (way.fallbackOf === '' && environmentName.test(key)) way.fallbackOf = key;
        way.name ??= key;
        continue;
      }
      case 'arguments': {
        const call = parent.parent;
        if (call === null || (call.type !== 'call_expression' && call.type !== 'new_expression')) return undefined;
        const fallback =
          way.fallbackOf === undefined ? fallbackArgument(file, segment, call, parent, child) : undefined;
        if (fallback !== undefined) {
          way.fallbackOf = fallback.variable;
          way.edit = fallback.removal && { span: fallback.removal, kind: 'removal' };
          continue;
        }
        const path = calleePath(calleeValue(file, segment, call));
        if (path !== undefined && connectors.has(path)) return { ...ends(), callee: path, isConnector: true };
        // `z.object({ … })`, `Object.freeze({ … })`, `registerAs("db", () => …)` hand on what they get.
        if (child.type === 'object' || isFunction(child)) return ends();
        return { ...ends(), callee: calleeOf(call)?.text.slice(-80) ?? '' };
      }
      case 'call_expression':
        continue;
      case 'member_expression':
        // `z.string().default("…").optional()`
        if (parent.childForFieldName('object')?.id !== child.id || way.fallbackOf === undefined) return undefined;
        continue;
      case 'variable_declarator':
        return ends(identifierText(parent.childForFieldName('name')));
      case 'public_field_definition':
        return ends(parent.childForFieldName('name')?.text);
      case 'required_parameter':
      case 'optional_parameter':
        return ends(identifierText(parent.childForFieldName('pattern')));
      case 'object_assignment_pattern':
      case 'assignment_pattern':
        return patternDefault(file, segment, parent, child, way);
      case 'assignment_expression':
      case 'augmented_assignment_expression':
        return assigned(file, segment, parent, child, way);
      case 'return_statement':
      case 'arrow_function': {
        const around = parent.type === 'arrow_function' ? parent : functionAround(parent);
        return ends(around === undefined ? '' : functionNameOf(around));
      }
      case 'template_substitution':
        return way.fallbackOf === undefined ? undefined : ends();
      default:
        return undefined;
    }
  }
  return undefined;
}

/** A schema that does not say which variable it reads may read none. */
function ended({ name, fallbackOf, object, edit }: Way, outer: string): Destination {
  const isUnnamed = fallbackOf === '';
  return {
    name: name || outer,
    fallbackOf: isUnnamed ? undefined : fallbackOf,
    isConnector: false,
    object,
    edit: isUnnamed ? undefined : edit,
  };
}

/** `process.env.X ?? "…"`; false where the literal is only compared. */
function passBinary(file: ScriptFile, segment: Segment, node: Node, child: Node, way: Way): boolean {
  const operator = node.childForFieldName('operator')?.text;
  const left = node.childForFieldName('left');
  if (operator === '+') {
    way.edit = undefined;
    return true;
  }
  if (operator === '&&') return left?.id !== child.id;
  if (operator !== '||' && operator !== '??') return false;
  if (left === null || left.id === child.id) return true;
  const variable = way.fallbackOf === undefined ? variableIn(evaluate(file, segment, left)) : undefined;
  if (variable === undefined) return true;
  way.fallbackOf = variable;
  way.edit = {
    span: { start: segment.start + left.endIndex, end: segment.start + node.endIndex },
    kind: 'certain',
  };
  return true;
}

/** `const { DATABASE_URL = "…" } = process.env`; else the default of a parameter. */
function patternDefault(
  file: ScriptFile,
  segment: Segment,
  node: Node,
  child: Node,
  way: Way,
): Destination | undefined {
  const left = node.childForFieldName('left');
  if (left === null || left.id === child.id) return undefined;
  const key = node.parent?.type === 'pair_pattern' ? node.parent.childForFieldName('key')?.text : left.text;
  const name = way.name ?? key ?? '';
  let around = node.parent;
  while (around !== null && /_pattern$/.test(around.type)) around = around.parent;
  const source = around?.type === 'variable_declarator' ? around.childForFieldName('value') : null;
  if (source === null || !isEnvironmentObject(file, segment, source)) return ended(way, name);
  const span = { start: segment.start + left.endIndex, end: segment.start + node.endIndex };
  // A type checker knows the name as a text; without a default it may be none.
  const edit = isTyped(file) ? undefined : ({ span, kind: 'removal' } as const);
  return { name, fallbackOf: key ?? '', isConnector: false, object: way.object, edit };
}

function isEnvironmentObject(file: ScriptFile, segment: Segment, source: Node): boolean {
  const value = evaluate(file, segment, source);
  return (
    isEnvironment(value) || (value.kind === 'reference' && environmentModules.has(value.module) && value.name === '')
  );
}

function assigned(file: ScriptFile, segment: Segment, node: Node, child: Node, way: Way): Destination | undefined {
  const left = node.childForFieldName('left');
  if (left === null || left.id === child.id) return undefined;
  const last = left.type === 'member_expression' ? left.childForFieldName('property') : left;
  const name = way.name ?? textOf(file, segment, last ?? left).slice(0, 80);
  const operator = node.type === 'assignment_expression' ? '=' : node.childForFieldName('operator')?.text;
  if (operator !== '=' && operator !== '??=' && operator !== '||=') return undefined;
  const variable = variableIn(evaluate(file, segment, left));
  if (variable === undefined) return ended(way, name);
  // The program sets the variable itself, perhaps to what another one holds: what it should be, no look-up says.
  const fallbackOf = operator === '=' ? way.fallbackOf || undefined : variable;
  return { name, fallbackOf, isConnector: false, object: way.object };
}

function variableRead(file: ScriptFile, segment: Segment, node: Node, field: string): string | undefined {
  const part = node.childForFieldName(field);
  return part === null ? undefined : variableIn(evaluate(file, segment, part));
}

function functionAround(node: Node): Node | undefined {
  for (let parent = node.parent; parent !== null; parent = parent.parent) if (isFunction(parent)) return parent;
  return undefined;
}

function identifierText(node: Node | null): string {
  return node?.type === 'identifier' ? node.text : '';
}

export function isTyped(file: ScriptFile): boolean {
  return /\.[cm]?tsx?$/.test(file.uri);
}

function spanIn(segment: Segment, node: Node): Span {
  return { start: segment.start + node.startIndex, end: segment.start + node.endIndex };
}
