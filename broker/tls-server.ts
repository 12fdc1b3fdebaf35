import { X509Certificate } from "node:crypto";
import type { Socket } from "node:net";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";

import { serverEndPoint } from "./channel-binding";

export type TlsServer = {
  context: SecureContext;
  /** tls-server-end-point of the certificate; null where SCRAM-SHA-256-PLUS cannot be offered */
  endPoint: Buffer | null;
};

const alpnProtocol = "postgresql";

/** @param certificate PEM, leaf first; @param key PEM. @throws when they do not fit */
export function prepareTls(certificate: string, key: string): TlsServer {
  return {
    context: createSecureContext({ cert: certificate, key, minVersion: "TLSv1.2" }),
    endPoint: serverEndPoint(new X509Certificate(certificate).raw),
  };
}

/**
 * Encrypts an accepted connection. Bytes that were put back on the socket are read first.
 * @param direct no SSLRequest came before: the client has to name the protocol (ALPN)
 */
export function encrypt(socket: Socket, server: TlsServer, direct: boolean): Promise<TLSSocket | null> {
  return new Promise((resolve) => {
    const secured = new TLSSocket(socket, {
      isServer: true,
      secureContext: server.context,
      ALPNProtocols: [alpnProtocol],
    });
    const fail = (): void => {
      secured.destroy();
      resolve(null);
    };
    secured.once("error", fail);
    secured.once("close", fail);
    secured.once("secure", () => {
      secured.off("error", fail);
      secured.off("close", fail);
      if (direct && secured.alpnProtocol !== alpnProtocol) fail();
      else resolve(secured);
    });
  });
}
