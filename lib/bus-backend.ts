/** What a backend of the bus does: raw text on named channels. */
export type BusBackend = {
  publish(channel: string, text: string): Promise<void>;
  listen(channel: string): Promise<void>;
  close(): Promise<void>;
};

/** What a backend reports. `onGap` runs after a lost connection is back: nudges may be missing. */
export type BusEvents = { onText: (channel: string, text: string) => void; onGap: () => void };
