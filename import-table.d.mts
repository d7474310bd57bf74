export interface FolderRules {
  readonly imports: readonly string[];
  readonly types?: readonly string[];
  readonly packages?: readonly string[];
  readonly builtins?: readonly string[];
}
export const folders: Readonly<Record<string, FolderRules>>;
export const guardedBuiltins: readonly string[];
export const rootFiles: Readonly<Record<string, readonly string[]>>;
export const sandboxFolders: Readonly<Record<string, readonly string[]>>;
