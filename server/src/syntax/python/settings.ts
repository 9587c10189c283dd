/** Settings that frameworks read by name: in a module, in a class, under a key of an application's configuration. */
import type { Node } from 'web-tree-sitter';
import type { SettingHolder, SettingSite } from '../../declarations/source.ts';
import { type MappingEntry, plainText, unknown, type Value } from '../../declarations/value.ts';
import { matchesOf, type TextFact } from '../gathered.ts';
import { nodesAt, type Segment } from '../segmentedFile.ts';
import { bindingsInClass } from './bindings.ts';
import { isChangedAfter } from './elsewhere.ts';
import { evaluate } from './evaluate.ts';
import { exportsOf } from './exports.ts';
import type { PythonFile } from './file.ts';
import { valueInClass } from './names.ts';
import { enclosingClass, enclosingFunction, isConditionalFor, itemsOf, locationOf } from './nodes.ts';
import { afterItem, afterStatement, type Sighting, settingSite } from './settingSites.ts';

/** One pattern per set of names: it is also the key under which segments remember their hits. */
let searched: { readonly names: ReadonlySet<string>; readonly pattern: TextFact<readonly number[]> } | undefined;

function patternOf(names: ReadonlySet<string>): TextFact<readonly number[]> {
  if (searched?.names !== names)
    searched = { names, pattern: matchesOf(new RegExp(`\\b(?:${[...names].sort().join('|')})\\b`, 'g')) };
  return searched.pattern;
}

export function readSettings(file: PythonFile, names: ReadonlySet<string>): SettingSite[] {
  if (names.size === 0) return [];
  const found: SettingSite[] = [];
  const inModule = new Map<string, Sighting[]>();
  const inClasses = new Set<string>();
  for (const sighting of sightings(file, names)) {
    if (sighting.node.type === 'string') {
      const site = underKey(file, sighting);
      if (site !== undefined) found.push(site);
      continue;
    }
    const statement = changedBy(sighting.node);
    if (statement === undefined) {
      const site = asProperty(file, sighting) ?? asKeyword(file, sighting);
      if (site !== undefined) found.push(site);
    } else if (enclosingFunction(sighting.node) === null) {
      const owner = enclosingClass(sighting.node);
      if (owner === null) {
        inModule.set(sighting.name, [...(inModule.get(sighting.name) ?? []), sighting]);
        continue;
      }
      const key = `${sighting.name} ${owner.id}`;
      if (inClasses.has(key)) continue;
      inClasses.add(key);
      found.push(inClass(file, sighting, statement, owner));
    }
  }
  for (const [name, all] of inModule) found.push(moduleSetting(file, name, all));
  return found.sort((a, b) => a.span.start - b.span.start);
}

function* sightings(file: PythonFile, names: ReadonlySet<string>): Generator<Sighting> {
  for (const { segment, node } of nodesAt(file, patternOf(names))) {
    if (node.type === 'identifier') yield { segment, node, name: node.text };
    if (node.type === 'string_content' && names.has(node.text) && node.parent !== null)
      yield { segment, node: node.parent, name: node.text };
  }
}

/** The statement that sets or changes what an identifier stands for: `NAME = …`, `NAME["a"]["b"] = …`, `NAME["a"].update(…)`. */
function changedBy(identifier: Node): Node | undefined {
  let node = identifier;
  let parent = node.parent;
  while (parent?.type === 'subscript' && parent.childForFieldName('value')?.id === node.id) {
    node = parent;
    parent = node.parent;
  }
  if (parent?.type === 'assignment' || parent?.type === 'augmented_assignment')
    return parent.childForFieldName('left')?.id === node.id ? parent : undefined;
  if (parent?.type !== 'attribute' || parent.childForFieldName('object')?.id !== node.id) return undefined;
  const call = parent.parent;
  const isStatement = call?.type === 'call' && call.parent?.type === 'expression_statement';
  return isStatement ? call : undefined;
}

function moduleSetting(file: PythonFile, name: string, all: readonly Sighting[]): SettingSite {
  const first = all[0]!;
  const last = all.findLast(({ node }) => !isConditionalFor(node, -1)) ?? first;
  return settingSite(file, first, {
    holder: { kind: 'module' },
    statement: changedBy(first.node)!,
    value: exportsOf(file).value(name),
    insertion: afterStatement(file, last.segment, changedBy(last.node)!),
  });
}

function inClass(file: PythonFile, sighting: Sighting, statement: Node, owner: Node): SettingSite {
  const className = owner.childForFieldName('name')?.text ?? '';
  const body = owner.childForFieldName('body')!;
  const bindings = bindingsInClass(file, sighting.segment, body, sighting.name);
  const value =
    valueInClass(file, sighting.segment, body, sighting.name, bindings, locationOf(file, sighting.segment, owner)) ??
    evaluate(file, sighting.segment, statement.childForFieldName('right') ?? statement);
  return settingSite(file, sighting, {
    holder: { kind: 'class', name: className, ancestors: ancestorsOf(file, owner) },
    statement,
    value,
    insertion: afterStatement(file, sighting.segment, statement),
  });
}

/** `@property def DATABASES(self)` of a class of settings. */
function asProperty(file: PythonFile, sighting: Sighting): SettingSite | undefined {
  const { node, segment, name } = sighting;
  const statement = node.parent;
  if (statement?.type !== 'function_definition' || statement.childForFieldName('name')?.id !== node.id)
    return undefined;
  const owner = enclosingClass(statement.parent?.type === 'decorated_definition' ? statement.parent : statement);
  const className = owner?.childForFieldName('name')?.text;
  if (!owner || className === undefined) return undefined;
  const definition = exportsOf(file).definition(`${className}.${name}`);
  if (definition?.kind !== 'function' || definition.role !== 'property') return undefined;
  return settingSite(file, sighting, {
    holder: { kind: 'class', name: className, ancestors: ancestorsOf(file, owner) },
    statement,
    value: definition.returns,
    insertion: afterStatement(file, segment, statement),
  });
}

/** Classes beyond this many are no inheritance that anybody could follow. */
const mostAncestors = 20;

/** Last names of the bases of a class and of those that this file defines, nearest first. */
function ancestorsOf(file: PythonFile, definition: Node): string[] {
  const found: string[] = [];
  let definitions: Node[] = [definition];
  while (definitions.length > 0 && found.length < mostAncestors) {
    const names = definitions.flatMap(basesOf).filter((name) => !found.includes(name));
    found.push(...names);
    definitions = names.flatMap((name) => classNamed(file, name) ?? []);
  }
  return found;
}

function basesOf(definition: Node): string[] {
  const list = definition.childForFieldName('superclasses');
  if (list === null) return [];
  return itemsOf(list).flatMap((each) => (/^[\w.]+$/.test(each.text) ? [each.text.split('.').at(-1)!] : []));
}

function classNamed(file: PythonFile, name: string): Node | undefined {
  const pattern = new RegExp(`^class[ \\t]+${name}\\b`, 'm');
  for (const segment of file.segments) {
    const match = pattern.exec(file.text.slice(segment.start, segment.end));
    if (match === null) continue;
    let node = file.tree(segment).rootNode.descendantForIndex(match.index, match.index + 1);
    while (node !== null && node.type !== 'class_definition') node = node.parent;
    if (node !== null) return node;
  }
  return undefined;
}

/** `app.config["NAME"] = …`, `{"NAME": …}`, `app.config.setdefault("NAME", …)`. */
function underKey(file: PythonFile, sighting: Sighting): SettingSite | undefined {
  const { node, segment } = sighting;
  const parent = node.parent;
  const value = (each: Node) => heldValue(file, segment, each);
  if (parent?.type === 'subscript' && parent.childForFieldName('subscript')?.id === node.id) {
    const statement = parent.parent;
    if (statement?.type !== 'assignment' || statement.childForFieldName('left')?.id !== parent.id)
      return partly(file, sighting, parent);
    const right = statement.childForFieldName('right');
    if (right === null) return undefined;
    return settingSite(file, sighting, {
      holder: entryHolder(statement),
      statement,
      value: value(right),
      insertion: afterStatement(file, segment, statement),
    });
  }
  if (parent?.type === 'pair' && parent.childForFieldName('key')?.id === node.id) {
    const right = parent.childForFieldName('value');
    if (right === null || isKeptAside(file, parent)) return undefined;
    return settingSite(file, sighting, {
      holder: entryHolder(parent),
      statement: parent,
      value: value(right),
      insertion: afterItem(file, sighting),
    });
  }
  const call = parent?.type === 'argument_list' ? parent.parent : null;
  const method = call?.type === 'call' ? call.childForFieldName('function') : null;
  if (call === null || method?.type !== 'attribute' || method.childForFieldName('attribute')?.text !== 'setdefault')
    return undefined;
  const [first, second] = itemsOf(parent!);
  if (first?.id !== node.id || second === undefined) return undefined;
  return settingSite(file, sighting, {
    holder: entryHolder(call, { isFallback: true }),
    statement: call,
    value: value(second),
    insertion: afterStatement(file, segment, call),
  });
}

/** An entry of a dictionary under a name that this file gives to no configuration: the program's own defaults, a schema. */
function isKeptAside(file: PythonFile, entry: Node): boolean {
  const within = new Set(['dictionary', 'pair', 'argument_list']);
  let node = entry.parent;
  while (node !== null && (within.has(node.type) || node.childForFieldName('function')?.text === 'dict'))
    node = node.parent;
  const target = node?.type === 'assignment' ? node.childForFieldName('left') : null;
  if (target?.type !== 'identifier') return false;
  const { text: name } = target;
  return !new RegExp(`\\b(?:update|from_mapping)\\(\\s*(?:\\*\\*)?${name}\\b|\\|=\\s*${name}\\b`).test(file.text);
}

/** `app.config.update(NAME=…)`, `app.config.from_mapping(NAME=…)`, `dict(NAME=…)`. */
function asKeyword(file: PythonFile, sighting: Sighting): SettingSite | undefined {
  const { node, segment } = sighting;
  const argument = node.parent;
  if (argument?.type !== 'keyword_argument' || argument.childForFieldName('name')?.id !== node.id) return undefined;
  const callee = argument.parent?.parent?.childForFieldName('function')?.text ?? '';
  if (!/(?:^|\.)(?:update|from_mapping|dict)$/.test(callee)) return undefined;
  const right = argument.childForFieldName('value');
  if (right === null || isKeptAside(file, argument)) return undefined;
  return settingSite(file, sighting, {
    holder: entryHolder(argument),
    statement: argument,
    value: heldValue(file, segment, right),
    insertion: afterItem(file, sighting),
  });
}

/** What a configuration holds: a mapping with a name of its own may be changed under that name later. */
function heldValue(file: PythonFile, segment: Segment, right: Node): Value {
  if (right.type !== 'identifier' || !isChangedAfter(file, right.text, segment.start + right.endIndex))
    return evaluate(file, segment, right);
  return unknown('it may be changed', locationOf(file, segment, right));
}

function entryHolder(node: Node, { isFallback = false, isPartial = false } = {}): SettingHolder {
  return { kind: 'entry', isConditional: isConditionalFor(node, -1), isFallback, isPartial };
}

/** `options = app.config["NAME"]`, where what it holds is changed under that name. */
function changedByName(file: PythonFile, segment: Segment, subscript: Node): Node | undefined {
  const statement = subscript.parent;
  if (statement?.type !== 'assignment' || statement.childForFieldName('right')?.id !== subscript.id) return undefined;
  const name = statement.childForFieldName('left');
  const isChanged = name?.type === 'identifier' && isChangedAfter(file, name.text, segment.start + statement.endIndex);
  return isChanged ? statement : undefined;
}

/** `app.config["NAME"]["key"] = …`, `app.config["NAME"].update(…)`. */
function partly(file: PythonFile, sighting: Sighting, subscript: Node): SettingSite | undefined {
  const { segment } = sighting;
  const statement = changedBy(subscript) ?? changedByName(file, segment, subscript);
  if (statement === undefined) return undefined;
  const at = locationOf(file, segment, statement);
  const key = subscript.parent?.childForFieldName('subscript');
  const right = statement.childForFieldName('right');
  const name = key ? plainText(evaluate(file, segment, key)) : undefined;
  const entry: MappingEntry =
    key && right && name !== undefined && subscript.parent?.parent?.id === statement.id && right.id !== subscript.id
      ? { key: name, keySpan: locationOf(file, segment, key), value: evaluate(file, segment, right), span: at }
      : { value: unknown('it is changed in a way that is not followed here', at), span: at, spread: true };
  return settingSite(file, sighting, {
    holder: entryHolder(statement, { isPartial: true }),
    statement,
    value: { kind: 'mapping', entries: [entry], complete: true, at },
    insertion: afterStatement(file, segment, statement),
  });
}
