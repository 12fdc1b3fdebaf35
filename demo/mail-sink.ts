import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { mailListPage, mailPage } from "./mail-pages";

const messagesMax = 500;
const messageBytesMax = 5 * 1024 * 1024;
const host = "127.0.0.1";

export type SunkMessage = {
  id: number;
  receivedAt: string;
  from: string;
  to: string[];
  subject: string;
  text: string;
  html: string | null;
  messageId: string | null;
};

export type MailSink = {
  /** page and JSON: `/`, `/messages/ID`, `/api/messages?to=…` */
  url: string;
  smtpUrl: string;
  httpPort: number;
  smtpPort: number;
  stop(): Promise<void>;
};

/** A mail server that accepts everything, delivers nothing and shows what it got, newest first. Ports: 0 takes a free one. */
export async function startMailSink(ports: { smtp: number; http: number }): Promise<MailSink> {
  const messages: SunkMessage[] = [];
  let nextId = 1;
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    disableReverseLookup: true,
    size: messageBytesMax,
    onData: (stream, session, done) => {
      simpleParser(stream)
        .then((mail) => {
          messages.unshift({
            id: nextId,
            receivedAt: new Date().toISOString(),
            from: mail.from?.text ?? "",
            to: session.envelope.rcptTo.map((recipient) => recipient.address),
            subject: mail.subject ?? "(no subject)",
            text: mail.text ?? "",
            html: mail.html || null,
            messageId: mail.messageId ?? null,
          });
          nextId += 1;
          messages.length = Math.min(messages.length, messagesMax);
          done();
        })
        .catch(done);
    },
  });
  smtp.on("error", () => {}); // a client that hangs up must not end the demo
  const web = createServer((request, response) => answer({ request, response, messages }));
  await listen(smtp.server as unknown as Server, ports.smtp);
  await listen(web, ports.http);
  const smtpPort = (smtp.server.address() as AddressInfo).port;
  const httpPort = (web.address() as AddressInfo).port;
  return {
    url: `http://${host}:${httpPort}`,
    smtpUrl: `smtp://${host}:${smtpPort}`,
    smtpPort,
    httpPort,
    stop: async () => {
      web.closeAllConnections();
      await Promise.all([
        new Promise((resolve) => web.close(resolve)),
        new Promise<void>((resolve) => smtp.close(resolve)),
      ]);
    },
  };
}

type Exchange = { request: IncomingMessage; response: ServerResponse; messages: SunkMessage[] };

function answer({ request, response, messages }: Exchange): void {
  const { status, type, body } = pageFor(new URL(request.url ?? "/", `http://${host}`), messages);
  response.writeHead(status, {
    "content-type": `${type}; charset=utf-8`,
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "referrer-policy": "no-referrer",
  });
  response.end(body);
}

function pageFor(url: URL, messages: SunkMessage[]): { status: number; type: string; body: string } {
  if (url.pathname === "/api/messages") {
    const to = url.searchParams.get("to");
    const chosen = messages.filter((message) => to === null || message.to.includes(to));
    return { status: 200, type: "application/json", body: JSON.stringify({ messages: chosen }) };
  }
  const one = /^\/messages\/(\d+)$/.exec(url.pathname);
  const message = one && messages.find(({ id }) => id === Number(one[1]));
  if (message) return { status: 200, type: "text/html", body: mailPage(message) };
  if (url.pathname === "/") return { status: 200, type: "text/html", body: mailListPage(messages) };
  return { status: 404, type: "text/plain", body: "There is no such message.\n" };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.removeListener("error", reject);
      resolve();
    });
  });
}
