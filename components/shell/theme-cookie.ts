export type Theme = "system" | "light" | "dark";

/** The server reads this cookie and renders `data-theme`, so there is nothing to flash. */
export const themeCookie = "theme";

export function parseTheme(value: string | undefined): Theme {
  return value === "light" || value === "dark" ? value : "system";
}
