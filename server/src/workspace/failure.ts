/**
 * Name and place of an error for the log. Never its message: that could quote source, and with it a password. In a stack
 * the message comes before the first place, so it is cut off as a whole.
 */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const stack = error.stack ?? '';
  const message = stack.indexOf(error.message);
  const places = message === -1 ? '' : stack.slice(message + error.message.length);
  const place = /\n\s+at (.*)/.exec(places)?.[1] ?? 'unknown place';
  return `${error.constructor.name} at ${place}`;
}
