import { route } from "@/lib/http";
import { readShellState } from "@/lib/store/overview-shell";

/** The counts and states that stand on every page. */
export const GET = route({ can: "signed-in" }, ({ viewer }) => readShellState(viewer));
