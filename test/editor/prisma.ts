/** A Prisma schema and its environment file, which VS Code takes for plain text or shell script without further extensions. */
import * as vscode from 'vscode';
import { equal, file, includes, markdownOf, ok, open, positionOf, replace, test, until } from './support.ts';

const schema = `datasource db {
  provider = "postgresql"
  url      = env("SHOP_URL")
}
`;

async function write(path: string, text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(file(path), new TextEncoder().encode(text));
}

function completionsAt(document: vscode.TextDocument, position: vscode.Position) {
  return vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    position,
    '?',
  );
}

test('the parameters of a Prisma URL are completed and explained in the environment file', async () => {
  await write('web/prisma/schema.prisma', schema);
  await write('web/.env', 'SHOP_URL="postgresql://shop@db/shop?"\n');
  const document = await open('web/.env');
  const position = positionOf(document, '?"').translate(0, 1);
  const item = await until('connection_limit among the completions', async () => {
    const { items } = await completionsAt(document, position);
    return items.find(({ label }) => (typeof label === 'string' ? label : label.label) === 'connection_limit');
  });
  includes(item.detail ?? '', 'connections', 'the detail');
  ok(item.range !== undefined, 'it has a range');
  await replace(document, '?"', '?connection_limit=7"');
  const text = await until('a hover over the parameter', async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      positionOf(document, 'connection_limit'),
    );
    return markdownOf(hovers) || undefined;
  });
  includes(text, 'The most connections one PrismaClient opens', 'the hover');
  includes(text, '**7**', 'the hover');
});

test('a code lens over the datasource says what the URL of the environment file opens', async () => {
  const document = await open('web/prisma/schema.prisma');
  const lens = await until('a code lens', async () => {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      10,
    );
    return lenses[0];
  });
  equal(lens.range.start.line, 0, 'line');
  includes(lens.command?.title ?? '', '7 per process', 'the code lens');
  await vscode.workspace.fs.delete(file('web'), { recursive: true });
});
