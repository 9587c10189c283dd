/**
 * The language server's one bundle, in Node and in a web worker alike: two would be most of the package. What is Node's own
 * is only loaded where there is Node.
 */
const isNode = typeof process === 'object' && process.versions?.node !== undefined;

void (isNode ? import('./main.ts') : import('./browser.ts'));
