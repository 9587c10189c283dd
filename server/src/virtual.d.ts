declare module 'virtual:search-thread' {
  /** The bundled program of workspace/nodeSearchThread.ts. */
  const program: string;
  export default program;
}

declare module 'virtual:rule-documentation' {
  /** Markdown page of every rule by id, taken from the rules' own doc comments when bundling. */
  const pages: Readonly<Record<string, string>>;
  export default pages;
}
