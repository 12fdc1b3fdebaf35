import type { Metadata } from "next";
import { firstSteps } from "@/app/first-steps";
import { FeedView } from "@/components/feed/feed-view";
import { parseFilter } from "@/lib/audit/parse-filter";
import { requireViewer } from "@/lib/auth";
import { readFeedPage } from "@/lib/store/feed";

export const metadata: Metadata = { title: "Feed" };

export default async function FeedPage({ searchParams }: PageProps<"/feed">) {
  await requireViewer("feed.read");
  const { q } = await searchParams;
  const text = (Array.isArray(q) ? q[0] : q) ?? "";
  const page = await readFeedPage({ filter: parseFilter(text), before: null });
  const [mask] = firstSteps();
  return <FeedView initial={{ ...page, q: text }} firstCommand={mask.command} />;
}
