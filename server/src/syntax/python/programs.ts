/** Code that runs where a file is started as a program, and not where it is imported. */
import type { Node } from 'web-tree-sitter';
import type { PythonFile, Segment } from './file.ts';
import { headOf } from './imports.ts';
import { enclosingFunction } from './nodes.ts';

const startsServer = /\b(?:uvicorn|hypercorn|granian|waitress|gunicorn|daphne|serve_forever|run_app|serve)\b|\.run\(/;
const guard = /^if[ \t]+\(?[ \t]*(?:__name__[ \t]*==|["']__main__["'][ \t]*==)/m;
const programFact = {};

/** `if __name__ == "__main__":` that does not start a server. */
export function startsProgram(file: PythonFile, segment: Segment): boolean {
  const { isProgram } = segment.remember(programFact, () => {
    const text = file.text.slice(segment.start, segment.end);
    return { isProgram: guard.test(text) && !startsServer.test(text) };
  });
  return isProgram;
}

/** True for code under such a guard, and for what is in a function `main` that it calls and that starts no server. */
export function runsAsProgram(file: PythonFile, segment: Segment, node: Node): boolean {
  const owner = enclosingFunction(node);
  if (owner === null) return startsProgram(file, segment) && isUnderGuard(node);
  if (owner.childForFieldName('name')?.text !== 'main' || headOf(file, segment).kind !== 'function') return false;
  if (enclosingFunction(owner) !== null || startsServer.test(owner.text)) return false;
  return file.segments.some(
    (each) => startsProgram(file, each) && /\bmain\b/.test(file.text.slice(each.start, each.end)),
  );
}

function isUnderGuard(node: Node): boolean {
  for (let child = node, parent = node.parent; parent !== null; child = parent, parent = parent.parent)
    if (parent.type === 'if_statement' && parent.childForFieldName('consequence')?.id === child.id)
      if (guard.test(parent.text.slice(0, 80))) return true;
  return false;
}
