import { pinnedAccepts, settingClass } from "../settings";
import type { SettingChange } from "../types";
import { type Classification, refuse } from "./classification";

/** Notes a change of a setting, or refuses it. `uncertain`: whether or to what it changes is known only upstream. */
export function noteSetting(c: Classification, change: SettingChange, uncertain = false): void {
  switch (settingClass(change.name)) {
    case "free":
      break;
    case "brokerKept":
    case "handled":
      if (uncertain) {
        refuse(
          c,
          "0A000",
          `${change.name} cannot be changed this way`,
          `Use SET ${change.name} in a statement of its own.`,
        );
        return;
      }
      break;
    case "pinned":
      if (uncertain || !pinnedAccepts(change.name, change.value)) {
        refuse(
          c,
          "22023",
          `${change.name} is fixed in governed sessions`,
          "Leave it as it is: statements are read with it.",
        );
        return;
      }
      break;
    case "refused":
      refuse(
        c,
        "0A000",
        `${change.name} cannot be changed in governed sessions`,
        "Ask the administrator of the database.",
      );
      return;
  }
  c.settings.push(change);
}
