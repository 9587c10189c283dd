declare module 'virtual:rule-documentation' {
  /** Markdown page of every rule by id, taken from the rules' own doc comments when bundling. */
  const pages: Readonly<Record<string, string>>;
  export default pages;
}
