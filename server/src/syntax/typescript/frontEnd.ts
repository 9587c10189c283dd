/** TypeScript and JavaScript as one of the languages that pools are read from. */
import type { FrontEnd } from '../frontEnd.ts';
import { extractScript } from './extract.ts';
import { grammarOf, ScriptFile } from './file.ts';

export const typescript: FrontEnd = {
  language: 'typescript',
  grammarOf,
  open: (uri, text, parser) => new ScriptFile(uri, text, parser),
  extract(document, request) {
    if (!(document instanceof ScriptFile)) throw new Error('not a document of this front end');
    return extractScript(document, request);
  },
};
