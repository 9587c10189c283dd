/** One Prisma schema to its {@link SourceModel}: the datasource as a declaration, the generators beside it. */
import type { Node } from 'web-tree-sitter';
import { type Location, locate } from '../../core/text.ts';
import { hostKind, isPlaceholderWord, isTemplate, readUrl } from '../../declarations/credentials.ts';
import type { CredentialFixPlan, CredentialSighting } from '../../declarations/pool.ts';
import type { GeneratedModule, SourceModel } from '../../declarations/source.ts';
import { type Argument, type CallSite, type MappingEntry, unknown, type Value } from '../../declarations/value.ts';
import { clientGenerators, clientPackage, urlVariables } from '../../facts/prisma.ts';
import type { ExtractionRequest } from '../frontEnd.ts';
import { readSuppressions } from '../suppressions.ts';
import type { PrismaFile } from './file.ts';

export function extractPrisma(file: PrismaFile, request: ExtractionRequest): SourceModel {
  const blocks = file.tree.rootNode.namedChildren.filter((node): node is Node => node?.type === 'configuration');
  const kindOf = (block: Node) => block.childForFieldName('kind')?.text;
  const generators = blocks.filter((block) => kindOf(block) === 'generator');
  const datasources = blocks.filter((block) => kindOf(block) === 'datasource');
  return {
    uri: file.uri,
    lines: file.lines,
    context: request.context,
    callSites: datasources.map((block) => readDatasource(file, block, generators)),
    factories: [],
    factoryCalls: [],
    settings: [],
    generatedModules: generators.flatMap((block) => generatedFrom(file, block) ?? []),
    // No file imports a schema.
    exports: {
      value: (name) => unknown(`${name} is no name of a module`, place(file, file.tree.rootNode)),
      definition: () => undefined,
    },
    credentials: datasources.flatMap((block) => credentialsIn(file, block)),
    suppressions: readSuppressions(file.uri, file.text, file.lines, (offset) => {
      return file.tree.rootNode.descendantForIndex(offset, offset)?.type === 'comment';
    }),
  };
}

function place(file: PrismaFile, node: Node): Location {
  return { uri: file.uri, start: node.startIndex, end: node.endIndex };
}

/** `datasource db { … }` in the shape of a call: its settings are the arguments, the generators' the last of them. */
function readDatasource(file: PrismaFile, block: Node, generators: readonly Node[]): CallSite {
  const name = block.childForFieldName('name')!;
  const at = place(file, block);
  const head = locate(file.uri, { start: block.startIndex, end: name.endIndex });
  const settings = settingsOf(file, block);
  const generator: Argument = {
    keyword: 'generators',
    value: {
      kind: 'sequence',
      items: generators.map((each) => ({
        kind: 'mapping',
        entries: settingsOf(file, each).map(asEntry),
        complete: true,
        at: place(file, each),
      })),
      at,
    },
    span: at,
    valueSpan: at,
  };
  return {
    uri: file.uri,
    language: 'prisma',
    callee: { kind: 'reference', module: 'prisma', name: 'datasource', level: 0, at: head },
    calleeText: 'datasource',
    calleeSpan: head,
    span: at,
    arguments: [...settings, generator],
    insertion: { offset: block.endIndex - 1, before: '', after: '' },
    assignedTo: name.text,
  };
}

function settingsOf(file: PrismaFile, block: Node): Argument[] {
  return block.namedChildren.flatMap((setting) => {
    if (setting?.type !== 'setting') return [];
    const name = setting.childForFieldName('name')!;
    const value = setting.childForFieldName('value');
    if (value === null) return [];
    return [
      {
        keyword: name.text,
        keywordSpan: place(file, name),
        value: readValue(file, value),
        span: place(file, setting),
        valueSpan: place(file, value),
      },
    ];
  });
}

/** Where a generator writes its client, relative to the file it stands in; undefined where that is the package itself. */
function generatedFrom(file: PrismaFile, block: Node): GeneratedModule | undefined {
  const settings = settingsOf(file, block);
  const text = (name: string) => {
    const value = settings.find((each) => each.keyword === name)?.value;
    return value?.kind === 'literal' ? String(value.value) : undefined;
  };
  const output = text('output');
  if (output === undefined || !clientGenerators.has(text('provider') ?? '')) return undefined;
  return { path: output, package: clientPackage };
}

function asEntry({ keyword, keywordSpan, value, span }: Argument): MappingEntry {
  return { key: keyword!, keySpan: keywordSpan, value, span };
}

function readValue(file: PrismaFile, node: Node): Value {
  const at = place(file, node);
  switch (node.type) {
    case 'string':
      return { kind: 'literal', value: contentOf(node), at };
    case 'number':
      return { kind: 'literal', value: Number(node.text), at };
    case 'array':
      return { kind: 'sequence', items: node.namedChildren.map((each) => readValue(file, each!)), at };
    case 'call': {
      const argument = node.namedChildren[1];
      const isEnvironment = node.childForFieldName('function')?.text === 'env' && argument?.type === 'string';
      if (isEnvironment) return { kind: 'environment', variable: contentOf(argument), at };
      return unknown('it is the result of a function that is not followed here', at);
    }
    default:
      if (node.text === 'true' || node.text === 'false') return { kind: 'literal', value: node.text === 'true', at };
      return { kind: 'literal', value: node.text, at };
  }
}

/** The escapes that Prisma knows; anything else stands for itself. */
function contentOf(node: Node): string {
  return node.text.slice(1, -1).replace(/\\(["\\nrt])/g, (_, letter: string) => escapes[letter] ?? letter);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** With a comment behind it; undefined where something else stands on its line. */
function settingWithLine({ uri, text, lines }: PrismaFile, name: string, span: Location): CredentialFixPlan['setting'] {
  const start = lines.lineStart(lines.lineAt(span.start));
  const next = text.indexOf('\n', span.end);
  const end = next === -1 ? text.length : next + 1;
  const isAlone = text.slice(start, span.start).trim() === '' && /^(?:\/\/.*)?$/.test(text.slice(span.end, end).trim());
  return isAlone ? { name, line: { uri, start, end } } : undefined;
}

/** Passwords in `url` and its siblings. The places count only where no escape shifts them. */
function credentialsIn(file: PrismaFile, block: Node): CredentialSighting[] {
  return settingsOf(file, block).flatMap(({ keyword, value, span, valueSpan }) => {
    if (!Object.hasOwn(urlVariables, keyword!) || value.kind !== 'literal') return [];
    const text = String(value.value);
    const url = readUrl(text);
    if (url?.password === undefined || valueSpan.end - valueSpan.start !== text.length + 2) return [];
    const password = text.slice(url.password.start, url.password.end);
    if (isTemplate(password)) return [];
    const start = valueSpan.start + 1;
    const variable = urlVariables[keyword!]!;
    return [
      {
        uri: file.uri,
        at: { uri: file.uri, start: start + url.password.start, end: start + url.password.end },
        literal: valueSpan,
        form: 'url',
        host: hostKind(url.host),
        isPlaceholderWord: isPlaceholderWord(password, url.user),
        isEnvironmentFallback: false,
        fixes: [
          {
            variable,
            replace: valueSpan,
            replacement: `env("${variable}")`,
            literal: valueSpan,
            setting: settingWithLine(file, keyword!, span),
          },
        ],
      },
    ];
  });
}
