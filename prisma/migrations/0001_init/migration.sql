-- The governance store. Runs as the owner; lib/store/grants.ts says what the application role may do.

CREATE TABLE "snapshot_version" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "version" BIGINT NOT NULL DEFAULT 1,
    "changed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "snapshot_version_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "snapshot_version_one_row" CHECK ("id" = 1)
);
INSERT INTO "snapshot_version" DEFAULT VALUES;

CREATE TABLE "person" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "email" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "oidc_issuer" TEXT,
    "oidc_subject" TEXT,
    "scram_salt" BYTEA NOT NULL,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "person_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "person_email_form" CHECK ("email" = lower("email") AND "email" ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
    CONSTRAINT "person_role_known" CHECK ("role" IN ('admin', 'reviewer', 'auditor', 'requester')),
    CONSTRAINT "person_salt_length" CHECK (octet_length("scram_salt") = 16),
    CONSTRAINT "person_oidc_both_or_none" CHECK (num_nonnulls("oidc_issuer", "oidc_subject") <> 1)
);
CREATE UNIQUE INDEX "person_email_key" ON "person" ("email");
CREATE UNIQUE INDEX "person_oidc_issuer_oidc_subject_key" ON "person" ("oidc_issuer", "oidc_subject");

CREATE TABLE "agent" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "owner_id" UUID NOT NULL,
    "scram_salt" BYTEA NOT NULL,
    "frozen_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "agent_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "agent_name_form" CHECK ("name" ~ '^[a-z][a-z0-9-]{0,62}$'),
    CONSTRAINT "agent_salt_length" CHECK (octet_length("scram_salt") = 16),
    CONSTRAINT "agent_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "person" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "agent_name_key" ON "agent" ("name");

CREATE TABLE "principal_group" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "source" TEXT NOT NULL DEFAULT 'local',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "principal_group_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "principal_group_name_form" CHECK ("name" ~ '^[^[:cntrl:]",]{1,255}$'),
    CONSTRAINT "principal_group_source_known" CHECK ("source" IN ('local', 'idp'))
);
CREATE UNIQUE INDEX "principal_group_name_key" ON "principal_group" ("name");

CREATE TABLE "group_member" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "group_id" UUID NOT NULL,
    "person_id" UUID,
    "agent_id" UUID,
    CONSTRAINT "group_member_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "group_member_one_principal" CHECK (num_nonnulls("person_id", "agent_id") = 1),
    CONSTRAINT "group_member_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "principal_group" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "group_member_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "group_member_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agent" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "group_member_group_id_person_id_key" ON "group_member" ("group_id", "person_id");
CREATE UNIQUE INDEX "group_member_group_id_agent_id_key" ON "group_member" ("group_id", "agent_id");

CREATE TABLE "token" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "person_id" UUID,
    "agent_id" UUID,
    "stored_key" BYTEA NOT NULL,
    "server_key" BYTEA NOT NULL,
    "sha256" BYTEA NOT NULL,
    "hint" TEXT NOT NULL,
    "issued_by_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),
    CONSTRAINT "token_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "token_one_principal" CHECK (num_nonnulls("person_id", "agent_id") = 1),
    CONSTRAINT "token_key_lengths" CHECK (octet_length("stored_key") = 32 AND octet_length("server_key") = 32 AND octet_length("sha256") = 32),
    CONSTRAINT "token_hint_length" CHECK (char_length("hint") = 4),
    CONSTRAINT "token_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "token_agent_id_fkey" FOREIGN KEY ("agent_id") REFERENCES "agent" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "token_issued_by_id_fkey" FOREIGN KEY ("issued_by_id") REFERENCES "person" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "token_sha256_key" ON "token" ("sha256");
CREATE INDEX "token_person_id_idx" ON "token" ("person_id");
CREATE INDEX "token_agent_id_idx" ON "token" ("agent_id");

CREATE TABLE "console_session" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "token_hash" BYTEA NOT NULL,
    "person_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "console_session_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "console_session_hash_length" CHECK (octet_length("token_hash") = 32),
    CONSTRAINT "console_session_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "console_session_token_hash_key" ON "console_session" ("token_hash");
CREATE INDEX "console_session_person_id_idx" ON "console_session" ("person_id");

CREATE TABLE "upstream_database" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "name" TEXT NOT NULL,
    "url_encrypted" BYTEA NOT NULL,
    "key_id" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "labels" JSONB NOT NULL DEFAULT '{}',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "synced_at" TIMESTAMPTZ(3),
    "sync_error" TEXT,
    CONSTRAINT "upstream_database_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "upstream_database_name_form" CHECK ("name" ~ '^[a-z][a-z0-9_-]{0,62}$'),
    CONSTRAINT "upstream_database_address_bare" CHECK ("address" !~ '@'),
    CONSTRAINT "upstream_database_labels_object" CHECK (jsonb_typeof("labels") = 'object')
);
CREATE UNIQUE INDEX "upstream_database_name_key" ON "upstream_database" ("name");

CREATE TABLE "database_role" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "database_id" UUID NOT NULL,
    "group_id" UUID NOT NULL,
    "url_encrypted" BYTEA NOT NULL,
    "key_id" TEXT NOT NULL,
    CONSTRAINT "database_role_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "database_role_database_id_fkey" FOREIGN KEY ("database_id") REFERENCES "upstream_database" ("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "database_role_group_id_fkey" FOREIGN KEY ("group_id") REFERENCES "principal_group" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "database_role_database_id_group_id_key" ON "database_role" ("database_id", "group_id");

CREATE TABLE "database_catalog" (
    "database_id" UUID NOT NULL,
    "hash" TEXT NOT NULL,
    "document" JSONB NOT NULL,
    "read_at" TIMESTAMPTZ(3) NOT NULL,
    CONSTRAINT "database_catalog_pkey" PRIMARY KEY ("database_id"),
    CONSTRAINT "database_catalog_hash_form" CHECK ("hash" ~ '^[0-9a-f]{64}$'),
    CONSTRAINT "database_catalog_database_id_fkey" FOREIGN KEY ("database_id") REFERENCES "upstream_database" ("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "bundle" (
    "version" SERIAL NOT NULL,
    "files" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'draft',
    "note" TEXT NOT NULL DEFAULT '',
    "author_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "activated_at" TIMESTAMPTZ(3),
    "activated_by_id" UUID,
    CONSTRAINT "bundle_pkey" PRIMARY KEY ("version"),
    CONSTRAINT "bundle_files_object" CHECK (jsonb_typeof("files") = 'object'),
    CONSTRAINT "bundle_status_known" CHECK ("status" IN ('draft', 'active', 'retired')),
    CONSTRAINT "bundle_activation_dated" CHECK (("status" = 'draft') = ("activated_at" IS NULL)),
    CONSTRAINT "bundle_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "person" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
-- At most one version is in force.
CREATE UNIQUE INDEX "bundle_one_active" ON "bundle" ("status") WHERE "status" = 'active';

CREATE TABLE "approval" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'statement',
    "version" INTEGER NOT NULL DEFAULT 1,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "use" TEXT,
    "principal" TEXT NOT NULL,
    "owner" TEXT,
    "token_issuer" TEXT,
    "on_behalf_of" TEXT,
    "database" TEXT NOT NULL,
    "statement" TEXT NOT NULL,
    "parameters" JSONB NOT NULL DEFAULT '[]',
    "call_hash" TEXT NOT NULL,
    "binding_hash" TEXT NOT NULL,
    "terms" JSONB NOT NULL,
    "policies" TEXT[] NOT NULL,
    "bundle_version" INTEGER NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "request_reason" TEXT,
    "severity" TEXT NOT NULL DEFAULT 'medium',
    "in_transaction" BOOLEAN NOT NULL DEFAULT false,
    "facts" JSONB NOT NULL,
    "broker_id" TEXT NOT NULL,
    "session_id" TEXT NOT NULL,
    "entry_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),
    "lapses_at" TIMESTAMPTZ(3),
    "used_at" TIMESTAMPTZ(3),
    "outcome" JSONB,
    "end_reason" TEXT,
    CONSTRAINT "approval_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "approval_kind_known" CHECK ("kind" IN ('statement', 'access')),
    CONSTRAINT "approval_version_positive" CHECK ("version" >= 1),
    CONSTRAINT "approval_status_known" CHECK ("status" IN ('pending', 'approved', 'denied', 'expired', 'withdrawn', 'superseded')),
    CONSTRAINT "approval_use_known" CHECK ("use" IN ('unused', 'used', 'lapsed', 'revoked')),
    CONSTRAINT "approval_use_needs_approval" CHECK ("use" IS NULL OR "status" IN ('approved', 'superseded')),
    CONSTRAINT "approval_approved_has_use" CHECK ("status" <> 'approved' OR ("use" IS NOT NULL AND "lapses_at" IS NOT NULL)),
    CONSTRAINT "approval_used_dated" CHECK (("use" IS NOT DISTINCT FROM 'used') = ("used_at" IS NOT NULL)),
    CONSTRAINT "approval_end_dated" CHECK (("status" = 'pending') = ("decided_at" IS NULL)),
    CONSTRAINT "approval_severity_known" CHECK ("severity" IN ('low', 'medium', 'high')),
    CONSTRAINT "approval_expires_later" CHECK ("expires_at" > "created_at")
);
CREATE INDEX "approval_status_expires_at_idx" ON "approval" ("status", "expires_at");
CREATE INDEX "approval_call_hash_idx" ON "approval" ("call_hash");
CREATE INDEX "approval_created_at_idx" ON "approval" ("created_at");
-- Identical calls join one request, also when they arrive at the same instant on two brokers.
CREATE UNIQUE INDEX "approval_one_pending_call" ON "approval" ("call_hash") WHERE "status" = 'pending' AND "kind" = 'statement';

CREATE TABLE "review" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "approval_id" INTEGER NOT NULL,
    "version" INTEGER NOT NULL,
    "person_id" UUID NOT NULL,
    "vote" TEXT NOT NULL,
    "reason" TEXT NOT NULL DEFAULT '',
    "channel" TEXT NOT NULL,
    "groups" TEXT[] NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "review_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "review_vote_known" CHECK ("vote" IN ('approve', 'deny')),
    CONSTRAINT "review_channel_known" CHECK ("channel" IN ('console', 'slack', 'email', 'cli')),
    CONSTRAINT "review_denial_has_reason" CHECK ("vote" <> 'deny' OR "reason" <> ''),
    CONSTRAINT "review_approval_id_fkey" FOREIGN KEY ("approval_id") REFERENCES "approval" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "review_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "person" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "review_approval_id_version_person_id_key" ON "review" ("approval_id", "version", "person_id");

CREATE TABLE "delivery" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "approval_id" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "transition" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "last_error" TEXT,
    "next_try_at" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3),
    "reference" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "delivery_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "delivery_channel_known" CHECK ("channel" IN ('email', 'slack')),
    CONSTRAINT "delivery_transition_known" CHECK ("transition" IN ('opened', 'approved', 'denied', 'expired', 'withdrawn', 'superseded')),
    CONSTRAINT "delivery_status_known" CHECK ("status" IN ('pending', 'sending', 'sent', 'failed', 'unknown')),
    CONSTRAINT "delivery_sent_dated" CHECK (("status" = 'sent') = ("sent_at" IS NOT NULL)),
    CONSTRAINT "delivery_approval_id_fkey" FOREIGN KEY ("approval_id") REFERENCES "approval" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "delivery_approval_id_channel_recipient_transition_key" ON "delivery" ("approval_id", "channel", "recipient", "transition");
CREATE INDEX "delivery_status_next_try_at_idx" ON "delivery" ("status", "next_try_at");

-- The record. Writers insert into the inbox; the sequencer, which runs as the owner, moves rows to the log.

CREATE TABLE "audit_inbox" (
    "id" UUID NOT NULL,
    "leaf" TEXT NOT NULL,
    CONSTRAINT "audit_inbox_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "audit_inbox_leaf_length" CHECK (octet_length("leaf") <= 60000)
);

CREATE TABLE "audit_event" (
    "position" BIGINT NOT NULL,
    "id" UUID NOT NULL,
    "leaf" TEXT NOT NULL,
    "leaf_hash" BYTEA NOT NULL,
    "kind" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor" TEXT,
    "database" TEXT,
    "decision" TEXT,
    "policies" TEXT[] NOT NULL,
    "approval_id" INTEGER,
    "entry_id" TEXT,
    "session_id" TEXT,
    "fingerprint" TEXT,
    "statement" TEXT,
    "rows" BIGINT,
    "duration_ms" DOUBLE PRECISION,
    "sqlstate" TEXT,
    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("position"),
    CONSTRAINT "audit_event_position_natural" CHECK ("position" >= 0),
    CONSTRAINT "audit_event_leaf_length" CHECK (octet_length("leaf") <= 60000),
    CONSTRAINT "audit_event_hash_length" CHECK (octet_length("leaf_hash") = 32)
) PARTITION BY RANGE ("position");
CREATE INDEX "audit_event_at_idx" ON "audit_event" ("at");
CREATE INDEX "audit_event_actor_position_idx" ON "audit_event" ("actor", "position");
CREATE INDEX "audit_event_entry_id_idx" ON "audit_event" ("entry_id");
CREATE INDEX "audit_event_approval_id_idx" ON "audit_event" ("approval_id");
CREATE INDEX "audit_event_kind_position_idx" ON "audit_event" ("kind", "position");

CREATE TABLE "audit_statement" (
    "sha256" BYTEA NOT NULL,
    "text" TEXT NOT NULL,
    CONSTRAINT "audit_statement_pkey" PRIMARY KEY ("sha256"),
    CONSTRAINT "audit_statement_hash_matches" CHECK ("sha256" = sha256(convert_to("text", 'UTF8')))
);

CREATE TABLE "audit_checkpoint" (
    "size" BIGINT NOT NULL,
    "root_hash" BYTEA NOT NULL,
    "note" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "audit_checkpoint_pkey" PRIMARY KEY ("size"),
    CONSTRAINT "audit_checkpoint_hash_length" CHECK (octet_length("root_hash") = 32)
);

CREATE TABLE "journal_position" (
    "broker_id" TEXT NOT NULL,
    "start" INTEGER NOT NULL,
    "sequence" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "journal_position_pkey" PRIMARY KEY ("broker_id", "start")
);

CREATE TABLE "heartbeat" (
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "snapshot_version" BIGINT,
    "details" JSONB NOT NULL DEFAULT '{}',
    CONSTRAINT "heartbeat_pkey" PRIMARY KEY ("id")
);

CREATE FUNCTION "audit_refuse_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = '42501';
END $$;

-- Row triggers of the parent are cloned to every partition; a truncate trigger is not, so each partition gets its own.
CREATE TRIGGER "audit_event_no_change" BEFORE UPDATE OR DELETE ON "audit_event"
    FOR EACH ROW EXECUTE FUNCTION "audit_refuse_change"();
CREATE TRIGGER "audit_event_no_truncate" BEFORE TRUNCATE ON "audit_event"
    FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse_change"();
CREATE TRIGGER "audit_checkpoint_no_change" BEFORE UPDATE OR DELETE ON "audit_checkpoint"
    FOR EACH ROW EXECUTE FUNCTION "audit_refuse_change"();
CREATE TRIGGER "audit_checkpoint_no_truncate" BEFORE TRUNCATE ON "audit_checkpoint"
    FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse_change"();
CREATE TRIGGER "audit_statement_no_change" BEFORE UPDATE OR DELETE ON "audit_statement"
    FOR EACH ROW EXECUTE FUNCTION "audit_refuse_change"();
CREATE TRIGGER "audit_statement_no_truncate" BEFORE TRUNCATE ON "audit_statement"
    FOR EACH STATEMENT EXECUTE FUNCTION "audit_refuse_change"();

-- Makes the partition that holds `target`, with its truncate trigger; does nothing where it exists. The sequencer
-- calls it ahead of need. A partition holds four million positions.
CREATE FUNCTION "audit_ensure_partition"("target" BIGINT) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    span CONSTANT BIGINT := 4194304;
    low BIGINT := (target / span) * span;
    part TEXT := 'audit_event_' || lpad((low / span)::text, 5, '0');
BEGIN
    IF to_regclass(format('public.%I', part)) IS NOT NULL THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE public.%I PARTITION OF public.audit_event FOR VALUES FROM (%s) TO (%s)', part, low, low + span);
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON public.%I FOR EACH STATEMENT EXECUTE FUNCTION public.audit_refuse_change()', part || '_no_truncate', part);
END $$;
REVOKE ALL ON FUNCTION "audit_ensure_partition"(BIGINT) FROM PUBLIC;

SELECT "audit_ensure_partition"(0);
SELECT "audit_ensure_partition"(4194304);
