import { z } from "zod";

const filesMax = 500;

/** A bundle as it is sent: texts by path. What it may hold is judged when it is kept. */
export const bundleFiles = z
  .record(z.string().max(200), z.string())
  .refine((files) => Object.keys(files).length <= filesMax, `a bundle has at most ${filesMax} files`);
