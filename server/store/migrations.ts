import { chainAudit, GENESIS } from '../audit/chain.ts';
import { fillContacts } from './contacts.ts';
import type { Orm } from './store.ts';

/** One step of the schema. Forward only: a step that was released is never edited, a new one is added behind it. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** What SQL alone cannot move, in the same transaction, behind the statements. */
  readonly run?: (tx: Orm) => Promise<void>;
}

export const migrations: readonly Migration[] = [
  {
    version: 1,
    name: 'first-tables',
    sql: `
      CREATE TABLE meta (key text PRIMARY KEY, value text NOT NULL);
      CREATE TABLE staff_group (id text PRIMARY KEY, name text NOT NULL);
      CREATE TABLE account (
        id text PRIMARY KEY, staff_no text NOT NULL, name text NOT NULL,
        role text NOT NULL CHECK (role IN ('agent','leader','qa','admin')),
        group_ids text[] NOT NULL, priority_group_id text NOT NULL, disabled boolean NOT NULL, password_hash text NOT NULL
      );
      CREATE UNIQUE INDEX account_staff_no ON account (lower(staff_no));
      CREATE TABLE parameter (id smallint PRIMARY KEY CHECK (id = 1), value jsonb NOT NULL);
      CREATE TABLE customer (
        id text PRIMARY KEY, name text NOT NULL, phones text[] NOT NULL, emails text[] NOT NULL, address text NOT NULL,
        tier text NOT NULL, owner_id text, source text NOT NULL, invalid_releases integer NOT NULL,
        invalid_at bigint, invalid_by text, released_by text[] NOT NULL,
        created_at bigint NOT NULL, updated_at bigint NOT NULL, audience text[] NOT NULL
      );
      CREATE INDEX customer_audience ON customer USING gin (audience);
      CREATE SEQUENCE ticket_number START 100001;
      CREATE TABLE ticket (
        id text PRIMARY KEY, number integer UNIQUE, subject text NOT NULL, description text NOT NULL, category text NOT NULL,
        nature text NOT NULL, priority text NOT NULL, source text NOT NULL, status text NOT NULL,
        customer_id text NOT NULL REFERENCES customer (id), assignee_id text REFERENCES account (id), group_id text NOT NULL,
        created_by text, created_at bigint NOT NULL, updated_at bigint NOT NULL, due_at bigint, next_at bigint,
        resolved_at bigint, invalid boolean NOT NULL, expired_from text, custom jsonb NOT NULL, deleted_at bigint,
        version integer NOT NULL, audience text[] NOT NULL,
        rank smallint NOT NULL GENERATED ALWAYS AS
          (CASE WHEN status IN ('pending','processing','waiting') THEN 0 ELSE 1 END) STORED
      );
      CREATE INDEX ticket_audience ON ticket USING gin (audience);
      CREATE INDEX ticket_customer ON ticket (customer_id);
      CREATE INDEX ticket_page ON ticket (rank, updated_at DESC, id);
      CREATE INDEX ticket_due ON ticket (due_at) WHERE status IN ('pending','processing','waiting') AND deleted_at IS NULL;
      CREATE INDEX ticket_resolved ON ticket (resolved_at) WHERE status = 'resolved' AND deleted_at IS NULL;
      CREATE INDEX ticket_assignee ON ticket (assignee_id) WHERE assignee_id IS NOT NULL;
      CREATE TABLE callback (
        id text PRIMARY KEY, ticket_id text NOT NULL REFERENCES ticket (id), customer_id text NOT NULL,
        assignee_id text NOT NULL, due_at bigint NOT NULL, note text NOT NULL, outcome text, outcome_note text NOT NULL,
        snoozes integer NOT NULL, created_at bigint NOT NULL, closed_at bigint
      );
      CREATE INDEX callback_ticket ON callback (ticket_id);
      CREATE TABLE ticket_event (
        id text PRIMARY KEY, ticket_id text NOT NULL REFERENCES ticket (id), actor_id text, command text NOT NULL,
        note text NOT NULL, changes jsonb NOT NULL, occurred_at bigint NOT NULL, received_at bigint, seq bigint NOT NULL
      );
      CREATE INDEX ticket_event_ticket ON ticket_event (ticket_id, seq);
      CREATE TABLE transfer (
        id text PRIMARY KEY, ticket_id text NOT NULL REFERENCES ticket (id), from_id text NOT NULL, to_id text NOT NULL,
        reason text NOT NULL, at bigint NOT NULL, snapshot jsonb NOT NULL, audience text[] NOT NULL
      );
      CREATE INDEX transfer_audience ON transfer USING gin (audience);
      CREATE TABLE command_log (
        id text PRIMARY KEY, device_id text, account_id text, kind text NOT NULL, ticket_id text NOT NULL,
        at bigint NOT NULL, answer jsonb
      );
      CREATE TABLE feed (
        seq bigint PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('ticket','customer','account','group','parameters','transfer')),
        subject_id text NOT NULL, before text[] NOT NULL, after text[] NOT NULL
      );
      CREATE TABLE feed_head (id smallint PRIMARY KEY CHECK (id = 1), seq bigint NOT NULL);
      CREATE TABLE session (
        id text PRIMARY KEY, account_id text NOT NULL REFERENCES account (id), device_id text NOT NULL,
        created_at bigint NOT NULL, expires_at bigint NOT NULL, revoked_at bigint,
        generation integer NOT NULL, rotated_hash text, rotated_at bigint
      );
      CREATE INDEX session_account ON session (account_id);
      CREATE TABLE access_token (
        hash text PRIMARY KEY, session_id text NOT NULL REFERENCES session (id) ON DELETE CASCADE, expires_at bigint NOT NULL
      );
      CREATE INDEX access_token_expires ON access_token (expires_at);
      CREATE INDEX access_token_session ON access_token (session_id);
      CREATE TABLE refresh_token (
        hash text PRIMARY KEY, session_id text NOT NULL REFERENCES session (id) ON DELETE CASCADE, generation integer NOT NULL
      );
      CREATE INDEX refresh_token_session ON refresh_token (session_id);
      CREATE TABLE login_attempt (
        key text PRIMARY KEY, failures integer NOT NULL, last_at bigint NOT NULL, blocked_until bigint NOT NULL
      );
      CREATE TABLE audit (
        at bigint NOT NULL, id text NOT NULL, action text NOT NULL, account_id text, detail text NOT NULL, PRIMARY KEY (at, id)
      );
    `,
  },
  {
    version: 2,
    name: 'desk',
    sql: `
      ALTER TABLE account ADD COLUMN duty text NOT NULL DEFAULT 'on' CHECK (duty IN ('on','break','off'));
      ALTER TABLE account ADD COLUMN duty_since bigint;
      CREATE TABLE account_seen (account_id text PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE, at bigint NOT NULL);
      ALTER TABLE customer ADD COLUMN group_id text;
      UPDATE customer c SET group_id =
        (SELECT t.group_id FROM ticket t WHERE t.customer_id = c.id ORDER BY t.created_at DESC, t.id DESC LIMIT 1);
      UPDATE customer c SET audience = array_append(array_remove(audience, 'p:' || group_id), 'p:' || group_id)
        WHERE owner_id IS NULL AND invalid_at IS NULL AND group_id IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM ticket t WHERE t.customer_id = c.id AND t.deleted_at IS NULL AND t.status IN ('pending','processing','waiting'));
      CREATE TABLE contact (
        key text NOT NULL, customer_id text NOT NULL REFERENCES customer (id) ON DELETE CASCADE, PRIMARY KEY (key, customer_id)
      );
      CREATE INDEX contact_customer ON contact (customer_id);
      CREATE TABLE custom_field (
        id text PRIMARY KEY, name text NOT NULL, type text NOT NULL, options text[] NOT NULL, required boolean NOT NULL,
        position double precision NOT NULL, removed_at bigint, updated_at bigint NOT NULL
      );
      INSERT INTO custom_field (id, name, type, options, required, position, removed_at, updated_at)
        SELECT gen_random_uuid()::text, key,
          CASE WHEN bool_and(jsonb_typeof(value) IN ('number','null')) THEN 'number'
            WHEN bool_and(jsonb_typeof(value) IN ('boolean','null')) THEN 'yesNo' ELSE 'longText' END,
          '{}', false, row_number() OVER (ORDER BY key), NULL, 0
        FROM ticket, jsonb_each(custom) GROUP BY key;
      UPDATE ticket SET custom =
        (SELECT jsonb_object_agg(f.id, e.value) FROM jsonb_each(ticket.custom) e JOIN custom_field f ON f.name = e.key)
        WHERE custom <> '{}';
      CREATE TABLE saved_search (
        id text PRIMARY KEY, account_id text NOT NULL REFERENCES account (id), name text NOT NULL, list text NOT NULL,
        text text NOT NULL, filter jsonb NOT NULL, sort text NOT NULL, descending boolean NOT NULL,
        position double precision NOT NULL, updated_at bigint NOT NULL
      );
      CREATE INDEX saved_search_account ON saved_search (account_id);
      CREATE TABLE phrase (
        id text PRIMARY KEY, owner_id text REFERENCES account (id), title text NOT NULL, text text NOT NULL,
        position double precision NOT NULL, updated_at bigint NOT NULL
      );
      CREATE INDEX phrase_owner ON phrase (owner_id);
      CREATE TABLE import_staged (
        account_id text NOT NULL REFERENCES account (id), import_id text NOT NULL, line integer NOT NULL,
        value jsonb NOT NULL, keys text[] NOT NULL, staged_at bigint NOT NULL,
        PRIMARY KEY (account_id, import_id, line)
      );
      CREATE INDEX import_staged_at ON import_staged (staged_at);
      ALTER TABLE feed DROP CONSTRAINT feed_kind_check;
      ALTER TABLE feed ADD CONSTRAINT feed_kind_check
        CHECK (kind IN ('ticket','customer','account','group','parameters','transfer','field','search','phrase'))
    `,
    run: fillContacts,
  },
  {
    version: 3,
    name: 'attachments',
    sql: `
      CREATE TABLE attachment (
        id text PRIMARY KEY, ticket_id text NOT NULL REFERENCES ticket (id), event_id text NOT NULL, name text NOT NULL,
        size integer NOT NULL, sha256 text NOT NULL, type text NOT NULL, created_by text NOT NULL, created_at bigint NOT NULL,
        removed_at bigint
      );
      CREATE INDEX attachment_ticket ON attachment (ticket_id);
      CREATE TABLE file (
        id text PRIMARY KEY, ticket_id text NOT NULL, account_id text NOT NULL REFERENCES account (id), name text NOT NULL,
        size integer NOT NULL, sha256 text NOT NULL, type text, received integer NOT NULL, whole boolean NOT NULL,
        refused text, at bigint NOT NULL
      );
      CREATE INDEX file_at ON file (at);
      CREATE TABLE file_piece (
        file_id text NOT NULL REFERENCES file (id) ON DELETE CASCADE, start integer NOT NULL, bytes bytea NOT NULL,
        PRIMARY KEY (file_id, start)
      );
    `,
  },
  {
    version: 4,
    name: 'marks',
    sql: `
      ALTER TABLE feed ADD COLUMN mark bigint NOT NULL
        DEFAULT ('x' || translate(left(gen_random_uuid()::text, 13), '-', ''))::bit(48)::bigint
    `,
  },
  {
    version: 5,
    name: 'calls',
    sql: `
      CREATE TABLE switch_call (
        id text PRIMARY KEY, account_id text NOT NULL REFERENCES account (id), at bigint NOT NULL, answer jsonb NOT NULL
      );
      CREATE INDEX switch_call_at ON switch_call (at)
    `,
  },
  {
    version: 6,
    name: 'devices',
    sql: `
      CREATE TABLE device (
        account_id text NOT NULL REFERENCES account (id), id text NOT NULL, system text NOT NULL, name text NOT NULL,
        first_at bigint NOT NULL, last_at bigint NOT NULL, erase_at bigint, told_at bigint,
        PRIMARY KEY (account_id, id)
      );
      INSERT INTO device
        SELECT account_id, device_id, '', '', min(created_at), max(coalesce(rotated_at, created_at)), NULL, NULL
        FROM session GROUP BY account_id, device_id
    `,
  },
  {
    version: 7,
    name: 'feed-tags',
    sql: `
      CREATE TABLE feed_tag (tag text NOT NULL, seq bigint NOT NULL, PRIMARY KEY (tag, seq));
      INSERT INTO feed_tag (tag, seq)
        SELECT DISTINCT t.tag, f.seq FROM feed f CROSS JOIN LATERAL unnest(
          CASE WHEN f.kind IN ('account','group','parameters','field') THEN ARRAY['*'] ELSE f.before || f.after END) AS t (tag)
    `,
  },
  {
    version: 8,
    name: 'audit-chain',
    sql: `
      CREATE TABLE audit_head (id smallint PRIMARY KEY CHECK (id = 1), seq bigint NOT NULL, hash text NOT NULL);
      INSERT INTO audit_head VALUES (1, 0, '${GENESIS}');
      ALTER TABLE audit ADD COLUMN seq bigint;
      ALTER TABLE audit ADD COLUMN hash text
    `,
    run: chainAudit,
  },
];

export const newestSchema = migrations.at(-1)!.version;
