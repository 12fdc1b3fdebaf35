import type { Adapter, AdapterPayload } from "oidc-provider";

const entriesMax = 10_000;

/** Keeps the provider's codes, tokens and sessions of one kind until they expire or the demo stops. */
export function memoryAdapter(): Adapter {
  const entries = new Map<string, { payload: AdapterPayload; until: number }>();
  const live = (id: string): AdapterPayload | undefined => {
    const entry = entries.get(id);
    if (entry && entry.until > Date.now()) return entry.payload;
    entries.delete(id);
    return undefined;
  };
  const findBy = (field: "uid" | "userCode", value: string): AdapterPayload | undefined => {
    const found = [...entries.keys()].find((id) => entries.get(id)?.payload[field] === value);
    return found === undefined ? undefined : live(found);
  };
  return {
    upsert: async (id, payload, expiresIn) => {
      entries.delete(id);
      entries.set(id, { payload, until: Date.now() + (expiresIn ?? 86_400) * 1_000 });
      const oldest = entries.keys().next();
      if (entries.size > entriesMax && !oldest.done) entries.delete(oldest.value);
    },
    find: async (id) => live(id),
    findByUid: async (uid) => findBy("uid", uid),
    findByUserCode: async (code) => findBy("userCode", code),
    destroy: async (id) => {
      entries.delete(id);
    },
    consume: async (id) => {
      const payload = live(id);
      if (payload) payload.consumed = Math.floor(Date.now() / 1_000);
    },
    revokeByGrantId: async (grantId) => {
      for (const [id, { payload }] of entries) if (payload.grantId === grantId) entries.delete(id);
    },
  };
}
