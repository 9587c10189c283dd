/** Folders of URIs. */

export function folderOf(uri: string): string {
  return uri.slice(0, uri.lastIndexOf('/'));
}

/** The folder of a file and every one around it, up to the workspace folder. */
export function foldersUpTo(fromUri: string, root: string): string[] {
  const folders: string[] = [];
  for (let folder = folderOf(fromUri); ; folder = folderOf(folder)) {
    folders.push(folder);
    if (folder === root || !folder.startsWith(`${root}/`)) return folders;
  }
}
