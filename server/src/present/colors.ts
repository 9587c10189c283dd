/** Colours for text output; the command line decides whether they show. */
import type { Colors } from 'picocolors/types';
import type { Severity } from '../rules/finding.ts';

export type { Colors };

export function colorOf(severity: Severity, colors: Colors): (text: string) => string {
  switch (severity) {
    case 'error':
      return colors.red;
    case 'warning':
      return colors.yellow;
    case 'information':
      return colors.blue;
    case 'hint':
      return colors.cyan;
  }
}
