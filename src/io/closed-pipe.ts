// The reader of standard output or standard error closed the pipe.

/**
 * Thrown by a sink whose reader has closed the pipe (`kapi list pods | head`). It is not a
 * KapiError, because it is not a failure: a command whose standard output is closed ends silently
 * with 0. A closed standard error never reaches a command (guarded-io.ts).
 */
export class ClosedPipe extends Error {
  readonly stream: 'stdout' | 'stderr';
  constructor(stream: 'stdout' | 'stderr' = 'stdout') {
    super(`the reader of ${stream} has closed it`);
    this.name = 'ClosedPipe';
    this.stream = stream;
  }
}
