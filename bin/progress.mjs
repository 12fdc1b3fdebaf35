// Steps of the set-up commands, on standard error: what runs, that it still runs, how long it took.

const reminderMs = 10_000;

/** Runs `work` and says so. Steps that end within `quietMs` stay silent, so that a second start is not noisy. */
export async function step(label, work, { quietMs = 0 } = {}) {
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  let announced = false;
  const announce = () => {
    if (!announced) process.stderr.write(`• ${label} …\n`);
    announced = true;
  };
  if (quietMs === 0) announce();
  const first = setTimeout(announce, quietMs);
  const reminder = setInterval(() => process.stderr.write(`  still at it: ${label}, ${seconds()}\n`), reminderMs);
  try {
    const result = await work();
    if (announced) process.stderr.write(`  done in ${seconds()}\n`);
    return result;
  } finally {
    clearTimeout(first);
    clearInterval(reminder);
  }
}
