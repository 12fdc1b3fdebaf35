/** SQLSTATEs that the broker itself answers with. ZS… are its own, in a class that PostgreSQL leaves to others. */
export const sqlstate = {
  successfulCompletion: "00000",
  connectionFailure: "08006",
  protocolViolation: "08P01",
  featureNotSupported: "0A000",
  invalidParameterValue: "22023",
  characterNotInRepertoire: "22021",
  invalidTransactionState: "25000",
  inFailedTransaction: "25P02",
  invalidStatementName: "26000",
  invalidAuthorization: "28000",
  invalidPassword: "28P01",
  invalidCursorName: "34000",
  invalidCatalogName: "3D000",
  insufficientPrivilege: "42501",
  syntaxError: "42601",
  undefinedTable: "42P01",
  tooManyConnections: "53300",
  budgetExceeded: "53400",
  programLimitExceeded: "54000",
  queryCanceled: "57014",
  adminShutdown: "57P01",
  cannotConnectNow: "57P03",
  internalError: "XX000",
  /** the wait is over, the request still pending */
  holdPending: "ZS001",
  /** denied, withdrawn, expired or superseded */
  holdEnded: "ZS002",
  /** the broker cannot decide safely */
  cannotDecide: "ZS003",
} as const;
