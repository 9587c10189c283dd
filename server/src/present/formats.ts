/** The output formats by name. Each presenter is loaded when it is asked for: most runs need one. */
import type { Colors } from './colors.ts';
import type { Report } from './report.ts';

export interface FormatOptions {
  readonly colors: Colors;
  /** Poolproof's version. */
  readonly version: string;
  /** The part of the repository that was analysed, `services/api`; empty for all of it. */
  readonly part: string;
}

export type Presenter = (report: Report, options: FormatOptions) => string;

type Formats = Readonly<Record<string, () => Promise<Presenter>>>;

export const checkFormats: Formats = {
  text: async () => {
    const { presentText } = await import('./text.ts');
    return (report, { colors }) => presentText(report, colors);
  },
  concise: async () => {
    const { presentConcise } = await import('./concise.ts');
    return (report, { colors }) => presentConcise(report, colors);
  },
  json: async () => (await import('./json.ts')).presentJson,
  sarif: async () => (await import('./sarif.ts')).presentSarif,
  github: async () => (await import('./github.ts')).presentGithub,
  gitlab: async () => (await import('./gitlab.ts')).presentGitlab,
  junit: async () => (await import('./junit.ts')).presentJunit,
  agent: async () => (await import('./agent.ts')).presentAgent,
};

export const poolsFormats: Formats = {
  text: async () => {
    const { presentPoolsText } = await import('./poolsText.ts');
    return (report, { colors }) => presentPoolsText(report, colors);
  },
  json: async () => (await import('./poolsJson.ts')).presentPoolsJson,
};

export const fleetFormats: Formats = {
  text: async () => {
    const { presentFleetText } = await import('./fleetText.ts');
    return (report, { colors }) => presentFleetText(report, colors);
  },
  json: async () => (await import('./fleetJson.ts')).presentFleetJson,
};
