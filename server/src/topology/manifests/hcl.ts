/** Blocks of HCL, the language of Terraform: `resource "aws_ecs_service" "api" { … }`. */
import type { Span } from '../../core/text.ts';
import type { DataEntry, MapNode } from '../yaml.ts';
import { LiteralReader } from './literal.ts';

export interface HclBlock {
  readonly type: string;
  readonly labels: readonly string[];
  /** Attributes, and blocks inside it under their type's name. */
  readonly body: MapNode;
  readonly span: Span;
}

const deepest = 30;

/** The blocks of a file; whatever cannot be read is passed over. */
export function readHcl(text: string): HclBlock[] {
  const reader = new LiteralReader(text, 0, 'hcl');
  const blocks: HclBlock[] = [];
  while (!reader.isAtEnd()) {
    const block = readBlock(reader, 0);
    if (block) blocks.push(block);
    else skipLine(reader);
  }
  return blocks;
}

function readBlock(reader: LiteralReader, depth: number): HclBlock | undefined {
  reader.skipSpace();
  const start = reader.at;
  const type = reader.key();
  const labels: string[] = [];
  while (type && labels.length < 5) {
    reader.skipSpace();
    if (reader.text[reader.at] === '{') {
      reader.at++;
      const body = readBody(reader, start, depth);
      return { type: type.key, labels, body, span: type.span };
    }
    const label = reader.key();
    if (!label) break;
    labels.push(label.key);
  }
  return undefined;
}

function readBody(reader: LiteralReader, start: number, depth: number): MapNode {
  const entries: DataEntry[] = [];
  while (!reader.isAtEnd()) {
    reader.skipSpace();
    if (reader.text[reader.at] === '}') {
      reader.at++;
      break;
    }
    const begin = reader.at;
    const key = reader.key();
    reader.skipSpace();
    if (key && reader.text[reader.at] === '=' && reader.text[reader.at + 1] !== '=') {
      reader.at++;
      entries.push({ key: key.key, keySpan: key.span, value: reader.value() });
      continue;
    }
    reader.at = begin;
    const block = depth < deepest ? readBlock(reader, depth + 1) : undefined;
    if (block) entries.push({ key: block.type, keySpan: block.span, value: block.body });
    else skipLine(reader);
  }
  return { kind: 'map', entries, span: { start, end: reader.at } };
}

function skipLine(reader: LiteralReader): void {
  const end = reader.text.indexOf('\n', reader.at);
  reader.at = end === -1 ? reader.text.length : end + 1;
}
