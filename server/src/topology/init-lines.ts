/** Lines of a fresh topology file: values with the place they came from, and marked questions. */
import { written } from './assist.ts';
import type { ManifestFact, ManifestValue } from './drift.ts';

/** A fact with the place it came from as a person reads it: "docker-compose.yml:12". */
export interface PlacedFact {
  readonly fact: ManifestFact;
  readonly place: string;
  /** Folder of the source that a fact about a build stands for, relative to the new file's; empty for that folder itself. */
  readonly folder?: string;
}

/** A value found elsewhere than in manifests, with its place. */
export interface Hint {
  readonly value: string;
  readonly place: string;
}

export function found(indent: string, key: string, value: ManifestValue, place: string): string {
  return `${indent}${key}: ${written(String(value), typeof value === 'string')}${comment(`from ${place}`)}`;
}

export function question(indent: string, key: string, value: number | string, text: string): string {
  return `${indent}${key}: ${value}${comment(`? not found: ${text}`)}`;
}

/** A key that counts as absent until somebody answers. */
export function openQuestion(indent: string, example: string, text: string): string {
  return `${indent}# ${example}${comment(`? ${text}`)}`;
}

export function comment(text: string): string {
  return `  # ${oneLine(text)}`;
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, ' ');
}

export function plain(text: string): string {
  return text.replace(/[^\w.-]/g, '-');
}

/** Where a fact is written, and what may say otherwise. */
export function origin({ fact, place }: PlacedFact): string {
  if (fact.variable === undefined) return place;
  return fact.key === 'env' ? `${place} (${fact.variable})` : `${place}, unless ${fact.variable} says otherwise`;
}
