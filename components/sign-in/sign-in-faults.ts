/** What a person reads when signing in did not work: what is so, and what to do about it. */
export type SignInFault = { title: string; text: string };

const faults: Record<string, SignInFault> = {
  "unknown-person": {
    title: "Nobody has added you yet",
    text: "Your identity provider knows you, but Countersign does not. Ask an admin to add you by the e-mail address that you sign in with.",
  },
  "unverified-email": {
    title: "Your e-mail address is not verified",
    text: "Your identity provider has not verified your address, so it cannot stand for you here. Verify it there, then try again.",
  },
  "no-email": {
    title: "Your identity provider did not send an e-mail address",
    text: "The address is how you are recognised the first time. Ask the people who run the provider to release the email claim.",
  },
  disabled: {
    title: "Your access has been disabled",
    text: "An admin has disabled you in Countersign. They can enable you again under Identities.",
  },
  "other-identity": {
    title: "This address belongs to another sign-in",
    text: "The person with your e-mail address signs in with another account of the provider. Ask an admin to look into it.",
  },
  AccessDenied: {
    title: "The identity provider refused",
    text: "You cancelled, or you are not assigned to Countersign at your identity provider.",
  },
  Configuration: {
    title: "Sign-in is not set up correctly",
    text: "The server's log says what is wrong. OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET are the settings to look at.",
  },
};

const other: SignInFault = {
  title: "Signing in did not work",
  text: "The identity provider did not answer as expected. Try again; if it stays so, the server's log has the cause.",
};

/** The fault behind the `error` of a sign-in address; undefined where there was none. */
export function signInFault(code: string | undefined): SignInFault | undefined {
  return code === undefined || code === "SessionRequired" ? undefined : (faults[code] ?? other);
}
