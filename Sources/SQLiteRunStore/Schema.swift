/// The tables, as numbered steps. `PRAGMA user_version` holds the number of the last step that was taken
/// (https://sqlite.org/pragma.html#pragma_user_version); a step that was released is never edited.
enum Schema {
    /// "IBAT" in ASCII, so that `file` and SQLite know whose database this is
    /// (https://sqlite.org/pragma.html#pragma_application_id).
    static let applicationID: Int32 = 0x4942_4154

    static var newestVersion: Int { steps.count }

    static let steps = [first, second, third]

    /// Times are milliseconds since 1970 UTC, amounts are minor units. BLOB columns hold `Packed` fields but
    /// for `body`. Tables are STRICT (https://sqlite.org/stricttables.html), so that a column holds what it
    /// says.
    private static let first = """
        -- 'machine': the machine-id(5) that the store was made on, if it had one.
        CREATE TABLE fact (
            name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE account (
            id INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE, gateway TEXT NOT NULL
        ) STRICT;

        CREATE TABLE run (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            account INTEGER NOT NULL REFERENCES account (id),
            account_name TEXT NOT NULL,
            job TEXT,
            state TEXT NOT NULL,
            actor TEXT NOT NULL,
            note TEXT,
            parent_run INTEGER REFERENCES run (id),
            revision INTEGER NOT NULL DEFAULT 1,
            again INTEGER NOT NULL DEFAULT 0,
            input_name TEXT NOT NULL,
            input_path TEXT NOT NULL,
            input_sha256 TEXT NOT NULL,
            input_bytes INTEGER NOT NULL,
            snapshot_path TEXT NOT NULL,
            key_base TEXT NOT NULL,
            rules TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            started_at INTEGER,
            ended_at INTEGER,
            stopped_by TEXT,
            row_count INTEGER NOT NULL DEFAULT 0,
            executions INTEGER NOT NULL DEFAULT 0,
            changes INTEGER NOT NULL DEFAULT 0,
            reads INTEGER NOT NULL DEFAULT 0,
            retries INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        -- P8: one run per input and account identity. An abandoned run counts too: its keys would come again.
        CREATE UNIQUE INDEX run_of_input ON run (account, input_sha256, again);

        CREATE TABLE execution (
            run INTEGER NOT NULL REFERENCES run (id),
            number INTEGER NOT NULL,
            actor TEXT NOT NULL,
            pid INTEGER NOT NULL,
            host TEXT NOT NULL,
            boot_id TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            stopped_by TEXT,
            PRIMARY KEY (run, number)
        ) STRICT, WITHOUT ROWID;

        -- account repeats run.account, for the index of unconfirmed rows.
        -- started: 1 once the row has an attempt, or was freed by the end of the row before it.
        -- amount and currency are what the file asks for; the columns from outcome on are the settlement.
        CREATE TABLE instruction (
            run INTEGER NOT NULL REFERENCES run (id),
            row INTEGER NOT NULL,
            account INTEGER NOT NULL,
            started INTEGER NOT NULL DEFAULT 0,
            outcome TEXT,
            after_row INTEGER,
            same_action INTEGER NOT NULL DEFAULT 0,
            priority INTEGER NOT NULL,
            intent_id TEXT NOT NULL,
            action TEXT NOT NULL,
            line INTEGER NOT NULL,
            amount INTEGER,
            currency TEXT,
            reason TEXT,
            reference TEXT,
            line_items BLOB,
            external_data BLOB,
            expires_at INTEGER,
            code TEXT,
            message TEXT,
            how_known TEXT,
            status_before TEXT,
            status_after TEXT,
            asked INTEGER,
            asked_currency TEXT,
            applied INTEGER,
            applied_currency TEXT,
            remaining INTEGER,
            remaining_currency TEXT,
            sends INTEGER,
            key TEXT,
            gateway_reference TEXT,
            gateway_code TEXT,
            http_status INTEGER,
            finished_at INTEGER,
            PRIMARY KEY (run, row)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX instruction_waiting ON instruction (run, priority, row)
            WHERE started = 0 AND after_row IS NULL AND outcome IS NULL;
        CREATE INDEX instruction_started ON instruction (run, priority, row)
            WHERE started = 1 AND outcome IS NULL;
        CREATE UNIQUE INDEX instruction_after ON instruction (run, after_row) WHERE after_row IS NOT NULL;
        CREATE INDEX instruction_unconfirmed ON instruction (account, intent_id)
            WHERE outcome = 'unconfirmed';

        -- answer: NULL while the attempt is open.
        CREATE TABLE attempt (
            run INTEGER NOT NULL,
            row INTEGER NOT NULL,
            number INTEGER NOT NULL,
            account INTEGER NOT NULL,
            intent_id TEXT NOT NULL,
            answer TEXT,
            action TEXT NOT NULL,
            generation INTEGER NOT NULL,
            key TEXT NOT NULL,
            amount INTEGER,
            currency TEXT,
            lines BLOB,
            snapshot BLOB,
            body BLOB NOT NULL,
            opened_at INTEGER NOT NULL,
            timeout_ms INTEGER NOT NULL,
            closed_at INTEGER,
            http_status INTEGER,
            gateway_code TEXT,
            PRIMARY KEY (run, row, number),
            FOREIGN KEY (run, row) REFERENCES instruction (run, row)
        ) STRICT;
        -- resolving.md section 4: over all runs at most one attempt is open on an intent.
        -- "A partial index definition may include the UNIQUE keyword": it binds the open attempts only
        -- (https://sqlite.org/partialindex.html section 2.1).
        CREATE UNIQUE INDEX attempt_open ON attempt (account, intent_id) WHERE answer IS NULL;

        -- currency: '' where the amount was never resolved.
        CREATE TABLE outcome_sum (
            run INTEGER NOT NULL REFERENCES run (id),
            action TEXT NOT NULL,
            currency TEXT NOT NULL,
            outcome TEXT NOT NULL,
            row_count INTEGER NOT NULL,
            asked INTEGER NOT NULL,
            applied INTEGER NOT NULL,
            PRIMARY KEY (run, action, currency, outcome)
        ) STRICT, WITHOUT ROWID;
        """

    /// The row guard over runs, the retry budget, what is found out after a run ended, and the audit.
    private static let second = """
        -- newest_at: the newest wall time written with the run's progress.
        ALTER TABLE run ADD COLUMN newest_at INTEGER NOT NULL DEFAULT 0;
        UPDATE run SET newest_at = max(created_at, coalesce(started_at, 0), coalesce(ended_at, 0),
            coalesce((SELECT max(max(opened_at, coalesce(closed_at, 0))) FROM attempt WHERE run = run.id), 0));

        -- again_why: what --again said. input_inode: of the file that was claimed; only that one is archived.
        ALTER TABLE run ADD COLUMN again_why TEXT;
        ALTER TABLE run ADD COLUMN input_inode INTEGER;

        -- is_whole: whether the settled row asked for the whole intent; NULL where that was never resolved.
        ALTER TABLE instruction ADD COLUMN is_whole INTEGER;
        UPDATE instruction SET is_whole = 1 WHERE outcome IS NOT NULL AND amount IS NULL;
        CREATE INDEX instruction_intent ON instruction (account, intent_id);
        CREATE INDEX instruction_reference ON instruction (account, reference) WHERE reference IS NOT NULL;
        CREATE INDEX instruction_resolvable ON instruction (run, priority, row) WHERE outcome = 'unconfirmed';

        -- budgeted: 1 when it repeats an ambiguous attempt at the cost of the retry budget.
        ALTER TABLE attempt ADD COLUMN budgeted INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX attempt_budgeted ON attempt (run) WHERE budgeted = 1;

        -- What a row's settlement was before it was resolved, by whom it was, and the revision of the report that
        -- shows the new one. instruction holds the newest.
        CREATE TABLE resolution (
            run INTEGER NOT NULL,
            row INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            actor TEXT NOT NULL,
            note TEXT,
            resolved_at INTEGER NOT NULL,
            action TEXT NOT NULL,
            outcome TEXT NOT NULL,
            how_known TEXT NOT NULL,
            finished_at INTEGER NOT NULL,
            code TEXT,
            message TEXT,
            status_before TEXT,
            status_after TEXT,
            is_whole INTEGER,
            asked INTEGER,
            asked_currency TEXT,
            applied INTEGER,
            applied_currency TEXT,
            remaining INTEGER,
            remaining_currency TEXT,
            sends INTEGER NOT NULL,
            key TEXT,
            gateway_reference TEXT,
            gateway_code TEXT,
            http_status INTEGER,
            PRIMARY KEY (run, row, revision),
            FOREIGN KEY (run, row) REFERENCES instruction (run, row)
        ) STRICT, WITHOUT ROWID;

        -- Who did what, when and where. Only ever added to.
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            event TEXT NOT NULL,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            note TEXT,
            run INTEGER REFERENCES run (id),
            file TEXT,
            sha256 TEXT,
            detail TEXT,
            host TEXT NOT NULL,
            pid INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX audit_run ON audit (run);
        CREATE INDEX audit_input ON audit (sha256) WHERE run IS NULL;
        CREATE TRIGGER audit_changed BEFORE UPDATE ON audit
            BEGIN SELECT raise(ABORT, 'the audit is only added to'); END;
        CREATE TRIGGER audit_removed BEFORE DELETE ON audit
            BEGIN SELECT raise(ABORT, 'the audit is only added to'); END;
        """

    /// Attempts lie in the order of their rows, and a row is marked as started only where it goes on.
    ///
    /// Programs before it mark a row with its first attempt, and would take one whose attempt is open for a row that
    /// waits.
    private static let third = """
        -- instruction.started: 1 once the row was freed by the end of the row before it, or an attempt of it ended
        -- without settling it, or an execution found its attempt open.

        -- Without a rowid: one b-tree in place of two for each attempt. Its row is looked at by whoever inserts it.
        CREATE TABLE attempt_of_row (
            run INTEGER NOT NULL,
            row INTEGER NOT NULL,
            number INTEGER NOT NULL,
            opened_at INTEGER NOT NULL,
            account INTEGER NOT NULL,
            intent_id TEXT NOT NULL,
            answer TEXT,
            action TEXT NOT NULL,
            generation INTEGER NOT NULL,
            key TEXT NOT NULL,
            amount INTEGER,
            currency TEXT,
            lines BLOB,
            snapshot BLOB,
            body BLOB NOT NULL,
            timeout_ms INTEGER NOT NULL,
            budgeted INTEGER NOT NULL DEFAULT 0,
            closed_at INTEGER,
            http_status INTEGER,
            gateway_code TEXT,
            PRIMARY KEY (run, row, number)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO attempt_of_row (run, row, number, opened_at, account, intent_id, answer, action, generation, key,
            amount, currency, lines, snapshot, body, timeout_ms, budgeted, closed_at, http_status, gateway_code)
        SELECT run, row, number, opened_at, account, intent_id, answer, action, generation, key,
            amount, currency, lines, snapshot, body, timeout_ms, budgeted, closed_at, http_status, gateway_code
        FROM attempt;
        DROP TABLE attempt;
        ALTER TABLE attempt_of_row RENAME TO attempt;
        CREATE UNIQUE INDEX attempt_open ON attempt (account, intent_id) WHERE answer IS NULL;
        CREATE INDEX attempt_budgeted ON attempt (run) WHERE budgeted = 1;
        """
}
