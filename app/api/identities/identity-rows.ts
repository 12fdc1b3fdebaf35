import type { ActivityRow, Identities } from "@/components/identities/identity-rows";
import { maySeeToken } from "@/lib/access/token-rule";
import type { SignedIn } from "@/lib/auth";
import { listAgents } from "@/lib/store/agents";
import { listGroups } from "@/lib/store/groups";
import { listPeople } from "@/lib/store/people";
import { readActivity } from "@/lib/store/principal-activity";
import { listTokens } from "@/lib/store/tokens";

const activityMs = 24 * 60 * 60 * 1_000;

/** Everybody and everything that policies can be about, as the viewer may see it. */
export async function readIdentities(viewer: SignedIn): Promise<Identities> {
  const now = Date.now();
  const [people, agents, groups, tokens, activities] = await Promise.all([
    listPeople(),
    listAgents(),
    listGroups(),
    listTokens(),
    readActivity(new Date(now - activityMs)),
  ]);
  const live = tokens.filter(({ revokedAt, expiresAt }) => !revokedAt && !(expiresAt && expiresAt.getTime() <= now));
  const enabled = new Set(people.filter(({ disabledAt }) => disabledAt === null).map(({ email }) => email));
  const activityOf = (principal: string): ActivityRow | null => {
    const activity = activities.get(principal);
    return activity === undefined ? null : { ...activity, lastAt: activity.lastAt?.toISOString() ?? null };
  };
  return {
    people: people.map(({ id: _id, ...person }) => ({
      ...person,
      disabledAt: person.disabledAt?.toISOString() ?? null,
      createdAt: person.createdAt.toISOString(),
      activity: activityOf(`person/${person.email}`),
    })),
    agents: agents.map(({ id: _id, ...agent }) => ({
      ...agent,
      ownerEnabled: enabled.has(agent.owner),
      frozenAt: agent.frozenAt?.toISOString() ?? null,
      expiresAt: agent.expiresAt?.toISOString() ?? null,
      createdAt: agent.createdAt.toISOString(),
      tokens: maySeeToken({ viewer, principal: { kind: "agent", owner: agent.owner } })
        ? live.filter(({ principal }) => principal === `agent/${agent.name}`).length
        : null,
      activity: activityOf(`agent/${agent.name}`),
    })),
    groups: groups.map((group) => ({ ...group, createdAt: group.createdAt.toISOString() })),
  };
}
