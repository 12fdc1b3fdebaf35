import { isTree, listOf, type Tree } from "../../walk";
import {
  ask,
  type Classification,
  databaseResource,
  rangeVarResource,
  type StatementRule,
  schemaResource,
} from "../classification";
import { namesOfObject, objectResources } from "../objects";

/** Who may do what upstream: grants, roles, row security, user mappings. */
export const privilegeRules: Record<string, StatementRule> = {
  GrantStmt: (c, fields) => grant(c, fields),
  AlterDefaultPrivilegesStmt: (c, fields) => {
    const action = isTree(fields.action) ? fields.action : {};
    granted(c, action.is_grant === true);
    ask(c, action.is_grant === true ? "grant" : "revoke", databaseResource(c));
  },
  ...each(["GrantRoleStmt", "CreateRoleStmt", "AlterRoleStmt", "AlterRoleSetStmt", "DropRoleStmt"], "role"),
  ...each(["DropOwnedStmt", "ReassignOwnedStmt"], "role"),
  ...each(["CreateUserMappingStmt", "AlterUserMappingStmt", "DropUserMappingStmt"], "security"),
  CreatePolicyStmt: policy,
  AlterPolicyStmt: policy,
  SecLabelStmt: (c, fields) => {
    secured(c, "security");
    for (const resource of objectResources(c, String(fields.objtype), fields.object)) ask(c, "security", resource);
  },
};

function granted(c: Classification, isGrant: boolean): void {
  c.kind = isGrant ? "grant" : "revoke";
  c.changesCatalog = true;
}

function grant(c: Classification, fields: Tree): void {
  const isGrant = fields.is_grant === true;
  const action = isGrant ? "grant" : "revoke";
  granted(c, isGrant);
  const inSchemas = fields.targtype === "ACL_TARGET_ALL_IN_SCHEMA";
  for (const object of listOf(fields.objects)) {
    const resources = inSchemas
      ? [schemaResource(c, namesOfObject(object).at(-1))]
      : objectResources(c, String(fields.objtype), object);
    for (const resource of resources) ask(c, action, resource);
  }
  if (listOf(fields.objects).length === 0) ask(c, action, databaseResource(c));
}

function secured(c: Classification, kind: "role" | "security"): void {
  c.kind = kind;
  c.changesCatalog = true;
}

function each(tags: readonly string[], action: "role" | "security"): Record<string, StatementRule> {
  const rule: StatementRule = (c) => {
    secured(c, action);
    ask(c, action, databaseResource(c));
  };
  return Object.fromEntries(tags.map((tag) => [tag, rule]));
}

function policy(c: Classification, fields: Tree): void {
  secured(c, "security");
  if (isTree(fields.table)) ask(c, "security", rangeVarResource(c, fields.table));
}
