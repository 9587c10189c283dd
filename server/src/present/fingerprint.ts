/** Names findings so that they are recognised when lines above them come and go. */
import type { Finding } from '../rules/finding.ts';
import type { Report } from './report.ts';

export interface Fingerprint {
  /** 16 hexadecimal digits over the rule and the masked line, white space aside. */
  readonly hash: string;
  /** Counts, from 1, findings of the same file with the same hash. */
  readonly occurrence: number;
}

/** Fingerprints in the order of the findings. The line goes in masked: a hash must not help to guess a password. */
export function fingerprints(report: Report, findings: readonly Finding[]): Fingerprint[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const source = report.source(finding.at.uri);
    const line = source === undefined ? '' : source.line(source.lines.lineAt(finding.at.start));
    const hash = hashText(`${finding.rule}\n${line.replace(/\s+/g, ' ').trim()}`);
    const key = `${finding.at.uri}\n${hash}`;
    const occurrence = (seen.get(key) ?? 0) + 1;
    seen.set(key, occurrence);
    return { hash, occurrence };
  });
}

/** FNV-1a in two 32-bit lanes with different seeds; no security is claimed, only few collisions. */
export function hashText(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ ((unit << 7) | (unit >>> 9)) ^ (low >>> 15), 0x01000193);
  }
  return [low, high].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}
