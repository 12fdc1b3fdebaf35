/** Who works at the demo's shop. Sign-in provider, store and page read the same list. */
export type DemoPerson = {
  email: string;
  name: string;
  role: "admin" | "reviewer" | "auditor" | "requester";
  groups: string[];
  /** what the sign-in page says under the name */
  duty: string;
};

export type DemoAgent = { name: string; owner: string; groups: string[] };

export const demoPeople: DemoPerson[] = [
  {
    email: "marta.lindqvist@northtrail.example",
    name: "Marta Lindqvist",
    role: "admin",
    groups: ["schema-owners"],
    duty: "writes policies and masking rules",
  },
  {
    email: "tomas.adeyemi@northtrail.example",
    name: "Tomas Adeyemi",
    role: "reviewer",
    groups: ["security"],
    duty: "signs for risky statements",
  },
  {
    email: "hana.okafor@northtrail.example",
    name: "Hana Okafor",
    role: "reviewer",
    groups: ["data-owners"],
    duty: "second signature where personal data is deleted",
  },
  {
    email: "joris.dewit@northtrail.example",
    name: "Joris de Wit",
    role: "auditor",
    groups: [],
    duty: "reads the record",
  },
  {
    email: "priya.raman@northtrail.example",
    name: "Priya Raman",
    role: "requester",
    groups: [],
    duty: "owns the two agents",
  },
];

export const demoAgents: DemoAgent[] = [
  { name: "reporting-agent", owner: "priya.raman@northtrail.example", groups: ["agents", "read-only"] },
  { name: "maintenance-agent", owner: "priya.raman@northtrail.example", groups: ["agents", "maintenance"] },
];

/** Every group that people, agents and the example policies are about. */
export const demoGroups = [
  "agents",
  "break-glass",
  "data-owners",

  "fraud",
  "maintenance",
  "read-only",
  "schema-owners",
  "security",
  "support",
];
