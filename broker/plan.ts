export type { Plan } from "@/lib/analysis-types";
