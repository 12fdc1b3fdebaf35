const letter = (text: string): number => text.charCodeAt(0);

/** Server messages of the regular phase, by their type byte (protocol-message-formats §54.7). */
export const serverType = {
  parseComplete: letter("1"),
  bindComplete: letter("2"),
  closeComplete: letter("3"),
  notification: letter("A"),
  commandComplete: letter("C"),
  error: letter("E"),
  copyIn: letter("G"),
  copyOut: letter("H"),
  emptyQuery: letter("I"),
  notice: letter("N"),
  parameterStatus: letter("S"),
  rowDescription: letter("T"),
  copyBoth: letter("W"),
  ready: letter("Z"),
  copyDone: letter("c"),
  noData: letter("n"),
  portalSuspended: letter("s"),
  parameterDescription: letter("t"),
  dataRow: letter("D"),
} as const;
