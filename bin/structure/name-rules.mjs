const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)?(\.(test|spec|config))?\.(ts|tsx|mjs)$/;
const emptyNames = new Set(["utils", "util", "helpers", "helper", "index", "common", "misc", "shared"]);
// The words of the glossary have one meaning each; these would give a second name to the same thing.
const bannedDeclarations = /^(.*verdict.*|.*(utils?|helpers?))$/i;
const bannedStems = /(^|-)(verdict|query|ticket|redaction)(-|$)/;

/** Files are kebab-case and named after a concept; declarations keep to the glossary. */
export function nameFaults(files) {
  return files.flatMap((file) => [...fileName(file), ...declarations(file)]);
}

function fileName({ path, name }) {
  const stem = name.replace(/(\.(test|spec|config))?\.(ts|tsx|mjs)$/, "");
  if (!kebab.test(name)) return [{ file: path, line: 0, message: "file names are kebab-case" }];
  if (emptyNames.has(stem)) return [{ file: path, line: 0, message: `${stem} says nothing about what is inside` }];
  if (bannedStems.test(stem) && !path.startsWith("prisma/seed/"))
    return [{ file: path, line: 0, message: `${stem} uses a word that the glossary replaces` }];
  return [];
}

function declarations({ path, text }) {
  return text.split("\n").flatMap((line, index) => {
    const name = /^\s*(?:export )?(?:async )?(?:function|const|let|class|type) (\w+)/.exec(line)?.[1];
    return name && bannedDeclarations.test(name)
      ? [{ file: path, line: index + 1, message: `${name}: the glossary has another word` }]
      : [];
  });
}
