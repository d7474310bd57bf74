export interface Room {
  readonly imports: readonly string[];
  readonly types?: readonly string[];
  readonly packages?: readonly string[];
  readonly builtins?: readonly string[];
}
export const rooms: Readonly<Record<string, Room>>;
export const worldlyBuiltins: readonly string[];
export const rootFiles: Readonly<Record<string, readonly string[]>>;
export const sandboxFolders: Readonly<Record<string, readonly string[]>>;
