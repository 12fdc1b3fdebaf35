import { Ban, EyeOff, Hand, type LucideIcon } from "lucide-react";
import { CommandLine } from "@/components/ui/command-line";
import { Section } from "@/components/ui/page-header";

export type FirstStep = { id: "mask" | "refuse" | "hold"; command: string };

const looks: Record<FirstStep["id"], { icon: LucideIcon; className: string; title: string; text: string }> = {
  mask: {
    icon: EyeOff,
    className: "text-masked",
    title: "See a read come back masked",
    text: "The agent reads customers; what the rules hide is hidden by the database itself.",
  },
  refuse: {
    icon: Ban,
    className: "text-deny",
    title: "See a statement refused",
    text: "The same agent tries to drop a table and is told which policy forbids it.",
  },
  hold: {
    icon: Hand,
    className: "text-hold",
    title: "See a statement wait for you",
    text: "Another agent deletes an order. The call waits until a second person signs under Approvals.",
  },
};

/** For an empty record: three commands after which one has seen what this is. */
export function FirstSteps({ steps }: { steps: FirstStep[] }) {
  return (
    <Section title="Nothing has happened yet" description="Three things to try, in a terminal.">
      <ol className="grid gap-5 lg:grid-cols-3">
        {steps.map((step) => {
          const look = looks[step.id];
          return (
            <li key={step.id} className="flex min-w-0 flex-col gap-2">
              <look.icon className={`size-5 ${look.className}`} aria-hidden />
              <p className="text-sm font-medium">{look.title}</p>
              <p className="flex-1 text-sm text-ink-muted">{look.text}</p>
              <CommandLine command={step.command} />
            </li>
          );
        })}
      </ol>
    </Section>
  );
}
