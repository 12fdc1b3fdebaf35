/** Whether the record is complete and unaltered, as far as is known. */
export type LogState = {
  /** verified: the signed head covers the log; behind: it should have been signed by now; alarm: something is wrong */
  status: "verified" | "behind" | "alarm" | "empty";
  /** when the last head was signed, ISO 8601; it is signed only after the log was found consistent */
  verifiedAt: string | null;
  /** events in the log, decimal */
  size: string;
  /** what is wrong, where something is */
  message: string | null;
};
