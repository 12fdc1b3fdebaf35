import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { firstSteps } from "@/app/first-steps";
import { ApprovalsView } from "@/components/approvals/approvals-view";
import { type InboxView, inboxViews } from "@/lib/approval/inbox-view";
import { requireViewer } from "@/lib/auth";
import { isAppError } from "@/lib/errors";
import { type InboxViewer, listInbox, readRequest } from "@/lib/store/approval-inbox";

export const metadata: Metadata = { title: "Approvals" };

export default async function ApprovalsPage({ params, searchParams }: PageProps<"/approvals/[[...id]]">) {
  const viewer = await requireViewer("approval.read");
  const id = idOf((await params).id);
  const { view } = await searchParams;
  const { initialView, initialInbox } = await readInbox(
    viewer,
    inboxViews.find((each) => each === view),
  );
  const first = id ?? initialInbox.items[0]?.id;
  const [, , hold] = firstSteps();
  return (
    <ApprovalsView
      initialView={initialView}
      initialInbox={initialInbox}
      initialRequest={first === undefined ? undefined : await requestOr404(viewer, first)}
      firstCommand={hold.command}
    />
  );
}

/** Reviewers begin with what waits for them, everybody else with what concerns them. */
async function readInbox(viewer: InboxViewer, asked: InboxView | undefined) {
  const first = await listInbox(viewer, asked ?? "for-you");
  if (asked !== undefined || first.items.length > 0 || viewer.groups.length > 0) {
    return { initialView: asked ?? "for-you", initialInbox: first };
  }
  const initialView = viewer.role === "requester" ? "asked" : "open";
  return { initialView, initialInbox: await listInbox(viewer, initialView) } as const;
}

function idOf(segments: string[] | undefined): number | undefined {
  if (segments === undefined) return undefined;
  const [text] = segments;
  if (segments.length !== 1 || text === undefined || !/^\d{1,9}$/.test(text)) notFound();
  return Number(text);
}

async function requestOr404(viewer: InboxViewer, id: number) {
  try {
    return await readRequest(viewer, id);
  } catch (error) {
    if (isAppError(error) && error.code === "not_found") notFound();
    throw error;
  }
}
