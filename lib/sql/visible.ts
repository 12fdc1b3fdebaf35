/**
 * Control and format characters, separators, spaces other than the ordinary one and characters that show nothing:
 * with them a text can show a reviewer something else than what would run (Unicode TR 36, "Trojan Source"). Tab and
 * newline are left alone.
 */
const invisible =
  /(?![\t\n ])[\p{Cc}\p{Cf}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]/gu;

/** The text with every such character spelled `\u{202e}`. The rest, the line breaks too, stays as it is. */
export function visible(text: string): string {
  return text.replace(invisible, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}
