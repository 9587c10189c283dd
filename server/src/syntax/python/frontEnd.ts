/** Python as one of the languages that pools are read from. */
import type { FrontEnd } from '../frontEnd.ts';
import { extractPython } from './extract.ts';
import { PythonFile } from './file.ts';

export const python: FrontEnd = {
  language: 'python',
  grammarOf: () => 'python',
  open: (uri, text, parser) => new PythonFile(uri, text, parser),
  extract(document, request) {
    if (!(document instanceof PythonFile)) throw new Error('not a document of this front end');
    return extractPython(document, request);
  },
};
