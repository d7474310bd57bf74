// The reader of standard output went away.

/**
 * Thrown by a sink whose reader has closed the pipe (`kapi list pods | head`). Not a failure: the command ends
 * silently with 0, so it is no KapiError.
 */
export class ClosedPipe extends Error {
  constructor() {
    super('the reader of standard output has closed it');
    this.name = 'ClosedPipe';
  }
}
