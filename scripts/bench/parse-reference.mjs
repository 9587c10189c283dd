// What the parser alone costs for the timed edit: web-tree-sitter, which Poolproof uses, and the native binding beside it.
import { createRequire } from 'node:module';
import { Edit, Language, Parser } from 'web-tree-sitter';

const require = createRequire(import.meta.url);

const grammars = {
  python: 'tree-sitter-python/tree-sitter-python.wasm',
  typescript: 'tree-sitter-typescript/tree-sitter-typescript.wasm',
};

/** The edit as tree-sitter wants it; web-tree-sitter takes an object of its own class, the native binding a plain one. */
function described(workspace, offset, removes) {
  const { line: row, character: column } = workspace;
  const before = { row, column };
  const after = { row, column: column + 1 };
  return {
    startIndex: offset,
    oldEndIndex: offset + (removes ? 1 : 0),
    newEndIndex: offset + (removes ? 0 : 1),
    startPosition: before,
    oldEndPosition: removes ? after : before,
    newEndPosition: removes ? before : after,
  };
}

function toggling(workspace, parse, edited, release) {
  const { offset } = workspace;
  const texts = [workspace.text, workspace.text.slice(0, offset) + workspace.text.slice(offset + 1)];
  let tree = parse(texts[0], undefined);
  let state = 0;
  const full = () => {
    const startedAt = performance.now();
    const fresh = parse(texts[state], undefined);
    const took = performance.now() - startedAt;
    release(fresh);
    return took;
  };
  const toggle = () => {
    const edit = described(workspace, offset, state === 0);
    state = 1 - state;
    const startedAt = performance.now();
    edited(tree, edit);
    const next = parse(texts[state], tree);
    const took = performance.now() - startedAt;
    release(tree);
    tree = next;
    return took;
  };
  return { toggle, full };
}

/** @returns {Promise<{ toggle: () => number, full: () => number }>} each call's milliseconds */
export async function webTreeSitter(workspace) {
  await Parser.init();
  const parser = new Parser();
  parser.setLanguage(await Language.load(require.resolve(grammars[workspace.language])));
  return toggling(
    workspace,
    (text, tree) => parser.parse(text, tree),
    (tree, edit) => tree.edit(new Edit(edit)),
    (tree) => tree.delete(),
  );
}

/** As above, with the prebuilt native binding. */
export async function nativeTreeSitter(workspace) {
  const NativeParser = require('tree-sitter');
  const parser = new NativeParser();
  const language =
    workspace.language === 'python' ? require('tree-sitter-python') : require('tree-sitter-typescript').typescript;
  parser.setLanguage(language);
  // The binding's default buffer is too small for a text given whole.
  const options = { bufferSize: 1024 * 1024 };
  return toggling(
    workspace,
    (text, tree) => parser.parse(text, tree, options),
    (tree, edit) => tree.edit(edit),
    () => {},
  );
}
