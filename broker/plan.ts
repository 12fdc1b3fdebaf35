export type { Plan, PlannedStatement } from "@/lib/analysis-types";
