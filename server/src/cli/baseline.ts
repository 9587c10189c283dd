/**
 * The baseline: findings that are known and left for later. A finding is recognised by its rule, its file and its line's
 * text, not by the line's number. No text of any line is kept, and hashes are made of masked lines.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fingerprints } from '../present/fingerprint.ts';
import type { Report } from '../present/report.ts';
import type { Finding } from '../rules/finding.ts';
import { UsageError } from './io.ts';
import { pathNamer } from './paths.ts';

interface Entry {
  readonly rule: string;
  /** Relative to the baseline file's folder. */
  readonly path: string;
  readonly hash: string;
  /** Counts, from 1, findings of one file with the same rule and line. */
  readonly occurrence: number;
}

export class Baseline {
  private readonly file: string;

  constructor(
    private readonly name: string,
    cwd: string,
  ) {
    this.file = resolve(cwd, name);
  }

  /** The findings that the file does not record. `report` holds all findings of their files. */
  newFindings(report: Report, findings: readonly Finding[]): Finding[] {
    const known = new Set(this.read().map(keyOf));
    const entries = this.entries(report);
    return findings.filter((finding) => !known.has(keyOf(entries.get(finding)!)));
  }

  /** Records these findings and no others. */
  write(report: Report, findings: readonly Finding[]): void {
    const entries = this.entries(report);
    const content = { version: 1, findings: findings.map((finding) => entries.get(finding)!) };
    try {
      writeFileSync(this.file, `${JSON.stringify(content, undefined, 2)}\n`);
    } catch (error) {
      throw new UsageError(`${this.name} cannot be written (${codeOf(error)}).`);
    }
  }

  private entries(report: Report): Map<Finding, Entry> {
    const path = pathNamer(dirname(this.file));
    const all = report.analysis.findings;
    const marks = fingerprints(report, all);
    return new Map(
      all.map((finding, index) => [finding, { rule: finding.rule, path: path(finding.at.uri), ...marks[index]! }]),
    );
  }

  private read(): readonly Entry[] {
    let content: unknown;
    try {
      content = JSON.parse(readFileSync(this.file, 'utf8'));
    } catch (error) {
      if (error instanceof SyntaxError) throw new UsageError(`${this.name} is no baseline: it is not JSON.`);
      const hint = codeOf(error) === 'ENOENT' ? '; --update-baseline writes it' : '';
      throw new UsageError(`${this.name} cannot be read (${codeOf(error)})${hint}.`);
    }
    const findings = isRecord(content) && content['version'] === 1 ? content['findings'] : undefined;
    if (!Array.isArray(findings) || !findings.every(isEntry)) {
      throw new UsageError(`${this.name} is no baseline that this version of Poolproof reads.`);
    }
    return findings;
  }
}

function keyOf({ rule, path, hash, occurrence }: Entry): string {
  return JSON.stringify([rule, path, hash, occurrence]);
}

function isEntry(value: unknown): value is Entry {
  return isRecord(value) && ['rule', 'path', 'hash'].every((key) => typeof value[key] === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
