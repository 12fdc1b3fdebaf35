import { Checkbox } from "@/components/ui/checkbox";

type ChooseGroupsProps = { known: string[]; chosen: string[]; onChange: (groups: string[]) => void };

/** Groups to be in from the start. */
export function ChooseGroups({ known, chosen, onChange }: ChooseGroupsProps) {
  if (known.length === 0) return null;
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">
        Groups <span className="font-normal text-ink-faint">(optional)</span>
      </legend>
      <div className="grid max-h-40 grid-cols-2 gap-x-4 overflow-y-auto rounded-md border border-line px-3 py-2">
        {known.map((group) => (
          <Checkbox
            key={group}
            label={group}
            checked={chosen.includes(group)}
            onChange={(event) =>
              onChange(event.target.checked ? [...chosen, group] : chosen.filter((each) => each !== group))
            }
          />
        ))}
      </div>
    </fieldset>
  );
}
