/**
 * E-mails, in lower case, of the people whose review of a request never counts: whoever asks, the owner
 * of the agent that asks, whom it claims to act for, and who issued its token.
 *
 * INVARIANT: nobody signs their own request, and an admin is no exception.
 */
export function excludedFromReview(request: {
  /** `agent/NAME` or `person/EMAIL` */
  principal: string;
  owner: string | null;
  onBehalfOf: string | null;
  tokenIssuer: string | null;
}): string[] {
  const { principal, owner, onBehalfOf, tokenIssuer } = request;
  const person = principal.startsWith("person/") ? principal.slice("person/".length) : null;
  const emails = [person, owner, onBehalfOf, tokenIssuer].filter((email) => email !== null && email !== "");
  return [...new Set(emails.map((email) => (email as string).toLowerCase()))];
}
