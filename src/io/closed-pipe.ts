// The reader of standard output or standard error went away.

/**
 * Thrown by a sink whose reader has closed the pipe (`kapi list pods | head`). Not a failure: a command whose standard output
 * is closed ends silently with 0, so this is no KapiError. A closed standard error never reaches a command (guarded-io.ts).
 */
export class ClosedPipe extends Error {
  readonly stream: 'stdout' | 'stderr';
  constructor(stream: 'stdout' | 'stderr' = 'stdout') {
    super(`the reader of ${stream} has closed it`);
    this.name = 'ClosedPipe';
    this.stream = stream;
  }
}
