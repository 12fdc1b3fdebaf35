"use client";

import { clsx } from "clsx";
import { CircleAlert } from "lucide-react";
import { cloneElement, type ReactElement, type ReactNode, useId } from "react";

type ControlProps = { id?: string; "aria-describedby"?: string; "aria-invalid"?: boolean; required?: boolean };

type FieldProps = {
  label: ReactNode;
  /** What to enter, in one line. */
  hint?: ReactNode;
  /** What is wrong with what was entered and how to put it right; what was typed stays. */
  error?: string | null;
  required?: boolean;
  /** "(optional)" after the label. */
  optional?: boolean;
  className?: string;
  /** One Input, Textarea or Select: it is given id, aria-describedby and aria-invalid. */
  children: ReactElement<ControlProps>;
};

/** Label, control, hint and error, wired together. */
export function Field({ label, hint, error, required, optional, className, children }: FieldProps) {
  const generated = useId();
  const id = children.props.id ?? generated;
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const described = [hint ? hintId : null, error ? errorId : null].filter(Boolean).join(" ");
  return (
    <div className={clsx("flex flex-col gap-1", className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
        {optional ? <span className="font-normal text-ink-faint"> (optional)</span> : null}
      </label>
      {cloneElement(children, {
        id,
        required,
        "aria-describedby": described === "" ? undefined : described,
        "aria-invalid": error ? true : undefined,
      })}
      {hint ? (
        <p id={hintId} className="text-xs text-ink-muted">
          {hint}
        </p>
      ) : null}
      {error ? <FieldError id={errorId}>{error}</FieldError> : null}
    </div>
  );
}

/** The error line under a control that stands outside a Field. */
export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} role="alert" className="flex items-start gap-1 text-xs text-deny">
      <CircleAlert className="mt-0.5 size-3 shrink-0" aria-hidden />
      <span>{children}</span>
    </p>
  );
}
