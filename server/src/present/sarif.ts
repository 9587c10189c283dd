/** SARIF 2.1.0 as GitHub's code scanning takes it in. */

import documentation from 'virtual:rule-documentation';
import type { Log, ReportingDescriptor, Result, Location as SarifLocation } from 'sarif';
import type { Finding, Severity } from '../rules/finding.ts';
import { rules } from '../rules/registry.ts';
import type { Rule } from '../rules/rule.ts';
import { fingerprints } from './fingerprint.ts';
import { toJson } from './json.ts';
import type { Place, Report } from './report.ts';

export interface SarifOptions {
  /** Poolproof's version. */
  readonly version: string;
  /** Tells apart the runs over parts of one repository: `services/api`, or empty for all of it. */
  readonly part: string;
}

/** Code scanning cuts a full description beyond this. */
const longestDescription = 1000;
const levels = { error: 'error', warning: 'warning', information: 'note', hint: 'note' } as const;
const problemSeverities = { error: 'error', warning: 'warning', information: 'recommendation', hint: 'recommendation' };

export function presentSarif(report: Report, { version, part }: SarifOptions): string {
  const marks = fingerprints(report, report.findings);
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Poolproof', semanticVersion: version, rules: rules.map(describeRule) } },
        automationDetails: {
          id: ['poolproof', part, ''].filter((each, index) => each !== '' || index === 2).join('/'),
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: report.analysis.errors.length === 0,
            toolExecutionNotifications: report.analysis.errors.map(({ uri, message }) => ({
              level: 'error',
              message: { text: report.say(message) },
              locations: [{ physicalLocation: { artifactLocation: artifact(report.path(uri)) } }],
            })),
          },
        ],
        results: report.findings.map((finding, index) => {
          const { hash, occurrence } = marks[index]!;
          return describeFinding(report, finding, `${hash}:${occurrence}`);
        }),
      },
    ],
  };
  return toJson(log);
}

function describeRule(rule: Rule): ReportingDescriptor {
  const markdown = documentation[rule.id] ?? rule.summary;
  const isSecurity = rule.group === 'credentials';
  return {
    id: rule.id,
    name: rule.id,
    shortDescription: { text: rule.summary },
    fullDescription: { text: firstParagraph(markdown).slice(0, longestDescription) },
    help: { text: markdown, markdown },
    defaultConfiguration: { level: levels[rule.severity] },
    properties: {
      tags: [isSecurity ? 'security' : 'reliability', 'database', rule.group],
      precision: 'very-high',
      'problem.severity': problemSeverities[rule.severity satisfies Severity],
      // High, as code scanning grades it; other rules are no vulnerabilities and carry none.
      ...(isSecurity ? { 'security-severity': '8.0' } : {}),
    },
  };
}

function firstParagraph(markdown: string): string {
  const paragraph = markdown.split(/\n{2,}/).find((part) => part.trim() !== '' && !part.startsWith('#')) ?? '';
  return paragraph.replace(/\s+/g, ' ').trim();
}

function describeFinding(report: Report, finding: Finding, primaryLocationLineHash: string): Result {
  const links = finding.related.map((related, index) => {
    const { path, line } = report.place(related.at);
    return `[${linkText(`${path}:${line}`)}](${index + 1}) ${plainText(report.say(related.message))}`;
  });
  const message = plainText(
    [report.say(finding.message), finding.help && report.say(finding.help)].filter(Boolean).join(' '),
  );
  return {
    ruleId: finding.rule,
    ruleIndex: rules.findIndex((rule) => rule.id === finding.rule),
    level: levels[finding.severity],
    message: { text: links.length === 0 ? message : `${message} See ${links.join('; ')}.` },
    locations: [locationOf(report.place(finding.at))],
    partialFingerprints: { primaryLocationLineHash },
    relatedLocations: finding.related.map((related, index) => ({
      ...locationOf(report.place(related.at)),
      id: index + 1,
      message: { text: plainText(report.say(related.message)) },
    })),
    fixes: report.transferableFixes(finding).map((fix) => ({
      description: { text: report.say(fix.title) },
      artifactChanges: [...new Set(fix.edits.map((edit) => edit.uri))].map((uri) => ({
        artifactLocation: artifact(report.path(uri)),
        replacements: fix.edits
          .filter((edit) => edit.uri === uri)
          .map((edit) => ({ deletedRegion: regionOf(report.place(edit)), insertedContent: { text: edit.newText } })),
      })),
    })),
  };
}

function locationOf(place: Place): SarifLocation {
  return { physicalLocation: { artifactLocation: artifact(place.path), region: regionOf(place) } };
}

function regionOf({ line, column, endLine, endColumn }: Place) {
  return { startLine: line, startColumn: column, endLine, endColumn };
}

function artifact(path: string) {
  return { uri: path.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}

/** A message's own `[text](1)` would be read as a link to a related place. */
function plainText(text: string): string {
  return text.replaceAll('](', '] (');
}

function linkText(text: string): string {
  return text.replace(/[[\]\\]/g, '\\$&');
}
