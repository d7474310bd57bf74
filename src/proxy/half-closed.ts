// What the proxy's server does with clients that close their side of the connection.

/**
 * True if the server reports that a client has closed its side, and can still answer it. The build
 * of the standalone program sets it to false: Bun would not report it, so that the watch of a
 * client that has gone would not end before its next event. The server then ends such connections
 * at once.
 */
export const canAnswerHalfClosed = true as boolean;
