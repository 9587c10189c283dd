/** What becomes of a text literal: whether it is used as a database address, and as whose fallback. */
import type { Node } from 'web-tree-sitter';
import type { Location } from '../../core/text.ts';
import { qualifiedName } from '../../declarations/value.ts';
import { evaluate } from './evaluate.ts';
import type { PythonFile, Segment } from './file.ts';
import { lookUpWithFallback } from './lookUps.ts';
import { enclosingClass, textOf } from './nodes.ts';

export interface Destination {
  /** The environment variable whose absence brings the literal into force. */
  readonly fallbackOf?: string;
  /** True where the literal is an argument of a call that is known to connect to a database. */
  readonly isDatabaseCall: boolean;
  /** A name in capitals that the literal is assigned to. */
  readonly variableName?: string;
  /** The expression an environment look-up takes the place of. */
  readonly replace: Node;
  /** Where the default of a settings field begins: the library reads the variable itself, so the default only goes. */
  readonly defaultFrom?: number;
  /** What goes with the literal, where the look-up around it stays. */
  readonly removal?: Location;
}

/** A constant that says which database it is; `URL` alone does not. */
const databaseConstant = /^(?=.*(?:DATABASE|DB|SQL|POSTGRES|PG|MYSQL))[A-Z][A-Z0-9_]*_(?:URL|URI|DSN)$/;
const addressKeyword = /(?:^|_)(?:url|uri|dsn|conninfo|conn|connection|database|db|bind|default|default_value)$/i;
const addressCallee =
  /(?:Dsn|Url|URL|^Field|^SecretStr|^make_url|^Database|^connect|_engine|^engine_from_config|^create_pool|^parse|^config|^str|^env)$/;

/** Undefined where the literal does not visibly become a database address: documentation, messages, comparisons. */
export function destinationOf(
  file: PythonFile,
  segment: Segment,
  literal: Node,
  connectors: ReadonlySet<string>,
): Destination | undefined {
  let child = literal;
  for (let parent = literal.parent; parent !== null; child = parent, parent = parent.parent) {
    switch (parent.type) {
      case 'parenthesized_expression':
      case 'list':
      case 'tuple':
      case 'dictionary':
      case 'type':
        continue;
      case 'conditional_expression':
        continue;
      case 'boolean_operator': {
        const left = parent.childForFieldName('left');
        const variable = left && left.id !== child.id ? environmentVariable(file, segment, left) : undefined;
        if (variable !== undefined) return { fallbackOf: variable, isDatabaseCall: false, replace: parent };
        continue;
      }
      case 'attribute':
      case 'binary_operator':
        continue;
      case 'call':
        // `"…".format(…)`, `"…".replace(…)`: the literal is what the method is called on.
        if (parent.childForFieldName('function')?.type === 'attribute' && child.type === 'attribute') continue;
        return undefined;
      case 'keyword_argument':
      case 'argument_list':
        return asArgument(file, segment, literal, child, parent, connectors);
      case 'assignment': {
        if (parent.childForFieldName('right')?.id !== child.id) return undefined;
        const name = parent.childForFieldName('left')?.text ?? '';
        const annotation = parent.childForFieldName('type');
        if (annotation !== null && isSettingsClass(enclosingClass(parent))) {
          return {
            fallbackOf: name.toUpperCase(),
            isDatabaseCall: false,
            replace: parent,
            defaultFrom: annotation.endIndex,
          };
        }
        return {
          isDatabaseCall: false,
          variableName: databaseConstant.test(name) ? name : undefined,
          replace: literal,
        };
      }
      case 'default_parameter':
      case 'typed_default_parameter':
      case 'return_statement':
        return { isDatabaseCall: false, replace: literal };
      case 'pair': {
        const key = parent.childForFieldName('key');
        if (key?.id === child.id) return undefined;
        return { isDatabaseCall: false, replace: literal };
      }
      default:
        return undefined;
    }
  }
  return undefined;
}

/** A pydantic settings class: each field is read from the environment variable of its name. */
function isSettingsClass(definition: Node | null): boolean {
  return /\bBaseSettings\b/.test(definition?.childForFieldName('superclasses')?.text ?? '');
}

function asArgument(
  file: PythonFile,
  segment: Segment,
  literal: Node,
  child: Node,
  parent: Node,
  connectors: ReadonlySet<string>,
): Destination | undefined {
  const list = parent.type === 'argument_list' ? parent : parent.parent;
  const call = list?.parent;
  const callee = call?.childForFieldName('function');
  if (call?.type !== 'call' || !callee) return undefined;
  const lookUp = lookUpWithFallback(file, segment, call, parent.type === 'keyword_argument' ? parent : child);
  if (lookUp !== undefined) {
    const { variable, fallbackRemoval } = lookUp;
    return { fallbackOf: variable, isDatabaseCall: false, replace: call, removal: fallbackRemoval };
  }
  const value = evaluate(file, segment, callee);
  if (value.kind === 'reference' && connectors.has(qualifiedName(value)))
    return { isDatabaseCall: true, replace: literal };
  if (parent.type === 'keyword_argument') {
    return addressKeyword.test(parent.childForFieldName('name')?.text ?? '')
      ? { isDatabaseCall: false, replace: literal }
      : undefined;
  }
  return addressCallee.test(textOf(file, segment, callee).split('.').at(-1)!)
    ? { isDatabaseCall: false, replace: literal }
    : undefined;
}

/** The environment variable an expression reads, if it is nothing but that. */
function environmentVariable(file: PythonFile, segment: Segment, node: Node): string | undefined {
  const value = evaluate(file, segment, node);
  if (value.kind === 'environment') return value.variable;
  if (value.kind === 'constant' && value.value.kind === 'environment') return value.value.variable;
  return undefined;
}
