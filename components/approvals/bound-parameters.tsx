import { Revealed } from "@/components/statements/sql-text";
import type { ApprovalParameter } from "@/lib/approval/types";

const shownCharactersMax = 4_000;

// pg_type.oid of the types that drivers send most; others are shown by number.
const typeNames: Record<number, string> = {
  0: "unspecified",
  16: "boolean",
  17: "bytea",
  20: "bigint",
  21: "smallint",
  23: "integer",
  25: "text",
  114: "json",
  700: "real",
  701: "double precision",
  1042: "character",
  1043: "character varying",
  1082: "date",
  1114: "timestamp",
  1184: "timestamptz",
  1700: "numeric",
  2950: "uuid",
  3802: "jsonb",
};

/** The values that are bound to $1, $2 …: part of what is decided on. */
export function BoundParameters({ parameters }: { parameters: ApprovalParameter[] }) {
  if (parameters.length === 0) return null;
  return (
    <table className="mt-2 w-full text-xs">
      <caption className="sr-only">Parameters</caption>
      <tbody>
        {parameters.map((parameter, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parameters are known by their number
          <tr key={index} className="align-top">
            <th scope="row" className="w-10 py-0.5 text-left font-mono font-medium text-sql-param">
              ${index + 1}
            </th>
            <td className="w-32 py-0.5 text-ink-faint">{typeNames[parameter.type] ?? `type ${parameter.type}`}</td>
            <td className="py-0.5">
              <code className="wrap-anywhere whitespace-pre-wrap">
                <ParameterValue parameter={parameter} />
              </code>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ParameterValue({ parameter }: { parameter: ApprovalParameter }) {
  if (parameter.value === null) return <span className="text-ink-faint">NULL</span>;
  const bytes = Uint8Array.from(atob(parameter.value), (character) => character.charCodeAt(0));
  const text = parameter.format === 0 ? new TextDecoder().decode(bytes) : readBinary(parameter.type, bytes);
  const cut = text.length > shownCharactersMax;
  return (
    <>
      <Revealed text={cut ? text.slice(0, shownCharactersMax) : text} />
      {cut ? <span className="text-hold"> … {text.length - shownCharactersMax} more characters</span> : null}
    </>
  );
}

/** Binary values of fixed-width integers, booleans and text as people write them; the rest as bytes in hex. */
function readBinary(type: number, bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer);
  if (type === 23 && bytes.length === 4) return String(view.getInt32(0));
  if (type === 21 && bytes.length === 2) return String(view.getInt16(0));
  if (type === 20 && bytes.length === 8) return String(view.getBigInt64(0));
  if (type === 16 && bytes.length === 1) return bytes[0] === 0 ? "false" : "true";
  if (type === 25 || type === 1043) return new TextDecoder().decode(bytes);
  return `\\x${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
