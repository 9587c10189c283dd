/** TypeScript and JavaScript as one of the languages that pools are read from; what they require as JSON counts as a module. */
import type { FrontEnd } from '../frontEnd.ts';
import { extractJson, JsonFile } from '../json/file.ts';
import { extractScript } from './extract.ts';
import { grammarOf, ScriptFile } from './file.ts';

export const typescript: FrontEnd = {
  language: 'typescript',
  grammarOf,
  open: (uri, text, parser) => (uri.endsWith('.json') ? new JsonFile(uri, text) : new ScriptFile(uri, text, parser)),
  extract(document, request) {
    if (document instanceof JsonFile) return extractJson(document, request);
    if (!(document instanceof ScriptFile)) throw new Error('not a document of this front end');
    return extractScript(document, request);
  },
};
